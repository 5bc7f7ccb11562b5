"""What is expected at every door, as a table for people: matrix.csv. One word per cell.

    ok      the page or the file is shown              login   led to signing in
    done    the act was carried out                    reauth  led to giving the password once more
    shown   the form again: nothing was carried out    moved   led elsewhere, nothing was carried out
    401 403 404 405 409 429                            the status, and nothing was written
    -       not asked: this door does not tell them from another column (probes.py)

`AUTHZ_WRITE=1` writes what was seen in place of what was expected, for a person to read as a difference.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import connection
from django.http import HttpResponse

from tests.authz.probing import Probe
from tests.authz.world import Principal, World

FILE = Path(__file__).parent / "matrix.csv"
NOT_ASKED = "-"
METHODS = ("GET", "POST")
HEAD = ("route", "about", "method")
Key = tuple[str, str, str]
Table = dict[Key, dict[str, str]]
REFUSALS = frozenset({"login", "reauth", "401", "403", "404", "405", "409", "429"})
# Sessions, counters, signs of life and the trail of refusals are written by whoever knocks.
BESIDE = ("django_session", "cache", "usersessions_usersession", "common_tokenbucket", "evaluations_devicepulse")
# pg_stat_xact_user_tables says the same, and looks into every index of every table for it.
WRITTEN = """
SELECT
  sum(pg_stat_get_xact_tuples_inserted(t) + pg_stat_get_xact_tuples_updated(t) + pg_stat_get_xact_tuples_deleted(t)),
  (SELECT count(*) FROM common_auditentry WHERE NOT success)
FROM unnest(%s::oid[]) t"""


def read() -> Table:
    """The expected table."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found: Table = {}
    for row in rows:
        key = (row.pop("route"), row.pop("about"), row.pop("method"))
        assert key not in found, f"twice in the matrix: {key}"
        found[key] = row
    return found


def write(table: Table, order: Iterable[Key]) -> None:
    """Writes a table in the order of the probes."""
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        names = list(next(iter(table.values())))
        writer.writerow([*HEAD, *names])
        writer.writerows([[*key, *(table[key][name] for name in names)] for key in order if key in table])


def written() -> tuple[int, int]:
    """How many rows this transaction has written so far, undone ones too, and how many refusals are on the trail."""
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN, [_tables()])
        rows, refusals = cursor.fetchone()
        return int(rows), int(refusals)


@functools.cache
def _tables() -> list[int]:
    """All tables but those beside, as the database numbers them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relid FROM pg_stat_user_tables WHERE NOT relname = ANY(%s)", [list(BESIDE)])
        return [number for (number,) in cursor.fetchall()]


def outcome(response: HttpResponse, method: str, *, wrote: bool) -> str:
    """The one word for an answer."""
    status = response.status_code
    if status == 302:
        target = response["Location"]
        if target.startswith("/accounts/login/"):
            return "login"
        if "/reauthenticate/" in target:
            return "reauth"
        return "done" if wrote else "moved"
    if status == 200:
        if method == "GET":
            return "ok"
        return "done" if wrote else "shown"
    return str(status)


def knock(world: World, probe: Probe, method: str, who: Principal, body: dict[str, Any]) -> tuple[str, int, int]:
    """Asks once.

    Returns:
        The word for the answer, how many rows were written, and how many refusals are on the trail because of it.
    """
    client = world.client(who)
    probe.prepare(world, who, client)
    address = probe.address(world, who)
    before = written()
    response = client.get(address) if method == "GET" else client.post(address, body)
    after = written()
    refused = after[1] - before[1]
    wrote = after[0] - before[0] - refused
    if response.streaming:
        b"".join(response.streaming_content)  # read to the end, which closes the file
    return outcome(response, method, wrote=wrote > 0), wrote, refused
