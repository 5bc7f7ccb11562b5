from __future__ import annotations

from django.http import HttpRequest


def rail(request: HttpRequest) -> dict[str, object]:
    return {"rail": [], "notice_count": 0}
