"""Saved views of the queue: a number, the list behind it and what its reader may see are one."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from common.actors import SYSTEM
from organizations.enums import Role
from organizations.models import Staff
from rectification import actions
from rectification.enums import UNIT_STATES, Action, Duty, State
from rectification.lists import VIEWS, VIEWS_OF, ageing, cases_in, counts, views_of
from rectification.models import Case
from rectification.views.queue import PAGE, next_action
from tests.factories import NOW, Cast
from tests.rectification.town import build_town

SignIn = Callable[[Staff], Client]
READERS = ["lin", "wu", "wei", "zheng", "zhao", "qian", "he", "sun", "song", "zhou"]
LATER = NOW + timedelta(days=9, hours=3)


def is_overdue(case: Case, at: datetime) -> bool:
    return any(row.paused_at is None and row.due_at < at for row in case.deadlines.unmet())


def next_due(case: Case) -> datetime | None:
    running = (row for row in case.deadlines.unmet() if row.paused_at is None and row.duty != Duty.APPEAL)
    return min((row.due_at for row in running), default=None)


def due_today(case: Case, at: datetime) -> bool:
    due = next_due(case)
    return due is not None and due >= at and timezone.localdate(due) == timezone.localdate(at)


def asks_to_help(case: Case, user: Staff) -> bool:
    paths = [m.unit.path for m in user.duties if m.role in (Role.WINDOW, Role.UNIT_SUPERVISOR)]
    parts = case.co_handlings.filter(answered_at=None).select_related("unit")
    return any(part.unit.path.startswith(path) for part in parts for path in paths)


Holds = Callable[[Case, Staff, datetime], bool]


def in_state(*states: State) -> Holds:
    return lambda case, user, at: case.state in states


# What each view means, said once more in Python over single cases: the lists say it in SQL.
MEANING: dict[str, Holds] = {
    "todo": lambda case, user, at: next_action(case, user) is not None or asks_to_help(case, user),
    "checks": in_state(State.CHECKING),
    "unassigned": lambda case, user, at: case.handler_id is None and case.state in UNIT_STATES,
    "co": lambda case, user, at: asks_to_help(case, user),
    "received": in_state(State.RECEIVED),
    "prechecked": in_state(State.PRECHECKED),
    "refused": in_state(State.REFUSED),
    "requests": lambda case, user, at: case.requests.filter(approved=None).exists(),
    "signoff": in_state(State.VERIFIED, State.UNREACHABLE),
    "callbacks": lambda case, user, at: case.state == State.REPLIED and case.reachable,
    "onfile": lambda case, user, at: case.state == State.REPLIED and not case.reachable,
    "escalated": in_state(State.ESCALATED),
    "reopened": lambda case, user, at: case.reopenings > 0 or case.state == State.REWORK,
    "today": lambda case, user, at: due_today(case, at),
    "overdue": lambda case, user, at: is_overdue(case, at),
    "waiting": in_state(State.REPLIED),
    "all": lambda case, user, at: True,
}


def tabs_of(html: str) -> dict[str, int]:
    """The tabs of a queue page: name of the view and the number on it."""
    found = re.findall(r'href="\?view=(\w+)"[^>]*>(?:(?!</a>).)*?(\d+)\s*<', html, re.DOTALL)
    return {name: int(number) for name, number in found}


def numbers_of(html: str) -> list[str]:
    """The case numbers a page lists, in order, each once."""
    return list(dict.fromkeys(re.findall(r"/desk/cases/([0-9A-Z]{4}-[0-9A-Z]{4})/", html)))


def test_every_view_has_a_meaning_and_a_reader() -> None:
    assert set(MEANING) == set(VIEWS) == {name for names in VIEWS_OF.values() for name in names}


@pytest.mark.parametrize("at", [NOW, LATER], ids=["same day", "nine days later"])
def test_numbers_lists_and_sight_agree_for_every_role(cast: Cast, at: datetime) -> None:
    build_town(cast)
    seen = 0
    for reader in READERS:
        user = cast.everybody[reader]
        visible = list(Case.objects.visible_to(user).open().select_related("unit"))
        numbers = counts(views_of(user), user, at)
        for name in views_of(user):
            listed = [case.pk for case in cases_in(name, user, at)]
            assert set(listed) == {case.pk for case in visible if MEANING[name](case, user, at)}, (reader, name)
            assert len(listed) == len(set(listed)) == numbers[name], (reader, name)
            seen += len(listed)
    assert seen > 100


def test_the_page_shows_the_same_numbers_and_rows(sign_in: SignIn, cast: Cast, monday: time_machine.Traveller) -> None:
    build_town(cast)
    monday.move_to(LATER, tick=False)
    for reader in READERS:
        user, client = cast.everybody[reader], sign_in(cast.everybody[reader])
        names = views_of(user)
        for name in names:
            html = client.get("/desk/cases/", {"view": name}).content.decode()
            expected = [case.number for case in cases_in(name, user, LATER)]
            assert tabs_of(html) == counts(names, user, LATER), (reader, name)
            assert numbers_of(html) == expected, (reader, name)
            assert len(expected) <= PAGE


@pytest.mark.parametrize("name", ["xu", "gu", "meng"])
def test_administrators_have_no_queue(sign_in: SignIn, cast: Cast, name: str) -> None:
    assert sign_in(cast.everybody[name]).get("/desk/cases/").status_code == 404


def test_the_view_of_another_role_is_not_found(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(cast.wu)
    for name in ("received", "signoff", "nothing", "all'--"):
        assert client.get("/desk/cases/", {"view": name}).status_code == 404


def test_the_next_due_comes_first_and_what_has_no_clock_last(cast: Cast) -> None:
    for days in (3, 0, 5, 1):
        cast.upto(cast.rate(1, at=NOW - timedelta(days=days)), State.DISPATCHED, at=NOW - timedelta(days=days))
    actions.suspend_case(cast.upto(cast.rate(1, phone=""), State.SIGNED), by=SYSTEM, at=NOW)
    dues = [next_due(case) for case in cases_in("all", cast.qian, NOW)]
    running = [due for due in dues if due is not None]
    assert len(running) == 4
    assert running == sorted(running)
    assert dues[4:] == [None]


# --- paging ----------------------------------------------------------------------------------------------------------


def walk(client: Client, view: str, between: Callable[[int], None] = lambda page: None) -> list[str]:
    """Every number met on the way from the first page to the last."""
    address, met = f"?view={view}", []
    for page in range(1, 9):
        html = client.get(f"/desk/cases/{address}").content.decode()
        met += numbers_of(html)
        following = re.search(r'href="(\?[^"]*after=[^"]+)"', html)
        if following is None:
            return met
        between(page)
        address = following[1].replace("&amp;", "&")
    raise AssertionError("the pages have no end")


def test_paging_meets_every_case_once(sign_in: SignIn, cast: Cast) -> None:
    """Many share a due time, and some have none: the number decides among them."""
    cases = [cast.rate(1, at=NOW - timedelta(days=n % 3), phone="") for n in range(PAGE * 2 + 3)]
    for case in cases[::6]:
        cast.upto(case, State.SIGNED)
        actions.suspend_case(case, by=SYSTEM, at=NOW)
    met = walk(sign_in(cast.lin), "all")
    assert len(met) == len(set(met))
    assert set(met) == {case.number for case in cases}


def test_paging_loses_nothing_while_others_work(sign_in: SignIn, cast: Cast) -> None:
    """Between two pages the shown cases move on and new ones arrive: whatever stayed is met once, all the same."""
    cases = [cast.rate(1, at=NOW - timedelta(minutes=n)) for n in range(PAGE * 2 + 3)]
    first = [case.number for case in cases_in("received", cast.lin, NOW)[:PAGE]]
    gone = [case for case in cases if case.number in first[:20]]

    def work(page: int) -> None:
        if page == 1:
            for case in gone:
                cast.upto(case, State.PRECHECKED)
            for _ in range(3):
                cast.rate(1, at=NOW - timedelta(days=30))

    met = walk(sign_in(cast.lin), "received", work)
    assert len(met) == len(set(met))
    assert {case.number for case in cases} <= set(met)


BROKEN = ["null", "[1, 2]", '["2026-01-01", 1]', '[null, "a"]', "[null, 1e999]", "[" * 3000, "{", "[null, null]"]


@pytest.mark.parametrize("position", ["x", "é", *(base64.urlsafe_b64encode(text.encode()).decode() for text in BROKEN)])
def test_a_broken_position_is_the_first_page(sign_in: SignIn, cast: Cast, position: str) -> None:
    case = cast.rate(1)
    response = sign_in(cast.lin).get("/desk/cases/", {"view": "received", "after": position})
    assert response.status_code == 200
    assert numbers_of(response.content.decode()) == [case.number]


# --- search ----------------------------------------------------------------------------------------------------------


def test_search_by_number_and_by_words(sign_in: SignIn, cast: Cast) -> None:
    wanted, other = cast.rate(1, text="等了三个小时100%没人管"), cast.rate(1, text="态度生硬")
    client = sign_in(cast.lin)

    def found(words: str) -> list[str]:
        return numbers_of(client.get("/desk/cases/", {"view": "received", "q": words}).content.decode())

    assert found(wanted.number) == found(wanted.number.lower()) == found(f"  {wanted.number} ") == [wanted.number]
    assert found(wanted.number[:6]) == [wanted.number]
    assert found("三个小时") == found("100%") == [wanted.number]
    assert found("%") == [wanted.number]
    assert set(found(str(wanted.item_name))) == {wanted.number, other.number}
    assert found("没有这样的词") == []


def test_search_stays_within_what_one_may_see(sign_in: SignIn, cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.SIGNED)
    html = sign_in(cast.sun).get("/desk/cases/", {"view": "all", "q": case.number}).content.decode()
    assert numbers_of(html) == []


# --- rows, home and ageing -------------------------------------------------------------------------------------------


def test_a_row_offers_the_next_step_to_its_person_only(cast: Cast) -> None:
    town = build_town(cast)
    assert next_action(town["signed"], cast.wu) == Action.RECORD_CONTACT
    assert next_action(town["signed"], cast.wei) is None
    assert next_action(town["on_file"], cast.zhao) == next_action(town["on_file"], cast.qian) == Action.VERIFY_ON_FILE
    assert next_action(town["verified"], cast.zheng) is None
    assert next_action(town["suspended"], cast.wu) is None


def test_home_shows_the_numbers_of_the_lists(sign_in: SignIn, cast: Cast) -> None:
    build_town(cast)
    for reader in ("lin", "zheng", "zhao", "qian", "he", "zhou"):
        user = cast.everybody[reader]
        context = sign_in(user).get("/desk/").context
        shown = {panel.name: panel.count for panel in context["panels"]} | {"all": context["total"]}
        assert shown == {name: len(cases_in(name, user, NOW)) for name in views_of(user)}
        assert all(len(panel.rows) == min(panel.count, 5) for panel in context["panels"])


def test_window_staff_and_administrators_start_elsewhere(sign_in: SignIn, cast: Cast) -> None:
    assert sign_in(cast.wu).get("/desk/").url == "/desk/cases/"
    assert sign_in(cast.xu).get("/desk/").url == "/desk/tools/"


def test_ageing_sorts_open_cases_by_their_time(cast: Cast) -> None:
    cast.upto(cast.rate(1, phone=""), State.SIGNED)
    [row] = ageing(cast.qian, NOW)
    due = next_due(Case.objects.get())
    assert due is not None
    hour = timedelta(hours=1)
    moments = [due - timedelta(days=1) - hour, due - hour, due + hour, due + timedelta(days=5)]
    found = [ageing(cast.qian, at)[0] for at in moments]
    assert [[name for name, _start, length in age.bars if length] for age in found] == [
        ["in_time"],
        ["soon"],
        ["late"],
        ["very_late"],
    ]
    assert (row.unit, row.total) == (cast.unit.name, 1)


def test_each_number_of_the_ageing_table_is_the_length_of_its_list(sign_in: SignIn, cast: Cast) -> None:
    build_town(cast)
    client = sign_in(cast.qian)
    table = client.get("/desk/").content.decode().partition('class="ageing"')[2].partition("</table>")[0]
    links = re.findall(r'href="([^"]+)">(\d+)</a>', table)
    assert len(links) > 2
    for address, number in links:
        rows = client.get(html.unescape(address)).context["total"]
        assert rows == int(number), address
