"""What a person sees in lists, counts and files is one set, `visible_to`: nobody else's case is on any page."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.models import Export, Notice
from organizations.actions import run_exports
from rectification.lists import VIEWS, counts, views_of
from rectification.models import Case
from tests.authz.world import SAID_BY_WINDOW, World
from tests.factories import NOW

pytestmark = pytest.mark.django_db
Undone = Callable[[], AbstractContextManager[None]]
LISTS = (
    "desk",
    "queue",
    "ledger",
    "exports",
    "pressure",
    "structure-hand-overs",
    "notices",
    "tools",
    "audit",
    "rules",
    "entry",
    "checks",
    "ratings",
    "statistics",
    "metrics",
    "overview",
)
PEOPLE = (
    "window",
    "colleague",
    "rated",
    "supervisor",
    "superior",
    "other_window",
    "other_supervisor",
    "co_handler",
    "dispatcher",
    "callback",
    "county",
    "other_county",
    "city",
    "auditor",
    "system",
    "security",
    "audit_admin",
    "former",
)
# Who reads the trail reads numbers there, of cases they may not open: that is what the trail is for.
READS_NUMBERS = {"audit": {"auditor", "audit_admin"}}


def everything() -> dict[str, str]:
    """Every case by its number."""
    return dict(Case.objects.values_list("number", "text"))


def seen_by(world: World, name: str) -> set[str]:
    person = world.principals[name].person
    assert person is not None
    person.__dict__.pop("duties", None)
    return set(Case.objects.visible_to(person).values_list("number", flat=True))


def _told(world: World, name: str) -> str:
    """What this person was told when it was theirs: a notice outlives a case that a colleague has signed for."""
    own = Notice.objects.filter(staff=world.principals[name].person)
    return " ".join(f"{text} {url}" for text, url in own.values_list("text", "url"))


def pages(client: Client, address: str) -> str:
    """A list with all its further pages."""
    html, more = "", [address]
    while more:
        response = client.get(more.pop())
        html += response.content.decode() if response.status_code == 200 else ""
        found = re.search(r'href="(\?[^"]*(?:after|before)=[^"]+)"', response.content.decode())
        if found:
            more.append(address + found[1].replace("&amp;", "&"))
    return html


@pytest.mark.parametrize("name", PEOPLE)
def test_nobody_elses_case_is_on_any_list(world: World, name: str) -> None:
    mine, client = seen_by(world, name), world.client(world.principals[name])
    foreign = set(everything()) - mine
    for route in LISTS:
        if name in READS_NUMBERS.get(route, ()):
            continue
        html = pages(client, reverse(route))
        told = _told(world, name) if route == "notices" else ""
        shown = {number for number in foreign if number in html and number not in told}
        assert not shown, f"{route} shows {name} {shown}"


@pytest.mark.parametrize("name", PEOPLE)
def test_the_ledger_its_number_and_its_file_are_what_is_visible(world: World, undone: Undone, name: str) -> None:
    mine, client = seen_by(world, name), world.client(world.principals[name])
    answer = client.get(reverse("ledger"))
    if answer.status_code == 404:
        assert not mine, f"{name} sees cases and no ledger"
        return
    html = pages(client, reverse("ledger"))
    rows = set(re.findall(r'href="/desk/cases/([0-9A-Z-]{9})/"', html))
    assert rows == mine
    assert answer.context["total"] == len(mine)
    with undone():
        assert client.post(reverse("ledger"), {"format": "csv", "reason": "核对"}).status_code == 302
        run_exports(at=NOW)
        export = Export.objects.filter(by=world.principals[name].person).latest("pk")
        data = b"".join(client.post(reverse("export", args=[export.pk])).streaming_content).decode("utf-8-sig")
        assert {row[0] for row in list(csv.reader(io.StringIO(data)))[1:]} == mine
        assert export.rows == len(mine)


@pytest.mark.parametrize("name", PEOPLE)
def test_every_number_on_a_tab_is_the_list_behind_it(world: World, name: str) -> None:
    person, client = world.principals[name].person, world.client(world.principals[name])
    assert person is not None
    mine = seen_by(world, name)
    names = views_of(person)
    numbers = counts(names, person, timezone.now())
    for view in names:
        html = pages(client, f"{reverse('queue')}?view={view}").split("<main")[-1]
        rows = set(re.findall(r'href="/desk/cases/([0-9A-Z-]{9})/"', html))
        assert rows <= mine
        assert len(rows) == numbers[view], f"{name}: {VIEWS[view].label}"


def test_a_draft_is_its_writers_alone(world: World) -> None:
    address = reverse("act", args=[world.case_of("rectifying"), "submit_report"])
    for name, expected in (("window", True), ("supervisor", False), ("superior", False)):
        html = world.client(world.principals[name]).get(address).content.decode()
        assert (SAID_BY_WINDOW in html) is expected, name


def test_a_notice_is_its_readers_alone(world: World, undone: Undone) -> None:
    with undone():
        client = world.client(world.principals["window"])
        client.post(reverse("notices"))
        read = Notice.objects.exclude(read_at=None)
        assert read.exists()
        assert set(read.values_list("staff", flat=True)) == {world.handler.pk}


def test_a_number_nobody_has_and_a_strangers_case_are_answered_alike(world: World) -> None:
    """Same status, same page, so that numbers cannot be tried out; at the desk and on the citizens' pages."""
    desk = world.client(world.principals["other_window"])
    for route in ("case", "case-presence"):
        answers = [desk.post(reverse(route, args=[world.case_of(one)])) for one in ("rectifying", "unknown")]
        assert answers[0].status_code == answers[1].status_code
    pages_of = [desk.get(reverse("case", args=[world.case_of(one)])).content for one in ("rectifying", "unknown")]
    numbers = [world.case_of(one).encode() for one in ("rectifying", "unknown")]
    assert pages_of[0].replace(numbers[0], b"") == pages_of[1].replace(numbers[1], b"")
    citizen = world.client(world.principals["anonymous"])
    tried = [
        citizen.post(reverse("track"), {"number": world.case_of(one), "code": "000000"})
        for one in ("rectifying", "unknown")
    ]
    plain = [
        re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"', b"", answer.content.replace(number, b""))
        for answer, number in zip(tried, numbers, strict=True)
    ]
    assert plain[0] == plain[1]
