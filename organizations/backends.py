"""Who is let in by password, and whose running sessions go on being accepted."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings

from common.prepared import Reading
from organizations.access import may_sign_in
from organizations.models import Staff

SIGNED_IN = Reading(Staff, "signed_in", "first.id = %(id)s", {"id": "bigint"})


class StaffBackend(AuthenticationBackend):
    """Asked at every request too: a disabled account's sessions are dead at once."""

    def get_user(self, user_id: int) -> Staff | None:
        """The account of a session, at every page of the desk: by a statement that is planned once."""
        user = SIGNED_IN.first(id=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user: Staff) -> bool:
        """Not a disabled account, and no demo account in production."""
        return may_sign_in(active=user.is_active, demo=user.demo, production=settings.PRODUCTION)
