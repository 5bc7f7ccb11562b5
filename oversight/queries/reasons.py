"""What was wrong: the cases of a period by the class that their evaluators chose first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet

from assessment.periods import Period
from assessment.queries import moments_of
from organizations.models import Unit
from rectification.enums import Source
from rectification.models import Case


def cases_by_reason(period: Period, units: QuerySet[Unit] | None = None) -> dict[str, tuple[int, ...]]:
    """The cases received in a period by class; "" are those without any reason.

    Args:
        units: with which the cases lie; None is everybody.
    """
    since, until = moments_of(period)
    cases = Case.objects.filter(received_at__gte=since, received_at__lt=until).exclude(source=Source.TEST)
    if units is not None:
        cases = cases.filter(unit__in=units.order_by())
    found: dict[str, list[int]] = defaultdict(list)
    for pk, tags in cases.order_by("pk").values_list("pk", "tags"):
        found[_class_of(tags)].append(pk)
    return {name: tuple(ids) for name, ids in found.items()}


def _class_of(tags: Iterable[dict[str, str]]) -> str:
    """Of several reasons the first, which the evaluator chose first; "" without any."""
    return next((tag["class"] for tag in tags if tag.get("class")), "")
