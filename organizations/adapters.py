"""How allauth meets our accounts: nobody signs up, everything is on the trail, demo accounts stay out of production."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.context import surroundings
from organizations import actions
from organizations.access import may_sign_in
from organizations.models import Staff

SECOND_FACTOR_EVENTS = {
    "mfa/email/totp_activated": "totp_activated",
    "mfa/email/totp_deactivated": "totp_deactivated",
    "mfa/email/recovery_codes_generated": "recovery_codes_generated",
}
MESSAGES = {
    "account/messages/logged_out.txt": _("您已退出。"),
    "account/messages/password_changed.txt": _("密码已修改。"),
    "mfa/messages/totp_activated.txt": _("两步验证已启用。"),
    "mfa/messages/totp_deactivated.txt": _("两步验证已停用。"),
    "mfa/messages/recovery_codes_generated.txt": _("已生成新的恢复码,请打印保存。"),
    "usersessions/messages/sessions_logged_out.txt": _("其他设备已退出。"),
}


class StaffAdapter(DefaultAccountAdapter):
    """One text for every wrong sign-in: it never says whether the number exists."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("工号或密码不对,请再试一次。忘记密码请联系本单位的系统管理员。"),
        "too_many_login_attempts": _("尝试次数太多,这个账号已暂时锁定。请 15 分钟后再试,或联系系统管理员。"),
        "incorrect_password": _("密码不对,请再试一次。"),
        "enter_current_password": _("现在的密码不对,请再试一次。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts come from the personnel file, never from a form."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address the portal itself trusts (common.middleware.client_address)."""
        return surroundings().address or "0.0.0.0"  # noqa: S104 - stands for "unknown"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts the attempt; a locked account's attempts are on the trail too."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            actions.record_refusal(credentials.get("username", ""), reason="locked")
            raise

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Staff | None:
        """A right password of an account that may not sign in is answered like a wrong one."""
        staff: Staff | None = super().authenticate(request, **credentials)
        if staff is None or _may(staff):
            return staff
        actions.record_refusal(staff.username, reason="disabled")
        return None

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        actions.record_refusal(credentials.get("username", ""), reason="password")

    def login(self, request: HttpRequest, user: Staff) -> None:
        """Signs in, with its audit row or not at all.

        Raises:
            PermissionDenied: the account was disabled between the password and the second factor.
        """
        if not _may(user):
            raise PermissionDenied
        with transaction.atomic():
            super().login(request, user)
            actions.record_sign_in(user)

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, Staff):
            actions.record_sign_out(request.user)
        super().logout(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("desk")

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *context: Any,
        **more: Any,
    ) -> None:
        """Our own words; what needs none (a sign-in that worked) is passed over."""
        words = MESSAGES.get(message_template or "")
        if words is not None:
            messages.add_message(request, level, str(words))

    def set_password(self, user: Staff, password: str) -> None:
        actions.change_password(user, password, at=timezone.now())

    def send_notification_mail(self, template_prefix: str, user: Staff, *args: Any, **kwargs: Any) -> None:
        """allauth reports changes of the second factor here; they belong on the trail."""
        event = SECOND_FACTOR_EVENTS.get(template_prefix)
        if event:
            actions.record_second_factor(user, event=event)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors are not stored in clear, and cannot be given up where they are required."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("验证码不对或已过期,请输入手机上现在显示的 6 位数字。"),
        "cannot_delete_authenticator": _("本系统要求两步验证,不能停用。换手机请联系安全管理员重置。"),
    }

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not settings.MFA_REQUIRED

    def get_totp_label(self, user: Staff) -> str:
        return user.username

    def get_totp_issuer(self) -> str:
        return str(settings.PORTAL_NAME)


def _box() -> Fernet:
    key = hashlib.sha256(b"second factor:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


class SessionsAdapter(DefaultUserSessionsAdapter):
    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        ended = list(sessions)
        super().end_sessions(ended)
        if ended:
            actions.record_sessions_ended(ended[0].user, len(ended))


class SignOnAdapter(DefaultSocialAccountAdapter):
    """Single sign-on finds an account by its number and makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Matches the staff number in the user name claim; nothing of the provider is stored.

        Raises:
            ImmediateHttpResponse: nobody of that number may sign in here.
        """
        claims = sociallogin.account.extra_data
        claims = claims.get("userinfo") or claims.get("id_token") or claims
        number = str(claims.get(settings.OIDC_USERNAME_CLAIM) or "")
        staff = Staff.objects.filter(username=number).first() if number else None
        if staff is None or not _may(staff):
            actions.record_refusal(number, reason="sign_on")
            raise ImmediateHttpResponse(_unknown(request))
        sociallogin.user = staff


def _may(staff: Staff) -> bool:
    return may_sign_in(active=staff.is_active, demo=staff.demo, production=settings.PRODUCTION)


def _unknown(request: HttpRequest) -> HttpResponse:
    return render(request, "socialaccount/unknown.html", status=403)
