"""The effect of a campaign (专项整治), as figures anybody can compute again from a list of cases. Pure.

Counts of cases on ratings, before and after, in windows of the same length; beside units that had no campaign; and
beside what would have come by itself. Formulas, bases and warnings: docs/campaigns.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import inf

from assessment.periods import Days
from assessment.uncertainty import (
    UNKNOWN,
    Change,
    Compared,
    Count,
    Rate,
    rate,
    rate_ratio,
    ratio_of_ratios,
)
from evaluations.intervals import CONFIDENCE, Interval
from oversight.enums import Doubt, Moved

DAY = timedelta(days=1)
BY_CHANGE = {Change.LESS: Moved.DOWN, Change.MORE: Moved.UP}


@dataclass(frozen=True)
class Scope:
    """What a campaign is about, and when it was.

    Attributes:
        classes: names of the problem classes, as `assessment.queries.classes_of` gives them.
        begins, ends: its first and its last day.
        days: how many days before and after are compared (setting CAMPAIGN_WINDOW_DAYS).
    """

    classes: frozenset[str]
    begins: date
    ends: date
    days: int

    def __post_init__(self) -> None:
        if self.ends < self.begins or self.days < 1:
            raise ValueError(f"no campaign: {self.begins} to {self.ends}, {self.days} days around it")

    @property
    def full(self) -> Windows:
        """The windows once the one after it is over."""
        return self._windows(self.days)

    def windows(self, today: date) -> Windows:
        """The windows as far as days are over: both as long, those nearest to the campaign."""
        return self._windows(min(self.days, max(0, (today - self.ends - DAY).days)))

    def _windows(self, days: int) -> Windows:
        length, after = timedelta(days=days), self.ends + DAY
        return Windows(Days(self.begins - length, self.begins), Days(after, after + length))

    @property
    def baseline(self) -> Days:
        """The four quarters before the full window before the campaign: the year until its first day."""
        first = self.full.before.begins
        return Days(_year_before(first), first)


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year - 1, day=28)


@dataclass(frozen=True)
class Windows:
    """The days before a campaign and those after it, as many of the one as of the other."""

    before: Days
    after: Days

    @property
    def days(self) -> int:
        return self.after.count


@dataclass(frozen=True)
class Counted:
    """The cases that came in some days, by their primary keys, and the ratings people gave in them."""

    bad: tuple[int, ...]
    ratings: int

    @classmethod
    def of(cls, days: Days, received: Mapping[int, date], ratings: Mapping[date, int]) -> Counted:
        """What lies in some days.

        Args:
            received: the day of each case. ratings: how many there were, by day.
        """
        bad = sorted(case for case, day in received.items() if days.holds(day))
        return cls(tuple(bad), sum(count for day, count in ratings.items() if days.holds(day)))

    @property
    def count(self) -> int:
        return len(self.bad)

    @property
    def rate(self) -> Rate:
        """Per 100,000 ratings, with Garwood's exact interval."""
        return rate(self.count, self.ratings)

    @property
    def pair(self) -> Count:
        return Count(self.count, self.ratings)


def _beside(after: Count, before: Count) -> Compared:
    return rate_ratio(after.count, after.exposure, before.count, before.exposure)


@dataclass(frozen=True)
class Around:
    """Some units in the days before and after, as many days each."""

    before: Counted
    after: Counted
    days: int

    @property
    def compared(self) -> Compared:
        """The rate after by the rate before, with the exact conditional interval (docs/metrics.md)."""
        return _beside(self.after.pair, self.before.pair)

    @property
    def moved(self) -> Moved:
        if not self.days:
            return Moved.NOT_YET
        return BY_CHANGE.get(self.compared.change) or (Moved.FEW if self._few else Moved.NO_EVIDENCE)

    @property
    def _few(self) -> bool:
        """Whether as many cases would be no evidence even if all of them had come before."""
        whole = self.before.count + self.after.count
        return _beside(Count(0, self.after.ratings), Count(whole, self.before.ratings)).p >= 1 - CONFIDENCE

    @property
    def reduction(self) -> float | None:
        """By which share the rate fell: 1 - ratio; negative where it rose, None where there was nothing before."""
        ratio = self.compared.ratio
        return None if ratio is None or ratio == inf else 1 - ratio

    @property
    def reduction_interval(self) -> Interval | None:
        """Of the same; the low end is -inf where the ratio has no upper end."""
        if self.reduction is None:
            return None
        found = self.compared.interval
        return Interval(1 - found.high, 1 - found.low)


@dataclass(frozen=True)
class Return:
    """How much of a fall would have come by itself (regression to the mean).

    A campaign is begun because a count was high, and a count that was high by chance is lower the next time. With X
    cases on E ratings before the campaign, B cases on F ratings in the four quarters before that (the baseline), and
    A cases on G ratings after it:

        expected = G · (B + X) / (F + E)

    This is G times the mean of the gamma distribution of B cases on F ratings, once X cases on E ratings are known
    too: the rate before, X / E, drawn towards that of the baseline, B / F, with the weight F / (F + E). It supposes
    that the rate was the same all the time; if it had really risen, less comes back by itself, and `at_most` is true.

        fall = G · X / E - A         the cases that did not come, had the rate stayed as it was before
        by_itself = G · X / E - expected
        share = by_itself / fall, within 0 and 1
    """

    baseline: Counted
    before: Counted
    after: Counted

    @property
    def known(self) -> bool:
        """Whether it can be told at all: without ratings in the baseline or before, it cannot."""
        return bool(self.baseline.ratings and self.before.ratings)

    @property
    def expected(self) -> float | None:
        """The cases after the campaign, had nothing been done."""
        if not self.known:
            return None
        past = self._past
        return self.after.ratings * past.count / past.exposure

    @property
    def _past(self) -> Count:
        return Count(self.baseline.count + self.before.count, self.baseline.ratings + self.before.ratings)

    @property
    def carried(self) -> float | None:
        """The cases after the campaign at the rate before it."""
        if not self.before.ratings:
            return None
        return self.after.ratings * self.before.count / self.before.ratings

    @property
    def fall(self) -> float | None:
        return None if self.carried is None else self.carried - self.after.count

    @property
    def by_itself(self) -> float | None:
        """Of the fall, the cases that would have stayed away anyway; 0 if the rate before was no higher than usual."""
        if self.carried is None or self.expected is None:
            return None
        return max(0.0, self.carried - self.expected)

    @property
    def share(self) -> float | None:
        """The part of the fall that this explains; None where nothing fell or it cannot be told."""
        if self.by_itself is None or self.fall is None or self.fall <= 0:
            return None
        return min(1.0, self.by_itself / self.fall)

    @property
    def against_baseline(self) -> Compared:
        """The rate before beside that of the baseline."""
        return _beside(self.before.pair, self.baseline.pair) if self.known else UNKNOWN

    @property
    def beyond(self) -> Compared:
        """The rate after beside what was expected of it: evidence here is evidence beyond what comes by itself."""
        return _beside(self.after.pair, self._past) if self.known else UNKNOWN

    @property
    def at_most(self) -> bool:
        """Whether the rate before had really risen, so that less than `by_itself` comes by itself."""
        return self.against_baseline.change == Change.MORE


@dataclass(frozen=True)
class Effect:
    """What is to be said of a campaign.

    Attributes:
        windows: those that were counted, which are shorter than `scope.full` as long as that is not over.
        units: of the campaign. beside: of comparison, None if there are none.
        baseline: of the units of the campaign; so is `at_start`, the whole window before, which is never cut.
        chosen: whether they were chosen because they had many cases.
    """

    scope: Scope
    windows: Windows
    units: Around
    beside: Around | None
    baseline: Counted
    at_start: Counted
    chosen: bool = False

    @property
    def so_far(self) -> bool:
        """Whether days are still to come."""
        return self.windows.days < self.scope.days

    @property
    def moved(self) -> Moved:
        return self.units.moved

    @property
    def apart(self) -> Compared:
        """The change of the campaign's units by that of the others; unknown without others."""
        if self.beside is None:
            return UNKNOWN
        units, others = self.units, self.beside
        return ratio_of_ratios(units.after.pair, units.before.pair, others.after.pair, others.before.pair)

    @property
    def likewise(self) -> bool:
        """Whether the others moved the same way with evidence, and nothing shows that the two differ."""
        same = self.beside is not None and self.beside.moved == self.moved and self.moved in BY_CHANGE.values()
        return same and self.apart.change not in BY_CHANGE

    @property
    def comes_back(self) -> Return:
        return Return(self.baseline, self.units.before, self.units.after)

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """Everything to be warned of, in the order in which it is said."""
        return tuple(self._doubts())

    def _doubts(self) -> Iterator[Doubt]:
        if self.so_far:
            yield Doubt.SO_FAR
        if self.chosen:
            yield Doubt.CHOSEN
        found = self.comes_back
        if not self.baseline.ratings:
            yield Doubt.NO_BASELINE
        elif found.at_most:
            yield Doubt.HIGHER
        elif (found.against_baseline.ratio or 0) > 1:
            yield Doubt.HIGH_BY_CHANCE
        if self.likewise:
            yield Doubt.LIKEWISE


@dataclass(frozen=True)
class Recurrence:
    """The same problem within so many days after sign-off.

    Attributes:
        due: the last of the days. over: whether it is past; until then cases may still come.
        cases: by their primary keys; none of the day of the sign-off itself.
    """

    days: int
    due: date
    cases: tuple[int, ...]
    over: bool

    @property
    def code(self) -> str:
        """What addresses call its list."""
        return f"recur-{self.days}"


def recurrences(
    received: Mapping[int, date], signed_off: date, days: Iterable[int], today: date
) -> tuple[Recurrence, ...]:
    """Whether the problem has come again, once for each number of days (setting CAMPAIGN_RECURRENCE_DAYS).

    Args:
        received: the day of each case of the campaign's classes and units.
    """

    def within(count: int) -> Recurrence:
        due = signed_off + timedelta(days=count)
        cases = sorted(case for case, day in received.items() if signed_off < day <= due)
        return Recurrence(count, due, tuple(cases), today > due)

    return tuple(within(count) for count in sorted(set(days)))
