"""How many ratings of a period are doubtful, and how many were found to be: counted apart, taken out of nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from assessment.enums import FindingState
from assessment.models import FindingRating
from assessment.periods import Period
from evaluations.queries import day_start
from organizations.models import Unit

# Of several findings on one rating the strongest word stands.
STRONGEST = (FindingState.CONFIRMED, FindingState.DOUBTFUL, FindingState.OPEN)


@dataclass(frozen=True)
class Flagged:
    """Ratings of one unit, each counted once, by the strongest state of the findings on it.

    Attributes:
        praise, blame: by state. A rating is praise above level 2 and blame at 1 and 2, whatever its finding is called.
    """

    praise: Mapping[str, int] = field(default_factory=dict)
    blame: Mapping[str, int] = field(default_factory=dict)

    def suspected(self, *, bad: bool) -> int:
        """Those nobody has decided, or that were left in doubt."""
        counts = self.blame if bad else self.praise
        return counts.get(FindingState.OPEN, 0) + counts.get(FindingState.DOUBTFUL, 0)

    def confirmed(self, *, bad: bool) -> int:
        """Those that a person has found to be brushed, forced, preset or malicious."""
        return (self.blame if bad else self.praise).get(FindingState.CONFIRMED, 0)


class Doubt(NamedTuple):
    """What is doubted of one rating: whose it is, whether it is of level 1 or 2, and the strongest word on it."""

    unit: int
    bad: bool
    state: str


def flagged(period: Period, units: QuerySet[Unit] | None = None) -> dict[int, Flagged]:
    """The doubtful ratings of a period by unit. What a score makes of them is a matter of its scheme.

    Args:
        period: in which the ratings were given, whenever they were found or decided.
        units: that were rated; None is everybody. Units without any have no entry.
    """
    counts: dict[int, tuple[Counter[str], Counter[str]]] = {}
    for unit, bad, state in doubted(period, units).values():
        counts.setdefault(unit, (Counter(), Counter()))[bad][state] += 1
    return {unit: Flagged(dict(praise), dict(blame)) for unit, (praise, blame) in counts.items()}


def doubted(period: Period, units: QuerySet[Unit] | None = None) -> dict[UUID, Doubt]:
    """The ratings that `flagged` counts, each once, by their identifiers."""
    rows = FindingRating.objects.filter(
        evaluation__id__gte=day_start(period.begins),
        evaluation__id__lt=day_start(period.after),
        finding__state__in=STRONGEST,
    )
    if units is not None:
        rows = rows.filter(evaluation__unit__in=units.order_by())
    strongest: dict[UUID, Doubt] = {}
    facts = rows.values_list("evaluation_id", "evaluation__unit", "evaluation__level", "finding__state")
    for pk, unit, level, state in facts:
        known = strongest.get(pk)
        if known is None or STRONGEST.index(FindingState(state)) < STRONGEST.index(FindingState(known.state)):
            strongest[pk] = Doubt(unit, level <= 2, state)
    return strongest
