"""What a panel of the overview is: a finding, a drawing, tables whose numbers lead to their rows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from assessment.metrics import Metric, Rows, Side
from assessment.periods import Period
from assessment.uncertainty import Change, Compared

Ids = tuple[int, ...]
Sets = Mapping[str, Ids]


@dataclass(frozen=True)
class About:
    """Of which quarter a panel tells, and on which day it is told."""

    period: Period
    today: date

    @property
    def days(self) -> int:
        """How many days of the quarter have begun."""
        return (min(self.period.last, self.today) - self.period.begins).days + 1

    @property
    def days_before(self) -> int:
        """How many days the quarter before has."""
        before = self.period.before()
        return (before.after - before.begins).days

    @property
    def runs(self) -> bool:
        """Whether the quarter is not over yet."""
        return self.today <= self.period.last

    @property
    def dates(self) -> dict[str, str]:
        """The days of the quarter as an address asks for them."""
        return {"since": self.period.begins.isoformat(), "until": self.period.last.isoformat()}


@dataclass(frozen=True)
class Ask:
    """The list behind a number: name of a route, its arguments, and the query of the address."""

    route: str
    args: tuple[str, ...] = ()
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cell:
    """One cell of a table. count: the number, where it is one that leads to a list. hollow: of too small a sample.

    shade: how dark it is among its like, from 0 to 4; the number says it too.
    """

    text: str
    ask: Ask | None = None
    count: int | None = None
    hollow: bool = False
    shade: int = 0


@dataclass(frozen=True)
class Table:
    """columns: the first one names the rows. note: what one has to know to read it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    name: str = ""
    note: str = ""


@dataclass(frozen=True)
class Big:
    """One of the big numbers: what it is, its value, its two counts, and what can be said of a change."""

    label: str
    value: Cell
    counts: tuple[Cell, ...]
    before: str
    change: str
    metric: str


@dataclass(frozen=True)
class Shown:
    """A panel as it is shown, printed and written to a file.

    Attributes:
        title: what is to be seen in it, in few words.
        span: the days it is about; "" for the moment it was made.
        n: how much it is of.
        drawing: SVG, with shapes that need no colour.
        empty: there is nothing to be shown, and `title` says why.
        metrics: codes of the metrics it is made of.
    """

    title: str
    n: str
    span: str = ""
    tables: tuple[Table, ...] = ()
    drawing: str = ""
    numbers: tuple[Big, ...] = ()
    notes: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    empty: bool = False


def of_rows(panel: str, name: str, ids: Iterable[object] | int, about: About, text: str = "") -> Cell:
    """A number with the list of what it counts, by the name of the set."""
    count = ids if isinstance(ids, int) else len(tuple(ids))
    query = {"quarter": about.period.name, "set": name}
    return Cell(text or f"{count:,}", Ask("overview-rows", (panel,), query) if count else None, count)


def of_metric(metric: Metric, name: str, count: int, about: About, unit: str = "", *, own: bool = False) -> Cell:
    """One of the two numbers of a metric with its list, as the metric's own page leads to it.

    Args:
        name: "part" or "whole".
        unit: code of the unit; "" for all that are read. own: without those below it.
    """
    side: Side = getattr(metric, name)
    where = {"unit": unit} if unit else {}
    where |= {"own": "1"} if own else {}
    if side.rows == Rows.RATINGS:
        return Cell(f"{count:,}", Ask("ratings", (), {**where, **about.dates, **side.asks}), count)
    ask = Ask("metric-rows", (metric.code,), {"side": name, **where, "period": about.period.name})
    return Cell(f"{count:,}", ask, count)


def is_change(compared: Compared) -> bool:
    """Whether there is evidence that two numbers differ."""
    return compared.change in (Change.MORE, Change.LESS)
