"""Sessions end; staff use a second factor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.enums import SEPARATED_ROLES
from organizations.models import Staff

GetResponse = Callable[[HttpRequest], HttpResponse]
BEGAN, SEEN = "began_at", "seen_at"
# The last look is written at most this often, so that a page view does not always write the session.
GRAIN = timedelta(seconds=30)


def session_limits(get_response: GetResponse) -> GetResponse:
    """Ends a session that was idle too long, or that is too old; administrators' sooner (settings)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, Staff) and _expired(request, user, timezone.now()):
            logout(request)
            messages.info(request, _("您有一段时间没有操作,请重新登录。"))
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/desk/")
        return get_response(request)

    return middleware


def _expired(request: HttpRequest, user: Staff, now: datetime) -> bool:
    began = datetime.fromisoformat(request.session.setdefault(BEGAN, now.isoformat()))
    seen = datetime.fromisoformat(request.session.setdefault(SEEN, now.isoformat()))
    admin = user.has_role(*SEPARATED_ROLES)
    idle = settings.ADMIN_SESSION_IDLE if admin else settings.SESSION_IDLE
    whole = settings.ADMIN_SESSION_ABSOLUTE if admin else settings.SESSION_ABSOLUTE
    if now - seen > idle or now - began > whole:
        return True
    if now - seen > GRAIN:
        request.session[SEEN] = now.isoformat()
    return False


def second_factor(get_response: GetResponse) -> GetResponse:
    """Leads staff without a second factor to setting one up, and nowhere else, where MFA_REQUIRED."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if settings.MFA_REQUIRED and isinstance(user, Staff) and not request.path.startswith(("/accounts/", "/i18n/")):
            if not is_mfa_enabled(user):
                return redirect("mfa_activate_totp")
        return get_response(request)

    return middleware
