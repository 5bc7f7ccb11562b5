"""回看: whatever happens to ratings, any past day is told again as it was then, on a page or by the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
import time_machine
from django.test import Client

from assessment import actions
from assessment.enums import Grain
from assessment.figures import Figures
from assessment.metrics import BY_CODE
from assessment.models import PastState
from assessment.periods import Period, read_period
from assessment.queries import by_unit, facts_of, services_behind
from assessment.queries.past import past
from assessment.queries.reads import rated_items
from assessment.queries.recount import rated_items_at, recount
from common.queries import TooLong
from evaluations.enums import Origin
from evaluations.lists import Wanted
from evaluations.models import Evaluation
from organizations.calendar import end_of
from organizations.models import Staff, Unit
from rectification import actions as cases
from rectification.enums import State
from tests.assessment import histories
from tests.assessment.conftest import ALONE
from tests.assessment.histories import History
from tests.factories import NOW, Cast

SignIn = Callable[[Staff], Client]
PERIODS = [read_period(name) for name in ("2026-09", "2026-11", "2026-Q4", "2026")]
RUNS, DAYS, ACTS = 5, 9, 9
PAGE = "/desk/metrics/"


def restore(history: History) -> None:
    """A review has found that a 差评 was none to be taken out."""
    void = Evaluation.objects.filter(unit__in=history.units, case__state=State.INVALID).order_by("pk")
    ruled = history._one_of(void.exclude(case__suspended_from=""))
    if ruled is not None and history.draw.random() < 0.5:
        cases.restore_case(ruled.case, by=histories.SYSTEM, at=histories.NOW, note="复核改变")


def told(history: History, found: dict[int, Figures]) -> dict[int, Figures]:
    """Of the history's own units, without those and without origins of which nothing is left to count."""
    mine = {unit.pk for unit in history.units}
    kept = {
        pk: Figures(one.services, one.rated, {name: counts for name, counts in one.origins.items() if any(counts)})
        for pk, one in found.items()
        if pk in mine
    }
    return {pk: one for pk, one in kept.items() if one != Figures()}


def days_of(history: History, patch: pytest.MonkeyPatch) -> dict[datetime, dict[Period, Any]]:
    """Some days on which things happen, each noted at its end as the tallies have it."""
    noted: dict[datetime, dict[Period, Any]] = {}
    for day in range(DAYS):
        patch.setattr(histories, "NOW", NOW + timedelta(days=day))
        for _ in range(ACTS):
            getattr(history, f"_{history.draw.choice(ALONE)}")()
        restore(history)
        history.settle()
        noted[end_of(histories.NOW.date())] = {one: (told(history, by_unit(one)), rated_items(one)) for one in PERIODS}
    return noted


def test_any_past_day_is_what_it_was(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = 0
    for seed in range(RUNS):
        history = History(cast, Random(seed), top=cast.unit)
        noted = days_of(history, monkeypatch)
        for at, periods in noted.items():
            for period, (figures, _items) in periods.items():
                where = f"seed {seed}, {period.name} on {at:%F}"
                assert told(history, recount(period, at=at)) == figures, where
                changed += figures != told(history, by_unit(period))
                lists_are(period, at, history.draw, figures, where)
    assert changed > RUNS * DAYS, "days differ from what is known now"


def lists_are(period: Period, at: datetime, draw: Random, figures: dict[int, Figures], where: str) -> None:
    """Of one unit, each number of its figures is the length of its list on that day."""
    if not figures:
        return
    pk, one = draw.choice(sorted(figures.items()))
    about = {"since": period.begins, "until": period.last, "at": at}
    active = one.active
    for more, count in (
        ({"negative": "received"}, one.together.negative),
        ({"negative": "invalid"}, one.together.invalid),
        ({"negative": "effective"}, one.together.effective),
        ({"left_out": True}, one.together.left_out),
        ({"origin": Origin.ACTIVE, "counted": "valid"}, active.valid),
        ({"origin": Origin.ACTIVE, "counted": "good"}, active.good(3)),
        ({"origin": Origin.ACTIVE, "level": 5}, active.n5),
    ):
        found = Evaluation.objects.filter(Wanted(**about, **more).condition, unit=pk)
        assert found.count() == count, f"{where}: {more}"
    assert services_behind(period, [pk], unrated=False, at=at).count() == one.services, where
    assert services_behind(period, [pk], unrated=True, at=at).count() == one.unrated.part, where


def test_the_clock_keeps_what_no_page_can_wait_for(cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(histories, "DAYS", [one for one in histories.DAYS if one <= NOW.date()])
    history = History(cast, Random(1), top=cast.unit)
    noted = days_of(history, monkeypatch)
    for at, months in noted.items():
        assert {one: rated_items_at(one, at=at) for one in PERIODS} == {one: months[one][1] for one in PERIODS}
    (day, periods), later = list(noted.items())[3], NOW + timedelta(days=DAYS)
    quarter, units = read_period("2026-Q4"), list(Unit.objects.values_list("pk", flat=True))
    assert actions.ask_past(quarter, day.date(), at=later) == 2, "December had not begun"
    assert actions.ask_past(quarter, day.date(), at=later) == 2
    assert PastState.objects.count() == 2
    settings.PATIENCE_SECONDS = 0.001
    monkeypatch.setattr("assessment.queries.past.recount", slow)
    with pytest.raises(TooLong):
        past(quarter, units, at=day)
    counted = [actions.count_past(at=later) for _ in range(3)]
    assert [str(one) for one in counted if one] == [f"2026-10 {day:%F}", f"2026-11 {day:%F}"]
    kept = past(quarter, units, at=day)
    assert told(history, kept.figures) == periods[quarter][0]
    assert kept.items == periods[quarter][1]


def test_what_was_not_counted_is_compared_with_nothing(cast: Cast) -> None:
    """No coverage of nothing, which any other would be higher than."""
    day = end_of(date(2026, 11, 22))
    facts = facts_of(read_period("2026-11"), Unit.objects.all(), at=day, ratings=False)
    assert facts
    assert all(one.units == one.items == one.rated == one.rated_items == () for one in facts.values())
    assert all(
        BY_CODE[code].value(one).value is None for one in facts.values() for code in ("coverage", "item-coverage")
    )


def slow(*args: object, **more: object) -> None:
    Evaluation.objects.raw("SELECT pg_sleep(1)")[0]


def test_a_day_is_not_counted_before_it_is_over_for_good(cast: Cast, settings: Any) -> None:
    settings.QUARTER_SETTLE_MINUTES = 10
    day = date(2026, 11, 23)
    actions.ask_past(read_period("2026-11"), day, at=NOW)
    assert actions.count_past(at=end_of(day)) is None
    assert actions.count_past(at=end_of(day) + timedelta(minutes=9)) is None
    assert actions.count_past(at=end_of(day) + timedelta(minutes=11)) is not None


def test_what_nobody_asked_for_in_a_quarter_of_a_year_is_forgotten(cast: Cast) -> None:
    actions.ask_past(read_period("2026-11"), date(2026, 11, 20), at=NOW)
    actions.count_past(at=NOW)
    actions.count_past(at=NOW + timedelta(days=91))
    assert not PastState.objects.exists()


def test_the_page_asks_the_clock_and_then_shows_it(
    sign_in: SignIn, story: History, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, query = sign_in(story.cast.qian), "period=2026-11&asof=2026-11-23"
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        shown = client.get(f"{PAGE}?{query}").context
        with monkeypatch.context() as patch:
            patch.setattr("assessment.queries.past.recount", slow)
            settings.PATIENCE_SECONDS = 0.05
            page = client.get(f"{PAGE}?{query}")
            assert "交给后台重算" in page.content.decode()
            assert {line.metric.of_loop for line in page.context["lines"]} == {True}
            assert "范围太大" in client.get(f"{PAGE}coverage/rows/?side=part&{query}").content.decode()
            assert client.get(f"{PAGE}active/file/?{query}").content.decode().count("\n") == 1
            fields = {"period": "2026-11", "unit": "", "asof": "2026-11-23", "metric": "active"}
            answer = client.post(f"{PAGE}recall/", fields)
            assert answer["Location"] == f"{PAGE}active/?{query}"
            assert "正在重算" in client.get(answer["Location"]).content.decode()
            assert set(PastState.objects.values_list("begins", flat=True)) == {date(2026, 10, 1), date(2026, 11, 1)}
        while actions.count_past(at=NOW + timedelta(days=3)):
            pass
        kept = client.get(f"{PAGE}?{query}").context
    values = [[(line.metric.code, line.measured) for line in one["lines"]] for one in (shown, kept)]
    assert values[0] == values[1]
    assert any(line.measured.whole for line in kept["lines"] if not line.metric.of_loop)


def test_a_day_that_is_none_asks_for_nothing(sign_in: SignIn, story: History) -> None:
    client = sign_in(story.cast.qian)
    for asof in ("", "昨天", "2999-01-01"):
        answer = client.post(f"{PAGE}recall/", {"period": "2026-11", "asof": asof, "metric": "../x"})
        assert answer["Location"].startswith(f"{PAGE}?period=")
    assert not PastState.objects.exists()
    assert sign_in(story.cast.wu).post(f"{PAGE}recall/", {}).status_code == 403


def test_items_are_covered_where_anybody_rated_them(story: History) -> None:
    """Against a count in Python; an item belongs to its unit, wherever it was rated."""
    period, units = Period(date(2026, 11, 1), Grain.MONTH), Unit.objects.all()
    facts = facts_of(period, units)
    found = {item for one in facts.values() for item in one.rated_items}
    ratings = Evaluation.objects.filter(exclusion=None, origin__in=("active", "invited", "imported", "unmatched"))
    wanted = {
        rating.item_id
        for rating in ratings.select_related("case").exclude(item=None)
        if rating.rated_at.astimezone(NOW.tzinfo).strftime("%Y-%m") == "2026-11"
        and not (rating.case and rating.case.state == "invalid")
    }
    assert found == wanted
    assert all(set(one.rated_items) <= set(one.items) for one in facts.values())
    assert sum(len(one.items) for one in facts.values()) > len(found) > 0
