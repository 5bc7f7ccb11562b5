"""Rows that wait: let in when their code is mapped, or given up with a reason; the batch adds up all the while."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from common.actors import SYSTEM
from common.models import AuditEntry
from evaluations.actions.releases import map_code, refuse_waiting, release_arrived, release_mapped
from evaluations.enums import BatchKind, CodeKind, LeftOutcome
from evaluations.lists.intake import (
    complaints_of,
    negatives_among,
    waiting_codes,
    waiting_for,
    waiting_rows,
    waiting_services,
)
from evaluations.models import Batch, Evaluation, LeftRow, Source
from evaluations.profiles import shipped_data
from rectification.models import Case
from tests.factories import NOW, Cast
from tests.support.rating_files import HEADER, counts, csv_of, rating_cells, taken_in


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path, monday: None) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def unknown(cast: Cast, count: int = 5, code: str = "old-Gaj", first: int = 0) -> list[list[str]]:
    return [rating_cells(cast, n, 1 + n % 5, unit_code=code, item_code="") for n in range(first, first + count)]


def map_unit(cast: Cast, code: str, source: str = "hall") -> None:
    map_code(source, CodeKind.UNIT, code, cast.unit, by=SYSTEM, staff=cast.xu, at=NOW)


@pytest.mark.parametrize("code", ["old-Gaj", "OLD_GAJ/1", "单位甲", "x" * 60])
def test_a_code_is_mapped_to_the_letter(cast: Cast, code: str) -> None:
    batch = taken_in(csv_of(unknown(cast, code=code)))
    assert counts(batch) == {"received": 5, "quarantined": 5}
    map_unit(cast, code.upper() if code.upper() != code else "another")
    assert release_mapped(at=NOW) == 0
    map_unit(cast, code)
    assert release_mapped(at=NOW) == 5
    batch.refresh_from_db()
    assert (counts(batch), batch.cases) == ({"received": 5, "stored": 5}, 2)
    assert not waiting_rows().exists()
    assert AuditEntry.objects.filter(action="code.map").count() == 2


def test_a_second_unknown_code_keeps_the_row_waiting(cast: Cast) -> None:
    batch = taken_in(csv_of([rating_cells(cast, 1, unit_code="U?", window_code="")]))
    both = taken_in(csv_of([[*rating_cells(cast, 2, unit_code="U?"), "W?"]], [*HEADER, "窗口编码"]))
    map_unit(cast, "U?")
    assert release_mapped(at=NOW) == 1
    both.refresh_from_db()
    assert counts(both) == {"received": 1, "quarantined": 1}
    assert [(code.kind, code.code) for code in waiting_codes(9)] == [("window", "W?")]
    map_code("hall", CodeKind.WINDOW, "W?", cast.window, by=SYSTEM, staff=cast.xu, at=NOW)
    assert release_mapped(at=NOW) == 1
    batch.refresh_from_db()
    assert batch.stored == 1


def test_what_the_channel_told_is_remembered(cast: Cast) -> None:
    """Zhejiang says by a channel that nobody rated, and needs no flag: nor does a row of it that waited."""
    Source.objects.update_or_create(pk="zhejiang", defaults={"name": "浙江", "profile": shipped_data("zhejiang")})
    header = ["projectNo", "satisfaction", "assessTime", "pf", "deptCode"]
    rows = [[f"33{n}", "5", "2026-11-20 10:00:00", pf, "??"] for n, pf in enumerate(("1", "7"))]
    batch = taken_in(csv_of(rows, header), source="zhejiang")
    assert counts(batch) == {"received": 2, "quarantined": 2}
    map_unit(cast, "??", "zhejiang")
    assert release_mapped(at=NOW) == 2
    batch.refresh_from_db()
    assert counts(batch) == {"received": 2, "stored": 2}, list(batch.left.values_list("faults", flat=True))
    assert set(Evaluation.objects.values_list("origin", "channel")) == {("imported", "web"), ("default", "silent")}


def test_a_sweep_ends_in_time_and_the_next_goes_on(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evaluations.actions.releases.STEP", 2)
    taken_in(csv_of(unknown(cast, 5)))
    map_unit(cast, "old-Gaj")
    assert [release_mapped(at=NOW, seconds=-1) for _sweep in range(4)] == [2, 2, 1, 0]


class TestGivingUp:
    def test_a_code(self, cast: Cast) -> None:
        batch = taken_in(csv_of([*unknown(cast, 5), *unknown(cast, 3, "other", 10), rating_cells(cast, 99)]))
        assert negatives_among(waiting_for("hall", CodeKind.UNIT, "old-Gaj"), 100) == 2
        given = {"reason": "演示数据", "by": SYSTEM, "at": NOW}
        assert refuse_waiting("hall", CodeKind.UNIT, code="old-Gaj", **given) == 5
        batch.refresh_from_db()
        assert counts(batch) == {"received": 9, "stored": 1, "quarantined": 3, "refused": 5}
        given_up = LeftRow.objects.filter(batch=batch, outcome=LeftOutcome.REFUSED)
        assert {(bytes(row.sealed), row.settled_at) for row in given_up} == {(b"", NOW)}
        assert "演示数据" in next(iter(complaints_of(batch))).reason
        map_unit(cast, "old-Gaj")
        assert release_mapped(at=NOW) == 0
        [entry] = AuditEntry.objects.filter(action="rows.refuse")
        assert (entry.reason, entry.after["rows"], entry.after["code"]) == ("演示数据", 5, "old-Gaj")

    def test_ratings_whose_service_never_came(self, cast: Cast) -> None:
        bare = [rating_cells(cast, n, unit_code="", item_code="") for n in range(4)]
        old, new = taken_in(csv_of(bare[:3])), taken_in(csv_of(bare[3:]))
        Batch.objects.filter(pk=old.pk).update(created_at=NOW - timedelta(days=90))
        [group] = waiting_services()
        assert (group.rows, group.since) == (4, NOW - timedelta(days=90))
        limit = NOW - timedelta(days=30)
        given = {"reason": "来源方已停用", "by": SYSTEM, "at": NOW}
        assert refuse_waiting("hall", CodeKind.SERVICE, before=limit, **given) == 3
        old.refresh_from_db()
        assert counts(old) == {"received": 3, "refused": 3}
        assert (release_arrived(at=NOW), waiting_services()[0].rows) == (0, 1)
        assert Batch.objects.get(pk=new.pk).held == 1

    def test_another_source_is_let_be(self, cast: Cast) -> None:
        taken_in(csv_of(unknown(cast)), source="online")
        assert refuse_waiting("hall", CodeKind.UNIT, code="old-Gaj", reason="x", by=SYSTEM, at=NOW) == 0
        assert waiting_codes(9)[0].source == "online"


def test_nothing_of_a_dry_run_is_ever_let_in(cast: Cast) -> None:
    taken_in(csv_of(unknown(cast)), dry_run=True)
    assert waiting_codes(9) == []
    map_unit(cast, "old-Gaj")
    assert release_mapped(at=NOW) == 0
    assert (Evaluation.objects.count(), Case.objects.count()) == (0, 0)


def test_services_wait_for_their_codes_too(cast: Cast) -> None:
    header = ["办件编号", "服务时间", "事项编码", "部门编码", "申请人", "手机号"]
    row = ["3706002026SVC01", "2026-11-20 09:00:00", cast.item.code, "?", "王演示", "13800000001"]
    batch = taken_in(csv_of([row], header), "办件.csv", kind=BatchKind.SERVICES)
    assert counts(batch) == {"received": 1, "quarantined": 1}
    map_unit(cast, "?")
    assert release_mapped(at=NOW) == 1
    batch.refresh_from_db()
    assert counts(batch) == {"received": 1, "stored": 1}
