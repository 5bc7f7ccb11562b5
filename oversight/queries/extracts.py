"""摘编: what a notice says to one unit, as a paper of its own: its figures, score line by line, overdue cases, demands.

Everything that all of them need is asked once, however many units there are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from assessment.metrics import Facts as Measurable
from assessment.models import UnitScore
from assessment.queries import rules_now
from assessment.queries.loop import moments_of
from assessment.queries.sheets import ItemRows, sheets
from organizations.calendar import WorkingCalendar
from organizations.enums import UnitLevel
from organizations.models import Region, Staff, Unit
from organizations.queries import working_calendar
from oversight.models import Extract, QuarterNotice
from oversight.paper import Block, Heading, Paper, Paragraph
from oversight.queries.content import NUMERALS, title_of, written_lines
from oversight.queries.facts import Facts
from oversight.queries.sections import extracts as sections
from oversight.queries.sections import proposed
from rectification.enums import Duty
from rectification.models import Deadline

BEYOND = "指标口径和全市情况见通报全文。"


@dataclass(frozen=True)
class Part:
    """Whose figures and score an extract tells: the unit itself, and of a county's managing body the county."""

    name: str
    now: Measurable
    before: Measurable
    score: UnitScore | None
    items: list[ItemRows]


@dataclass(frozen=True)
class Material:
    """All that extracts of a notice are made of. names: finds every unit and county named in a line."""

    notice: QuarterNotice
    facts: Facts
    scores: Mapping[str, UnitScore]
    items: Mapping[int, list[ItemRows]]
    late: Mapping[int, list[Deadline]]
    names: re.Pattern[str]
    days: proposed.Days
    calendar: WorkingCalendar


def subjects_of(notice: QuarterNotice, served: Iterable[Unit]) -> list[Unit]:
    """Who gets an extract: every unit it is served on, and every unit with a score of its own in the quarter."""
    scored = UnitScore.objects.filter(quarter__begins=notice.begins, quarter__frozen_at__isnull=False)
    wanted = Q(pk__in=[unit.pk for unit in served]) | Q(pk__in=scored.exclude(unit=None).values("unit"))
    return list(Unit.objects.filter(wanted).select_related("region").order_by("code"))


def material_of(notice: QuarterNotice, facts: Facts, *, at: datetime) -> Material:
    """Reads what all extracts of a notice need."""
    frozen = UnitScore.objects.filter(quarter__begins=notice.begins, quarter__frozen_at__isnull=False)
    scores = list(frozen.select_related("quarter__city_scheme", "quarter__county_scheme").defer("facts", "tallies"))
    today = timezone.localdate(facts.as_of)
    return Material(
        notice=notice,
        facts=facts,
        scores={row.subject: row for row in scores},
        items=sheets(scores),
        late=_late(facts),
        names=_names(),
        days=proposed.days_from(notice.issued_at or at),
        calendar=working_calendar(notice.begins, max(today, facts.now.period.after)),
    )


def _late(facts: Facts) -> dict[int, list[Deadline]]:
    """The rectifications that ran out in the quarter, by case."""
    since, until = moments_of(facts.now.period)
    clocks = Deadline.objects.filter(duty=Duty.RECTIFY, due_at__gte=since, due_at__lt=until, co_handling=None)
    found: dict[int, list[Deadline]] = defaultdict(list)
    for one in clocks.filter(case__in=facts.now.facts.loop.overdue).select_related("case").order_by("due_at", "pk"):
        found[one.case_id].append(one)
    return found


def _names() -> re.Pattern[str]:
    """Every name of a unit or county, the longer first: 芝罘区公安局 is not 芝罘区."""
    names = {name for pair in Unit.objects.values_list("name", "short_name") for name in pair if name}
    names |= set(Region.objects.values_list("name", flat=True))
    return re.compile(
        "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name))) or r"(?!)"
    )


def extract_of(material: Material, unit: Unit) -> Paper:
    """The paper for one unit: nothing in it is of another, but for lines of the notice that name it beside others.

    Args:
        unit: with its region.
    """
    notice, facts = material.notice, material.facts
    parts = [part for part in (_own(material, unit), _county(material, unit)) if part]
    return Paper(
        title=f"{title_of(notice)}(摘编)",
        issuer=settings.NOTICE_ISSUER,
        number=notice.number,
        as_of=facts.as_of,
        seal=notice.seal,
        issued_on=timezone.localdate(notice.issued_at) if notice.issued_at else None,
        addressees=f"{unit.name}:",
        blocks=tuple(_numbered(_sections(material, unit, parts))),
    )


def _own(material: Material, unit: Unit) -> Part:
    score = material.scores.get(f"unit:{unit.code}")
    return _part(material, unit.name, score, score.units if score else [unit.pk])


def _county(material: Material, unit: Unit) -> Part | None:
    """The county whose managing body this is."""
    if not unit.supervises or unit.level != UnitLevel.COUNTY:
        return None
    score = material.scores.get(f"region:{unit.region.prefix}")
    return _part(material, score.name, score, score.units) if score else None


def _part(material: Material, name: str, score: UnitScore | None, units: Iterable[int]) -> Part:
    now, before = (
        Measurable.sum(rules_now(), [parts[pk] for pk in units if pk in parts])
        for parts in (material.facts.now.parts, material.facts.before.parts)
    )
    return Part(name, now, before, score, material.items.get(score.pk, []) if score else [])


def _sections(material: Material, unit: Unit, parts: list[Part]) -> Iterable[tuple[str, list[Block]]]:
    several = len(parts) > 1
    yield (
        "基本情况",
        [block for one in parts for block in _under(one, sections.figures(one.name, one.now, one.before), several)],
    )
    yield (
        "考核得分",
        [block for one in parts for block in _under(one, sections.score(one.name, one.score, one.items), several)],
    )
    late = [one for part in parts[:1] for pk in part.now.loop.overdue for one in material.late.get(pk, ())]
    yield "逾期清单", sections.overdue(late, material.calendar, material.facts.as_of)
    for title, lines in (
        ("存在的问题", _problems(material, unit, parts)),
        ("下一步要求", _demands(material, unit, parts)),
    ):
        if lines:
            yield title, [*lines]
    yield "说明", [Paragraph.of(BEYOND)]


def _under(part: Part, blocks: list[Block], several: bool) -> list[Block]:
    return [Heading(2, part.name), *blocks] if several else blocks


def _problems(material: Material, unit: Unit, parts: list[Part]) -> list[Paragraph]:
    written = material.notice.written.get("problems")
    if written is not None:
        return [line for line in written_lines(written) if _named(material, str(line)) & _called(unit, parts)]
    return [line for part in parts if (line := proposed.problem_of(part.name, part.now))]


def _demands(material: Material, unit: Unit, parts: list[Part]) -> list[Paragraph]:
    """Those of everybody, and those that name the unit; where nobody has written, what its own figures ask for."""
    written = material.notice.written.get("demands")
    if written is None:
        own = [line for part in parts if (line := proposed.demand_of(part.name, part.now, material.days))]
        return [*own, proposed.everybody(material.days)]
    lines = ((line, _named(material, str(line))) for line in written_lines(written))
    return [line for line, named in lines if not named or named & _called(unit, parts)]


def _named(material: Material, line: str) -> set[str]:
    return {found[0] for found in material.names.finditer(line)}


def _called(unit: Unit, parts: list[Part]) -> set[str]:
    return {unit.name, unit.short_name, *(part.name for part in parts)}


def _numbered(some: Iterable[tuple[str, list[Block]]]) -> Iterable[Block]:
    for place, (title, blocks) in enumerate(some):
        yield Heading(1, f"{NUMERALS[place]}、{title}")
        yield from blocks


def extracts_of(notice: QuarterNotice, user: Staff) -> QuerySet[Extract]:
    """The extracts of a notice that somebody may read, without what they say."""
    return Extract.objects.visible_to(user).filter(notice=notice).defer("content")
