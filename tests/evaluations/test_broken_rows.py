"""The broken kinds of reliability.md §7.3 from the upload to the report; a corrected file adds what was missing.

INTAKE_ROWS=100000 runs the corrected file at full size.
"""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from evaluations.actions.running import run_batches
from evaluations.models import Batch, Evaluation, Tag
from tests.factories import NOW, Cast
from tests.support.rating_files import HEADER, counts, csv_of, rating_cells

ROWS = int(os.environ.get("INTAKE_ROWS", "10000"))
ALL = [*HEADER, "证件号", "窗口编码"]
# number in §7.3: cells that are amiss, and (column, outcome, code) of the report; none where the row simply comes in.
KINDS: dict[int, tuple[dict[str, str], tuple[str, str, str] | None]] = {
    26: ({"level": "五"}, ("满意度", "退回", "level_wrong")),
    27: ({"level": "５"}, None),
    28: ({"tags": "115", "level": "4"}, ("测评标签", "退回", "tag_level")),
    30: ({"unit_code": "NOBODY", "item_code": ""}, ("部门编码", "待对照", "unit_unknown")),
    32: ({"rated_at": "2026-12-24 10:00:00"}, ("评价时间", "退回", "time_future")),
    33: ({"rated_at": "1970-01-01 00:00:00"}, ("评价时间", "退回", "time_too_old")),
    34: ({"rated_at": "46346.42"}, ("评价时间", "退回", "time_serial")),
    35: ({"rated_at": "05/06/07"}, ("评价时间", "退回", "time_ambiguous")),
    36: ({"rated_at": "2026-11-20T02:00:00Z"}, None),
    37: ({"rated_at": "2021-02-30 10:00:00"}, ("评价时间", "退回", "time_impossible")),
    38: ({"project_number": "3.7E+17"}, ("办件编号", "退回", "key_scientific")),
    39: ({"item_code": "1" * 30}, ("事项编码", "退回", "item_length")),
    41: ({"phone": "138000000"}, ("手机号", "已入库,有提示", "phone_odd")),
    42: ({"text": "=HYPERLINK(1)"}, None),
    43: ({"text": "@SUM(1)"}, None),
    44: ({"text": "<script>alert(1)</script>"}, None),
    45: ({"text": "\u202e反"}, ("评价内容", "已入库,有提示", "text_direction")),
    46: ({"text": "坏\u200b话"}, ("评价内容", "已入库,有提示", "text_invisible")),
    50: ({"is_default": ""}, ("是否默认评价", "退回", "flag_missing")),
}


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path, monday: None) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


class Desk:
    """The system administrator's browser."""

    def __init__(self, cast: Cast) -> None:
        self.client = Client()
        self.client.force_login(cast.xu)

    def sends(self, content: bytes) -> Batch:
        """Uploads a file, confirms what was guessed, and waits for its end."""
        body = {"source": "hall", "kind": "ratings", "file": SimpleUploadedFile("评价.csv", content)}
        address = self.client.post(reverse("intake-new"), body).url  # type: ignore[attr-defined]
        batch = Batch.objects.latest("pk")
        columns = {f"column-{place}": name or "" for place, name in enumerate(batch.plan["columns"])}
        assert self.client.post(address, {**columns, "act": "real"}).status_code == 302
        assert run_batches(at=NOW) == 1
        batch.refresh_from_db()
        return batch

    def report(self, batch: Batch) -> list[list[str]]:
        """The rows of the report, without its heading."""
        answer = self.client.get(reverse("intake-report", args=[batch.pk]))
        content = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        return list(csv.reader(io.StringIO(content, newline="")))[1:]


def test_every_kind_is_named_where_it_stands(cast: Cast) -> None:
    retired = Tag.objects.filter(active=False).first()
    assert retired is not None
    old = {"tags": retired.code, "level": str(retired.level)}
    kinds = {**KINDS, 29: (old, ("测评标签", "已入库,有提示", "tag_retired"))}
    rows, lines = [], {}
    for place, (number, (changed, _said)) in enumerate(kinds.items()):
        rows.append([*rating_cells(cast, place, **changed), "", ""])
        lines[number] = place + 2
    desk = Desk(cast)
    batch = desk.sends(csv_of(rows, ALL))
    found = {int(row[0]): tuple(row[1:4]) for row in desk.report(batch)}
    expected = {lines[number]: said for number, (_changed, said) in kinds.items() if said}
    assert found == expected
    assert all(row[4] and row[5] for row in desk.report(batch))
    assert "138000000" not in str(desk.report(batch))
    counts(batch)


def test_rows_of_another_width(cast: Cast) -> None:
    """16 and 17: which cell is which cannot be known, and nothing is moved to fit."""
    whole = rating_cells(cast, 1)
    desk = Desk(cast)
    batch = desk.sends(csv_of([whole[:-2], [*rating_cells(cast, 2), "x"], rating_cells(cast, 3)]))
    assert [(row[0], row[3]) for row in desk.report(batch)] == [("2", "row_short"), ("3", "row_long")]
    assert counts(batch) == {"received": 3, "stored": 1, "refused": 2}


def test_keys_that_come_again(cast: Cast) -> None:
    """47 in the file, 48 in the database, 49 with other words: the first stays, what contradicts it is named."""
    desk = Desk(cast)
    first = desk.sends(csv_of([rating_cells(cast, 1), rating_cells(cast, 2), rating_cells(cast, 1)]))
    assert counts(first) == {"received": 3, "stored": 2, "duplicates": 1}
    assert desk.report(first) == []
    again = desk.sends(csv_of([rating_cells(cast, 1), rating_cells(cast, 2, 4), rating_cells(cast, 3, 2)]))
    assert counts(again) == {"received": 3, "stored": 1, "duplicates": 1, "refused": 1}
    [row] = desk.report(again)
    assert row[:4] == ["3", "办件编号", "退回", "other_content"]
    assert again.cases == 1
    assert Evaluation.objects.get(project_number="3706002026FILE000002").level == 5


def test_the_corrected_file_adds_exactly_what_was_missing(cast: Cast) -> None:
    """One row in a hundred is broken: all others come in, each broken one is reported, the corrected file adds them."""
    desk = Desk(cast)
    broken = set(range(7, ROWS, 100))
    good = [rating_cells(cast, n) for n in range(ROWS)]
    spoilt = [rating_cells(cast, n, 9) if n in broken else row for n, row in enumerate(good)]
    first = desk.sends(csv_of(spoilt))
    assert counts(first) == {"received": ROWS, "stored": ROWS - len(broken), "refused": len(broken)}
    assert [int(row[0]) - 2 for row in desk.report(first)] == sorted(broken)
    before = set(Evaluation.objects.values_list("project_number", flat=True))
    second = desk.sends(csv_of(good))
    assert counts(second) == {"received": ROWS, "stored": len(broken), "duplicates": ROWS - len(broken)}
    added = set(Evaluation.objects.values_list("project_number", flat=True)) - before
    assert added == {good[number][0] for number in broken}
