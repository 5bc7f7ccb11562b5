"""Ratings one by one, behind the figures: whose they are to read, and which of them a number counts."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from psycopg2.errors import QueryCanceled

from evaluations.access import READS_RATINGS
from evaluations.enums import SAID, Origin
from evaluations.models import Evaluation, Exclusion, OverLimit
from evaluations.queries import day_start
from organizations.enums import Role
from organizations.models import Staff, Unit
from rectification.enums import VOID_STATES
from rectification.models import Case

PATIENCE = "5s"
# valid: neither left out nor void. said: of those, what people said themselves. good: from GOOD_THRESHOLD_LEVEL on.
RATES = ("valid", "good", "said", "said_good")


class TooWide(Exception):
    """So much lies between two ratings that are wanted that the list is not found in time."""


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
    over for what came faster than a limit.
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

    @property
    def condition(self) -> Q:
        """What a rating must be like."""
        # A range of identifiers is a range of months of the table (`Evaluation`).
        found = Q(pk__gte=day_start(self.since)) if self.since else Q()
        found &= Q(pk__lt=day_start(self.until + timedelta(days=1))) if self.until else Q()
        exact = {"origin": self.origin, "channel": self.channel, "level": self.level}
        found &= Q(**{name: value for name, value in exact.items() if value})
        gone = Q(origin=Origin.TEST) | Q(Exists(Exclusion.objects.filter(evaluation=OuterRef("pk"))))
        found &= Q(Exists(OverLimit.objects.filter(evaluation=OuterRef("pk")))) if self.over else Q()
        return found & self._negative & self._counted & (gone if self.left_out else ~gone)

    @property
    def _counted(self) -> Q:
        """Valid, and then of a good level, or of those that people have said themselves, or both."""
        if not self.counted:
            return Q()
        said, good = (word in self.counted.split("_") for word in ("said", "good"))
        found = ~Q(negative=True, case__state__in=VOID_STATES)
        found &= Q(origin__in=SAID) if said else Q()
        return found & (Q(level__gte=settings.GOOD_THRESHOLD_LEVEL) if good else Q())

    @property
    def _negative(self) -> Q:
        # Every 差评 has a case, and the index of those that have one is a ten-thousandth of the table.
        if not self.negative:
            return Q(case__isnull=False) if self.level in (1, 2) else Q()
        void = Q(case__state__in=VOID_STATES)
        kinds = {"received": Q(), "invalid": void, "effective": ~void}
        return Q(negative=True, case__isnull=False) & kinds[self.negative]


def ratings_page(
    units: QuerySet[Unit], wanted: Wanted, *, before: uuid.UUID | None, size: int
) -> tuple[list[Evaluation], bool]:
    """A page of ratings, the newest first, and whether there are more. Nothing is counted.

    Args:
        units: `units_read_by`, or fewer.
        before: only those older than this one.

    Raises:
        TooWide: it takes too long; fewer days or one unit would not.
    """
    rows = Evaluation.objects.filter(wanted.condition, unit__in=units.order_by())
    rows = rows.filter(pk__lt=before) if before else rows
    related = "unit__region", "item", "window__hall", "case"
    ordered = rows.select_related(*related).prefetch_related("over_limits").order_by("-pk")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [PATIENCE])
            found = list(ordered[: size + 1])
            cursor.execute("SELECT set_config('statement_timeout', '0', true)")
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TooWide from error
        raise
    return found[:size], len(found) > size


def rating_read_by(user: Staff, pk: uuid.UUID) -> Evaluation | None:
    """One rating, if it is among those somebody reads."""
    rows: QuerySet[Any] = Evaluation.objects.select_related("unit__region", "item", "window__hall", "case")
    return rows.filter(pk=pk, unit__in=units_read_by(user).order_by()).first()


def cases_open_to(user: Staff, ratings: list[Evaluation]) -> set[int]:
    """Which of the ratings' cases this person may open."""
    ids = [rating.case_id for rating in ratings if rating.case_id]
    return set(Case.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
