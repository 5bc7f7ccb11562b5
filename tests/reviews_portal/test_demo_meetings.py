"""The demo city's joint meetings and joint files: four held and followed up, one prepared; two deep problems."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg2
import pytest

from tests.support.portal import demo_database

# One copy of the city for all of them: with two workers each would take it from the other.
pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("demo-meetings")]


@pytest.fixture(scope="module")
def city() -> Iterator[Any]:
    """A connection to a copy of the demo city."""
    with closing(psycopg2.connect(demo_database("demo_meetings"))) as connection:
        yield connection


def ask(city: Any, statement: str) -> list[tuple[Any, ...]]:
    with city.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def test_four_meetings_were_held_and_one_is_prepared(city: Any) -> None:
    rows = ask(city, "SELECT stage FROM oversight_dossier WHERE kind = 'meeting' ORDER BY begins")
    assert [stage for (stage,) in rows] == ["closed", "closed", "closed", "following", "preparing"]


def test_each_meeting_after_the_first_began_with_the_last_ones_resolutions(city: Any) -> None:
    rows = ask(
        city,
        "SELECT i.source, i.text FROM oversight_agendaitem i JOIN oversight_dossier d ON d.id = i.meeting_id"
        " WHERE i.number = 1 ORDER BY d.begins",
    )
    assert [source for source, _text in rows] == ["ranking", *["resolutions"] * 4]
    assert "已逾期" in rows[3][1]
    assert "已逾期" in rows[4][1]


def test_every_resolution_came_out_of_an_item_and_one_is_late(city: Any) -> None:
    rows = ask(
        city,
        "SELECT t.state, r.item_id IS NOT NULL FROM oversight_task t JOIN oversight_dossier d ON d.id = t.dossier_id"
        " LEFT JOIN oversight_resolution r ON r.task_id = t.id WHERE d.kind = 'meeting'",
    )
    assert sorted(rows) == [("done", True)] * 7 + [("open", True)]


def test_one_deep_problem_is_done_and_of_the_other_somebody_still_waits(city: Any) -> None:
    rows = ask(
        city,
        "SELECT d.title, d.stage, count(*), count(*) FILTER (WHERE k.replied_at >= j.resolved_at)"
        " FROM oversight_dossier d JOIN oversight_jointfile j ON j.dossier_id = d.id"
        " JOIN oversight_dossiercase c ON c.dossier_id = d.id JOIN rectification_case k ON k.id = c.case_id"
        " GROUP BY 1, 2 ORDER BY 2",
    )
    assert rows == [
        ("医疗废物处置费用减免(演示)", "closed", 2, 2),
        ("跨省办理车辆解抵押手续(演示)", "resolved", 2, 0),
    ]
    assert ask(city, "SELECT count(*) FROM oversight_jointtelling") == [(1,)]
