"""起草, 修改, 送审, 审核, 退回: until a notice is signed its numbers are read anew, and only its words are kept."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.enums import Grain
from assessment.models import Quarter
from assessment.periods import period_of
from common.actors import SYSTEM, Actor
from common.failpoints import failpoint
from organizations.actions import Refused
from organizations.models import Staff
from oversight.actions.core import acting, locked, one_at_a_time, write_history
from oversight.actions.serving import tell_office
from oversight.enums import OPEN_STAGES, Act, Stage
from oversight.models import QuarterNotice
from oversight.workflow import BY_ACT


@transaction.atomic
def draft_notice(quarter: date, *, by: Staff | None, at: datetime) -> QuarterNotice:
    """Begins the notice of a quarter that is over; if one is at work already, that one.

    Args:
        quarter: any day of it.
        by: None is the portal, which drafts when a quarter is frozen.

    Raises:
        Refused: the quarter is not over yet.
    """
    actor = acting(Act.DRAFT, by)
    period = period_of(quarter, Grain.QUARTER)
    if period.after > timezone.localdate(at):
        raise Refused(_("这个季度还没有结束,不能起草通报。"))
    one_at_a_time()
    open_one = QuarterNotice.objects.filter(begins=period.begins, stage__in=OPEN_STAGES).first()
    if open_one is not None:
        return open_one
    before = QuarterNotice.objects.filter(begins=period.begins, stage=Stage.ISSUED).first()
    return _begun(period.begins, before, by=by, actor=actor, at=at)


def _begun(
    begins: date, before: QuarterNotice | None, *, by: Staff | None, actor: Actor, at: datetime
) -> QuarterNotice:
    notice = QuarterNotice.objects.create(
        begins=begins,
        drafted_by=by,
        drafted_at=at,
        written=before.written if before else {},
        replaces=before,
    )
    write_history(notice, Act.DRAFT, by=actor, at=at)
    return notice


def draft_frozen(*, at: datetime) -> int:
    """Begins the notice of every frozen quarter that has none, and tells the office; returns how many.

    Each is a transaction of its own. A quarter of which anything was ever drafted is left to people, also where they
    have dropped it, so doing it again changes nothing (setting NOTICE_DRAFTS).
    """
    if not settings.NOTICE_DRAFTS:
        return 0
    frozen = Quarter.objects.filter(frozen_at__isnull=False).order_by("begins")
    without = frozen.exclude(begins__in=QuarterNotice.objects.values("begins"))
    return sum(_draft_once(begins, at=at) for begins in without.values_list("begins", flat=True))


@transaction.atomic
def _draft_once(begins: date, *, at: datetime) -> int:
    one_at_a_time()
    if QuarterNotice.objects.filter(begins=begins).exists():
        return 0
    tell_office(_begun(begins, None, by=None, actor=SYSTEM, at=at), at=at)
    failpoint("notice_drafted")
    return 1


@transaction.atomic
def write_notice(
    notice: QuarterNotice, written: dict[str, Any], *, by: Staff, at: datetime, seen: int | None = None
) -> QuarterNotice:
    """Keeps what was written by hand: findings, cases, demands."""
    row = locked(notice, Act.WRITE, by=by, seen=seen)
    row.written, row.written_by = written, by
    return _saved(row, Act.WRITE, by=by, at=at)


@transaction.atomic
def submit_notice(notice: QuarterNotice, *, by: Staff, at: datetime, note: str = "") -> QuarterNotice:
    """送审. Whoever submits what the portal has drafted, and nobody has written in, answers for its words."""
    row = locked(notice, Act.SUBMIT, by=by, seen=None)
    if not row.authors:
        row.written_by = by
    return _saved(row, Act.SUBMIT, by=by, at=at, note=note)


@transaction.atomic
def approve_notice(
    notice: QuarterNotice, *, by: Staff, at: datetime, note: str = "", seen: int | None = None
) -> QuarterNotice:
    """审核通过, by another than who answers for the words."""
    return _saved(locked(notice, Act.APPROVE, by=by, seen=seen), Act.APPROVE, by=by, at=at, note=note)


@transaction.atomic
def return_notice(
    notice: QuarterNotice, *, by: Staff, at: datetime, note: str, seen: int | None = None
) -> QuarterNotice:
    """退回修改, with what is to be changed.

    Raises:
        Refused: nothing is said of it.
    """
    if not note.strip():
        raise Refused(_("请写明要修改什么。"))
    return _saved(locked(notice, Act.RETURN, by=by, seen=seen), Act.RETURN, by=by, at=at, note=note.strip())


@transaction.atomic
def drop_notice(notice: QuarterNotice, *, by: Staff, at: datetime, note: str) -> QuarterNotice:
    """作废 of what was never issued.

    Raises:
        Refused: without a reason.
    """
    if not note.strip():
        raise Refused(_("请写明作废的理由。"))
    return _saved(locked(notice, Act.DROP, by=by, seen=None), Act.DROP, by=by, at=at, note=note.strip())


def _saved(row: QuarterNotice, act: Act, *, by: Staff, at: datetime, note: str = "") -> QuarterNotice:
    actor = acting(act, by)
    row.stage = BY_ACT[act].to
    row.version += 1
    row.save()
    write_history(row, act, by=actor, at=at, note=note)
    return row
