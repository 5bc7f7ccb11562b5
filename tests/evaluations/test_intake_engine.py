"""Rows by the thousand: stored, or put aside with their reasons, and counted exactly."""

from __future__ import annotations

from datetime import timedelta

import pytest

from evaluations.actions.chunks import Chunk, take_chunk
from evaluations.actions.running import parser_for
from evaluations.enums import BatchKind, BatchState, LeftOutcome, Origin
from evaluations.models import Batch, ChangedDay, Evaluation, LeftRow, ServiceKey, Source
from evaluations.rows import Problem
from tests.factories import NOW, Cast

NAMES = [
    "project_number",
    "level",
    "tags",
    "text",
    "rated_at",
    "channel",
    "is_default",
    "unit_code",
    "item_code",
    "phone",
]


def batch(kind: BatchKind = BatchKind.RATINGS) -> Batch:
    return Batch.objects.create(source="hall", kind=kind, name="test", stage=BatchState.RUNNING, created_at=NOW)


def take(into: Batch, rows: list[list[str]], *, fresh: bool = True) -> Batch:
    """Takes rows in as a file's chunk would be."""
    parse = parser_for(Source.objects.get(pk="hall"), into.kind, list(NAMES), at=NOW)
    chunk = Chunk()
    for line, cells in enumerate(rows, 2):
        result = parse(line, cells)
        chunk.add(result)
        if isinstance(result, Problem):
            chunk.raw[line] = dict(zip(NAMES, cells, strict=True))
    take_chunk(into, chunk, at=NOW, origin=Origin.IMPORTED, fresh=fresh)
    into.refresh_from_db()
    return into


def row(cast: Cast, number: int, level: int = 5, **more: str) -> list[str]:
    values = {
        "project_number": f"370600FILE{number:06d}",
        "level": str(level),
        "rated_at": "2026-11-20 10:05:00",
        "channel": "kiosk",
        "is_default": "0",
        "unit_code": cast.unit.code,
        "item_code": cast.item.code,
        "text": "没有样本" if level < 3 else "",
        **more,
    }
    return [values.get(name, "") for name in NAMES]


@pytest.fixture
def cast(cast: Cast, monday: None) -> Cast:
    return cast


@pytest.mark.parametrize("fresh", [True, False], ids=["copied", "sorted out"])
def test_good_rows_are_stored_with_key_and_changed_day(cast: Cast, fresh: bool) -> None:
    ChangedDay.objects.all().delete()
    done = take(
        batch(), [row(cast, n, 3 + n % 3, text="一\t二\n三\\" if n == 1 else "") for n in range(50)], fresh=fresh
    )
    assert (done.received, done.stored, done.refused) == (50, 50, 0), list(LeftRow.objects.values_list("faults"))
    assert Evaluation.objects.filter(origin=Origin.IMPORTED, batch=done).count() == 50
    assert ServiceKey.objects.filter(source="hall", assess_number=1, project_number__contains="FILE").count() == 50
    assert Evaluation.objects.get(project_number="370600FILE000001").text == "一\t二\n三\\"
    assert [(c.unit_id, str(c.day)) for c in ChangedDay.objects.all()] == [(cast.unit.pk, "2026-11-20")]


@pytest.mark.parametrize("fresh", [True, False], ids=["copied", "sorted out"])
def test_sent_again_nothing_is_added(cast: Cast, fresh: bool) -> None:
    rows = [row(cast, n, 1 + n % 5) for n in range(50)]
    first = take(batch(), rows)
    cases = first.cases
    again = take(batch(), [[*r[:4], "2026-11-21 09:00:00", *r[5:]] for r in rows], fresh=fresh)
    assert (again.received, again.stored, again.duplicates, again.cases) == (50, 0, 50, 0)
    assert (first.stored, cases) == (50, 20)
    assert Evaluation.objects.filter(batch=first).exclude(case=None).count() == 20


def test_the_same_key_with_other_content_is_named(cast: Cast) -> None:
    take(batch(), [row(cast, 1, 5), row(cast, 2, 1)])
    again = take(batch(), [row(cast, 1, 4), row(cast, 2, 2), row(cast, 3)])
    assert (again.received, again.stored, again.duplicates, again.refused) == (3, 1, 0, 2)
    faults = LeftRow.objects.filter(batch=again).values_list("outcome", "faults")
    assert {(outcome, fault[0][1]) for outcome, fault in faults} == {("refused", "other_content")}


def test_a_key_twice_in_one_chunk_counts_once(cast: Cast) -> None:
    done = take(batch(), [row(cast, 1), row(cast, 1), row(cast, 1, 4), row(cast, 2, 1), row(cast, 2, 1)])
    assert (done.received, done.stored, done.duplicates, done.refused) == (5, 2, 2, 1)


def test_what_cannot_be_placed_waits_with_its_reason(cast: Cast) -> None:
    done = take(batch(), [row(cast, 1, unit_code="NOBODY"), row(cast, 2, unit_code="", item_code=""), row(cast, 3, 7)])
    assert (done.received, done.quarantined, done.held, done.refused) == (3, 1, 1, 1)
    waits = dict(LeftRow.objects.filter(batch=done, settled_at=None).values_list("waits_kind", "waits_for"))
    assert waits == {"unit": "NOBODY", "service": "1/370600FILE000002"}
    left = LeftRow.objects.get(batch=done, outcome=LeftOutcome.QUARANTINED)
    assert b"370600FILE000001" not in bytes(left.sealed)
    assert bytes(left.sealed)


def test_a_negative_is_born_with_its_case_and_its_caller(cast: Cast) -> None:
    done = take(batch(), [row(cast, 1, 1, phone="13800000001"), row(cast, 2)])
    rating = Evaluation.objects.get(level=1, batch=done)
    assert rating.case is not None
    assert rating.case.reachable
    assert (rating.rated_at - NOW) < timedelta(0)
    assert (done.cases, done.stored) == (1, 2)
