"""Everything the metrics of a period are made of, by unit: from the tallies, and from the loop of cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from assessment.figures import Figures
from assessment.loop import Loop
from assessment.metrics import Facts, Rules
from assessment.periods import Period
from assessment.queries.loop import loop_of
from assessment.queries.past import Past, past
from assessment.queries.reads import by_unit, rated_items
from evaluations.enums import SAID, Origin
from evaluations.keys import FIRST_RATING
from evaluations.models import Evaluation, Exclusion, Service, ServiceKey
from evaluations.queries import day_start
from organizations.models import ServiceItem, Unit


def rules_now() -> Rules:
    """The settings of docs/operations.md."""
    return Rules(
        settings.GOOD_THRESHOLD_LEVEL, settings.LEVEL_SCORES, settings.RANK_MIN_SAMPLE, settings.CASE_MIN_SAMPLE
    )


def facts_of(
    period: Period, units: QuerySet[Unit], *, at: datetime | None = None, ratings: bool = True
) -> dict[int, Facts]:
    """The facts of each of these units, without the units below it.

    Args:
        at: as they were known at the end of a past day, counted from rows. Without it ratings are read from tallies,
            which are of now.
        ratings: False leaves out whatever is made of ratings and services.

    Raises:
        TooLong: ratings of a past day are so many that no page can wait for them (`past.past`).
    """
    rules, known, cases = rules_now(), list(units.order_by("code")), loop_of(period, units, at=at)
    if not ratings:
        return {unit.pk: Facts(rules, loop=cases.get(unit.pk, Loop())) for unit in known}
    counted, items = _ratings(period, units, [unit.pk for unit in known], at), _items(period, units)
    return {
        unit.pk: Facts(
            rules,
            counted.figures.get(unit.pk, Figures()),
            cases.get(unit.pk, Loop()),
            *_coverage(unit, period, counted.figures.get(unit.pk)),
            tuple(items[unit.pk]),
            tuple(item for item in items[unit.pk] if item in counted.items),
        )
        for unit in known
    }


def _ratings(period: Period, units: QuerySet[Unit], known: list[int], at: datetime | None) -> Past:
    return Past(by_unit(period, units), rated_items(period)) if at is None else past(period, known, at=at)


def _coverage(unit: Unit, period: Period, figures: Figures | None) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The unit, if it was there in the period; and again, if somebody has rated it."""
    there = (unit.pk,) if unit.closed_on is None or unit.closed_on > period.begins else ()
    rated = figures is not None and any(figures.of(origin).valid for origin in SAID)
    return there, there if rated else ()


def _items(period: Period, units: QuerySet[Unit]) -> dict[int, list[int]]:
    """The items that each unit had in the period."""
    found: dict[int, list[int]] = defaultdict(list)
    there = ServiceItem.objects.filter(Q(closed_on=None) | Q(closed_on__gt=period.begins), unit__in=units.order_by())
    for unit, item in there.order_by("pk").values_list("unit_id", "pk"):
        found[unit].append(item)
    return found


def services_behind(
    period: Period, units: Iterable[int], *, unrated: bool, at: datetime | None = None
) -> QuerySet[Service]:
    """The services that the figures count, newest first; or those of them that nobody has rated.

    Args:
        at: as they were known at this moment.
    """
    since, until = day_start(period.begins), day_start(period.after)
    reported, excluded = (Q(received_at__lte=at), Q(at__lte=at)) if at else (Q(), Q())
    found = Service.objects.filter(reported, pk__gte=since, pk__lt=until, unit__in=list(units)).order_by("-pk")
    if not unrated:
        return found
    key = {name: OuterRef(name) for name in ("project_number", "source", "service_number")}
    keys = ServiceKey.objects.filter(**key, assess_number=FIRST_RATING)
    taken_out = Exclusion.objects.filter(excluded, evaluation=OuterRef("pk"))
    ratings = Evaluation.objects.filter(reported, ~Exists(taken_out), pk=OuterRef("rating"))
    said = ratings.exclude(origin__in=(Origin.DEFAULT, Origin.TEST))
    return found.annotate(rating=Subquery(keys.values("row")[:1])).filter(~Exists(said))
