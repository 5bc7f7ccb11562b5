"""What the effect of a campaign is counted from: as many questions for one unit as for six hundred."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from assessment.periods import Days
from assessment.queries import loop_of, said_days
from organizations.models import Unit
from oversight.analysing import Bad
from oversight.effect import Around, Counted, Effect, Recurrence, Scope, Windows, recurrences
from oversight.queries.analysis import bads_from

Received = Mapping[int, date]


def campaign_scope(classes: Iterable[str], begins: date, ends: date) -> Scope:
    """What a campaign is about, with the setting CAMPAIGN_WINDOW_DAYS.

    Raises:
        ValueError: it ends before it begins.
    """
    return Scope(frozenset(classes), begins, ends, settings.CAMPAIGN_WINDOW_DAYS)


def effect_of(
    scope: Scope,
    units: Collection[int],
    beside: Collection[int] = (),
    *,
    chosen: bool = False,
    at: datetime | None = None,
) -> Effect:
    """What a campaign has come to.

    Cases are those of `oversight.queries.analysis.bads_of`, at the unit that has them, by the day they were received.
    Ratings are the valid ones that people gave themselves, from the tallies, as on the page of analysis.

    Args:
        units: primary keys of the campaign's units; what lies below them belongs to them.
        beside: of the units of comparison; what belongs to the campaign is no comparison and is left out.
        chosen: whether the units were chosen because they had many cases.
        at: as known at this moment; now if not given. Ratings of the days until then are told as of now.
    """
    moment = at or timezone.now()
    mine = _below(units)
    others = _below(beside).exclude(pk__in=mine.order_by().values("pk"))
    windows, baseline = scope.windows(timezone.localdate(moment)), scope.baseline
    whole = Days(baseline.begins, windows.after.after)
    bads = _bads(whole, _below([*units, *beside]), scope.classes, at=moment)
    codes = set(mine.values_list("code", flat=True))
    here = _received(bad for bad in bads if bad.unit in codes), _ratings(whole, mine)
    there = _received(bad for bad in bads if bad.unit not in codes), _ratings(whole, others)
    return Effect(
        scope,
        windows,
        _around(windows, *here),
        _around(windows, *there) if beside else None,
        Counted.of(baseline, *here),
        Counted.of(scope.full.before, *here),
        chosen,
    )


def _around(windows: Windows, received: Received, ratings: Mapping[date, int]) -> Around:
    before, after = (Counted.of(days, received, ratings) for days in (windows.before, windows.after))
    return Around(before, after, windows.days)


def recurrences_of(
    classes: Iterable[str], units: Collection[int], signed_off: date, *, at: datetime | None = None
) -> tuple[Recurrence, ...]:
    """The cases of these classes in the days after a sign-off (setting CAMPAIGN_RECURRENCE_DAYS).

    Args:
        units: primary keys; what lies below them belongs to them.
        at: as known at this moment; now if not given.
    """
    moment, spans = at or timezone.now(), settings.CAMPAIGN_RECURRENCE_DAYS
    days = Days(signed_off, signed_off + timedelta(days=max(spans) + 1))
    bads = _bads(days, _below(units), frozenset(classes), at=moment)
    return recurrences(_received(bads), signed_off, spans, timezone.localdate(moment))


def _below(units: Collection[int]) -> QuerySet[Unit]:
    return Unit.objects.below(list(Unit.objects.filter(pk__in=units).order_by("path").values_list("path", flat=True)))


def _ratings(days: Days, units: QuerySet[Unit]) -> dict[date, int]:
    return said_days(days, units) if units.exists() else {}


def _received(bads: Iterable[Bad]) -> Received:
    return {bad.case: timezone.localdate(bad.received) for bad in bads}


def _bads(days: Days, units: QuerySet[Unit], classes: frozenset[str], *, at: datetime) -> list[Bad]:
    found = bads_from(loop_of(days, units, at=at), at=at)
    return [bad for bad in found if bad.group in classes]


def facts_of_effect(effect: Effect) -> dict[str, Any]:
    """What an effect was counted from, as JSON: cases and ratings, from which every figure is computed again."""
    around = {"scope": effect.units} | ({"comparison": effect.beside} if effect.beside else {})
    kept = {name: {"before": _kept(one.before), "after": _kept(one.after)} for name, one in around.items()}
    return {**kept, "baseline": _kept(effect.baseline), "at_start": _kept(effect.at_start)}


def _kept(counted: Counted) -> dict[str, Any]:
    return {"cases": list(counted.bad), "ratings": counted.ratings}


def effect_from(facts: Mapping[str, Any], scope: Scope, *, chosen: bool) -> Effect:
    """The effect that was kept, of a campaign whose window after it is over; `effect_from(facts_of_effect(x)) == x`."""
    windows = scope.full
    beside = _loaded_around(facts["comparison"], windows.days) if "comparison" in facts else None
    mine = _loaded_around(facts["scope"], windows.days)
    baseline, at_start = _loaded(facts["baseline"]), _loaded(facts["at_start"])
    return Effect(scope, windows, mine, beside, baseline, at_start, chosen)


def _loaded_around(facts: Mapping[str, Any], days: int) -> Around:
    return Around(_loaded(facts["before"]), _loaded(facts["after"]), days)


def _loaded(facts: Mapping[str, Any]) -> Counted:
    return Counted(tuple(facts["cases"]), facts["ratings"])
