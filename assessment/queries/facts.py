"""Everything the metrics of a period are made of, by unit: from the tallies, and from the loop of cases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from assessment.figures import Figures
from assessment.loop import Loop
from assessment.metrics import Facts, Rules
from assessment.periods import Period
from assessment.queries.loop import loop_of
from assessment.queries.reads import by_unit
from evaluations.enums import SAID, Origin
from evaluations.keys import FIRST_RATING
from evaluations.models import Evaluation, Exclusion, Service, ServiceKey
from evaluations.queries import day_start
from organizations.models import Unit


def rules_now() -> Rules:
    """The settings of docs/operations.md."""
    return Rules(
        settings.GOOD_THRESHOLD_LEVEL, settings.LEVEL_SCORES, settings.RANK_MIN_SAMPLE, settings.CASE_MIN_SAMPLE
    )


def facts_of(period: Period, units: QuerySet[Unit], *, at: datetime | None = None) -> dict[int, Facts]:
    """The facts of each of these units, without the units below it.

    Args:
        at: as what was known at this moment, cases only: what the tallies say is of now, and stays out.
    """
    rules, known = rules_now(), list(units.order_by("code"))
    figures = by_unit(period, units) if at is None else {}
    cases = loop_of(period, units, at=at)
    return {
        unit.pk: Facts(
            rules,
            figures.get(unit.pk, Figures()),
            cases.get(unit.pk, Loop()),
            *_coverage(unit, period, figures.get(unit.pk)),
        )
        for unit in known
    }


def _coverage(unit: Unit, period: Period, figures: Figures | None) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The unit, if it was there in the period; and again, if somebody has rated it."""
    there = (unit.pk,) if unit.closed_on is None or unit.closed_on > period.begins else ()
    rated = figures is not None and any(figures.of(origin).valid for origin in SAID)
    return there, there if rated else ()


def services_behind(period: Period, units: Iterable[int], *, unrated: bool) -> QuerySet[Service]:
    """The services that the tallies count, newest first; or those of them that nobody has rated."""
    since, until = day_start(period.begins), day_start(period.after)
    found = Service.objects.filter(pk__gte=since, pk__lt=until, unit__in=list(units)).order_by("-pk")
    if not unrated:
        return found
    key = {name: OuterRef(name) for name in ("project_number", "source", "service_number")}
    keys = ServiceKey.objects.filter(**key, assess_number=FIRST_RATING)
    taken_out = Exclusion.objects.filter(evaluation=OuterRef("pk"))
    ratings = Evaluation.objects.filter(~Exists(taken_out), pk=OuterRef("rating"))
    said = ratings.exclude(origin__in=(Origin.DEFAULT, Origin.TEST))
    return found.annotate(rating=Subquery(keys.values("row")[:1])).filter(~Exists(said))
