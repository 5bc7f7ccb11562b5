"""The worker that takes a file in is killed, at the worst places and at random: the file ends as if it had not been."""

from __future__ import annotations

import contextlib
import csv
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg2
import pytest

from tests.support.portal import ROOT
from tests.support.world import World, running_world

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("intake"), pytest.mark.timeout(300)]
ROWS, NEGATIVES, BROKEN = 60_000, 40, 600
SEND = """
from pathlib import Path
from django.core.files import File
from django.utils import timezone
from common.actors import SYSTEM
from evaluations.actions.batches import start_batch
from evaluations.actions.uploads import receive_file
from evaluations.models import Source
path = Path("{path}")
with path.open("rb") as file:
    [batch] = receive_file(File(file, path.name), path.name, source=Source.objects.get(pk="{source}"),
                           kind="ratings", by=SYSTEM, at=timezone.now(), now=True)
start_batch(batch, batch.plan["columns"], dry_run=False, by=SYSTEM, at=timezone.now())
print("batch", batch.pk)
"""
STEER = """
import time
from django.utils import timezone
from common.actors import SYSTEM
from evaluations.actions.batches import steer_batch
from evaluations.models import Batch
print("ready", flush=True)
while Batch.objects.get(pk={batch}).received <= {above}:
    time.sleep(0.01)
steer_batch(Batch.objects.get(pk={batch}), to="{to}", by=SYSTEM, at=timezone.now())
"""
ANOTHER = """
from common.actors import SYSTEM
from django.utils import timezone
from evaluations.actions.sources import add_source
add_source("another", "演示来源", like="default", by=SYSTEM, at=timezone.now())
"""
HEADER = ["办件编号", "满意度", "评价内容", "评价时间", "评价渠道", "是否默认评价", "部门编码", "事项编码", "手机号"]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("intake")
    folder.parent.chmod(0o755)
    with running_world(folder, links=1) as world:
        yield world


def ask(world: World, statement: str) -> list[tuple]:
    connection = psycopg2.connect(world.postgres.url("postgres"))
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()
    finally:
        connection.close()


@pytest.fixture(scope="module")
def path(world: World) -> Path:
    """Sixty thousand rows: forty unhappy, six hundred that cannot be taken in, some of them twice."""
    [(unit, item)] = ask(
        world,
        "SELECT u.code, i.code FROM organizations_serviceitem i JOIN organizations_unit u ON u.id = i.unit_id"
        " ORDER BY i.id LIMIT 1",
    )
    begin = datetime.now(UTC) + timedelta(hours=8) - timedelta(days=3)
    file = world.folder / "year.csv"
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(HEADER)
        for number in range(ROWS):
            level = 1 if number % (ROWS // NEGATIVES) == 700 else 9 if number % (ROWS // BROKEN) == 7 else 5
            key = number - 1 if number % 5000 == 4999 else number
            at = begin - timedelta(seconds=key)
            cells = [f"3706002026KILL{key:06d}", level, "没有样本" if level == 1 else "", f"{at:%Y-%m-%d %H:%M:%S}"]
            writer.writerow([*cells, "4", "0", unit if number % 997 else "?", item if number % 997 else "", ""])
    return file


def send(world: World, path: Path, source: str) -> int:
    """Puts the file before the worker; returns the batch's key."""
    said = world.portal.manage("shell", "-v", "0", "-c", SEND.format(path=path, source=source))
    return int(next(line.split()[1] for line in said.splitlines() if line.startswith("batch ")))


def received(world: World, batch: int) -> int:
    return world.ask(f"SELECT received FROM evaluations_batch WHERE id = {batch}")


def wait_for(happened: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def done(world: World, batch: int) -> bool:
    return bool(world.ask(f"SELECT count(*) FROM evaluations_batch WHERE id = {batch} AND stage = 'done'"))


def bulk(world: World, failpoint: str = "") -> None:
    world.portal.env.pop("FAILPOINT", None)
    if failpoint:
        world.portal.env["FAILPOINT"] = failpoint
    world.portal.start_bulk()
    world.portal.env.pop("FAILPOINT", None)


@contextlib.contextmanager
def steering(world: World, batch: int, to: str, *, above: int = -1) -> Iterator[None]:
    """Does something and waits until the batch was steered, as soon as more than so many rows had been received.

    Whoever steers is there before it begins: starting takes longer than the rest of the file.
    """
    script = STEER.format(batch=batch, to=to, above=above)
    command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", script]
    with subprocess.Popen(command, cwd=ROOT, env=world.portal.env, stdout=subprocess.PIPE, text=True) as hand:
        assert hand.stdout
        assert hand.stdout.readline() == "ready\n"
        yield
        assert hand.wait(timeout=120) == 0


def result(world: World, batch: int) -> dict[str, list[tuple]]:
    """Everything a file has led to, without what differs between any two files: identifiers and moments of receipt."""
    return {
        "counts": ask(
            world,
            "SELECT stage, total, position, received, stored, duplicates, quarantined, held, refused, warned, cases"
            f" FROM evaluations_batch WHERE id = {batch}",
        ),
        "ratings": ask(
            world,
            "SELECT project_number, service_number, assess_number, level, tags, text, rated_at, channel, origin,"
            " is_default, unit_id, item_id, negative, case_id IS NULL"
            f" FROM evaluations_evaluation WHERE batch_id = {batch} ORDER BY project_number, assess_number",
        ),
        "left": ask(
            world,
            "SELECT line, outcome, faults, waits_kind, waits_for FROM evaluations_leftrow"
            f" WHERE batch_id = {batch} ORDER BY line",
        ),
        "cases": ask(
            world,
            "SELECT c.state, count(*) FROM rectification_case c JOIN evaluations_evaluation e ON e.case_id = c.id"
            f" WHERE e.batch_id = {batch} GROUP BY c.state",
        ),
    }


def keys_without_rows(world: World) -> int:
    return world.ask(
        "SELECT count(*) FROM evaluations_servicekey k WHERE k.assess_number > 0 AND NOT EXISTS"
        " (SELECT FROM evaluations_evaluation e WHERE e.id = k.row)"
    )


@pytest.fixture(scope="module")
def undisturbed(world: World, path: Path) -> dict[str, list[tuple]]:
    bulk(world)
    batch = send(world, path, "online")
    wait_for(lambda: done(world, batch))
    world.portal.kill("bulk")
    found = result(world, batch)
    [(stage, total, position, seen, *_rest, cases)] = found["counts"]
    assert (stage, total, position, seen, cases) == ("done", ROWS, ROWS, ROWS, NEGATIVES)
    return found


def test_killed_at_the_worst_places_and_at_random(
    world: World, path: Path, undisturbed: dict[str, list[tuple]]
) -> None:
    batch = send(world, path, "hall")
    for failpoint in ("chunk_taken", "chunk_before_commit"):
        bulk(world, failpoint)
        log = world.folder / "bulk.log"
        before = log.read_text().count("SIGKILL")
        wait_for(lambda: log.read_text().count("SIGKILL") > before + 1)  # noqa: B023
        world.portal.kill("bulk")
        assert received(world, batch) == 0
        assert world.ask(f"SELECT count(*) FROM evaluations_leftrow WHERE batch_id = {batch}") == 0
    kills = 0
    while not done(world, batch):
        so_far = received(world, batch)
        bulk(world)
        wait_for(lambda: received(world, batch) > so_far or done(world, batch))  # noqa: B023
        if kills < 3 and not done(world, batch):
            world.portal.kill("bulk")
            kills += 1
        else:
            wait_for(lambda: done(world, batch))
            world.portal.kill("bulk")
    assert kills >= 2, "the file ended before it could be disturbed"
    assert result(world, batch) == undisturbed
    assert keys_without_rows(world) == 0


def test_paused_and_resumed_it_ends_the_same(world: World, path: Path, undisturbed: dict[str, list[tuple]]) -> None:
    world.portal.manage("shell", "-v", "0", "-c", ANOTHER)
    batch = send(world, path, "another")
    for _times in range(2):
        so_far = received(world, batch)
        with steering(world, batch, "paused", above=so_far):
            bulk(world)
        world.portal.kill("bulk")
        assert so_far < received(world, batch) < ROWS, "it ended before it could be paused"
        assert world.ask(f"SELECT count(*) FROM evaluations_batch WHERE id = {batch} AND stage = 'paused'") == 1
        with steering(world, batch, "waiting"):
            pass
    bulk(world)
    wait_for(lambda: done(world, batch))
    assert result(world, batch) == undisturbed


def test_cancelled_what_is_stored_stays(world: World, path: Path) -> None:
    world.portal.manage("shell", "-v", "0", "-c", ANOTHER.replace("another", "third"))
    if "bulk" in world.portal.processes:  # it would take the file in before anybody can cancel it
        world.portal.kill("bulk")
    batch = send(world, path, "third")
    with steering(world, batch, "cancelled", above=0):
        bulk(world)
    time.sleep(2)
    stopped = received(world, batch)
    assert 0 < stopped < ROWS, "it ended before it could be cancelled"
    time.sleep(7)
    assert received(world, batch) == stopped, "the next beat has gone on with it"
    counted = world.ask(f"SELECT stored FROM evaluations_batch WHERE id = {batch}")
    assert world.ask(f"SELECT count(*) FROM evaluations_evaluation WHERE batch_id = {batch}") == counted > 0
