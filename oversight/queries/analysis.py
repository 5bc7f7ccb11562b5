"""The valid 差评 of a period with their classes: one list for the page, the notice and whoever begins a campaign."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from assessment.loop import Loop
from assessment.metrics import Facts
from assessment.periods import Period, Stretch
from assessment.queries import classes_of, facts_of, loop_of, ratings_of_items, rules_now
from identity.queries import known_names
from identity.redaction import find_personal, redact
from organizations.models import Unit
from oversight.analysing import (
    Bad,
    Base,
    ClassLine,
    Matter,
    Pair,
    Selection,
    candidates,
    chosen,
    class_lines,
    hot_matters,
    repeats,
)
from oversight.topics import Topic, topics
from rectification.models import Case

Units = QuerySet[Unit] | None
YEAR = 4


def bads_of(period: Stretch, units: Units = None, *, at: datetime | None = None) -> list[Bad]:
    """The valid 差评 received in a period, oldest first.

    Args:
        units: that have them; None is everybody.
        at: as known at this moment, classes too; now if not given.
    """
    moment = at or timezone.now()
    return bads_from(loop_of(period, units, at=moment), at=moment)


def bads_from(loops: Mapping[int, Loop], *, at: datetime) -> list[Bad]:
    """The same of loops that were read before, by unit."""
    holders = {case: unit for unit, loop in loops.items() for case in loop.bad}
    again = {case for loop in loops.values() for case in loop.repeated}
    units = {pk: (code, name) for pk, code, name in _units(set(holders.values()))}
    classes = classes_of(holders, at=at)
    rows = Case.objects.filter(pk__in=holders).order_by("received_at", "pk")
    columns = ("pk", "number", "item__code", "item_name", "channel", "received_at")
    return [
        Bad(pk, number, *units[holders[pk]], item or "", name, channel, received, classes[pk], pk in again)
        for pk, number, item, name, channel, received in rows.values_list(*columns)
    ]


def _units(pks: Iterable[int]) -> Iterable[tuple[int, str, str]]:
    return Unit.objects.filter(pk__in=pks).values_list("pk", "code", "name")


def year_before(period: Period, units: Units = None, *, at: datetime | None = None) -> list[Bad]:
    """The valid 差评 of the four quarters before one."""
    found: list[Bad] = []
    quarter = period
    for _count in range(YEAR):
        quarter = quarter.before()
        found = bads_of(quarter, units, at=at) + found
    return found


def texts_of(bads: Iterable[Bad]) -> dict[int, str]:
    """What was written, by case, without what identifies somebody; cases without words are left out."""
    names = known_names()
    rows = Case.objects.filter(pk__in=[bad.case for bad in bads]).exclude(text="").values_list("pk", "text")
    return {pk: redact(text, names).text for pk, text in rows}


def selected(
    period: Period, units: Units, selection: Selection, *, before: bool = False, at: datetime | None = None
) -> list[Bad]:
    """The cases behind a number.

    Args:
        before: of the year before the period, instead of the period.
    """
    bads = (year_before if before else bads_of)(period, units, at=at)
    return chosen(bads, selection, texts_of(bads) if selection.term else None)


def campaign_candidates(period: Period, units: Units = None, *, at: datetime | None = None) -> list[Pair]:
    """可立项专项整治: each unit and class over the threshold in a quarter (setting CAMPAIGN_CLASS_MIN)."""
    return candidates(bads_of(period, units, at=at), least=settings.CAMPAIGN_CLASS_MIN)


@dataclass(frozen=True)
class Analysis:
    """What a page or a paper says of a quarter. base: the ratings people gave themselves."""

    period: Period
    now: list[Bad]
    before: list[Bad]
    base: Base
    base_before: Base
    matters: list[Matter]

    @property
    def classes(self) -> list[ClassLine]:
        return class_lines(self.now, self.before, self.base, self.base_before)

    @property
    def repeats(self) -> list[Pair]:
        return repeats(self.now)

    @property
    def candidates(self) -> list[Pair]:
        return candidates(self.now, least=settings.CAMPAIGN_CLASS_MIN)


def analysis_of(period: Period, units: QuerySet[Unit], *, at: datetime) -> Analysis:
    """A quarter beside the one before."""
    return analysed(period, facts_of(period, units), facts_of(period.before(), units), units, at=at)


def analysed(
    period: Period, now: Mapping[int, Facts], before: Mapping[int, Facts], units: Units, *, at: datetime
) -> Analysis:
    """The same of facts that were read before, by unit."""
    bads, earlier = (bads_from({pk: one.loop for pk, one in facts.items()}, at=at) for facts in (now, before))
    return Analysis(period, bads, earlier, _base(now), _base(before), _matters(period, bads, units))


def _base(facts: Mapping[int, Facts]) -> Base:
    return Base(Facts.sum(rules_now(), list(facts.values())).said.valid, settings.RANK_MIN_SAMPLE)


def _matters(period: Period, bads: list[Bad], units: Units) -> list[Matter]:
    ratings = ratings_of_items(period, {bad.item for bad in bads if bad.item}, units)
    return hot_matters(bads, ratings, least=settings.RANK_MIN_SAMPLE)


def new_topics(period: Period, now: list[Bad], units: Units, *, at: datetime) -> list[Topic]:
    """Words that more texts of a quarter hold than chance explains (settings TOPIC_MIN_CASES, TOPIC_CHANCE)."""
    names = known_names()
    return topics(
        texts_of(now),
        texts_of(year_before(period, units, at=at)),
        level=settings.TOPIC_CHANCE,
        least=settings.TOPIC_MIN_CASES,
        identifies=lambda words: bool(find_personal(words, names)),
    )
