"""督办和问责: who was led up the ladder by the ranks of a quarter, and what was decided in it.

Of clues only counts; a unit is named where the level itself is to name it (通报). Nothing here is read from a sealed
dossier but its sort and its confirmed level.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from assessment.periods import Period
from assessment.queries import moments_of
from oversight.enums import ClueSort, Kind, Level, RungKind, TaskState
from oversight.models import Decision, Dossier, FollowUp, Rung
from oversight.paper import Block, Cell, Column, Figure, Heading, Paragraph, Table


def blocks(period: Period, *, at: datetime) -> list[Block]:
    """Follow-ups and levels of a quarter; nothing where there were none.

    Args:
        at: as of when; what was confirmed later, or taken back by now, is not counted.
    """
    return [*_followed(period, at), *_decided(period, at)]


def _followed(period: Period, at: datetime) -> list[Block]:
    """Rungs that the ranks of this quarter led to, and who left the low ranks in it."""
    rungs = list(Rung.objects.filter(quarter=period.begins, at__lte=at).select_related("task"))
    off = list(FollowUp.objects.filter(recovered_in=period.begins).order_by("name").values_list("name", flat=True))
    since, until = moments_of(period)
    ended = Dossier.objects.filter(kind=Kind.FOLLOW_UP, stage="closed", closed_at__gte=since, closed_at__lt=until)
    closed = ended.filter(closed_at__lte=at).count()
    if not rungs and not off and not closed:
        return []
    said = Paragraph.of(
        "按本季度名次,连续靠后新立督办",
        Figure(sum(rung.place == 1 for rung in rungs)),
        "件,升级",
        Figure(sum(rung.place > 1 for rung in rungs)),
        "件,退出靠后",
        Figure(len(off)),
        "个;本季度内办结",
        Figure(closed),
        "件。",
    )
    made: list[Block] = [Heading(2, "(一)靠后督办"), said]
    if off:
        made.append(Paragraph.of(f"退出靠后:{'、'.join(off)}。"))
    return [*made, *_rungs(rungs)]


def _rungs(rungs: Iterable[Rung]) -> list[Block]:
    """By measure: how many were asked for, how many are signed off. A clue is no measure of the notice."""
    asked: Counter[str] = Counter()
    done: Counter[str] = Counter()
    for rung in rungs:
        if rung.task is not None:
            asked[rung.kind] += 1
            done[rung.kind] += rung.task.state == TaskState.DONE
    rows = tuple(
        (str(RungKind(kind).label), Figure(asked[kind]), Figure(done[kind])) for kind in RungKind if asked[kind]
    )
    columns = (Column("措施", wide=True), Column("应办", number=True), Column("已销号", number=True))
    return [Table("靠后督办措施", columns, rows)] if rows else []


def _decided(period: Period, at: datetime) -> list[Block]:
    """Levels confirmed in the quarter by sort, and the units of those whose level is to be named."""
    since, until = moments_of(period)
    stood = Decision.objects.filter(confirmed_at__gte=since, confirmed_at__lt=until, withdrawn_at=None)
    found = stood.filter(confirmed_at__lte=at).values_list("level", "dossier__clue__sort", "dossier__unit__name")
    if not found:
        return []
    counts = Counter((sort, level) for level, sort, _unit in found)
    columns = (Column("线索类别", wide=True), *(Column(str(level.label), number=True) for level in Level))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (str(sort.label), *(Figure(counts[sort, level]) for level in Level))
        for sort in ClueSort
        if any(counts[sort, level] for level in Level)
    )
    said = Paragraph.of("本季度经复核作出处理", Figure(len(found)), "件。移送的只记录移送和反馈。")
    made: list[Block] = [Heading(2, "(二)问责"), said, Table("问责处理", columns, rows)]
    if named := sorted({unit for level, _sort, unit in found if level == Level.CIRCULAR and unit}):
        made.append(Paragraph.of(f"通报:{'、'.join(named)}。"))
    return made
