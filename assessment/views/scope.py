"""What a page of metrics is about: a period, the units somebody reads, and the moment as of which it is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from assessment import queries
from assessment.forms import MetricsForm
from assessment.metrics import Facts, Kind, Metric, Rows, Side
from assessment.periods import Period
from common.queries import TooLong
from evaluations.lists import units_read_by
from organizations.models import Staff, Unit


@dataclass(frozen=True)
class Known:
    """The facts of each unit. ratings: whether those made of ratings are among them (`queries.past`)."""

    facts: dict[int, Facts]
    ratings: bool

    @property
    def whole(self) -> Facts:
        return Facts.sum(queries.rules_now(), list(self.facts.values()))

    def tells(self, metric: Metric) -> bool:
        return self.ratings or metric.of_loop


@dataclass(frozen=True)
class Recalled:
    """Months that the clock was asked to count, and how many it has counted."""

    asked: int
    counted: int


@dataclass(frozen=True)
class Scope:
    """units: those read, or the chosen one with all below it. day, at: the past day that is asked for, and its end."""

    period: Period
    unit: Unit | None
    units: QuerySet[Unit]
    day: date | None
    at: datetime | None

    def query(self, **more: str) -> str:
        """The address's part that leads to the same."""
        where = {"unit": self.unit.code} if self.unit else {}
        return urlencode({"period": self.period.name, **where, **self._known, **more})

    def list_url(self, metric: Metric, name: str, unit: Unit | None = None, *, own: bool = False) -> str:
        """The list behind one of the two numbers of a metric; empty where a number is no list."""
        side: Side = getattr(metric, name)
        chosen = unit or self.unit
        where = {"unit": chosen.code} if chosen else {}
        where |= {"own": "1"} if own else {}
        if metric.kind == Kind.SCORE and name == "part":
            return ""
        if side.rows == Rows.RATINGS:
            when = {"since": self.period.begins, "until": self.period.last}
            return f"{reverse('ratings')}?{urlencode({**where, **when, **self._known, **side.asks})}"
        more = urlencode({"side": name, **where, "period": self.period.name, **self._known})
        return f"{reverse('metric-rows', args=[metric.code])}?{more}"

    @property
    def _known(self) -> dict[str, str]:
        return {"asof": self.day.isoformat()} if self.day else {}

    def facts(self, period: Period | None = None, units: QuerySet[Unit] | None = None) -> Known:
        """The facts of a period, by default the one that is asked for, of these units or all."""
        about = (period or self.period, self.units if units is None else units)
        try:
            return Known(queries.facts_of(*about, at=self.at), True)
        except TooLong:
            return Known(queries.facts_of(*about, at=self.at, ratings=False), False)

    @property
    def recalled(self) -> Recalled:
        """How far the months are that the clock is to count as they were known on the past day."""
        assert self.day is not None
        found = queries.past_states(self.period, self.day).values_list("counted_at", flat=True)
        return Recalled(len(found), sum(moment is not None for moment in found))


def scope_of(
    request: HttpRequest, user: Staff, form_class: type[MetricsForm] = MetricsForm
) -> tuple[MetricsForm, Scope]:
    """The form of a page or of an act, and what it asks for; what is not understood is said and this month shown."""
    today, readable = timezone.localdate(), units_read_by(user)
    months = queries.known_months()
    form = form_class(request.POST or request.GET, units=readable, first=months[0] if months else today, today=today)
    unit = form.chosen_unit
    units = readable.filter(path__startswith=unit.path) if unit else readable
    return form, Scope(form.chosen_period, unit, units, form.chosen_day, form.chosen_moment)
