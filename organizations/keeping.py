"""What somebody typed when their session had ended: kept in the browser's next session, for the same person alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from organizations.models import Staff

KEY = "kept_answers"
MOST_CHARACTERS = 50_000
NEVER_KEPT = ("password", "csrfmiddlewaretoken", "code")


def keep_answers(request: HttpRequest, owner: Staff) -> bool:
    """Puts the posted texts into the (new, empty) session; False when there is nothing worth keeping.

    Args:
        owner: who was signed in; nobody else will see it.
    """
    fields = [
        [name, str(value)]
        for name, values in request.POST.lists()
        for value in values
        if not any(word in name.lower() for word in NEVER_KEPT)
    ]
    if not any(value for _name, value in fields) or sum(len(value) for _name, value in fields) > MOST_CHARACTERS:
        return False
    request.session[KEY] = {"owner": owner.pk, "path": request.get_full_path(), "fields": fields}
    return True


def kept_answers(request: HttpRequest) -> Mapping[str, Any] | None:
    """What was kept for the person now signed in; somebody else's is thrown away."""
    kept: Mapping[str, Any] | None = request.session.get(KEY)
    if kept and kept["owner"] != request.user.pk:
        request.session.pop(KEY)
        return None
    return kept
