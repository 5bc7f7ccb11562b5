"""Broker, database and worker fail while the real portal runs: what is due goes out once, and no page is a 500."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.citizen import Answer, Citizen
from tests.support.world import World, running_world

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]
TEXT = "排队两个小时,没有人理我"
SIGN_IN = """
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
client = Client(); client.force_login(get_user_model().objects.get(username="{name}"))
name = settings.SESSION_COOKIE_NAME
print("session", f"{{name}}={{client.cookies[name].value}}")
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("worker")
    # PostgreSQL runs as another user where the tests run as root: it must be able to walk to its folder.
    folder.parent.chmod(0o755)
    with running_world(folder, links=30) as world:
        yield world


@pytest.fixture(autouse=True)
def quiet_world(world: World) -> None:
    """Nothing of the test before is under way: every message of it has gone out."""
    world.receiver.mode = "ok"
    world.all_due()
    wait_for(lambda: waiting(world) == 0, 60)
    world.receiver.calls.clear()
    world.receiver.accepted.clear()


def wait_for(happened: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def waiting(world: World) -> int:
    return world.ask("SELECT count(*) FROM common_outboxmessage WHERE channel = 'sms' AND state = 'waiting'")


def rate(world: World) -> Answer:
    """A negative rating with a telephone number: its receipt is a message."""
    citizen, address = Citizen(), f"{world.portal.address}/r/{world.links.pop()}/"
    fields = citizen.rating_form(address)
    assert fields is not None
    return citizen.open(address, {**fields, "level": "1", "text": TEXT, "phone": "13800000001"})


def staff_cookie(world: World, name: str) -> str:
    """The cookie of a person who has signed in."""
    made = world.portal.manage("shell", "-v", "0", "-c", SIGN_IN.format(name=name))
    return next(line.split()[1] for line in made.splitlines() if line.startswith("session "))


def precheck(world: World, cookie: str) -> Answer:
    """The dispatcher opens the first case of the list and presses 预审."""
    browser = Citizen()
    browser.opener.addheaders = [("Cookie", cookie)]
    listed = browser.open(f"{world.portal.address}/desk/cases/?view=received")
    number = re.search(r"/desk/cases/([0-9A-Z]{4}-[0-9A-Z]{4})/", listed.body)
    assert number is not None, listed.status
    address = f"{world.portal.address}/desk/cases/{number[1]}/precheck/"
    page = browser.open(address)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.body))
    # The jar's cookies and a header of one's own do not go together: the token's cookie is put beside the session's.
    token = "; ".join(f"{kept.name}={kept.value}" for kept in browser.jar)
    presser = Citizen()
    presser.opener.addheaders = [("Cookie", f"{cookie}; {token}")]
    return presser.open(address, {**hidden, "true": "yes", "reasonable": "yes", "malicious": "no"})


def test_without_the_broker_pages_and_acts_work_and_messages_follow(world: World) -> None:
    cookie = staff_cookie(world, "lin")
    world.valkey.stop()
    try:
        answers = [rate(world) for _ in range(3)]
        assert [(answer.status, "/receipt/" in answer.address) for answer in answers] == [(200, True)] * 3
        assert precheck(world, cookie).status == 200
        assert world.ask("SELECT count(*) FROM rectification_caseevent WHERE action = 'precheck'") == 1
        assert Citizen().open(f"{world.portal.address}/readyz").status == 200
        assert Citizen().open(f"{world.portal.address}/readyz?strict=1").status == 503
        world.all_due()
        assert world.receiver.calls == []
    finally:
        world.valkey.start()
    wait_for(lambda: waiting(world) == 0, 90)
    assert len(world.receiver.accepted) == len(world.receiver.calls) == 3


def test_without_the_database_every_answer_is_kept(world: World) -> None:
    citizen, address = Citizen(), f"{world.portal.address}/r/{world.links.pop()}/"
    fields = citizen.rating_form(address)
    assert fields is not None
    form = {**fields, "level": "1", "text": TEXT, "phone": "13800000001"}
    world.postgres.stop()
    try:
        refused = citizen.open(address, form)
        others = [citizen.open(f"{world.portal.address}{path}") for path in ("/", "/desk/", "/t/", f"/r/{'x' * 22}/")]
        alive = citizen.open(f"{world.portal.address}/healthz")
        ready = citizen.open(f"{world.portal.address}/readyz")
    finally:
        world.postgres.start()
    assert (refused.status, alive.status, ready.status) == (503, 200, 503)
    assert {answer.status for answer in others} <= {200, 302, 503}
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', refused.body))
    assert {name: kept.get(name) for name in form if name != "csrfmiddlewaretoken"} == {
        name: value for name, value in form.items() if name != "csrfmiddlewaretoken"
    }
    again = citizen.open(address, kept)
    assert (again.status, "/receipt/" in again.address) == (200, True)
    assert world.ask("SELECT count(*) FROM evaluations_submittedform WHERE nonce = '" + form["nonce"] + "'") == 1
    world.all_due()
    wait_for(lambda: waiting(world) == 0, 60)
    assert len(world.receiver.accepted) == 1


def test_a_worker_killed_while_it_delivers_doubles_nothing(world: World) -> None:
    """The gateway has the message, the worker dies before it hears so: it is sent again under the same key."""
    world.receiver.mode = "slow"
    for _ in range(4):
        rate(world)
    world.all_due()
    wait_for(lambda: bool(world.receiver.calls), 60)
    world.portal.kill("worker")
    world.receiver.mode = "ok"
    wait_for(lambda: bool(world.receiver.accepted), 10)
    assert waiting(world) > 0
    world.portal.start_worker()
    # The dead worker's lease of two minutes is not waited for.
    world.all_due()
    wait_for(lambda: waiting(world) == 0, 90)
    keys = [call["key"] for call in world.receiver.calls]
    assert len(world.receiver.accepted) == len(set(keys)) == 4
    assert len(keys) > 4
    assert world.ask("SELECT count(*) FROM common_outboxmessage WHERE state NOT IN ('sent', 'dropped')") == 0
