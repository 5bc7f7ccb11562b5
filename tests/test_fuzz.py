"""Bad input at every door: never a 5xx, an answer people can read, and nothing written when it was refused.

Doors and their rightful visitors come from the authorization matrix, the names of fields from the rendered pages and
from the source, so a new form is covered by itself. FUZZ_EXAMPLES asks for more examples per door.
"""

# ruff: noqa: F811 - fixtures and arguments have the same names
from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.authz import matrix
from tests.authz.conftest import quiet, undone, world  # noqa: F401 - fixtures
from tests.authz.probes import probes
from tests.authz.probing import Probe
from tests.authz.world import World
from tests.support.bad_input import RAW, VALUES, files
from tests.support.pages import forms_in

# The world takes long to build: one worker builds it for all.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("fuzz")]
Undone = Callable[[], AbstractContextManager[None]]
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "5"))
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
HAN = re.compile(r"[\u4e00-\u9fff]")
ROOT = Path(__file__).parent.parent
FOLDERS = (
    "common",
    "organizations",
    "rectification",
    "evaluations",
    "appeals",
    "assessment",
    "oversight",
    "disclosure",
    "reviews_portal",
)
fuzzed = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@cache
def doors(method: str, word: str) -> list[tuple[Probe, str]]:
    """Every door that answers somebody with this word, and who that is."""
    table = matrix.read()
    found = []
    for probe in probes():
        cells = table[(*probe.key, method)]
        who = [name for name, cell in cells.items() if cell in word.split()]
        if who:
            found.append((probe, probe.rightful if probe.rightful in who else who[0]))
    return found


def name_of(door: Any) -> str:
    return ":".join(filter(None, door[0].key)) if isinstance(door, tuple) else str(door)


# The same act on another case is another cell of the matrix, but no other form.
POSTS = [
    door
    for door in doors("POST", "done shown moved")
    if door[0].route != "account_logout" and not door[0].about.endswith("elsewhere")
]
GETS = [door for door in doors("GET", "ok") if door[0].route != "act"]
# What is refused before any form is read is refused alike for all acts of a route.
ROUTES = list({door[0].route: door for door in POSTS}.values())


@cache
def asked_in_addresses() -> frozenset[str]:
    """Names the source reads from an address."""
    names: set[str] = set()
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            names |= set(re.findall(r'GET\.get\("(\w+)"', path.read_text(encoding="utf-8")))
    assert {"before", "after", "view", "moved"} <= names
    return frozenset(names)


def fields(world: World, probe: Probe, who: str) -> tuple[dict[str, Any], list[str], list[str]]:
    """What the rightful visitor would send, every name the page knows, and the names of its files."""
    principal = world.principals[who]
    client = world.client(principal)
    probe.prepare(world, principal, client)
    address = probe.address(world, principal)
    html = client.get(address)
    if html.streaming:
        b"".join(html.streaming_content)
    seen = [] if html.streaming else forms_in(html.content.decode(errors="replace"), address)
    body: dict[str, Any] = {}
    names, uploads = set(probe.typed(world, principal)), set()
    for form in seen:
        if form.action.split("?")[0] == address.split("?")[0]:
            body |= form.untouched if form.method == "post" else {}
            names |= set(form.controls)
            uploads |= set(form.files)
    body |= probe.typed(world, principal)
    return body, sorted(names - uploads - {"csrfmiddlewaretoken"}), sorted(uploads)


def send(world: World, probe: Probe, who: str, method: str, *more: Any, query: str = "", **extra: Any) -> HttpResponse:
    principal = world.principals[who]
    client = world.client(principal)
    probe.prepare(world, principal, client)
    address = probe.address(world, principal)
    address += ("&" if "?" in address else "?") + query if query else ""
    return getattr(client, method)(address, *more, **extra)


def readable(response: HttpResponse, wrote: int, sent: object) -> None:
    """No error of ours; what is refused is said in Chinese, without a trace of the machine, and left no trace."""
    about = f"{response.status_code} for {str(sent)[:300]}"
    assert response.status_code < 500, about
    if response.streaming:
        b"".join(response.streaming_content)  # read to the end, which closes the file
    if response.streaming or response.status_code in (301, 302):
        return
    text = response.content.decode()
    assert "Traceback" not in text, about
    if response.status_code >= 400:
        assert HAN.search(text) or response.status_code == 405 or "json" in response["Content-Type"], about
        assert wrote == 0, f"{about}: {wrote} rows were written"
    elif "error-summary" in text:
        assert wrote == 0, f"{about}: an error is shown, but {wrote} rows were written"


def try_once(world: World, undone: Undone, door: tuple[Probe, str], *more: Any, **extra: Any) -> HttpResponse:
    with undone():
        before = matrix.written()
        response = send(world, *door, *more, **extra)
        after = matrix.written()
        readable(response, after[0] - before[0] - (after[1] - before[1]), more or extra)
    return response


bad = st.one_of(st.sampled_from(VALUES), st.sampled_from(VALUES), st.text(max_size=60), st.integers().map(str))


def encoded(body: dict[str, Any]) -> str:
    """As a browser would, half characters included."""
    return urlencode(body, doseq=True, errors="surrogatepass")


@pytest.mark.parametrize("door", POSTS, ids=name_of)
def test_forms(world: World, undone: Undone, door: tuple[Probe, str]) -> None:
    """One field, or many, of a form that would else be accepted."""
    with undone():
        body, names, _files = fields(world, *door)

    @fuzzed
    @given(st.data())
    def spoilt(data: st.DataObject) -> None:
        chosen = data.draw(st.lists(st.sampled_from(names or ["x"]), min_size=1, max_size=3, unique=True))
        spoilt = {name: data.draw(st.one_of(bad, st.lists(bad, max_size=3))) for name in chosen}
        left_out = data.draw(st.sets(st.sampled_from(names or ["x"]), max_size=1))
        sent = {name: value for name, value in {**body, **spoilt}.items() if name not in left_out}
        try_once(world, undone, door, "post", encoded(sent), content_type=FORM)

    spoilt()


@pytest.mark.parametrize("door", GETS, ids=name_of)
def test_addresses(world: World, undone: Undone, door: tuple[Probe, str]) -> None:
    """Filters, positions in lists and whatever else stands behind a question mark."""
    with undone():
        _body, names, _files = fields(world, *door)
    names = sorted({*names, *asked_in_addresses()})

    @fuzzed
    @given(st.dictionaries(st.sampled_from(names), bad, min_size=1, max_size=4))
    def spoilt(query: dict[str, str]) -> None:
        try_once(world, undone, door, "get", query=encoded({name: value[:3000] for name, value in query.items()}))

    spoilt()


LISTS = [door for door in GETS if door[0].at_desk]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: ascii(value)[:40])
def test_every_position_of_every_list(world: World, undone: Undone, value: str) -> None:
    """The few names that read rather than filter, with every value there is."""
    for route in ("queue", "ledger", "audit", "structure-units", "structure-staff", "structure-calendar-year"):
        door = next(door for door in LISTS if door[0].route == route)
        query = encoded(dict.fromkeys(("after", "before", "moved", "since", "unit", "words", "q"), value[:3000]))
        try_once(world, undone, door, "get", query=query)
        if route == "queue":
            try_once(world, undone, door, "get", query=encoded({"after": value[:3000]}))


@pytest.mark.parametrize("door", ROUTES, ids=name_of)
def test_bodies_that_are_no_form(world: World, undone: Undone, door: tuple[Probe, str]) -> None:
    """Bytes that are no text, far too much, far too many, and what says it is something else."""
    with undone():
        _body, names, _files = fields(world, *door)
    name = (names or ["x"])[0]
    broken = "&".join(f"{name}={raw}&{raw}=1" for raw in RAW if raw != "%00")
    try_once(world, undone, door, "post", broken, content_type=FORM)
    answer = try_once(world, undone, door, "post", f"{name}=%00", content_type=FORM)
    # An envelope is read as bytes, and the provinces' own is answered in its own words with 200.
    envelope = door[0].route == "api-legacy"
    assert answer.status_code == (200 if envelope else 400)
    many = "&".join(f"f{number}=1" for number in range(10_001))
    large = f"{name}=" + "x" * 10 * 1024 * 1024
    for body in (many, large):
        answer = try_once(world, undone, door, "post", body, content_type=FORM)
        assert answer.status_code in ((200,) if envelope else (400, 413)), f"{len(body)} bytes: {answer.status_code}"
        assert envelope or "这个请求读不懂" in answer.content.decode()
    parts = "".join(f'--x\r\nContent-Disposition: form-data; name="f{n}"\r\n\r\n1\r\n' for n in range(1001))
    for body, kind in ((parts + "--x--", MULTIPART), ("--x\r\nnonsense", MULTIPART), ("[" * 5000, "application/json")):
        try_once(world, undone, door, "post", body, content_type=kind)
    try_once(world, undone, door, "post", "x", content_type="multipart/form-data")


def with_files() -> list[tuple[Probe, str]]:
    return [
        door
        for door in POSTS
        if door[0].route in ("tracking", "intake-new", "appeal-draft") or door[0].about.startswith("submit_report")
    ]


@pytest.mark.parametrize("door", with_files(), ids=name_of)
def test_files(world: World, undone: Undone, door: tuple[Probe, str]) -> None:
    with undone():
        body, _names, uploads = fields(world, *door)
    assert uploads, "the page asks for no file any more"
    plain = {key: value for key, value in body.items() if value not in ("", [""])}
    for upload in files():
        for name in uploads:
            upload.seek(0)
            with undone():
                response = send(world, *door, "post", {**plain, name: upload})
                readable(response, 0, upload.name)
    with undone():
        readable(send(world, *door, "post", {**plain, uploads[0]: "no file at all"}), 0, "text")


def paths() -> Iterator[tuple[str, list[str]]]:
    """Every route with something else in its address."""
    numbers = ("0", "99999999999999999999", "9" * 100)
    words = ("𠮷", "x" * 300, "\u202e", "a'b\"c", "99999999999999999999", "-", "..")
    for probe, _who in [*GETS, *POSTS]:
        for odd in (*numbers, *words):
            yield probe.route, [odd]


def test_paths(world: World, undone: Undone) -> None:
    """Numbers no column holds and names nobody has lead to a page that says so."""
    who = {"structure": "system", "intake": "system", "rule": "system", "resend": "system", "pressure-settle": "city"}
    tried = 0
    for route, odd in dict.fromkeys((route, odd[0]) for route, odd in paths()):
        for count in (1, 2, 3):
            try:
                address = reverse(route, args=[odd] * count)
            except NoReverseMatch:
                continue
            name = next((name for start, name in who.items() if route.startswith(start)), "city")
            for method in ("get", "post"):
                client = world.client(world.principals[name])
                with undone():
                    readable(getattr(client, method)(address), 0, address)
                tried += 1
    for raw in RAW:
        client = world.client(world.principals["city"])
        readable(client.get(f"/desk/cases/{raw}/"), 0, raw)
        readable(client.get(f"/t/{raw}/"), 0, raw)
        readable(client.get(f"/{quote(raw)}"), 0, raw)
    assert tried > 100
