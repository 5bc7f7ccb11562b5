"""The demo city's past quarters: four closed by the schedule, each made again bit for bit, their notices in order."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from itertools import pairwise
from typing import Any

import psycopg2
import pytest

from tests.support.portal import ROOT, demo_database

# One copy of the city for all of them: with two workers each would take it from the other.
pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("demo-quarters")]


@pytest.fixture(scope="module")
def city() -> Iterator[tuple[dict[str, str], Any]]:
    """The environment of a copy of the demo city, and a connection to it."""
    address = demo_database("demo_quarters")
    with closing(psycopg2.connect(address)) as connection:
        yield {**os.environ, "DATABASE_URL": address, "PORTAL_MODE": "test"}, connection


def ask(city: tuple[dict[str, str], Any], statement: str) -> list[tuple[Any, ...]]:
    with city[1].cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def test_every_frozen_quarter_is_made_again_bit_for_bit(city: tuple[dict[str, str], Any]) -> None:
    frozen = ask(
        city,
        "SELECT to_char(begins, 'YYYY-\"Q\"Q'), frozen_at < begins + interval '5 months' FROM assessment_quarter"
        " WHERE state = 'frozen' ORDER BY begins",
    )
    assert [in_time for _name, in_time in frozen] == [True] * 4
    for name, _in_time in frozen:
        command = [sys.executable, "manage.py", "rebuild_quarter", name, "--check"]
        done = subprocess.run(command, cwd=ROOT, env=city[0], capture_output=True, text=True)
        assert done.returncode == 0, (name, done.stdout[-500:], done.stderr[-500:])


def test_a_fifth_quarter_is_open_to_objections(city: tuple[dict[str, str], Any]) -> None:
    assert ask(city, "SELECT count(*) FROM assessment_quarter WHERE state = 'objecting'") == [(1,)]


def test_notices_are_drafted_by_the_clock_and_numbered_in_the_order_of_time(city: tuple[dict[str, str], Any]) -> None:
    rows = ask(
        city,
        "SELECT year, serial, issued_at, drafted_by_id FROM oversight_quarternotice"
        " WHERE stage = 'issued' ORDER BY begins",
    )
    assert len(rows) == 4
    moments = [moment for _year, _serial, moment, _by in rows]
    assert all(isinstance(moment, datetime) for moment in moments)
    assert moments == sorted(moments)
    last: dict[int, int] = {}
    for year, serial, moment, by in rows:
        assert (moment.year, by) == (year, None)
        assert serial == last.get(year, 0) + 1
        last[year] = serial


def test_each_quarter_has_cases_of_its_own_and_a_notice_that_tells_some(city: tuple[dict[str, str], Any]) -> None:
    counts = ask(
        city,
        "SELECT count(DISTINCT kase.id), (notice.written::jsonb -> 'picked')::text,"
        " (SELECT count(*) FILTER (WHERE read_at IS NOT NULL) > 10 AND count(*) FILTER (WHERE read_at IS NULL) > 0"
        "  FROM oversight_receipt WHERE notice_id = notice.id)"
        " FROM oversight_quarternotice AS notice JOIN rectification_case AS kase ON kase.received_at >= notice.begins"
        " AND kase.received_at < notice.begins + interval '3 months' WHERE notice.stage = 'issued'"
        " GROUP BY notice.id",
    )
    assert len(counts) == 4
    for cases, picked, read_by_some in counts:
        assert cases >= 6
        assert picked.count("-") >= 2, picked
        assert read_by_some


def test_a_department_is_low_by_its_frozen_ranks_and_led_up_the_ladder_by_the_clock(
    city: tuple[dict[str, str], Any],
) -> None:
    ranks = ask(
        city,
        "SELECT score.subject, array_agg(quarter.begins ORDER BY quarter.begins) FROM assessment_unitscore AS score"
        " JOIN assessment_quarter AS quarter ON quarter.id = score.quarter_id"
        " WHERE quarter.state = 'frozen' AND score.\"group\" = 'city_units' AND score.ranked > 3"
        " AND score.rank > score.ranked - 3 GROUP BY 1",
    )
    low = dict(ranks)
    running_low = {who for who, some in low.items() if any((b - a).days < 100 for a, b in pairwise(some))}
    rungs = ask(
        city,
        "SELECT f.subject, d.stage, array_agg(r.kind::text ORDER BY r.place), bool_and(d.opened_by_id IS NULL)"
        " FROM oversight_followup AS f JOIN oversight_dossier AS d ON d.id = f.dossier_id"
        " JOIN oversight_rung AS r ON r.dossier_id = d.id GROUP BY 1, 2 ORDER BY 2",
    )
    assert {subject for subject, *_told in rungs} == running_low
    recovered, running = rungs
    assert (recovered[1] in ("recovered", "closed"), running[1]) == (True, "running")
    assert running[2:] == (["site_office", "talk", "letter"], True)
    assert (len(low[running[0]]), len(low[recovered[0]]) < 4) == (4, True)


def test_each_notice_but_the_first_tells_of_walks_and_of_the_meeting_before(city: tuple[dict[str, str], Any]) -> None:
    rows = ask(city, "SELECT content::text FROM oversight_quarternotice WHERE stage = 'issued' ORDER BY begins")
    for number, (content,) in enumerate(rows):
        assert ("走流程和暗访巡查" in content, "联席会议和联动化解" in content) == (True, number > 0)
