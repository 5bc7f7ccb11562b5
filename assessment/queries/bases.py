"""What scores rest on: a quarter's figures and loop of every unit, events, exemptions. As many questions for all units
as for one; from tallies in a moment, or from raw rows as they were known at one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from assessment.enums import Cases, Grain, Measure, SchemeKind
from assessment.figures import Figures
from assessment.loop import Loop
from assessment.metrics import BY_CODE
from assessment.metrics import Facts as Known
from assessment.models import Exemption, ScoreEvent
from assessment.periods import Period
from assessment.queries.facts import rules_now
from assessment.queries.loop import loop_of
from assessment.queries.reads import by_unit
from assessment.queries.recount import recount
from assessment.queries.subjects import Subject
from assessment.queries.weighed import effects_of_rulings
from assessment.scoring import Event, Facts, Ratio


@dataclass(frozen=True)
class Gathered:
    """Of every unit by its id, without the units below it; before: in the same quarter of the year before.

    changes: by how much rulings change the 差评 of a unit in its score.
    """

    quarter: date
    figures: Mapping[int, Figures]
    before: Mapping[int, Figures]
    loops: Mapping[int, Loop]
    changes: Mapping[int, Decimal]
    changes_before: Mapping[int, Decimal]
    events: Mapping[int, list[Event]]
    exemptions: Mapping[tuple[str, str], list[Exemption]]


def year_before(period: Period) -> Period:
    """The same quarter of the year before."""
    return replace(period, begins=period.begins.replace(year=period.begins.year - 1))


def gather(period: Period, *, at: datetime, raw: bool = False) -> Gathered:
    """Everything about a quarter.

    Args:
        period: a quarter.
        at: as cases, rulings, events and exemptions were known then; ratings too if `raw`.
        raw: counts ratings and services from the rows instead of reading tallies, which are of now.
    """
    if period.grain != Grain.QUARTER:
        raise ValueError(period.name)
    before = year_before(period)
    return Gathered(
        quarter=period.begins,
        figures=recount(period, at=at) if raw else by_unit(period),
        before=recount(before, at=at) if raw else by_unit(before),
        loops=loop_of(period, at=at),
        changes=effects_of_rulings(period, at=at),
        changes_before=effects_of_rulings(before, at=at),
        events=_events(period.begins, at),
        exemptions=_exemptions(period.begins, at),
    )


def _events(quarter: date, at: datetime) -> dict[int, list[Event]]:
    found: dict[int, list[Event]] = defaultdict(list)
    for event in ScoreEvent.objects.known(quarter, at).order_by("pk"):
        found[event.unit_id].append(Event(event.pk, event.kind, event.value))
    return found


def _exemptions(quarter: date, at: datetime) -> dict[tuple[str, str], list[Exemption]]:
    found: dict[tuple[str, str], list[Exemption]] = defaultdict(list)
    for row in Exemption.objects.known(quarter, at).order_by("pk"):
        found[row.kind, row.subject].append(row)
    return found


def facts_of_subject(gathered: Gathered, kind: SchemeKind, subject: Subject) -> tuple[Facts, Figures, str]:
    """The facts of a subject, its tallies, and why it is not ranked, if somebody has said so."""
    figures = _sum(gathered.figures, subject.units)
    before = _sum(gathered.before, subject.units)
    loop = Loop.sum(gathered.loops[pk] for pk in subject.units if pk in gathered.loops)
    freed = gathered.exemptions.get((kind, subject.key), [])
    facts = Facts(
        measures=_measures(figures, loop, _changed(gathered.changes, subject.units)),
        before={Measure.NEGATIVE: _negative(before, _changed(gathered.changes_before, subject.units))},
        cases=_cases(loop),
        events=tuple(event for pk in subject.units for event in gathered.events.get(pk, ())),
        sample=figures.active.valid,
        exempt={row.item: row.reason for row in freed if row.item and not row.reference},
        waived=frozenset((row.item, row.reference) for row in freed if row.reference),
    )
    return facts, figures, next((row.reason for row in freed if not row.item), "")


def _sum(found: Mapping[int, Figures], units: Iterable[int]) -> Figures:
    parts = [found[pk] for pk in units if pk in found]
    return parts[0] if len(parts) == 1 else Figures.sum(parts)


def _changed(changes: Mapping[int, Decimal], units: Iterable[int]) -> Decimal:
    return sum((changes[pk] for pk in units if pk in changes), Decimal(0))


def _measures(figures: Figures, loop: Loop, changed: Decimal) -> dict[str, Ratio]:
    """The metrics of the catalogue; 差评 as rulings leave them in the score of the unit, an effect of its own."""
    known = Known(rules_now(), figures, loop)
    found = {code: BY_CODE[code] for code in Measure.values}
    measures = {
        code: Ratio(Decimal(metric.part.count(known)), metric.whole.count(known)) for code, metric in found.items()
    }
    return measures | {Measure.NEGATIVE: _negative(figures, changed)}


def _negative(figures: Figures, changed: Decimal) -> Ratio:
    """差评 that count in the unit's score, of its valid active ratings."""
    return Ratio(max(Decimal(0), figures.together.negative + changed), figures.active.valid)


def _cases(loop: Loop) -> dict[str, frozenset[int]]:
    sets = {name: frozenset(getattr(loop, name)) for name in Cases.values if hasattr(loop, name)}
    return sets | {
        Cases.UNREPLIED: frozenset(loop.reply_due) - frozenset(loop.replied),
        Cases.UNCALLED: frozenset(loop.call_due) - frozenset(loop.called),
    }
