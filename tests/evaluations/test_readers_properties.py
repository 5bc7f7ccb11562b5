"""Whatever bytes come: rows that can be read, or a named refusal. Never another error, never other rows."""

from __future__ import annotations

import io
import random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from evaluations.enums import FaultCode
from evaluations.faults import explain
from evaluations.readers import Inspection, Unreadable, inspect, rows
from tests.corpus.tables import HEADER, ROW, archive, json_lines, row, table, text, workbook

NAMES = ("a.csv", "a.tsv", "a.txt", "a.ndjson", "a.xlsx", "a.zip")
GOOD = {
    "a.csv": table(ROW, row(c3="第一行\n第二行"), ROW),
    "b.csv": table(ROW, ROW, encoding="gbk"),
    "c.csv": table(ROW, ROW, encoding="utf-16"),
    "a.ndjson": json_lines(dict(zip(HEADER, ROW, strict=True)), {"满意度": 1, "评价标签": ["108", "109"]}),
    "a.xlsx": workbook(HEADER, ROW, ROW),
    "a.zip": archive({"a.csv": table(ROW), "b.xlsx": workbook(HEADER, ROW)}),
}
LETTERS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


def through(data: bytes, name: str) -> Inspection | Unreadable:
    """All that the package does with a file. Any error but the one it names fails the test."""
    try:
        found = inspect(io.BytesIO(data), name, level=("满意度", "a"), is_negative=lambda cell: cell == "1")
    except Unreadable as refusal:
        explain(refusal.fault)
        return refusal
    for part in found.parts:
        read = list(rows(io.BytesIO(data), part))
        assert len(read) == part.rows
        assert [line for line, _ in read] == sorted({line for line, _ in read})
        assert list(rows(io.BytesIO(data), part, start=part.rows // 2)) == read[part.rows // 2 :]
    return found


@pytest.mark.parametrize("name", NAMES)
@given(data=st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes(name: str, data: bytes) -> None:
    through(data, name)


@pytest.mark.parametrize("name", ["a.csv", "a.ndjson"])
@given(data=st.text(st.sampled_from('a1,;\t\r\n"，好{}[]:\\u ')))
@settings(max_examples=400, deadline=None)
def test_any_text_of_signs_that_matter(name: str, data: str) -> None:
    through(data.encode(), name)


@pytest.mark.parametrize("name", sorted(GOOD))
@given(seed=st.integers(0, 10**9), changes=st.integers(1, 6))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_good_files_with_some_bytes_changed(name: str, seed: int, changes: int) -> None:
    data, chance = bytearray(GOOD[name]), random.Random(seed)
    for _ in range(changes):
        at = chance.randrange(len(data) or 1)
        match chance.randrange(4):
            case 0:
                data[at : at + 1] = chance.randbytes(1)
            case 1:
                del data[at : at + chance.randrange(1, 9)]
            case 2:
                data[at:at] = chance.choice([b"\0", b'"', b"\n", b"\xff", b"PK\x05\x06", b"<", data[at : at + 9]])
            case _:
                del data[max(at, 1) :]
    through(bytes(data), "a." + name.rpartition(".")[2])


@given(data=st.lists(st.lists(LETTERS, min_size=3, max_size=3), min_size=1, max_size=8))
@settings(max_examples=200, deadline=None)
@example(data=[["\ufeff", "\u2028", "\x85"]])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_rows_come_out_as_they_went_in(encoding: str, data: list[list[str]]) -> None:
    """Or the file is refused for what can be read in two ways; blank rows are none."""
    content = text([["办件编号", "满意度", "文字评价"], *data]).encode(encoding)
    found = through(content, "a.csv")
    kept = [cells for cells in data if "".join(cells).strip()]
    if isinstance(found, Inspection):
        assert [cells for _line, cells in rows(io.BytesIO(content), found)] == kept
    else:
        assert found.fault.code in (FaultCode.HEADER_ONLY, FaultCode.ENCODING_MIXED, FaultCode.QUOTE_UNCLOSED)


@given(data=st.lists(LETTERS, min_size=1, max_size=8))
@settings(max_examples=200, deadline=None)
def test_json_comes_out_as_it_went_in(data: list[str]) -> None:
    content = json_lines(*({"a": said} for said in data))
    found = inspect(io.BytesIO(content), "a.ndjson")
    assert [cells for _line, cells in rows(io.BytesIO(content), found)] == [[said] for said in data]


@given(at=st.integers(0, 10_000))
@settings(max_examples=200, deadline=None)
@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_nul_is_found_wherever_it_is(encoding: str, at: int) -> None:
    data = bytearray(table(ROW, ROW, row(c3=""), encoding=encoding))
    at %= len(data)
    data[at:at] = b"\0"
    found = through(bytes(data), "a.csv")
    assert isinstance(found, Unreadable)
    assert (found.fault.code, found.line) == (FaultCode.NUL, data[:at].count(b"\n") + 1)
