"""What a list of public cases can be narrowed by, and which condition to drop where it leaves nothing."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields, replace

from django.db.models import Count, Exists, OuterRef, Value

from disclosure.models import PublicCase
from disclosure.queries.public import Asked, matching
from evaluations.models import Tag
from organizations.enums import RegionLevel
from organizations.models import Unit
from rectification.enums import Level


@dataclass(frozen=True)
class Choices:
    """What there is to choose from.

    units: those with public cases, in the order of their code, with their region.
    reasons: the national words for what was wrong, each once.
    """

    units: list[Unit]
    reasons: list[str]

    @property
    def regions(self) -> dict[str, str]:
        """Of these units: name by what a region's code begins with. A city's own units are told by its whole code."""
        found = {}
        for region in sorted({unit.region for unit in self.units}, key=lambda one: one.code):
            city = region.level == RegionLevel.CITY
            found[region.code if city else region.prefix] = region.name
        return found


def choices() -> Choices:
    """What there is to choose from, in two queries."""
    spoken_of = Exists(PublicCase.objects.filter(unit=OuterRef("pk")))
    units = list(Unit.objects.filter(spoken_of).select_related("region").order_by("code"))
    labels = Tag.objects.filter(level__lte=Level.FAIR).order_by("level", "code").values_list("label", flat=True)
    return Choices(units, list(dict.fromkeys(labels)))


@dataclass(frozen=True)
class Loosened:
    """A condition by its name in `Asked`, and how many cases there are without it."""

    name: str
    found: int


def loosened(wanted: Asked) -> Loosened | None:
    """The one condition whose dropping gives most cases; None where none alone gives any. One query.

    Each count is a statement of its own inside the union, so each is answered by the index that suits it.
    """
    empty = {one.name: one.default for one in fields(Asked) if one.default is not MISSING}
    given = [name for name, nothing in empty.items() if getattr(wanted, name) != nothing]
    if not given:
        return None
    counts = [
        matching(replace(wanted, **{name: empty[name]}))
        .order_by()
        .annotate(dropped=Value(name))
        .values("dropped")
        .annotate(found=Count("pk"))
        .values_list("dropped", "found")
        for name in given
    ]
    found = counts[0].union(*counts[1:], all=True) if len(counts) > 1 else counts[0]
    best = max(found, key=lambda row: row[1], default=("", 0))
    return Loosened(*best) if best[1] else None
