"""Frozen quarters in which units stand at chosen ranks, and what the clock makes of them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from assessment.enums import Grain, SchemeKind
from assessment.models import Quarter, UnitScore
from assessment.periods import Period, period_of
from organizations.enums import Role
from oversight import actions
from oversight.models import Dossier
from tests.assessment.quarters import Close
from tests.factories import Cast, staff

FIRST = date(2026, 1, 1)
OF = 8


class Ranks:
    """Freezes one quarter after the other, from the first of 2026 on, by the city's scheme."""

    def __init__(self, cast: Cast, kind: SchemeKind = SchemeKind.CITY) -> None:
        self.cast, self.kind = cast, kind
        close = Close(cast)
        self.fang, self.scheme = close.fang, close.adopt(kind, valid_from=FIRST)
        self.period = Period(FIRST, Grain.QUARTER)

    def freeze(self, ranks: dict[str, int | None]) -> Quarter:
        """The next quarter with these subjects at these ranks of eight; frozen ten days after it ended."""
        scheme = {"city_scheme" if self.kind == SchemeKind.CITY else "county_scheme": self.scheme}
        quarter = Quarter.objects.create(begins=self.period.begins, **scheme)
        for subject, rank in ranks.items():
            UnitScore.objects.create(
                quarter=quarter,
                kind=self.kind,
                subject=subject,
                name=f"演示 {subject}",
                region_code="370600000000",
                group="city_units",
                total=Decimal(80),
                rank=rank,
                rank_low=rank,
                rank_high=rank,
                ranked=OF,
                unranked="" if rank else "sample",
            )
        at = self.frozen_at()
        Quarter.objects.filter(pk=quarter.pk).update(state="frozen", as_of=at, frozen_at=at, fingerprint="x" * 64)
        self.period = period_of(self.period.after, Grain.QUARTER)
        return Quarter.objects.get(pk=quarter.pk)

    def frozen_at(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.period.after + timedelta(days=10), time(10)))

    def low(self, *, times: int = 1, subject: str = "") -> datetime:
        """The bureau is the last of eight in so many quarters, and the clock goes through each; when it last did."""
        at = self.frozen_at()
        for _time in range(times):
            at = self.frozen_at() + timedelta(hours=1)
            self.freeze({subject or self.subject: OF})
            actions.follow_low(at=at)
        return at

    def fine(self, rank: int | None = 1) -> datetime:
        """The bureau is not low, or not ranked, and the clock goes through the quarter."""
        at = self.frozen_at() + timedelta(hours=1)
        self.freeze({self.subject: rank})
        actions.follow_low(at=at)
        return at

    @property
    def subject(self) -> str:
        return f"unit:{self.cast.unit.code}"


def only() -> Dossier:
    return Dossier.objects.select_related("unit", "region").get()


def second(cast: Cast, username: str = "pei") -> object:
    """A city supervisor of another body."""
    return staff(username, "裴督导", (Role.CITY_SUPERVISOR, cast.other_unit))
