"""Figures for everybody: counted from tallies and public copies, origins apart, small numbers marked, nothing of 0."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from assessment.actions import refresh
from assessment.figures import Share
from assessment.periods import read_period
from assessment.queries import overall
from disclosure.actions import refresh_figures, withhold_disclosure
from disclosure.enums import DONE, Reason
from disclosure.models import PublicCase
from disclosure.queries import figures
from disclosure.views.figures import WEEKS, _chart, _point
from evaluations.enums import Origin
from organizations.models import Unit
from rectification import actions as cases
from rectification.enums import Stage, State
from tests.disclosure.press import Press
from tests.factories import NOW, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
TODAY = timezone.localdate(NOW)
QUARTER = date(2026, 10, 1)


def plain(client: Client, address: str) -> str:
    """The words of a page, one blank between them."""
    html = client.get(address).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.partition("<main")[2]))


def test_the_city_is_what_the_tallies_say(press: Press, cast: Cast) -> None:
    cast.submit(5)
    cast.submit(4)
    cast.rate(1)
    cast.submit(5, at=NOW - timedelta(weeks=9))
    refresh(at=NOW)
    city = figures.city(TODAY, WEEKS)
    assert city.now.origins == overall(read_period("2026-Q4")).origins
    assert city.before.origins == overall(read_period("2026-Q3")).origins
    assert city.now.active.valid == 3


def test_weeks_are_whole_and_count_active_ratings(press: Press, cast: Cast) -> None:
    for level, back in ((5, 0), (5, 1), (1, 7), (5, 6), (5, 8)):
        cast.submit(level, at=NOW - timedelta(days=back))
    refresh(at=NOW)
    weeks = figures.city(TODAY, 3).weeks
    assert [week.begins for week in weeks] == [TODAY - timedelta(weeks=back) for back in (3, 2, 1)]
    assert [(week.negative.part, week.negative.whole) for week in weeks] == [(0, 0), (0, 1), (1, 3)]


def test_a_week_of_silence_breaks_the_line_and_is_not_drawn_as_praise() -> None:
    said = [Share(0, 500), Share(1, 800), Share(0, 0), Share(2, 900)]
    points = [_point(figures.Week(TODAY + timedelta(weeks=n), share)) for n, share in enumerate(said)]
    assert points[2].rate is None
    assert points[1].rate == 125
    assert points[1].low < 125 < points[1].high
    assert points[0].rate == 0
    assert points[0].high > 0, "none of 500 is not none for ever"
    chart = _chart(points)
    assert len(chart.lines) == 2
    assert all(0 <= float(y) <= 300 for line in [*chart.lines, *chart.bands] for y in re.findall(r",(-?\d+)", line))


def test_facts_count_what_is_shown_and_what_is_not(press: Press, cast: Cast) -> None:
    press.public(state=State.CLOSED)
    press.public()
    withhold_disclosure(press.draft(), by=cast.lin, at=NOW, reason=Reason.PRIVACY, note="认得出")
    facts = figures.facts(PublicCase.objects.all(), QUARTER)
    assert facts.all == 3
    assert facts.of("withheld") == {"privacy": 1}
    assert facts.reached(Stage.DISPATCHED) == 3
    assert facts.reached(Stage.REPLIED) == 1
    assert facts.median_days == 0
    assert sum(facts.of("reason").values()) == 2, "what is withheld tells no reason"


def test_what_was_done_too_late_is_not_in_time(press: Press, cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    late = NOW + timedelta(days=60)
    cast.upto(case, State.REPLIED, at=late)
    press.follow(at=late)
    assert press.publish(press.of(case), at=late).on_time is False


def test_a_void_case_has_left_the_way(press: Press, cast: Cast) -> None:
    public = press.public()
    PublicCase.objects.filter(pk=public.pk).update(result="invalid", ground="评价对象错误")
    facts = figures.facts(PublicCase.objects.all(), QUARTER)
    assert facts.reached(Stage.RATED) == 0
    assert facts.of("ground") == {"评价对象错误": 1}


def test_the_page_tells_five_numbers_and_never_a_share_of_nothing(client: Client, press: Press, cast: Cast) -> None:
    empty = plain(client, "/cases/figures/")
    assert "主动评价率 — n=0" in empty
    assert "还没有统计过" in empty
    assert "100.00%" not in empty
    cast.submit(5)
    press.public(state=State.CLOSED)
    refresh(at=NOW)
    refresh_figures(at=NOW)
    client.cookies["language"] = "zh-hans"
    client.cookies["portal_view"] = "elder.normal"
    full = plain(client, "/cases/figures/")
    assert "主动评价数 2" in full
    assert "有效差评 1" in full
    assert "回访整改满意率 100.00% n=1" in full
    assert "按期整改率 — n=0" in full, "what is not due yet is in no rate"
    assert "收到差评 1 认定无效 0 有效差评 1" in full
    assert "数据截至 2026-11-23 10:00" in full


def test_origins_are_counted_apart(client: Client, cast: Cast) -> None:
    cast.submit(5)
    refresh(at=NOW)
    page = plain(client, "/cases/figures/")
    for origin in (Origin.ACTIVE, Origin.INVITED, Origin.DEFAULT):
        assert re.search(rf"{origin.label} {1 if origin == Origin.ACTIVE else 0} 0", page), origin


def test_a_unit_with_few_says_so_and_is_in_no_order(client: Client, press: Press, cast: Cast, settings: Any) -> None:
    press.public(state=State.CLOSED)
    refresh(at=NOW)
    refresh_figures(at=NOW)
    address = f"/cases/units/{cast.unit.code}/"
    assert "样本不足(n=1),不排名" in plain(client, address)
    settings.RANK_MIN_SAMPLE = settings.CASE_MIN_SAMPLE = 1
    client.cookies["portal_view"] = "elder.normal"
    assert "样本不足" not in plain(client, address)


def test_a_unit_holds_those_below_it(press: Press, cast: Cast) -> None:
    press.public()
    child = Unit.objects.exclude(parent=None).select_related("parent").filter(parent=cast.unit).first()
    assert child is not None, "the example city's bureau has units below it"
    cases_of = PublicCase.objects.filter(unit__path__startswith=cast.unit.path)
    assert cases_of.count() == 1
    PublicCase.objects.update(unit=child)
    assert cases_of.count() == 1


def test_the_units_page_counts_without_ranking(
    client: Client, press: Press, cast: Cast, monday: time_machine.Traveller
) -> None:
    press.public(state=State.CLOSED)
    [line] = figures.unit_lines(DONE)
    assert (line.unit, line.cases, line.done) == (cast.unit, 1, 1)
    monday.move_to(NOW + timedelta(days=30))
    refresh_figures(at=timezone.now())
    page = plain(client, "/cases/units/")
    assert f"{cast.unit.name} 1 1 1/1 1/1" in page


@pytest.mark.parametrize("code", ["nowhere", "370600-GAJ'", "x" * 300])
def test_a_unit_nobody_has_is_not_found(client: Client, code: str) -> None:
    assert client.get(f"/cases/units/{code}/").status_code == 404


def test_a_unit_without_a_case_has_its_page(client: Client, cast: Cast) -> None:
    page = plain(client, f"/cases/units/{cast.other_unit.code}/")
    assert "这四个季度没有主动评价" in page
    assert "没有公示的差评" in page


def test_a_reopened_case_is_on_its_way_again(press: Press, cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.CLOSED)
    cases.reopen_case(case, at=NOW, reason="没有改", within=timedelta(days=30), reworks_max=2)
    press.follow()
    public = press.publish(press.of(case))
    assert figures.facts(PublicCase.objects.all(), QUARTER).reached(Stage.REPLIED) == 0
    assert public.reopened
