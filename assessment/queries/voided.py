"""What rulings on appeals did to the 差评 of a period, in the public count and in the scores of unit and person.

Rulings are few and read as they stand; how many 差评 were received is read from the tallies.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import F, Q, QuerySet

from appeals.enums import UPHELD, Effect
from appeals.models import Ruling
from appeals.queries import rulings_in_force
from assessment.periods import Period
from assessment.queries.reads import overall
from evaluations.enums import Origin
from evaluations.queries import day_start
from organizations.models import Unit

# Of several rulings on one rating the strongest effect stands in each count.
STRONGEST = (Effect.EXCLUDE, Effect.APART, Effect.MOVE, Effect.HALF, Effect.MARK, Effect.KEEP)
COUNTS = ("public", "unit_score", "staff_score")
RATING = "appeal__case__evaluations"


@dataclass(frozen=True)
class Negatives:
    """差评 of a period in one of the three counts: always received, invalid and effective (docs/domain.md §1, §7).

    Attributes:
        effects: of the ratings that a ruling in force is about, how many fare how.
        moved_in: of other units, and moved here by a ruling; they count as received here.
    """

    received: int
    effects: Mapping[Effect, int] = field(default_factory=dict)
    moved_in: int = 0

    def of(self, effect: Effect) -> int:
        return self.effects.get(effect, 0)

    @property
    def invalid(self) -> int:
        """认定无效: taken out of this count, or counted apart."""
        return self.of(Effect.EXCLUDE) + self.of(Effect.APART)

    @property
    def effective(self) -> int:
        """有效差评: received, less the invalid ones and those that belong to somebody else."""
        return self.received + self.moved_in - self.invalid - self.of(Effect.MOVE)

    @property
    def weighed(self) -> Decimal:
        """The effective ones as a score counts them: those that count half are half a 差评 each."""
        return self.effective - Decimal(self.of(Effect.HALF)) / 2


@dataclass(frozen=True)
class Voided:
    """How many ratings an upheld ground has touched, and what became of them in each of the three counts."""

    code: str
    name: str
    upheld: int
    public: Mapping[Effect, int]
    unit_score: Mapping[Effect, int]
    staff_score: Mapping[Effect, int]


@dataclass(frozen=True)
class AfterAppeals:
    """The three counts, decided apart, and what each ground did to them."""

    public: Negatives
    unit_score: Negatives
    staff_score: Negatives
    grounds: list[Voided]


def after_appeals(period: Period, units: QuerySet[Unit] | None = None) -> AfterAppeals:
    """The 差评 of a period as the rulings that hold today leave them; a review that reverses one is followed at once.

    Args:
        period: of the ratings, not of the rulings.
        units: that were rated; None is everybody.
    """
    received = overall(period, units).together.negative
    upheld = list(_upheld(period, units))
    moved_in = _moved_in(period, units)
    counts = {
        count: Negatives(received, _strongest(upheld, count), 0 if count == "staff_score" else moved_in)
        for count in COUNTS
    }
    return AfterAppeals(**counts, grounds=_by_ground(upheld))


def _upheld(period: Period, units: QuerySet[Unit] | None) -> Iterable[Ruling]:
    rated = Q() if units is None else Q(**{f"{RATING}__unit__in": units.order_by()})
    return _in_period(period, rated)


def _moved_in(period: Period, units: QuerySet[Unit] | None) -> int:
    """How many were moved to one of these units; in the whole city nothing is lost that was moved."""
    moved = Q(public=Effect.MOVE)
    if units is not None:
        moved &= Q(appeal__case__unit__in=units.order_by()) & ~Q(appeal__case__unit=F("appeal__case__rated_unit"))
    return len({_rating_of(ruling) for ruling in _in_period(period, moved)})


# One condition for all of them, so that they are asked of one and the same rating.
def _in_period(period: Period, more: Q) -> Iterable[Ruling]:
    since, until = day_start(period.begins), day_start(period.after)
    rated = Q(**{f"{RATING}__id__gte": since, f"{RATING}__id__lt": until, f"{RATING}__exclusion": None})
    rated &= Q(**{f"{RATING}__negative": True}) & ~Q(**{f"{RATING}__origin": Origin.TEST})
    found = rulings_in_force().filter(rated & more, outcome__in=UPHELD).select_related("appeal__ground")
    return found.annotate(rating=F(f"{RATING}__id")).order_by("pk")


def _rating_of(ruling: Ruling) -> object:
    return getattr(ruling, "rating")  # noqa: B009 - annotated, so no attribute of the model


def _strongest(rulings: Iterable[Ruling], count: str) -> dict[Effect, int]:
    found: dict[object, Effect] = {}
    for ruling in rulings:
        effect, rating = Effect(getattr(ruling, count)), _rating_of(ruling)
        found[rating] = min(found.get(rating, effect), effect, key=STRONGEST.index)
    return dict(Counter(found.values()))


def _by_ground(rulings: Iterable[Ruling]) -> list[Voided]:
    grounds: dict[str, list[Ruling]] = {}
    for ruling in rulings:
        grounds.setdefault(ruling.appeal.ground_id, []).append(ruling)
    return [
        Voided(
            code,
            some[0].appeal.ground.name,
            len(some),
            *(dict(Counter(Effect(getattr(one, count)) for one in some)) for count in COUNTS),
        )
        for code, some in sorted(grounds.items())
    ]
