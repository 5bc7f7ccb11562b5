"""Who is let in by password, and whose running sessions go on being accepted."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings

from organizations.access import may_sign_in
from organizations.models import Staff


class StaffBackend(AuthenticationBackend):
    """Asked at every request too: a disabled account's sessions are dead at once."""

    def user_can_authenticate(self, user: Staff) -> bool:
        """Not a disabled account, and no demo account in production."""
        return may_sign_in(active=user.is_active, demo=user.demo, production=settings.PRODUCTION)
