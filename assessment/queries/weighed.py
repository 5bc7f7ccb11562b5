"""差评 as the score of a unit counts them: what rulings on appeals took out, halved or moved, as known at a moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q, Subquery

from appeals.enums import UPHELD, Effect
from appeals.models import Ruling
from assessment.periods import Period
from assessment.queries.voided import RATING, STRONGEST
from evaluations.enums import Origin
from evaluations.models import Exclusion
from evaluations.queries import day_start
from rectification.models import Dwell

# Of one 差评, how much the score of the rated unit does not count.
TAKEN = {Effect.EXCLUDE: Decimal(1), Effect.APART: Decimal(1), Effect.MOVE: Decimal(1), Effect.HALF: Decimal("0.5")}


def effects_of_rulings(period: Period, *, at: datetime) -> dict[int, Decimal]:
    """By how much the 差评 of each unit change in its score; a unit that none changes is not there.

    Args:
        period: of the ratings.
        at: rulings as they held then; a review given later reverses nothing.
    """
    strongest: dict[object, tuple[Effect, int, int]] = {}
    for rating, rated, effect, holder in _rows(period, at):
        found = Effect(effect)
        known = strongest.get(rating, (found, rated, holder))[0]
        strongest[rating] = (min(known, found, key=STRONGEST.index), rated, holder)
    changes: dict[int, Decimal] = defaultdict(Decimal)
    for effect, rated, holder in strongest.values():
        if effect == Effect.MOVE:
            changes[holder or rated] += 1
        changes[rated] -= TAKEN.get(effect, Decimal(0))
    return {unit_id: change for unit_id, change in changes.items() if change}


def _rows(period: Period, at: datetime) -> Iterable[tuple[object, int, str, int]]:
    since, until = day_start(period.begins), day_start(period.after)
    rated = Q(
        **{
            f"{RATING}__id__gte": since,
            f"{RATING}__id__lt": until,
            f"{RATING}__negative": True,
            f"{RATING}__received_at__lte": at,
        }
    )
    in_force = Ruling.objects.filter(at__lte=at, outcome__in=UPHELD).exclude(appeal__review__ruling__at__lte=at)
    holder = Dwell.objects.filter(case=OuterRef("appeal__case"), began_at__lte=at).order_by("-pk")
    gone = Exclusion.objects.filter(evaluation=OuterRef("rating"), at__lte=at)
    found = in_force.filter(rated & ~Q(**{f"{RATING}__origin": Origin.TEST})).annotate(
        rating=F(f"{RATING}__id"), rated_unit=F(f"{RATING}__unit"), holder=Subquery(holder.values("unit")[:1])
    )
    return found.exclude(Exists(gone)).order_by("pk").values_list("rating", "rated_unit", "unit_score", "holder")
