"""What everybody reads. Every question here is of public copies and tallies, never of a raw table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Avg, BooleanField, Count, Q
from django.db.models.expressions import RawSQL

from disclosure.enums import DONE, Result
from disclosure.models import PublicCase, PublicCaseQuerySet
from disclosure.searching import asked, certain, needed

# Up to so many hits are fetched by their keys; of more, the newest are found faster by walking the list.
FEW = 2000
NEWEST, LONGEST = "newest", "longest"


@dataclass(frozen=True)
class Asked:
    """What somebody looks for; empty means no condition.

    words: as typed; every word must stand somewhere in what is shown.
    unit_path: the path of a unit: it and those below.
    since, until: days on which the rating was given, as far as the day is told.
    """

    words: str = ""
    unit_path: str = ""
    region: str = ""
    tag: str = ""
    level: int | None = None
    result: str = ""
    since: date | None = None
    until: date | None = None


def public_cases(wanted: Asked) -> PublicCaseQuerySet:
    """The public cases that meet every condition, in no order.

    Few hits of a search are fetched first and by themselves: told to sort, the planner would walk the whole list in
    the order of its key for a word that stands nowhere (docs/performance.md).
    """
    rows = matching(wanted)
    if not asked(wanted.words):
        return rows
    found = list(rows.order_by().values_list("pk", flat=True)[: FEW + 1])
    return PublicCase.objects.filter(pk__in=found) if len(found) <= FEW else rows


def matching(wanted: Asked) -> PublicCaseQuerySet:
    """The same cases as a condition only, without a look at the database."""
    rows = PublicCase.objects.shown().filter(*_conditions(wanted))
    words = asked(wanted.words)
    return _holding(rows, words) if words else rows


def _conditions(wanted: Asked) -> list[Q]:
    chosen: dict[str, Any] = {
        "unit__path__startswith": wanted.unit_path,
        "region_code__startswith": wanted.region,
        "level": wanted.level,
        "result": wanted.result,
        "rated_on__gte": wanted.since,
        "rated_on__lte": wanted.until,
        "tags__contains": [wanted.tag] if wanted.tag else None,
    }
    return [Q(**{name: value}) for name, value in chosen.items() if value not in (None, "")]


def _holding(rows: PublicCaseQuerySet, words: list[str]) -> PublicCaseQuerySet:
    """Tokens find the candidates, a look at the words makes it exact."""
    query = " & ".join(f"'{token}'" for token in needed(words))
    rows = rows.filter(RawSQL("disclosure_publiccase.search @@ %s::tsquery", [query], output_field=BooleanField()))
    for word in words:
        if not certain(word):
            rows = rows.filter(words__contains=word)
    return rows


@dataclass(frozen=True)
class Summary:
    """The sentence above a list: so many found, so many done, so many working days on average."""

    found: int
    done: int
    average: Decimal | None


def summary(rows: PublicCaseQuerySet) -> Summary:
    """Counts a list, in one query."""
    counted = rows.order_by().aggregate(
        found=Count("pk"), done=Count("pk", filter=Q(result__in=DONE)), days=Avg("working_days")
    )
    days = counted["days"]
    average = Decimal(str(days)).quantize(Decimal("0.1"), ROUND_HALF_UP) if days is not None else None
    return Summary(counted["found"], counted["done"], average)


@dataclass(frozen=True)
class Position:
    """Where a page of a list ends: the last row's key, and its days where the list is sorted by them."""

    pk: int
    days: int = 0


def page_of(rows: PublicCaseQuerySet, sort: str, after: Position | None, size: int) -> list[PublicCase]:
    """One page of a list; the last costs as much as the first.

    Args:
        sort: NEWEST or LONGEST.
        after: where the page before has ended.
        size: rows; ask for one more to see whether there is a next page.
    """
    if sort == LONGEST:
        rows = rows.filter(working_days__isnull=False)
        if after:
            rows = rows.filter(Q(working_days__lt=after.days) | Q(working_days=after.days, pk__lt=after.pk))
        return list(rows.order_by("-working_days", "-pk")[:size])
    return list((rows.filter(pk__lt=after.pk) if after else rows).order_by("-pk")[:size])


def last_rectified(limit: int) -> list[PublicCase]:
    """The newest cases in which something has changed, with the words that say what."""
    changed = PublicCase.objects.shown().filter(result=Result.RECTIFIED).exclude(changed="")
    return list(changed.order_by("-pk")[:limit])


def public_case(number: str) -> PublicCase | None:
    """A public case by its number, shown or not, with its unit and how many met with the same."""
    found = PublicCase.objects.annotate(met=Count("echoes")).select_related("unit")
    return found.filter(number=number).first()


def reasons_of(rows: PublicCaseQuerySet, limit: int = 10) -> list[tuple[str, int]]:
    """The most frequent reasons of a list, with how many cases name them."""
    unnested = rows.order_by().annotate(tag=RawSQL("jsonb_array_elements_text(disclosure_publiccase.tags)", []))
    return list(unnested.values_list("tag").annotate(count=Count("pk")).order_by("-count", "tag")[:limit])


def results_of(rows: PublicCaseQuerySet) -> dict[str, int]:
    """How many cases of a list have come to which result."""
    found = dict(rows.order_by().values_list("result").annotate(count=Count("pk")))
    return {result: found.get(result, 0) for result in Result.values}


def withheld_by_reason() -> dict[str, int]:
    """How many cases are not shown, by reason: what is kept back is counted."""
    rows = PublicCase.objects.filter(shown=False).order_by()
    return dict(rows.values_list("reason").annotate(count=Count("pk")))


def has_met(case: PublicCase, device: str) -> bool:
    """Whether a browser has said 我也遇到过 of this case."""
    return case.echoes.filter(device=device).exists()
