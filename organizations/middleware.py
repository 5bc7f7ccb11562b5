"""Sessions end, passwords age, and staff use a second factor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations import actions
from organizations.enums import SEPARATED_ROLES
from organizations.keeping import keep_answers
from organizations.models import Staff
from organizations.passwords import must_change

GetResponse = Callable[[HttpRequest], HttpResponse]
BEGAN, SEEN, SECOND_FACTOR = "began_at", "seen_at", "second_factor"
# The last look is written at most this often, so that a page view does not always write the session.
GRAIN = timedelta(seconds=30)
DESK = "/desk/"
# Asked by scripts at intervals: they are no sign that anybody sits there.
UNATTENDED = frozenset({"case-presence", "intake-progress"})
ALWAYS = frozenset({"account_login", "account_logout", "set_language", "set-display", "healthz", "readyz"})
FOR_PASSWORD = ALWAYS | {"account_change_password"}
FOR_SECOND_FACTOR = FOR_PASSWORD | {
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
}


def session_limits(get_response: GetResponse) -> GetResponse:
    """Ends a session that was idle too long, or that is too old; administrators' sooner (settings).

    What somebody was about to send is kept for them and offered again after they have signed in.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, Staff) and _expired(request, user, timezone.now()):
            return _sign_out(request, user)
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
    if now - seen > GRAIN and _route(request) not in UNATTENDED:
        request.session[SEEN] = now.isoformat()
        UserSession.objects.create_from_request(request)
    return False


def _sign_out(request: HttpRequest, user: Staff) -> HttpResponse:
    actions.record_sign_out(user, reason="time limit")
    logout(request)
    messages.info(request, _("您有一段时间没有操作,请重新登录。"))
    if keep_answers(request, user):
        messages.info(request, _("您刚才填写的内容还在,登录后可以接着提交。"))
        return redirect_to_login("/accounts/kept/")
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/desk/")


def password_age(get_response: GetResponse) -> GetResponse:
    """Leads people with a one-time or an outdated password to choosing a new one, and nowhere else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, Staff) or user.demo or not user.has_usable_password():
            return get_response(request)
        if not must_change(user.password_changed_at, timezone.now(), settings.PASSWORD_MAX_AGE_DAYS):
            return get_response(request)
        return get_response(request) if _route(request) in FOR_PASSWORD else redirect("account_change_password")

    return middleware


def second_factor(get_response: GetResponse) -> GetResponse:
    """Leads staff without a second factor to setting one up, and nowhere else, where MFA_REQUIRED."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if not settings.MFA_REQUIRED or not isinstance(user, Staff) or SECOND_FACTOR in request.session:
            return get_response(request)
        if is_mfa_enabled(user, [Authenticator.Type.TOTP]):
            request.session[SECOND_FACTOR] = True
            return get_response(request)
        return get_response(request) if _route(request) in FOR_SECOND_FACTOR else redirect("mfa_activate_totp")

    return middleware


def refused_acts(get_response: GetResponse) -> GetResponse:
    """Notes on the trail when a signed-in person tries to change something that is not theirs (ASVS 16.3.2).

    Only at the desk: there no address is a secret. A number nobody has and a stranger's case look the same here too.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        tried = request.method == "POST" and request.path_info.startswith(DESK)
        if tried and response.status_code in (403, 404) and isinstance(request.user, Staff):
            match = request.resolver_match
            page, about = (match.url_name or "", match.kwargs) if match else ("", {})
            actions.record_refused_act(request.user, page, about, status=response.status_code)
        return response

    return middleware


def _route(request: HttpRequest) -> str | None:
    try:
        return resolve(request.path_info).url_name
    except Resolver404:
        return None
