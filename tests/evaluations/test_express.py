"""The quick way of a file's good ratings says what the slow one says, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.ids import moment_of
from evaluations.actions.copying import Lines, rating_lines
from evaluations.actions.express import Express
from evaluations.enums import Origin
from evaluations.grading import is_negative
from evaluations.rows import Limits, Lookups, RatingRow, rating_parser

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)
LIMITS = Limits(
    now=NOW,
    oldest=NOW - timedelta(days=30),
    future=timedelta(minutes=10),
    text_max=20,
    negative_requires_reason=True,
    tz=ZONE,
)
LOOKUPS = Lookups(
    units={"U1": 1, "U2": 2},
    items={"I" * 31: (7, 2)},
    windows={"H-1": (5, 3, 1, False), "H-2": (6, 3, 2, True)},
    staff={"wu": 9},
    tags={"510": (5, True), "501": (5, False), "406": (4, True)},
    channels={"web": "web", "kiosk": "kiosk"},
)
COLUMNS = [
    "project_number",
    None,
    "level",
    "tags",
    "text",
    "rated_at",
    "channel",
    "is_default",
    "unit_code",
    "item_code",
    "window_code",
    "staff_number",
    "phone",
    "name",
    "id_number",
    "source_rating_id",
]
CELLS = {
    "project_number": ["370600A1", "370600A2", "３７０６", "", "a b", "x" * 61, "37-06", "ü1"],
    None: ["anything", ""],
    "level": ["5", "4", "3", "5", "5", "1", "６", ""],
    "tags": ["", "", "510", "501", "406"],
    "text": ["", "", "", "很好", "a\tb\\", "长" * 21],
    "rated_at": [
        "2026-11-20 10:05:00",
        "2026-11-20 10:05:30",
        "2026/11/20 10:05:00",
        "2026-11-20T23:59:59",
        "2026-11-20 10:15:00",
        "2026-11-23 10:05:00",
        "2026-11-23 10:15:00",
        "2026-10-24 09:59:59",
        "2026-10-24 10:05:00",
        "2026-11-20 10:65:00",
        "2026-11-20 10:05",
        "20261120100500",
        "2026-11-20 10:05:00Z",
        "",
    ],
    "channel": ["web", "kiosk", "fax"],
    "is_default": ["0", "0", "1", "", "maybe"],
    "unit_code": ["U1", "U2", "", "NOBODY"],
    "item_code": ["", "I" * 31, "I" * 31 + "01", "I"],
    "window_code": ["", "H-1", "H-2"],
    "staff_number": ["", "wu", "nobody"],
    "phone": ["", "13800000001", "+86 138 0000 0001", "call me", "1380000000１"],
    "name": ["", "王演示", "名" * 61, "a\u200bb"],
    "id_number": ["", "11010519491231002X", "123"],
    "source_rating_id": ["", "R1"],
}
cells = st.tuples(*[st.sampled_from(CELLS[name]) for name in COLUMNS])
# Most rows of a file are alike: from a few rows many are made, with other numbers and times.
varied = st.builds(
    lambda row, number, when: [number, *row[1:5], when, *row[6:]],
    cells,
    st.sampled_from(CELLS["project_number"]),
    st.sampled_from(CELLS["rated_at"]),
)
good = ["370600A1", "", "5", "", "", "2026-11-20 10:05:00", "web", "0", "U1", "", "", "", "", "", "", ""]


def read(rows: Sequence[Sequence[str]], *, quick: bool) -> tuple[list[tuple], list, list, set]:
    """Lines without identifiers, what was not good, what was doubted, and the days: the quick way or the slow one."""
    parse = rating_parser(COLUMNS, LOOKUPS, LIMITS, require_default_flag=True)
    others: list = []

    def judge(line: int, row: list[str]) -> RatingRow | None:
        result = parse(line, row)
        if isinstance(result, RatingRow) and not is_negative(result.level):
            return result
        others.append(result)
        return None

    numbered = [(line, list(row)) for line, row in enumerate(rows, 2)]
    same = {"source": "hall", "batch": 4, "origin": Origin.IMPORTED}
    if quick:
        found = Express(COLUMNS, LIMITS, **same).read(numbered, judge, first=0, left_out=(), at=NOW)
        assert found.seen == len(rows)
        return plain(found.lines), others, found.doubted, found.lines.days
    ratings = [row for row in (judge(*one) for one in numbered) if row]
    lines = rating_lines(ratings, at=NOW, **same)
    return plain(lines), others, [row for row in ratings if row.warnings], lines.days


def plain(lines: Lines) -> list[tuple]:
    """Line number, moment and other fields of each row and of its key; its identifier must tell the moment."""
    found = []
    keys = {key.rsplit("\t", 1)[1]: key.rsplit("\t", 1)[0] for key in lines.keys.splitlines()}
    for number, row in zip(lines.numbers, lines.rows, strict=True):
        identifier, when, rest = row.split("\t", 2)
        moment = datetime.fromisoformat(when)
        assert moment_of(UUID(identifier)) == moment
        found.append((number, moment, rest, keys.pop(identifier)))
    assert not keys
    return sorted(found)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(cells, varied, st.just(good)), max_size=12), st.randoms(use_true_random=False))
def test_both_ways_say_the_same(rows: list[Sequence[str]], random) -> None:
    # Each row again, in any order: what was learnt of the first must hold for the second.
    rows = [*rows, *[[*row] for row in rows]]
    random.shuffle(rows)
    assert read(rows, quick=True) == read(rows, quick=False)


def test_only_the_first_of_its_like_is_judged() -> None:
    parse = rating_parser(COLUMNS, LOOKUPS, LIMITS, require_default_flag=True)
    judged = []

    def judge(line: int, row: list[str]) -> RatingRow | None:
        judged.append(line)
        result = parse(line, row)
        assert isinstance(result, RatingRow)
        return result

    rows = [(n, [f"370600A{n}", *good[1:5], f"2026-11-20 10:05:{n:02d}", *good[6:]]) for n in range(60)]
    seconds = [(n, [f"370600B{n}", *good[1:5], f"2026-11-20 10:05:{n:02d}", *good[6:]]) for n in range(60)]
    express = Express(COLUMNS, LIMITS, source="hall", batch=4, origin=Origin.IMPORTED)
    express.read(rows, judge, first=0, left_out=(), at=NOW)
    # Sixty seconds, each new once; then nothing is.
    assert len(judged) == 60
    read_again = express.read(seconds, judge, first=60, left_out={61}, at=NOW)
    assert len(judged) == 60
    assert (read_again.seen, len(read_again.lines.rows)) == (60, 59)


@pytest.mark.parametrize("missing", ["project_number", "rated_at", "text", "phone"])
def test_a_file_without_a_column_is_read_all_the_same(missing: str) -> None:
    columns = [name for name in COLUMNS if name != missing]
    parse = rating_parser(columns, LOOKUPS, LIMITS, require_default_flag=True)
    place = COLUMNS.index(missing)
    rows = [(n, good[:place] + good[place + 1 :]) for n in range(3)]
    results = [parse(line, list(row)) for line, row in rows]
    express = Express(columns, LIMITS, source="hall", batch=4, origin=Origin.IMPORTED)
    judged = []

    def judge(line: int, row: list[str]) -> RatingRow | None:
        judged.append(result := parse(line, row))
        return result if isinstance(result, RatingRow) else None

    found = express.read(rows, judge, first=0, left_out=(), at=NOW)
    assert len(found.lines.rows) == sum(isinstance(result, RatingRow) for result in results)
    assert judged == results[: len(judged)]
