"""议程: what the quarter itself proposes to a joint meeting: numbers as text, each with the way to the rows behind it.

Every figure comes from the question that its own page asks; none is counted here (docs/meetings.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone

from appeals.models import Appeal
from appeals.queries import figures_by_unit
from assessment.enums import Grain, SchemeKind
from assessment.models import Quarter
from assessment.periods import Period, period_of
from assessment.queries import loop_of
from assessment.queries.loop import moments_of
from assessment.queries.sheets import Streak, low_streaks
from organizations.enums import RegionLevel
from organizations.models import Region, Unit
from oversight.courses import stage_label
from oversight.enums import OPEN_TASKS, AgendaSource, Kind, TaskState
from oversight.models import Dossier, Task
from oversight.models.dossiers import DROPPED
from oversight.queries.dossiers import with_counts
from oversight.queries.meetings import earlier_meetings, resolutions_of, standing_of
from rectification.enums import Source
from rectification.models import Case
from rectification.queries import overdue_cases

MOST = 10


@dataclass(frozen=True)
class Proposal:
    """An item as the portal proposes it. address: where the rows behind its numbers are."""

    source: AgendaSource
    title: str
    text: str
    address: str = ""


def proposals(row: Dossier, *, at: datetime) -> list[Proposal]:
    """What stands on the agenda of a meeting by the facts of its quarter, what was resolved before first.

    Args:
        at: as known at this moment.
    """
    assert row.begins is not None
    period = period_of(row.begins, Grain.QUARTER)
    made: list[Callable[[], Proposal | None]] = [
        lambda: _resolutions(row, at),
        lambda: _ranking(row.region, period),
        lambda: _overdue(row.region, period, at),
        lambda: _appeals(row.region, period),
        lambda: _kind(row, Kind.CAMPAIGN, AgendaSource.CAMPAIGNS, "专项整治进展", at),
        lambda: _kind(row, Kind.JOINT, AgendaSource.JOINT, "联动化解的复杂问题", at),
    ]
    return [found for make in made if (found := make())]


def _resolutions(row: Dossier, at: datetime) -> Proposal | None:
    """The last meeting's resolutions one by one, and what is left of those before it."""
    earlier = list(earlier_meetings(row))
    if not earlier:
        return None
    last, before = earlier[0], earlier[1:]
    tasks = list(resolutions_of(last))
    if not tasks and not before:
        return None
    found = standing_of(tasks, at)
    head = f"上次会议({last.number})决议 {found.all} 项,已销号 {found.done} 项,未完成 {found.left} 项"
    lines = [f"{head},其中逾期 {found.late} 项。", *(_line(task, at) for task in tasks if task.state in OPEN_TASKS)]
    older = Task.objects.open().filter(dossier__in=[one.pk for one in before]).select_related("unit", "dossier")
    lines += [f"{_line(task, at)}({task.dossier.number})" for task in older.order_by("due_at")]
    return Proposal(
        AgendaSource.RESOLUTIONS, "上次会议决议落实情况", "\n".join(lines), reverse("dossier", args=[last.number])
    )


def _line(task: Task, at: datetime) -> str:
    late = ",已逾期" if task.state == TaskState.OPEN and task.due_at < at else ""
    due = timezone.localdate(task.due_at)
    return f"{task.unit.short_name}:{task.wanted}(期限 {due:%Y-%m-%d},{task.get_state_display()}{late})"


def _ranking(region: Region, period: Period) -> Proposal:
    title = "考核排名靠后和连续靠后的单位"
    address = reverse("scores-quarter", args=[period.name])
    quarter = Quarter.objects.filter(begins=period.begins, frozen_at__isnull=False).first()
    if quarter is None:
        return Proposal(AgendaSource.RANKING, title, "本季度考核尚未封存,得分和名次以封存后的为准。")
    low = sorted(_inside(region, low_streaks(quarter)), key=lambda one: (-len(one.quarters), one.name))
    scores = {(one.kind, one.subject): one for one in quarter.scores.filter(subject__in=[one.subject for one in low])}
    lines = []
    for one in low:
        score = scores[one.kind, one.subject]
        running = f",已连续 {len(one.quarters)} 个季度靠后" if len(one.quarters) > 1 else ""
        reached = ",达到现场办公的次数" if one.reached else ""
        place = f"同组第 {score.rank} 名(共 {score.ranked} 个)"
        lines.append(f"{one.name}:{score.total:.2f} 分,{place}{running}{reached}。")
    return Proposal(AgendaSource.RANKING, title, "\n".join(lines) or _nobody(region, quarter), address)


def _nobody(region: Region, quarter: Quarter) -> str:
    kind = SchemeKind.CITY if region.level == RegionLevel.CITY else SchemeKind.COUNTY
    ranked = quarter.scores.exclude(rank=None).filter(kind=kind, region_code__startswith=region.prefix).count()
    return f"参加排名的 {ranked} 个,没有列入靠后的(同组人数不多于末位名额的不列)。"


def _inside(region: Region, streaks: Iterable[Streak]) -> list[Streak]:
    """Of the city those of the city's scheme; of a county those of its own."""
    if region.level == RegionLevel.CITY:
        return [one for one in streaks if one.kind == SchemeKind.CITY]
    units = set(Unit.objects.filter(region__code__startswith=region.prefix).values_list("pk", flat=True))
    return [one for one in streaks if one.kind == SchemeKind.COUNTY and one.unit_id in units]


def _overdue(region: Region, period: Period, at: datetime) -> Proposal:
    inside = Unit.objects.filter(region__code__startswith=region.prefix)
    names = dict(inside.values_list("pk", "short_name"))
    loops = loop_of(period, inside, at=at)
    late = Counter({names[pk]: len(loop.overdue) for pk, loop in loops.items() if loop.overdue})
    cases = Case.objects.filter(region_code__startswith=region.prefix).exclude(source=Source.TEST)
    rows = overdue_cases(cases, at).order_by().values_list("unit__short_name").annotate(count=Count("pk"))
    now = Counter({str(name): int(count) for name, count in rows})
    said = f"本季度整改逾期 {late.total()} 件{_listed(late)}。截至 {timezone.localdate(at):%Y-%m-%d}"
    return Proposal(
        AgendaSource.OVERDUE,
        "整改逾期的件",
        f"{said} 仍有环节超期的 {now.total()} 件{_listed(now)}。",
        reverse("ledger") + "?overdue=1",
    )


def _listed(counts: Mapping[str, int]) -> str:
    """The units with the most of it; nothing for none."""
    some = Counter(counts).most_common(MOST)
    more = "等" if len(counts) > MOST else ""
    return f"({'、'.join(f'{name} {count} 件' for name, count in some)}{more})" if some else ""


def _appeals(region: Region, period: Period) -> Proposal:
    since, until = moments_of(period)
    rows = Appeal.objects.filter(case__region_code__startswith=region.prefix, filed_at__gte=since, filed_at__lt=until)
    figures = figures_by_unit(rows)
    filed = Counter({one.name: one.filed for one in figures})
    ruled, upheld = sum(one.upheld.whole for one in figures), sum(one.upheld.part for one in figures)
    text = f"本季度提出申诉 {filed.total()} 件{_listed(filed)};已裁定 {ruled} 件,成立和部分成立 {upheld} 件。"
    if alarmed := [one.name for one in figures if one.alarm or one.contests_much]:
        text += f"成立率或申诉率偏高:{'、'.join(alarmed)}。"
    return Proposal(AgendaSource.APPEALS, "申诉评审情况", text, reverse("appeal-figures"))


def _kind(row: Dossier, kind: Kind, source: AgendaSource, title: str, at: datetime) -> Proposal | None:
    """The dossiers of a kind that were in progress in the quarter or since; None if there were none."""
    since, _until = moments_of(period_of(row.begins, Grain.QUARTER)) if row.begins else (at, at)
    inside = Dossier.objects.of(kind).filter(region__code__startswith=row.region.prefix, opened_at__lt=at)
    some = inside.filter(Q(closed_at=None) | Q(closed_at__gte=since)).exclude(stage=DROPPED)
    found = list(with_counts(some, at).annotate(lead=F("unit__short_name")).order_by("opened_at"))
    if not found:
        return None
    lines = [_progress(one) for one in found[:MOST]]
    slug = {Kind.CAMPAIGN: "campaigns", Kind.JOINT: "joint"}[kind]
    return Proposal(source, title, "\n".join(lines), reverse("dossiers", args=[slug]) + "?all=1")


def _progress(one: Dossier) -> str:
    counts = vars(one)
    tasks = f",任务 {counts['n_tasks']} 项,已销号 {counts['n_done']} 项" if counts["n_tasks"] else ""
    late = f",逾期 {counts['n_overdue']} 项" if counts["n_overdue"] else ""
    lead = f"({counts['lead']}牵头)" if counts["lead"] else ""
    return f"{one.number} {one.title}{lead}:{stage_label(one.kind, one.stage)}{tasks}{late}。"
