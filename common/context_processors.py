from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext

from common.display import COOKIE, read_display


def portal(request: HttpRequest) -> dict[str, object]:
    """What every page shows about the portal and how its reader wants it shown. Never asks the database."""
    return {
        "portal_name": gettext(settings.PORTAL_NAME),
        "demo_mode": settings.DEMO,
        "display": read_display(request.COOKIES.get(COOKIE, "")),
    }
