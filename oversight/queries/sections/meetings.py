"""联席会议: the meetings held in a quarter, and how far what they resolved has come."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.utils import timezone

from assessment.periods import Period
from assessment.queries.loop import moments_of
from oversight.enums import Kind, Presence
from oversight.models import Attendance, Dossier, Task
from oversight.paper import Block, Cell, Column, Figure, Table
from oversight.queries.meetings import standing_of

COLUMNS = (
    Column("编号"),
    Column("会议", wide=True),
    Column("召开"),
    Column("参会单位", number=True),
    Column("决议", number=True),
    Column("已销号", number=True),
    Column("逾期", number=True),
)


def blocks(period: Period, *, at: datetime) -> list[Block]:
    """A table of the meetings that were held in a period; nothing where there were none. Three questions.

    Args:
        at: when their resolutions are counted.
    """
    since, until = moments_of(period)
    rows = Dossier.objects.of(Kind.MEETING).filter(meeting__starts_at__gte=since, meeting__starts_at__lt=until)
    held = list(rows.filter(meeting__issued_at__isnull=False).select_related("meeting").order_by("meeting__starts_at"))
    if not held:
        return []
    tasks: dict[int, list[Task]] = defaultdict(list)
    came: dict[int, int] = defaultdict(int)
    for task in Task.objects.filter(dossier__in=held):
        tasks[task.dossier_id].append(task)
    for meeting in Attendance.objects.filter(meeting__in=[one.pk for one in held]).exclude(presence=Presence.ABSENT):
        came[meeting.meeting_id] += 1
    lines: list[tuple[Cell, ...]] = []
    for one in held:
        found, day = standing_of(tasks[one.pk], at), timezone.localdate(one.meeting.starts_at)
        counts = (came[one.pk], found.all, found.done, found.late)
        lines.append((one.number, one.title, day, *(Figure(count) for count in counts)))
    return [Table("联席会议", COLUMNS, tuple(lines), "参会单位是派人到会或代会的;决议按任务办理、逐项销号。")]
