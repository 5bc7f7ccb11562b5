"""Everything a notice is made of, read once: the quarter, the one before and that of last year, whole and by place."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from appeals.models import Appeal
from appeals.queries import Figure as AppealFigure
from appeals.queries import figures_by_ground
from assessment.enums import Grain, SchemeKind
from assessment.figures import Counts
from assessment.metrics import Facts as Measurable
from assessment.models import UnitScore
from assessment.periods import Period, period_of
from assessment.queries import as_of, by_channel
from assessment.queries.facts import facts_of as measured
from assessment.queries.facts import rules_now
from assessment.queries.loop import moments_of
from organizations.enums import RegionLevel, UnitLevel
from organizations.models import Region, Unit
from oversight.paper import Block
from oversight.queries.analysis import Analysis, analysed
from oversight.queries.sections.overseen import overseen_in


@dataclass(frozen=True)
class Place:
    """A department of the city, or a county with all its units."""

    name: str
    county: bool
    facts: Measurable


@dataclass(frozen=True)
class Quarter:
    """One quarter of the whole city. parts: the facts of each unit, without those below it."""

    period: Period
    facts: Measurable
    parts: dict[int, Measurable]


@dataclass(frozen=True)
class Facts:
    """What a notice says. before is the quarter before, last_year the same one a year ago.

    overseen: what oversight did in the quarter, as sections with their titles.
    """

    now: Quarter
    before: Quarter
    last_year: Quarter
    places: list[Place]
    channels: dict[str, dict[str, Counts]]
    analysis: Analysis
    grounds: list[AppealFigure]
    scores: list[UnitScore]
    overseen: list[tuple[str, list[Block]]]
    as_of: datetime


def facts_of(begins: date, *, at: datetime) -> Facts:
    """The facts of a quarter.

    Args:
        begins: its first day.
        at: the moment of asking, where nothing was counted yet.
    """
    period = period_of(begins, Grain.QUARTER)
    year_ago = period_of(begins.replace(year=begins.year - 1), Grain.QUARTER)
    parts, earlier, year_before = (measured(one, Unit.objects.all()) for one in (period, period.before(), year_ago))
    return Facts(
        now=_quarter(period, parts),
        before=_quarter(period.before(), earlier),
        last_year=_quarter(year_ago, year_before),
        places=_places(parts),
        channels=by_channel(period),
        analysis=analysed(period, parts, earlier, None, at=at),
        grounds=_grounds(period),
        scores=_scores(period),
        overseen=overseen_in(period, at=at),
        as_of=as_of() or at,
    )


def _quarter(period: Period, parts: dict[int, Measurable]) -> Quarter:
    return Quarter(period, Measurable.sum(rules_now(), list(parts.values())), parts)


def _grounds(period: Period) -> list[AppealFigure]:
    since, until = moments_of(period)
    return figures_by_ground(Appeal.objects.filter(ruling__at__gte=since, ruling__at__lt=until))


def _scores(period: Period) -> list[UnitScore]:
    """Of the city's departments and counties, once the quarter is frozen; the counties' own stay with the counties."""
    frozen = UnitScore.objects.filter(quarter__begins=period.begins, quarter__frozen_at__isnull=False)
    return list(frozen.filter(kind=SchemeKind.CITY).order_by("group", "volume", "rank", "subject"))


def _places(parts: dict[int, Measurable]) -> list[Place]:
    """Departments of the city by code, then counties by code; a place without anything has its line all the same."""
    regions = dict(Region.objects.values_list("code", "name"))
    groups: dict[tuple[bool, str, str], list[Measurable]] = defaultdict(list)
    for unit in Unit.objects.select_related("region"):
        groups[_place_of(unit, regions)].append(parts[unit.pk])
    rules = rules_now()
    return [Place(name, county, Measurable.sum(rules, some)) for (county, _code, name), some in sorted(groups.items())]


def _place_of(unit: Unit, regions: dict[str, str]) -> tuple[bool, str, str]:
    if unit.level == UnitLevel.CITY:
        return False, unit.code, unit.name
    code = unit.region.code[: RegionLevel.COUNTY].ljust(12, "0")
    return True, code, regions.get(code, code)
