"""The own account: a password that may be changed, and what was typed when the session had ended."""

from __future__ import annotations

from allauth.account.views import password_change
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from organizations.keeping import kept_answers
from organizations.passwords import must_change
from organizations.views.doors import staff_of


@login_required
def change_password(request: HttpRequest) -> HttpResponse:
    """Who signs in elsewhere has no password here to change.

    Raises:
        Http404: the account has none.
    """
    staff = staff_of(request)
    if not staff.has_usable_password():
        raise Http404
    request.must_change = must_change(  # type: ignore[attr-defined]  # for the template
        staff.password_changed_at, timezone.now(), settings.PASSWORD_MAX_AGE_DAYS
    )
    response: HttpResponse = password_change(request)
    return response


@require_safe
@login_required
def kept(request: HttpRequest) -> HttpResponse:
    """Offers the answers again that were on their way when the session had ended."""
    answers = kept_answers(request)
    if answers is None:
        return redirect("desk")
    fields = [("" if name.endswith("_id") else name, name, value) for name, value in answers["fields"]]
    return render(request, "organizations/kept.html", {"kept": fields, "path": answers["path"]})
