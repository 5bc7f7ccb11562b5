"""Sessions as Django keeps them in the database, read by a statement that the server plans once."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from common.prepared import Reading

RUNNING = Reading(
    Session,
    "running_session",
    "first.session_key = %(key)s AND first.expire_date > %(at)s",
    {"key": "varchar", "at": "timestamptz"},
)


class SessionStore(db.SessionStore):
    """Every page at the desk begins with this question."""

    def _get_session_from_db(self) -> Session | None:
        found = RUNNING.first(key=self.session_key, at=timezone.now()) if self.session_key else None
        if found is None:
            self._session_key = None
        return found
