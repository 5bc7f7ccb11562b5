"""Questions of walks: how one went, and what came of all of a period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from statistics import median

from django.db.models import QuerySet

from organizations.models import Staff, Unit
from oversight.enums import Kind, TaskState, WalkStage
from oversight.models import Dossier, Task, Walk, WalkStep


@dataclass(frozen=True)
class Problem:
    """问题: what stood in the way at a step, or a task given without one."""

    dossier: Dossier
    unit: Unit
    words: str
    task: Task | None

    @property
    def state(self) -> str:
        """solved, dropped or open; what has no task yet is open."""
        names = {TaskState.DONE: "solved", TaskState.DROPPED: "dropped"}
        return names.get(TaskState(self.task.state), "open") if self.task else "open"


@dataclass
class UnitLine:
    """One department in a period."""

    unit: Unit
    planned: list[Walk] = field(default_factory=list)
    walked: list[Walk] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    minutes: list[int] = field(default_factory=list)

    def count(self, state: str) -> int:
        """How many of its problems stand so."""
        return sum(one.state == state for one in self.problems)

    @property
    def median_minutes(self) -> float | None:
        """The middle of what its walks took; of those without any time nothing is counted."""
        return median(self.minutes) if self.minutes else None


@dataclass(frozen=True)
class Summary:
    """What came of the walks of a period.

    planned: to be made in it. walked: made in it, whenever they were planned; problems and times are theirs.
    """

    planned: list[Walk]
    walked: list[Walk]
    problems: list[Problem]
    lines: list[UnitLine]

    @property
    def units_walked(self) -> int:
        return sum(bool(line.walked) for line in self.lines)

    @property
    def units_planned(self) -> int:
        return sum(bool(line.planned) for line in self.lines)

    def count(self, state: str) -> int:
        """How many problems stand so."""
        return sum(one.state == state for one in self.problems)

    @property
    def median_minutes(self) -> float | None:
        minutes = [one for line in self.lines for one in line.minutes]
        return median(minutes) if minutes else None


def total_minutes(steps: Iterable[WalkStep]) -> int | None:
    """What the steps took together; None where no time was noted."""
    known = [step.minutes for step in steps if step.minutes is not None]
    return sum(known) if known else None


def summary_of(dossiers: QuerySet[Dossier], since: date, until: date) -> Summary:
    """The walks of a period.

    Args:
        dossiers: those that count, such as what somebody may see.
        since, until: its first day, and the first that is no longer in it.
    """
    kept = Walk.objects.filter(dossier__in=dossiers.filter(kind=Kind.WALK).exclude(stage=WalkStage.DROPPED))
    rows = kept.select_related("dossier__unit", "item")
    planned = list(rows.filter(planned_on__gte=since, planned_on__lt=until).order_by("planned_on", "pk"))
    walked = list(rows.filter(walked_on__gte=since, walked_on__lt=until).order_by("walked_on", "pk"))
    steps: dict[int, list[WalkStep]] = defaultdict(list)
    for step in WalkStep.objects.filter(walk__in=walked).select_related("task__unit"):
        steps[step.walk_id].append(step)
    loose: dict[int, list[Task]] = defaultdict(list)
    for task in Task.objects.filter(dossier__in=[one.pk for one in walked], walk_step=None).select_related("unit"):
        loose[task.dossier_id].append(task)
    lines: dict[int, UnitLine] = {}
    for walk in planned:
        _line(lines, walk).planned.append(walk)
    problems: list[Problem] = []
    for walk in walked:
        line, own = _line(lines, walk), steps[walk.pk]
        line.walked.append(walk)
        total = total_minutes(own)
        line.minutes += [] if total is None else [total]
        found = [Problem(walk.dossier, line.unit, f"{s.what}:{s.obstacle}", s.task) for s in own if s.obstacle]
        found += [Problem(walk.dossier, line.unit, task.finding or task.wanted, task) for task in loose[walk.pk]]
        line.problems += found
        problems += found
    return Summary(planned, walked, problems, sorted(lines.values(), key=lambda line: line.unit.code))


def _line(lines: dict[int, UnitLine], walk: Walk) -> UnitLine:
    unit = walk.dossier.unit
    if unit is None:
        raise ValueError(f"a walk is of a department: {walk}")
    return lines.setdefault(unit.pk, UnitLine(unit))


def walks_seen_by(user: Staff) -> QuerySet[Dossier]:
    """The walks somebody may see."""
    return Dossier.objects.visible_to(user).of(Kind.WALK)
