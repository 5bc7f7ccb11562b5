"""Ratings with marks of where they came from, given through the real act, for tests of findings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone

from assessment import actions
from assessment.models import CountedDay, Finding, PlaceDay
from evaluations.actions import Rated, Words, record_service, submit_evaluation
from evaluations.actions.rating import Receipt
from evaluations.enums import Origin, RatingChannel, ServiceSource
from evaluations.models import Service, Tag
from evaluations.presence import UNTRACED, Trace
from organizations.models import Unit, Window
from rectification.enums import Target
from tests.factories import NOW, Cast

DAY: date = timezone.localdate(NOW)
NIGHT = NOW + timedelta(hours=17)


class Doubting:
    """A window where many rate, of a unit of one's choice.

    base: whether the weeks before are counted as days of nothing, which saves the time of counting them.
    """

    def __init__(
        self, cast: Cast, *, unit: Unit | None = None, window: Window | None = None, base: bool = True
    ) -> None:
        self.cast, self.unit = cast, unit or cast.unit
        self.window = window or cast.window
        self._number = 0
        if base:
            days = [DAY - timedelta(days=back) for back in range(1, 57)]
            CountedDay.objects.bulk_create([CountedDay(day=day, working=day.weekday() < 5) for day in days])

    def past(self, **counts: float) -> None:
        """What each of forty days before had at the window, as if it had been counted."""
        days = [DAY - timedelta(days=back) for back in range(1, 41)]
        PlaceDay.objects.bulk_create(
            [PlaceDay(day=day, unit_id=self.unit.pk, window_id=self.window.pk, **counts) for day in days]
        )

    def serve(self, at: datetime = NOW) -> Service:
        self._number += 1
        return record_service(
            source=ServiceSource.HALL,
            project_number=f"DOUBT{self._number:08d}",
            item=self.cast.item,
            unit=self.unit,
            served_at=at,
            at=at,
            window=self.window,
        )

    def rate(
        self,
        level: int = 5,
        *,
        at: datetime = NOW,
        device: str = "",
        text: str = "",
        tags: Sequence[str] = (),
        channel: RatingChannel = RatingChannel.WINDOW_QR,
        service: Service | None = None,
        received: datetime | None = None,
        phone: str = "",
    ) -> Receipt:
        """One rating of the window, or of a service at it."""
        if level <= 2 and not tags:
            tags = ["104" if level == 1 else "204"]
        return submit_evaluation(
            Rated(
                target=Target.SERVICE if service else Target.WINDOW,
                unit=self.unit,
                hall=self.window.hall,
                window=self.window,
                item=service.item if service else None,
                service=service,
            ),
            Words(level=level, tags=list(Tag.objects.filter(code__in=tags)), text=text, phone=phone),
            channel=channel,
            origin=Origin.ACTIVE if service else Origin.UNMATCHED,
            at=received or at,
            rated_at=at,
            trace=Trace(device=device) if device else UNTRACED,
        )

    def crowd(self, count: int, *, level: int = 5, minutes: int = 7, device: str = "", **more: object) -> None:
        """So many different people over the day, or one device if it is named."""
        for n in range(count):
            mark = device or f"{n:016x}"
            self.rate(level, at=NOW + timedelta(minutes=minutes * n / 10, seconds=n % 50 + 5), device=mark, **more)  # type: ignore[arg-type]

    def look(self) -> dict[str, Finding]:
        """The search of the day; what it found, by signal."""
        actions.look_at_day(DAY, at=NIGHT)
        return {finding.signal: finding for finding in Finding.objects.filter(day=DAY).order_by("-pk")}
