"""会议纪要 read: said by each unit that was to attend, and asked for again as long as it does not say so."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from common.actions import NoticeText, notify
from common.actors import SYSTEM
from organizations.actions import Refused
from organizations.models import Staff
from organizations.queries import staff_actor
from oversight.access import acknowledging
from oversight.actions.dossiers import locked, write_event
from oversight.enums import Kind, MeetingAct, MeetingStage
from oversight.models import Dossier, MinutesRead
from oversight.queries.meetings import readings_of
from oversight.queries.service import readers_in


@transaction.atomic
def read_minutes(row: Dossier, *, by: Staff, at: datetime) -> int:
    """已阅, by a supervisor of units that were to attend: for all of them at once, and the first one stands.

    Returns:
        For how many units it was said; 0 where somebody had said so before.

    Raises:
        PermissionDenied: by somebody else.
        Refused: the minutes are not issued.
    """
    kept = locked(row)
    readings = readings_of(kept)
    held = acknowledging(by.duties, [unit.pk for unit, _read in readings])
    if not held:
        raise PermissionDenied(MeetingAct.READ_MINUTES)
    if kept.meeting.issued_at is None:
        raise Refused(_("纪要还没有印发。"))
    unread = [unit for unit, read in readings if read is None and unit.pk in held]
    for unit in unread:
        MinutesRead.objects.create(meeting_id=kept.pk, unit=unit, by=by, at=at)
        actor = staff_actor(by, held[unit.pk])
        write_event(kept, MeetingAct.READ_MINUTES, by=actor, at=at, data={"unit": unit.code})
    return len(unread)


def remind_minutes(*, at: datetime) -> int:
    """催阅: every NOTICE_REMIND_DAYS days, while the resolutions of the meeting are followed up. Safe to repeat.

    Returns:
        How many units were reminded.
    """
    every = timedelta(days=settings.NOTICE_REMIND_DAYS)
    due = Dossier.objects.filter(kind=Kind.MEETING, stage=MeetingStage.FOLLOWING, meeting__issued_at__lte=at - every)
    issued = [(row.pk, row.meeting.issued_at) for row in due.select_related("meeting").order_by("pk")]
    return sum(_remind(pk, (at - moment) // every, at) for pk, moment in issued if moment)


@transaction.atomic
def _remind(pk: int, time: int, at: datetime) -> int:
    row = locked(Dossier.objects.get(pk=pk))
    units = [unit for unit, read in readings_of(row) if read is None]
    if not units or row.events.filter(act=MeetingAct.REMIND_MINUTES, data__time=time).exists():
        return 0
    address = reverse("meeting-minutes", args=[row.number])
    text = NoticeText(f"meeting:{row.pk}:remind:{time}", "meeting.remind", str(row), address)
    notify(readers_in([unit.pk for unit in units], at=at), text, at=at)
    facts = {"time": time, "units": [unit.code for unit in units]}
    write_event(row, MeetingAct.REMIND_MINUTES, by=SYSTEM, at=at, data=facts)
    return len(units)
