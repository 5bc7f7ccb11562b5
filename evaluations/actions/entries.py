"""代录 and 监督查评: ratings that a member of staff hands in. Who did is on the rating and on the trail for ever."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evaluations import entering
from evaluations.actions.rating import Rated, Receipt, Words, submit_evaluation
from evaluations.entering import Unfit
from evaluations.enums import EntryFault, Origin, RatingChannel
from evaluations.models import Evaluation
from evaluations.queries import first_open_day, last_day_to_rate
from organizations.models import Staff
from organizations.queries import staff_actor
from rectification.actions.core import Refused

# What has to be put right; a fault that is not named here is the day's.
FIELDS = {EntryFault.CHANNEL: "channel", EntryFault.OWN_UNIT: "place", EntryFault.ELSEWHERE: "place"}


class SlipRefused(Refused):
    """What was handed in cannot be taken; `field` is what has to be put right, None for the whole of it."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class FormUsed(SlipRefused):
    """This very form has been stored with other words; what is in it now has not been stored."""


@dataclass(frozen=True)
class Slip:
    """A slip of paper or a ticket: what it says, and on which channel and day that was said."""

    rated: Rated
    words: Words
    channel: RatingChannel
    day: date
    nonce: str = field(default="", repr=False)


@dataclass(frozen=True)
class Check:
    """What a checker found, and when they were there."""

    rated: Rated
    words: Words
    visited_at: datetime
    nonce: str = field(default="", repr=False)


def enter_slip(slip: Slip, *, by: Staff, at: datetime) -> Receipt:
    """代录: stores what somebody said on paper or to 12345, under the channel it came by (docs/ux.md §4.1).

    Args:
        slip: its rated unit and hall have their region and unit loaded.
        at: now.

    Raises:
        SlipRefused: the person may not enter it, or the date does not fit.
        FormUsed: the form was stored before, with other words.
        AlreadyRated: the service has been rated.
    """
    rated = slip.rated
    hall = rated.hall or (rated.window.hall if rated.window else None)
    try:
        membership = entering.clerk(
            by.pk,
            by.duties,
            unit=rated.unit,
            rated_staff_id=rated.staff.pk if rated.staff else None,
            hall_path=hall.unit.path if hall else "",
            channel=slip.channel,
        )
    except Unfit as unfit:
        raise _refusal(unfit.fault) from unfit
    _check_day(slip, at)
    served_at = rated.service.served_at if rated.service else None
    receipt = submit_evaluation(
        rated,
        slip.words,
        channel=slip.channel,
        origin=Origin.ACTIVE if rated.service else Origin.UNMATCHED,
        at=at,
        nonce=slip.nonce,
        rated_at=entering.said_at(slip.day, at=at, closing=settings.OFFICE_CLOSING, served_at=served_at),
        by=staff_actor(by, membership),
    )
    return _same(receipt, slip.words, at)


def _check_day(slip: Slip, at: datetime) -> None:
    service, today = slip.rated.service, timezone.localdate(at)
    on_paper = slip.channel in entering.ON_PAPER
    earliest = _oldest(today) if on_paper else first_open_day(today)
    served = timezone.localdate(service.served_at) if service else None
    last = last_day_to_rate(service) if service else None
    fault = entering.day_fault(slip.day, today=today, earliest=earliest, served=served, last=last)
    if fault is not None:
        raise _refusal(fault, earliest=earliest, served=served, last=last)


def _oldest(today: date) -> date:
    return today - timedelta(days=settings.CLERK_ENTRY_MAX_DAYS)


def _refusal(fault: EntryFault, field: str = "day", **days: date | None) -> SlipRefused:
    words = {name: date_format(day, "DATE_FORMAT") for name, day in days.items() if day}
    return SlipRefused(str(fault.label) % words, FIELDS.get(fault, field))


def record_check(check: Check, *, by: Staff, at: datetime) -> Receipt:
    """监督查评: what the management body saw for itself, counted apart; a bad finding opens a case of its own source.

    Args:
        check: its rated unit has its region loaded.
        at: now.

    Raises:
        SlipRefused: the person may not check this, or the visit lies in the future or too far back.
        FormUsed: the form was stored before, with other words.
    """
    try:
        membership = entering.checker(by.pk, by.duties, unit=check.rated.unit)
    except Unfit as unfit:
        raise _refusal(unfit.fault) from unfit
    today, visited = timezone.localdate(at), check.visited_at
    fault = entering.day_fault(timezone.localdate(visited), today=today, earliest=_oldest(today))
    if fault is None and visited > at:
        fault = EntryFault.FUTURE
    if fault is not None:
        raise _refusal(fault, "visited_at", earliest=_oldest(today))
    receipt = submit_evaluation(
        check.rated,
        check.words,
        channel=RatingChannel.CHECK,
        origin=Origin.CHECK,
        at=at,
        nonce=check.nonce,
        rated_at=visited,
        by=staff_actor(by, membership),
    )
    return _same(receipt, check.words, at)


def _same(receipt: Receipt, words: Words, at: datetime) -> Receipt:
    """Lets a second press pass; a form gone back to and filled in anew is no second press, and its words must stay."""
    stored: Evaluation = receipt.evaluation
    codes = [tag.code for tag in words.tags]
    if stored.received_at != at and (stored.level, stored.text, stored.tags) != (words.level, words.text, codes):
        raise FormUsed(_("这张表单刚才已经保存过,现在填的内容还没有保存。核对后再按一次保存,就作为新的一条录入。"))
    return receipt
