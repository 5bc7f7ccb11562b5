"""Questions of joint meetings: the one before, how its resolutions stand now, the notice that is the annex."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from organizations.models import Unit
from oversight.enums import OPEN_TASKS, Kind, Part, Stage, TaskState
from oversight.models import Dossier, MinutesRead, QuarterNotice, Task
from oversight.models.dossiers import DROPPED


def annex_of(begins: date) -> QuarterNotice | None:
    """The notice of a quarter that is in force; None while none is issued."""
    return QuarterNotice.objects.filter(begins=begins, stage=Stage.ISSUED).first()


def meeting_before(row: Dossier) -> Dossier | None:
    """The last meeting of the same division before this one that was not dropped."""
    return earlier_meetings(row).first()


def earlier_meetings(row: Dossier) -> QuerySet[Dossier]:
    """The meetings of the same division before this one, the last first."""
    rows = Dossier.objects.of(Kind.MEETING).filter(region=row.region, begins__lt=row.begins)
    return rows.exclude(stage=DROPPED).select_related("meeting").order_by("-begins")


def resolutions_of(row: Dossier) -> QuerySet[Task]:
    """What a meeting resolved, with what a list shows of it; what was dropped stays in it."""
    return row.tasks.select_related("unit", "resolution__item", "dossier").order_by("number")


@dataclass(frozen=True)
class Standing:
    """How resolutions stand at a moment. left: those neither signed off nor dropped; late: those of them past due."""

    all: int
    done: int
    left: int
    late: int


def standing_of(tasks: Iterable[Task], at: datetime) -> Standing:
    """Counts resolutions; what was dropped counts for nothing."""
    kept = [task for task in tasks if task.state != TaskState.DROPPED]
    left = [task for task in kept if task.state in OPEN_TASKS]
    late = [task for task in left if task.state == TaskState.OPEN and task.due_at < at]
    return Standing(len(kept), len(kept) - len(left), len(left), len(late))


def readings_of(row: Dossier) -> list[tuple[Unit, MinutesRead | None]]:
    """Each unit that was to attend, with who there has said that the minutes were read."""
    said = {one.unit_id: one for one in MinutesRead.objects.filter(meeting=row.pk).select_related("by")}
    units = Unit.objects.filter(pk__in=attending(row)).order_by("code")
    return [(unit, said.get(unit.pk)) for unit in units]


def attending(row: Dossier) -> list[int]:
    """The units that are to attend."""
    return list(row.units.filter(part=Part.ATTENDS).values_list("unit_id", flat=True))
