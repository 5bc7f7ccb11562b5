"""What every act here does alike: lock, check, write history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils.translation import gettext as _

from common.actions import record_audit
from common.actors import SYSTEM, Actor
from common.failpoints import failpoint
from organizations.actions import Refused
from organizations.enums import Role
from organizations.models import Staff
from organizations.queries import staff_actor
from oversight.access import SIGNS, WRITES, for_the_city
from oversight.enums import Act
from oversight.models import NoticeEvent, QuarterNotice
from oversight.workflow import NotAllowed, check

WHO: dict[Act, frozenset[Role]] = {
    Act.DRAFT: WRITES,
    Act.WRITE: WRITES,
    Act.SUBMIT: WRITES,
    Act.APPROVE: WRITES,
    Act.RETURN: WRITES,
    Act.DROP: SIGNS,
    Act.ISSUE: SIGNS,
}


def one_at_a_time() -> None:
    """Notices are begun and signed one after the other: a quarter has one draft, and a number is given once.

    The second waits; it is a matter of a moment, a few times a year.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('quarterly notices'))")


def acting(act: Act, by: Staff | None) -> Actor:
    """In what capacity somebody acts; None is the portal.

    Raises:
        PermissionDenied: in none.
    """
    if by is None:
        return SYSTEM
    membership = for_the_city(by.duties, WHO[act])
    if membership is None:
        raise PermissionDenied(act)
    return staff_actor(by, membership)


def locked(notice: QuarterNotice, act: Act, *, by: Staff, seen: int | None) -> QuarterNotice:
    """Locks a notice for an act that the table allows.

    Raises:
        Refused: it does not, or somebody was faster.
    """
    row = QuarterNotice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if seen is not None and seen != row.version:
        raise Refused(_("这份通报刚刚被别人改过,请看过最新内容再操作。"))
    try:
        check(act, row.stage, authors=row.authors, by=by.pk)
    except NotAllowed as refusal:
        raise Refused(str(refusal)) from refusal
    return row


def write_history(
    notice: QuarterNotice, act: Act, *, by: Actor, at: datetime, note: str = "", data: Mapping[str, Any] | None = None
) -> None:
    """The event of the notice and the row of the audit trail, in the act's own transaction."""
    facts = dict(data or {})
    NoticeEvent.objects.create(notice=notice, act=act, at=at, note=note, data=facts, **by.columns())
    after = {"stage": notice.stage, "number": notice.number, **facts}
    record_audit(f"notice.{act}", ("notice", str(notice.pk)), by=by, at=at, after=after, reason=note)
    failpoint(f"notice.{act}")
