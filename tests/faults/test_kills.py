"""Web, worker, PostgreSQL and Valkey are killed while citizens rate: nothing acknowledged is lost or doubled."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2
import pytest

from tests.support.citizen import Citizen
from tests.support.world import World, running_world

KILLS = int(os.environ.get("KILLS", "40"))
SEED = int(os.environ.get("KILLS_SEED", "20261123"))
LINKS = 4000


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with running_world(tmp_path, links=LINKS) as world:
        yield world


@dataclass
class Ledger:
    """What citizens were told is done, and what they were told when it was not."""

    acknowledged: dict[str, int] = field(default_factory=dict)
    errors: dict[int, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, nonce: str, level: int) -> None:
        with self.lock:
            self.acknowledged[nonce] = level

    def miss(self, status: int) -> None:
        with self.lock:
            self.errors[status] = self.errors.get(status, 0) + 1


def rate_until_told(world: World, token: str, level: int, ledger: Ledger, stop: threading.Event) -> None:
    """One citizen: the form is kept and sent again until there is an answer."""
    citizen, address = Citizen(), f"{world.portal.address}/r/{token}/"
    fields = None
    while fields is None and not stop.is_set():
        fields = citizen.rating_form(address)
        if fields is None:
            time.sleep(0.1)
    if fields is None:
        return
    fields |= {
        "level": str(level),
        "text": "等了很久" if level < 3 else "",
        "phone": "13800000001" if level < 3 else "",
    }
    for _try in range(200):
        answer = citizen.open(address, fields)
        if answer.status == 200 and "/receipt/" in answer.address:
            ledger.note(fields["nonce"], level)
            return
        ledger.miss(answer.status)
        if stop.is_set():
            return
        time.sleep(0.15)


def visitors(world: World, ledger: Ledger, stop: threading.Event, seed: int) -> None:
    dice = random.Random(seed)
    while not stop.is_set() and world.links:
        level = 1 if dice.random() < 0.15 else 5
        rate_until_told(world, world.links.pop(), level, ledger, stop)


@pytest.mark.faults
@pytest.mark.timeout(600)
def test_random_kills_lose_nothing(world: World) -> None:
    """≥ 40 kills; the invariants of docs on reliability (I1, I2, I3, I4, I5, I7) hold afterwards."""
    print(f"seed {SEED}, {KILLS} kills")
    dice, ledger, stop = random.Random(SEED), Ledger(), threading.Event()
    threads = [threading.Thread(target=visitors, args=(world, ledger, stop, n)) for n in range(4)]
    for thread in threads:
        thread.start()
    try:
        for _kill in range(KILLS):
            time.sleep(dice.uniform(0.3, 0.9))
            world.kill_and_restart(dice.choice(["web", "worker", "postgres", "valkey", "postgres", "web"]))
        time.sleep(3)
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)
    print(f"{len(ledger.acknowledged)} acknowledged, answers that were none: {ledger.errors}")
    assert len(ledger.acknowledged) > KILLS
    assert set(ledger.errors) <= {0, 503}, ledger.errors
    _check_invariants(world, ledger)


def _check_invariants(world: World, ledger: Ledger) -> None:
    connection = psycopg2.connect(world.postgres.url("postgres"))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.nonce, e.level FROM evaluations_submittedform f JOIN evaluations_evaluation e ON e.id = f.row"
        )
        stored = dict(cursor.fetchall())
    connection.close()
    lost = {nonce: level for nonce, level in ledger.acknowledged.items() if stored.get(nonce) != level}
    assert not lost
    assert world.ask("SELECT count(*) FROM evaluations_evaluation") == len(stored)
    assert world.ask("SELECT count(*) FROM evaluations_evaluation WHERE level <= 2 AND case_id IS NULL") == 0
    assert (
        world.ask(
            "SELECT count(*) FROM rectification_case c WHERE"
            " (SELECT count(*) FROM evaluations_evaluation e WHERE e.case_id = c.id) <> 1"
        )
        == 0
    )
    assert (
        world.ask(
            "SELECT count(*) FROM rectification_case c WHERE NOT EXISTS"
            " (SELECT 1 FROM rectification_deadline d WHERE d.case_id = c.id AND d.met_at IS NULL)"
        )
        == 0
    )
    assert (
        world.ask(
            "SELECT count(*) FROM rectification_caseevent e WHERE"
            " (SELECT count(*) FROM common_auditentry a, rectification_case c"
            " WHERE c.id = e.case_id AND a.object_id = c.number AND a.action = 'case.' || e.action) <> 1"
        )
        == 0
    )
    _wait_for_messages(world)


def _wait_for_messages(world: World) -> None:
    """Every receipt due reaches the gateway, once by its key.

    A worker killed between the gateway's answer and its own note leaves a message that is taken and still waits: it is
    sent again with the same key when its lease is over, and only then are both sides equal.
    """
    due = world.ask("SELECT count(*) FROM common_outboxmessage WHERE channel = 'sms' AND next_attempt_at <= now()")
    done = "SELECT count(*) FROM common_outboxmessage WHERE channel = 'sms' AND state = 'sent'"
    late = "channel = 'sms' AND state = 'waiting' AND next_attempt_at <= now()"
    waiting = f"SELECT count(*) FROM common_outboxmessage WHERE {late}"
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline and (world.ask(waiting) or len(world.receiver.accepted) != world.ask(done)):
        time.sleep(1)
    sent = world.ask(done)
    assert len(world.receiver.accepted) == sent
    assert sent >= due or due == 0
    assert world.ask("SELECT count(*) FROM common_outboxmessage WHERE state = 'dead'") == 0
