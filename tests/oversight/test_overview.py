"""The overview over a told city: every number is its list, a panel fails alone, nothing is older than it may be."""

from __future__ import annotations

import csv
import io
import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from appeals.models import Appeal
from appeals.queries import figures_by_ground, figures_by_unit
from assessment import actions as figures
from assessment import queries
from assessment.periods import read_period
from common.actions import NoticeText, notify
from common.actors import Actor
from common.enums import ActorKind
from common.memory import forget_everything
from identity.actions import look_at
from identity.enums import Purpose
from organizations.enums import Role
from organizations.models import Staff
from oversight import panels
from oversight.panels import PANELS, About
from oversight.queries import kept, overview
from oversight.tasks import warm_overviews
from oversight.views.overview import url_of
from rectification.models import Case
from tests.assessment.conftest import told
from tests.assessment.doubting import Doubting
from tests.assessment.histories import History
from tests.assessment.test_drill import asked_for
from tests.assessment.test_metrics_drill import cases, listed
from tests.evaluations.test_intake_engine import batch, row, take
from tests.factories import NOW, Cast, staff

SignIn = Callable[[Staff], Client]
PAGE = "/desk/overview/"
LATER = NOW + timedelta(days=70)
QUARTERS = ("2026-Q4", "2027-Q1")
__all__ = ["told"]


@pytest.fixture(scope="module")
def made(told: History, django_db_blocker: Any) -> Iterator[Cast]:
    """The told city with the cases of the metrics, a device that rates too often, rows that came twice, and looks."""
    with django_db_blocker.unblock(), transaction.atomic(), time_machine.travel(NOW, tick=False) as clock:
        cast = told.cast
        cases(cast, Random(11))
        doubting = Doubting(cast)
        doubting.crowd(20)
        doubting.crowd(9, device="f" * 16)
        doubting.look()
        rows = [row(cast, number, 5, is_default="1" if number % 2 else "0") for number in range(8)]
        take(batch(), rows)
        take(batch(), rows)
        officer = Actor(ActorKind.STAFF, cast.zhao.pk, cast.zhao.name)
        for case in Case.objects.exclude(evaluator=None)[:3]:
            look_at(case.evaluator_id, by=officer, purpose=Purpose.CALLBACK, about=case.number, at=NOW)
        clock.move_to(LATER, tick=False)
        told.settle()
        figures.refresh(at=timezone.now())
        yield cast
        transaction.set_rollback(True)


@pytest.fixture
def town(made: Cast, db: None) -> Cast:
    """The same; what a test changes is taken back after it."""
    return made


@pytest.fixture
def later(town: Cast) -> Iterator[time_machine.Traveller]:
    """Ten weeks on, in the next quarter."""
    with time_machine.travel(LATER, tick=False) as clock:
        yield clock


def shown(person: Staff, code: str, quarter: str) -> panels.Shown:
    """A panel as this person reads it."""
    period, scope = read_period(quarter), overview.scope_of(person)
    found = kept.kept_or_found(code, scope, period, at=timezone.now())
    assert found is not None, code
    return panels.BY_CODE[code].show(found.facts, About(period, timezone.localdate()))


def numbers(one: panels.Shown) -> Iterator[panels.Cell]:
    """Every number of a panel that leads to a list."""
    for table in one.tables:
        yield from (cell for cells in table.rows for cell in cells if cell.ask)
    for big in one.numbers:
        yield from (cell for cell in (big.value, *big.counts) if cell.ask)


def length(person: Staff, client: Client, cell: panels.Cell) -> int:
    assert cell.ask
    address = url_of(cell.ask)
    if cell.ask.route == "ratings":
        return asked_for(person, address)
    response = client.get(address)
    assert response.status_code == 200, address
    return int(response.context["total"])


def panels_of(person: Staff) -> list[str]:
    regional = overview.scope_of(person).regional
    return [panel.code for panel in PANELS if regional or not panel.regional]


# --- every number is its list -------------------------------------------------------------------------------------


@pytest.mark.timeout(900)
@pytest.mark.parametrize("who", ["qian", "he", "zheng"])
def test_every_number_is_the_list_behind_it(sign_in: SignIn, town: Cast, later: Any, who: str) -> None:
    person = town.everybody[who]
    client, checked = sign_in(person), dict[str, int]()
    for quarter in QUARTERS:
        for code in panels_of(person):
            for cell in {url_of(cell.ask): cell for cell in numbers(shown(person, code, quarter)) if cell.ask}.values():
                assert length(person, client, cell) == cell.count, f"{who} {code} {cell}"
                checked[code] = checked.get(code, 0) + 1
    least = {"qian": 9, "he": 3, "zheng": 8}[who]
    assert len(checked) >= least, checked


def test_lists_are_as_long_as_they_say(sign_in: SignIn, town: Cast, later: Any) -> None:
    """Page after page, and once a number of each panel of our own lists."""
    client, walked = sign_in(town.qian), 0
    for code in ("reasons", "steps", "ages", "hours", "appeals", "integrity"):
        cells = [cell for cell in numbers(shown(town.qian, code, "2026-Q4")) if cell.ask and cell.count]
        cell = max((one for one in cells if one.ask.route == "overview-rows"), key=lambda one: one.count)  # type: ignore[union-attr]
        rows = listed(client, url_of(cell.ask))  # type: ignore[arg-type]
        if "duplicates" not in str(cell.ask):
            assert len(rows) == cell.count, cell
            walked += 1
    assert walked >= 5


def test_duplicates_are_told_by_batch(sign_in: SignIn, town: Cast, later: Any) -> None:
    answer = sign_in(town.qian).get(f"{PAGE}integrity/rows/?quarter=2026-Q4&set=duplicates").context
    assert (answer["total"], [line.about for line in answer["rows"]]) == (8, ["重复 8 行"])
    assert sign_in(town.he).get(f"{PAGE}integrity/rows/?quarter=2026-Q4&set=duplicates").status_code == 404


def test_appeals_are_counted_as_their_own_figures_are(town: Cast, later: Any) -> None:
    since, until = queries.moments_of(read_period("2026-Q4"))
    rows = Appeal.objects.filter(filed_at__gte=since, filed_at__lt=until)
    found = overview.collect("appeals", overview.scope_of(town.qian), read_period("2026-Q4"), at=LATER)
    for ours, theirs in ((found.grounds, figures_by_ground(rows)), (found.units, figures_by_unit(rows))):
        told = {one.code: (len(one.filed), len(one.upheld), len(one.rejected)) for one in ours}
        assert told == {one.key: (one.filed, one.upheld.part, one.rejected) for one in theirs}
    assert sum(len(one.upheld) for one in found.grounds) == 2


def test_weeks_add_up_to_the_metric(town: Cast, later: Any) -> None:
    found = overview.collect("weeks", overview.scope_of(town.qian), read_period("2027-Q1"), at=LATER)
    whole = queries.overall(read_period("2026")) + queries.overall(read_period("2027-01"))
    assert sum(week.part for week in found.weeks) == whole.active.effective > 0
    assert sum(week.whole for week in found.weeks) == whole.active.valid


def test_hours_are_those_of_the_ratings_that_name_a_window(town: Cast, later: Any) -> None:
    """Counted again from the rows: cases that are not void, at the hour of their rating, by window."""
    found = overview.collect("hours", overview.scope_of(town.qian), read_period("2026-Q4"), at=LATER)
    since, until = queries.moments_of(read_period("2026-Q4"))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT kase.window_id, extract(hour FROM min(rating.rated_at) AT TIME ZONE 'Asia/Shanghai')::int, kase.id
            FROM rectification_case AS kase JOIN evaluations_evaluation AS rating ON rating.case_id = kase.id
            WHERE kase.received_at >= %s AND kase.received_at < %s AND kase.window_id IS NOT NULL
                AND kase.state NOT IN ('invalid') AND kase.source <> 'test'
            GROUP BY kase.id ORDER BY kase.id
            """,
            [since, until],
        )
        rows = {(str(window), hour, case) for window, hour, case in cursor.fetchall()}
    assert rows == {(desk.key, hour, pk) for desk in found.desks for hour, ids in desk.hours.items() for pk in ids}
    assert len(rows) > 5
    assert sum(found.ratings.values()) > 20, "the day that was looked at"
    assert (found.opens, found.closes) == (8, 17)
    assert overview.collect("hours", overview.scope_of(town.song), read_period("2026-Q4"), at=LATER).desks == ()


def test_a_list_of_nothing_is_none(sign_in: SignIn, town: Cast, later: Any) -> None:
    client = sign_in(town.qian)
    for wrong in ("steps/rows/?set=nonsense", "integrity/rows/?set=look:spying", "nothing/rows/?set=x", "nothing/"):
        assert client.get(f"{PAGE}{wrong}").status_code == 404, wrong
    assert client.get(f"{PAGE}steps/rows/").headers["Location"] == f"{PAGE}steps/?quarter=2027-Q1"
    assert client.get(f"{PAGE}steps/rows/?quarter=2026-Q4&set=done:valid&from=99999").context["rows"] == []


# --- who reads what -----------------------------------------------------------------------------------------------


def test_a_unit_is_compared_with_nobody(sign_in: SignIn, town: Cast, later: Any) -> None:
    assert [part["panel"].code for part in sign_in(town.zheng).get(PAGE).context["parts"]] == [
        panel.code for panel in PANELS if not panel.regional
    ]
    for more in ("", "part/", "file/", "rows/?set=x"):
        assert sign_in(town.zheng).get(f"{PAGE}places/{more}").status_code == 404
    assert len(sign_in(town.he).get(PAGE).context["parts"]) == len(PANELS)


def test_nobody_reads_the_overview_of_others(sign_in: SignIn, town: Cast, later: Any) -> None:
    song = shown(town.song, "steps", "2026-Q4")
    assert song.empty
    assert not list(numbers(shown(town.song, "ages", "2026-Q4")))
    mine, county = (shown(person, "steps", "2026-Q4").n for person in (town.qian, town.he))
    assert mine != county
    for person in (town.wu, town.lin, town.zhao):
        assert sign_in(person).get(PAGE).status_code == 403


def test_two_roles_do_not_share_what_is_kept(town: Cast, later: Any) -> None:
    """Somebody who supervises a unit and a county reads more than either."""
    both = staff("both", "双职", (Role.UNIT_SUPERVISOR, town.unit), (Role.COUNTY_SUPERVISOR, town.he.duties[0].unit))
    names = {overview.scope_of(person).key for person in (both, town.zheng, town.he, town.qian)}
    assert len(names) == 4
    again = staff("again", "同岗", (Role.UNIT_SUPERVISOR, town.unit))
    assert overview.scope_of(again).key == overview.scope_of(town.zheng).key


def test_looks_are_counted_and_nobody_is_named(sign_in: SignIn, town: Cast, later: Any) -> None:
    page = sign_in(town.qian).get(f"{PAGE}integrity/rows/?quarter=2026-Q4&set=look:callback")
    text = page.content.decode().split("<main")[1]
    assert page.context["total"] >= 3
    assert "138000" not in text
    assert town.zhao.name not in text


# --- each by itself -----------------------------------------------------------------------------------------------


def fault(_scope: Any, _period: Any, _at: Any) -> Any:
    raise RuntimeError("planted")


def slow(_scope: Any, _period: Any, _at: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(20)")


@pytest.mark.parametrize("wrong", [fault, slow])
def test_one_panel_fails_alone(
    sign_in: SignIn, town: Cast, later: Any, monkeypatch: pytest.MonkeyPatch, settings: Any, wrong: Any
) -> None:
    settings.OVERVIEW_PANEL_SECONDS = 1
    monkeypatch.setitem(overview.COLLECT, "steps", wrong)
    client, began = sign_in(town.qian), time.monotonic()
    text = client.get(f"{PAGE}?quarter=2026-Q4&whole=1").content.decode()
    assert text.count("暂时无法显示") == 1
    assert text.count("数据截至") == len(PANELS) - 1
    assert f"{PAGE}steps/?quarter=2026-Q4" in text
    assert client.get(f"{PAGE}steps/").status_code == 503
    assert client.get(f"{PAGE}steps/file/").status_code == 503
    assert client.get(f"{PAGE}steps/rows/?quarter=2026-Q4&set=done:valid").status_code == 503
    assert "暂时无法显示" in client.get(f"{PAGE}steps/part/").content.decode()
    assert client.get(f"{PAGE}ages/").status_code == 200
    assert time.monotonic() - began < 18


def test_what_cannot_be_drawn_fails_alone(
    sign_in: SignIn, town: Cast, later: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(overview.COLLECT, "steps", lambda scope, period, at: "nonsense")
    text = sign_in(town.qian).get(f"{PAGE}?quarter=2026-Q4&whole=1").content.decode()
    assert text.count("暂时无法显示") == 1
    assert text.count("数据截至") == len(PANELS) - 1


def test_what_another_version_has_kept_is_found_anew(sign_in: SignIn, town: Cast, later: Any) -> None:
    client, scope, period = sign_in(town.qian), overview.scope_of(town.qian), read_period("2026-Q4")
    cache.set(kept.key_of("steps", scope, period), kept.Kept("nonsense", LATER, LATER), 60)
    assert "data-part" in client.get(f"{PAGE}?quarter=2026-Q4").content.decode()
    assert "暂时无法显示" not in client.get(f"{PAGE}steps/part/?quarter=2026-Q4").content.decode()
    assert client.get(f"{PAGE}steps/file/?quarter=2026-Q4").status_code == 200


def test_what_is_cold_is_a_link_and_what_is_warm_is_there(sign_in: SignIn, town: Cast, later: Any) -> None:
    client = sign_in(town.qian)
    cold = client.get(PAGE).content.decode()
    assert cold.count("data-part=") == len(PANELS)
    assert "?quarter=2027-Q1&amp;whole=1" in cold
    for panel in PANELS:
        part = client.get(f"{PAGE}{panel.code}/part/").content.decode()
        assert f'id="panel-{panel.code}"' in part
        assert "<html" not in part
    warm = client.get(PAGE).content.decode()
    assert "data-part=" not in warm
    assert warm.count("数据截至") == len(PANELS)
    with CaptureQueriesContext(connection) as asked:
        client.get(PAGE)
    read = [one["sql"] for one in asked]
    assert not [sql for sql in read if "evaluations_" in sql or "rectification_deadline" in sql or "unitday" in sql]
    assert len(read) < 20


def act_on(town: Cast) -> None:
    """A case more: a line of the trail, and one more that waits."""
    assert town.rate(1, at=LATER).number


def test_who_looks_again_at_once_gets_the_very_page_and_nobody_else_does(
    sign_in: SignIn, town: Cast, later: Any
) -> None:
    """One page a session: not another person's, in no other language or look, and no longer than some seconds."""
    client, other = sign_in(town.qian), sign_in(town.he)
    address = f"{PAGE}?quarter=2026-Q4"
    client.get(f"{address}&whole=1")
    other.get(f"{address}&whole=1")
    first = client.get(address)
    with CaptureQueriesContext(connection) as asked:
        again = client.get(address)
    assert again.content == first.content
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
    assert len(asked) <= 6, [one["sql"][:80] for one in asked]
    notify([town.qian.pk], NoticeText(key="one more", kind="test", text="有一件事"), at=LATER)
    assert client.get(address).content != first.content, "one notice more"
    drawn = client.get(address).content
    act_on(town)
    assert client.get(address).content != drawn, "somebody has done something"
    assert town.qian.name in again.content.decode()
    assert town.qian.name not in other.get(address).content.decode()
    assert "Overview" in client.get(address, headers={"Accept-Language": "en"}).content.decode()
    client.post("/desk/metrics/recall/", {"period": "2026-11", "asof": "2026-11-20"})
    assert "已交给后台重算" in client.get(address).content.decode(), "what is told once is told here"
    assert "已交给后台重算" not in client.get(address).content.decode()
    client.cookies["portal_view"] = "elder.normal"
    assert 'data-text="elder"' in client.get(address).content.decode()
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', again.content.decode())
    assert token
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post("/accounts/logout/", {"csrfmiddlewaretoken": token[1]}).status_code == 302
    assert client.get(address).status_code == 302, "who has signed out has no page any more"


def test_an_empty_quarter_says_why(sign_in: SignIn, town: Cast, later: Any) -> None:
    text = sign_in(town.qian).get(f"{PAGE}?quarter=2027-Q1&whole=1").content.decode()
    assert "本季度尚无申诉" in text
    assert "本季度尚无差评" in text


def test_names_are_marked_where_the_page_is_in_english(sign_in: SignIn, town: Cast, later: Any) -> None:
    client = sign_in(town.qian)
    text = client.get(f"{PAGE}ages/?quarter=2026-Q4", headers={"Accept-Language": "en"}).content.decode()
    assert f'<th scope="row"><span lang="zh">{town.unit.name}</span></th>' in text
    text = client.get(f"{PAGE}ages/?quarter=2026-Q4", headers={"Accept-Language": "zh-CN"}).content.decode()
    assert f'<th scope="row">{town.unit.name}</th>' in text


def test_what_the_address_gets_wrong_is_said(sign_in: SignIn, town: Cast, later: Any) -> None:
    answer = sign_in(town.qian).get(f"{PAGE}?quarter=2031-Q9")
    assert "error-summary" in answer.content.decode()
    assert "2027年第1季度" in answer.content.decode()


def texts(table: panels.Table) -> list[list[str]]:
    return [[cell.text for cell in cells] for cells in table.rows]


def test_the_file_says_what_the_page_says(sign_in: SignIn, town: Cast, later: Any) -> None:
    for panel in PANELS:
        answer = sign_in(town.qian).get(f"{PAGE}{panel.code}/file/?quarter=2026-Q4")
        assert answer["Content-Disposition"] == f'attachment; filename="{panel.code}-2026-Q4.csv"'
        rows = [line for line in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))) if line]
        tables = shown(town.qian, panel.code, "2026-Q4").tables
        wanted = [line for table in tables for line in (list(table.columns), *texts(table))]
        assert rows == wanted
        assert rows


# --- how old ------------------------------------------------------------------------------------------------------


def test_nothing_is_shown_longer_than_it_may_be(
    sign_in: SignIn, town: Cast, later: time_machine.Traveller, settings: Any
) -> None:
    client = sign_in(town.qian)
    assert shown(town.qian, "ages", "2027-Q1").n != ""
    client.get(f"{PAGE}ages/part/")
    before = shown(town.qian, "ages", "2027-Q1").n
    town.rate(1, at=LATER)
    later.shift(settings.OVERVIEW_SECONDS - 1)
    assert shown(town.qian, "ages", "2027-Q1").n == before
    assert "data-part" not in client.get(PAGE).content.decode().split('id="panel-ages"')[1].split("</section>")[0]
    later.shift(2)
    assert "data-part" in client.get(PAGE).content.decode().split('id="panel-ages"')[1].split("</section>")[0]
    assert int(shown(town.qian, "ages", "2027-Q1").n) == int(before) + 1


def test_as_of_is_when_everything_had_been_counted(town: Cast, later: time_machine.Traveller) -> None:
    later.shift(120)
    one = kept.kept_or_found("weeks", overview.scope_of(town.qian), read_period("2027-Q1"), at=timezone.now())
    assert one is not None
    assert one.as_of == queries.as_of() == LATER


def test_the_sweep_keeps_warm_what_somebody_looks_at(
    sign_in: SignIn, town: Cast, later: time_machine.Traveller, settings: Any
) -> None:
    assert warm_overviews() == 0
    sign_in(town.qian).get(PAGE)
    assert warm_overviews() == len(PANELS)
    assert warm_overviews() == 0, "what is young is left alone"
    later.shift(settings.OVERVIEW_SECONDS * 0.6)
    assert warm_overviews() == len(PANELS)
    later.shift(settings.OVERVIEW_SECONDS * 0.6)
    forget_everything()
    assert "data-part" not in sign_in(town.qian).get(PAGE).content.decode()
    later.shift(kept.LOOKED.total_seconds() + 2)
    assert warm_overviews() == 0, "whoever has not looked for hours waits for the first look"
