"""What rules find that may be a clue, each with its rows in words (domain.md §12). They only propose: a person decides.

The facts are those that statistics and scores count by, so that a clue cannot say something else than they do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone, translation

from assessment.enums import Direction, FindingState, Grain, SignalCode
from assessment.loop import Loop
from assessment.models import Finding
from assessment.periods import Period, period_of
from assessment.queries import classes_of, loop_of
from organizations.models import Unit
from organizations.queries import working_calendar
from oversight.enums import ClueSort
from oversight.models import Dossier
from rectification.enums import Action, Duty, PressureOutcome, Source
from rectification.models import CallbackRecord, Case, CaseEvent, Deadline, PressureReport

Quarterly = tuple[Period, Unit, Loop]
UPHELD = (PressureOutcome.FOUND, PressureOutcome.PARTLY)


@dataclass(frozen=True)
class Proposal:
    """What a rule found.

    Attributes:
        key: of the fact, so that it is proposed once.
        words: the rows behind it, in words, a line each.
        city_only: only the city's supervisors hear of it. at_once: it is taken up without being asked for.
    """

    key: str
    sort: ClueSort
    rule: str
    unit: Unit
    words: tuple[str, ...]
    cases: tuple[Case, ...] = ()
    source: Dossier | None = None
    city_only: bool = False
    at_once: bool = False


def found_by_rule(*, at: datetime) -> list[Proposal]:
    """Everything that a rule finds now and that was not proposed before."""
    with translation.override(settings.LANGUAGE_CODE):
        quarters = list(_by_unit(at))
        found = [*repeats_of(quarters, at), *overdue_in(quarters)]
        found += [one for rule in RULES for one in rule(at)]
    known = set(Dossier.objects.filter(key__in=[one.key for one in found]).values_list("key", flat=True))
    return [one for one in found if one.key not in known]


def _since(at: datetime) -> datetime:
    return at - timedelta(days=settings.CLUE_FRESH_DAYS)


def _quarters(at: datetime) -> list[Period]:
    """This quarter and the one before: facts of its end become known in this one."""
    now = period_of(timezone.localdate(at), Grain.QUARTER)
    return [now.before(), now]


def _by_unit(at: datetime) -> Iterator[Quarterly]:
    for period in _quarters(at):
        loops = loop_of(period, at=at)
        units = Unit.objects.filter(pk__in=loops).select_related("region").order_by("code")
        yield from ((period, unit, loops[unit.pk]) for unit in units)


def _cases(pks: Iterable[int]) -> dict[int, Case]:
    return Case.objects.in_bulk(list(pks))


def repeats_of(quarters: Iterable[Quarterly], at: datetime) -> Iterator[Proposal]:
    """屡改屡犯: a problem class came again at the same unit CLUE_REPEAT_MIN times in a quarter, as the scores count it:
    each within REPEAT_DAYS of the one before."""
    for period, unit, loop in quarters:
        if len(loop.repeated) < settings.CLUE_REPEAT_MIN:
            continue
        named: dict[str, list[int]] = defaultdict(list)
        for pk, classed in classes_of(loop.repeated, at=at).items():
            for name in classed.names:
                named[name].append(pk)
        for name, pks in sorted(named.items()):
            if len(pks) >= settings.CLUE_REPEAT_MIN:
                cases = tuple(_cases(sorted(pks)).values())
                often = f"{period.name}“{name}”类问题再次发生 {len(pks)} 次"
                rule = f"{often},每次距同类前一件不超过 {settings.REPEAT_DAYS} 天"
                yield Proposal(
                    key=f"clue:repeat:{unit.code}:{period.name}:{name}"[:120],
                    sort=ClueSort.REPEAT,
                    rule="repeat",
                    unit=unit,
                    words=(
                        rule,
                        *(f"{one.number} {timezone.localdate(one.received_at):%Y-%m-%d} 收到" for one in cases),
                    ),
                    cases=cases,
                )


def overdue_in(quarters: Iterable[Quarterly]) -> Iterator[Proposal]:
    """超期: so many rectifications of a unit were overdue in a quarter, as the scores count them."""
    for period, unit, loop in quarters:
        if len(loop.overdue) >= settings.CLUE_OVERDUE_MIN:
            cases = tuple(_cases(loop.overdue).values())
            words = f"{period.name}整改答复逾期 {len(cases)} 件"
            yield Proposal(
                key=f"clue:overdue:{unit.code}:{period.name}",
                sort=ClueSort.OVERDUE,
                rule="overdue",
                unit=unit,
                words=(words, *(one.number for one in cases)),
                cases=cases,
            )


def overdue_now(at: datetime) -> Iterator[Proposal]:
    """超期: a rectification that is open and overdue by more than CLUE_OVERDUE_DAYS working days."""
    today = timezone.localdate(at)
    rows = Deadline.objects.filter(
        duty__in=[Duty.RECTIFY, Duty.REWORK], met_at=None, withdrawn_at=None, paused_at=None, due_at__lt=at
    ).exclude(case__source=Source.TEST)
    found = list(rows.select_related("case", "unit__region").order_by("pk"))
    if not found:
        return
    calendar = working_calendar(min(timezone.localdate(one.due_at) for one in found), today)
    for one in found:
        due = timezone.localdate(one.due_at)
        late = calendar.count_working_days(due, today)
        if late > settings.CLUE_OVERDUE_DAYS:
            yield Proposal(
                key=f"clue:late:{one.pk}",
                sort=ClueSort.OVERDUE,
                rule="late",
                unit=one.unit,
                words=(f"{one.case.number} {one.get_duty_display()}期限 {due:%Y-%m-%d},已逾期 {late} 个工作日",),
                cases=(one.case,),
            )


def unsolved(at: datetime) -> Iterator[Proposal]:
    """虚假整改: a fix was reported, and evaluators said CLUE_UNSOLVED_MIN times that it is not solved."""
    said: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    calls = CallbackRecord.objects.filter(solved=False, contact__at__gte=_since(at), contact__at__lte=at)
    for case, when in calls.values_list("case", "contact__at"):
        said[case].append((when, "回访中反映没有解决"))
    events = CaseEvent.objects.filter(action=Action.REOPEN, at__gte=_since(at), at__lte=at)
    for case, when in events.values_list("case", "at"):
        said[case].append((when, "评价人反映没有解决"))
    often = [case for case, lines in said.items() if len(lines) >= settings.CLUE_UNSOLVED_MIN]
    rows = Case.objects.filter(pk__in=often).exclude(source=Source.TEST).exclude(reports=None)
    for one in rows.select_related("unit__region").distinct().order_by("pk"):
        lines = (f"{one.number} {timezone.localdate(when):%Y-%m-%d} {words}" for when, words in sorted(said[one.pk]))
        yield Proposal(
            key=f"clue:unsolved:{one.pk}",
            sort=ClueSort.FALSE_REPORT,
            rule="unsolved",
            unit=one.unit,
            words=(f"报告整改后,{len(said[one.pk])} 次反映没有解决", *lines),
            cases=(one,),
        )


def doubts(at: datetime) -> Iterator[Proposal]:
    """刷评价, 干预评价: a suspicion about praise, or about 差评 that vanish, which a person has confirmed.

    What says that others rate a unit badly on purpose is nothing against the unit.
    """
    rows = Finding.objects.filter(state=FindingState.CONFIRMED, decided_at__gte=_since(at), decided_at__lte=at)
    for one in rows.exclude(unit=None).select_related("unit__region").order_by("pk"):
        vanished = one.signal == SignalCode.NO_NEGATIVES
        if one.unit is not None and (vanished or one.direction in (Direction.PRAISE, Direction.MIXED)):
            yield Proposal(
                key=f"clue:finding:{one.pk}",
                sort=ClueSort.INTERFERENCE if vanished else ClueSort.BRUSHING,
                rule="finding",
                unit=one.unit,
                words=(f"评价疑点 {one.pk}:{one.day:%Y-%m-%d} {one.get_signal_display()},已认定属实",),
            )


def pressed(at: datetime) -> Iterator[Proposal]:
    """干预评价, 打击报复: what an evaluator said was looked into by the city's supervisor and upheld. Taken up at once.

    It is retaliation where the evaluator said so in a callback. Only the city hears of it, as of the reports.
    """
    rows = PressureReport.objects.filter(outcome__in=UPHELD, settled_at__gte=_since(at), settled_at__lte=at)
    found = list(rows.exclude(case__source=Source.TEST).select_related("case__unit__region").order_by("pk"))
    cases = [one.case_id for one in found]
    hurt = set(CallbackRecord.objects.filter(case__in=cases, retaliated=True).values_list("case", flat=True))
    for one in found:
        retaliated = one.case_id in hurt
        yield Proposal(
            key=f"clue:pressure:{one.pk}",
            sort=ClueSort.RETALIATION if retaliated else ClueSort.INTERFERENCE,
            rule="pressure",
            unit=one.case.unit,
            words=(
                f"{one.case.number} 评价人反映受到干预,{timezone.localdate(one.at):%Y-%m-%d},"
                f"核查结果:{one.get_outcome_display()}",
            ),
            cases=(one.case,),
            city_only=True,
            at_once=True,
        )


RULES: tuple[Callable[[datetime], Iterator[Proposal]], ...] = (
    overdue_now,
    unsolved,
    doubts,
    pressed,
)
