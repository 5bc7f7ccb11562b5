"""Ratings one by one, behind the figures: whose they are to read, and which of them a number counts."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from common.queries import patiently
from evaluations.access import READS_RATINGS
from evaluations.enums import SAID, Origin
from evaluations.models import Evaluation, Exclusion, OverLimit
from evaluations.queries import day_start
from organizations.enums import Role
from organizations.models import Staff, Unit
from rectification.enums import VOID_STATES, VOIDS, Action
from rectification.models import Case, CaseEvent

# valid: neither left out nor void. said: of those, what people said themselves. good: from GOOD_THRESHOLD_LEVEL on.
RATES = ("valid", "good", "said", "said_good")


def units_read_by(user: Staff) -> QuerySet[Unit]:
    """The units whose figures and ratings somebody reads: 部门主管 the subtree, 督导 and 审计员 their region."""
    condition = Q(pk__in=[])
    for membership in user.duties:
        if membership.role == Role.UNIT_SUPERVISOR:
            condition |= Q(path__startswith=membership.unit.path)
        elif membership.role in READS_RATINGS:
            condition |= Q(region__code__startswith=membership.region_prefix)
    return Unit.objects.filter(condition)


@dataclass(frozen=True)
class Wanted:
    """Which ratings: the same words as the columns of the figures, so that a number and its list are one.

    until is included. negative is "", "received", "invalid" or "effective". left_out asks for what counts nowhere,
    over for what came faster than a limit. at: as ratings and what became of them were known at that moment.
    """

    since: date | None = None
    until: date | None = None
    origin: str = ""
    channel: str = ""
    level: int | None = None
    negative: str = ""
    counted: str = ""
    left_out: bool = False
    over: bool = False
    at: datetime | None = None

    @property
    def condition(self) -> Q:
        """What a rating must be like."""
        # A range of identifiers is a range of months of the table (`Evaluation`).
        found = Q(pk__gte=day_start(self.since)) if self.since else Q()
        found &= Q(pk__lt=day_start(self.until + timedelta(days=1))) if self.until else Q()
        exact = {"origin": self.origin, "channel": self.channel, "level": self.level}
        found &= Q(**{name: value for name, value in exact.items() if value})
        known = Q(at__lte=self.at) if self.at else Q()
        gone = Q(origin=Origin.TEST) | Q(Exists(Exclusion.objects.filter(known, evaluation=OuterRef("pk"))))
        found &= Q(received_at__lte=self.at) if self.at else Q()
        found &= Q(Exists(OverLimit.objects.filter(evaluation=OuterRef("pk")))) if self.over else Q()
        return found & self._negative & self._counted & (gone if self.left_out else ~gone)

    @property
    def _counted(self) -> Q:
        """Valid, and then of a good level, or of those that people have said themselves, or both."""
        if not self.counted:
            return Q()
        said, good = (word in self.counted.split("_") for word in ("said", "good"))
        found = ~(Q(negative=True) & self._void)
        found &= Q(origin__in=SAID) if said else Q()
        return found & (Q(level__gte=settings.GOOD_THRESHOLD_LEVEL) if good else Q())

    @property
    def _negative(self) -> Q:
        # Every 差评 has a case, and the index of those that have one is a ten-thousandth of the table.
        if not self.negative:
            return Q(case__isnull=False) if self.level in (1, 2) else Q()
        kinds = {"received": Q(), "invalid": self._void, "effective": ~self._void}
        return Q(negative=True, case__isnull=False) & kinds[self.negative]

    @property
    def _void(self) -> Q:
        """Declared void: by the state of its case, or by the last act until then that made it so or undid it."""
        if self.at is None:
            return Q(case__state__in=VOID_STATES)
        turns = CaseEvent.objects.filter(action__in=(*VOIDS, Action.RESTORE), at__lte=self.at)
        later = turns.filter(case=OuterRef("case"), pk__gt=OuterRef("pk"))
        return Q(Exists(turns.filter(~Exists(later), case=OuterRef("case"), action__in=VOIDS)))


def ratings_page(
    units: QuerySet[Unit], wanted: Wanted, *, before: uuid.UUID | None, size: int
) -> tuple[list[Evaluation], bool]:
    """A page of ratings, the newest first, and whether there are more. Nothing is counted.

    Args:
        units: `units_read_by`, or fewer.
        before: only those older than this one.

    Raises:
        TooLong: so much lies between two that are wanted; fewer days or one unit would not take so long.
    """
    rows = Evaluation.objects.filter(wanted.condition, unit__in=units.order_by())
    rows = rows.filter(pk__lt=before) if before else rows
    related = "unit__region", "item", "window__hall", "case"
    ordered = rows.select_related(*related).prefetch_related("over_limits").order_by("-pk")
    with patiently(settings.PATIENCE_SECONDS):
        found = list(ordered[: size + 1])
    return found[:size], len(found) > size


def rating_read_by(user: Staff, pk: uuid.UUID) -> Evaluation | None:
    """One rating, if it is among those somebody reads."""
    rows: QuerySet[Any] = Evaluation.objects.select_related("unit__region", "item", "window__hall", "case")
    return rows.filter(pk=pk, unit__in=units_read_by(user).order_by()).first()


def cases_open_to(user: Staff, ratings: list[Evaluation]) -> set[int]:
    """Which of the ratings' cases this person may open."""
    ids = [rating.case_id for rating in ratings if rating.case_id]
    return set(Case.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
