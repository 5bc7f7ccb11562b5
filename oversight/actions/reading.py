"""会议纪要 read: said by each unit that was to attend, and asked for again as long as it does not say so."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from common.actions import NoticeText, notify
from organizations.actions import Refused
from organizations.models import Membership, Staff
from organizations.queries import staff_actor
from oversight.access import ACKNOWLEDGES, acknowledging
from oversight.actions.dossiers import locked, write_event
from oversight.enums import Kind, MeetingAct, MeetingStage
from oversight.models import Dossier, MinutesRead
from oversight.queries.meetings import readings_of


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
        Of how many units somebody was reminded by now, those of before among them.
    """
    every, done = timedelta(days=settings.NOTICE_REMIND_DAYS), 0
    due = Dossier.objects.filter(kind=Kind.MEETING, stage=MeetingStage.FOLLOWING, meeting__issued_at__lte=at - every)
    for row in due.select_related("meeting").order_by("pk"):
        if row.meeting.issued_at is not None:
            done += _remind(row, (at - row.meeting.issued_at) // every, at)
    return done


def _remind(row: Dossier, time: int, at: datetime) -> int:
    """The key of the notice holds which time it is: asked again, nobody is told again."""
    units = [unit for unit, read in readings_of(row) if read is None]
    people = Membership.objects.in_force(timezone.localdate(at)).filter(unit__in=units, role__in=ACKNOWLEDGES)
    text = NoticeText(
        f"meeting:{row.pk}:remind:{time}", "meeting.remind", str(row), reverse("meeting-minutes", args=[row.number])
    )
    notify(people.values_list("staff_id", flat=True), text, at=at)
    return len(units)
