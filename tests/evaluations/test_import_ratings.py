"""The command: files to their end, what was refused named, and an exit code that a script can trust."""

from __future__ import annotations

import io
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from evaluations.enums import BatchState
from evaluations.management.commands import import_ratings
from evaluations.models import Batch, Evaluation, Service
from tests.factories import Cast
from tests.support.rating_files import HEADER, csv_of, rating_cells, stored_files, zip_of

# The lines of progress are told by a thread of their own, which sees only what has been committed.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path, monday: None) -> Path:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path


def run(*arguments: object, code: int = 0) -> tuple[str, str]:
    """What the command says, and what it complains about."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit, check=lambda end: end.code == code) if code else nullcontext():
        call_command("import_ratings", *map(str, arguments), "--profile=hall", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def file(folder: Path, content: bytes, name: str = "评价.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def rows(cast: Cast, count: int = 10, first: int = 0) -> list[list[str]]:
    return [rating_cells(cast, n, 1 + n % 5) for n in range(first, first + count)]


def test_files_are_taken_in_to_their_end(live_cast: Cast, folder: Path) -> None:
    one = file(folder, csv_of([*rows(live_cast), rating_cells(live_cast, 50, 7)]))
    other = file(folder, zip_of(a=csv_of(rows(live_cast, 5, 20)), b=csv_of(rows(live_cast, 5, 30))), "两个.zip")
    said, _complaints = run(one, other)
    assert Evaluation.objects.count() == 20
    assert set(Batch.objects.values_list("stage", flat=True)) == {BatchState.DONE}
    table = [line.split() for line in said.splitlines()[-3:]]
    assert table[0][1:] == ["评价.csv", "已完成", "11", "10", "0", "0", "0", "1", "4"]
    again, _complaints = run(one)
    assert again.splitlines()[-1].split()[2:] == ["已完成", "11", "0", "10", "0", "0", "1", "0"]


def test_a_dry_run_stores_nothing(live_cast: Cast, folder: Path) -> None:
    run(file(folder, csv_of(rows(live_cast))), "--dry-run")
    assert (Batch.objects.get().stored, Evaluation.objects.count()) == (10, 0)


def test_a_column_is_named_by_hand(live_cast: Cast, folder: Path) -> None:
    header = ["结论" if name == "满意度" else name for name in HEADER]
    path = file(folder, csv_of(rows(live_cast), header))
    _said, complaints = run(path, code=1)
    assert "没有这些列:满意度" in complaints
    assert Batch.objects.get().stage == BatchState.CANCELLED
    run(path, "--map", "结论=level", "--map", "评价人=")
    assert Evaluation.objects.count() == 10
    assert "name" not in Batch.objects.get(stage="done").plan["columns"]


@pytest.mark.parametrize("mapping", ["结论", "结论=nonsense"])
def test_a_mapping_that_is_none(live_cast: Cast, folder: Path, mapping: str) -> None:
    with pytest.raises(CommandError, match="COLUMN=FIELD"):
        run(file(folder, csv_of(rows(live_cast))), "--map", mapping)


def test_a_refused_file_is_named_and_the_others_come_in(live_cast: Cast, folder: Path) -> None:
    bad, good = file(folder, b'a,b\n1,"2\n3,4\n', "坏.csv"), file(folder, csv_of(rows(live_cast)))
    _said, complaints = run(bad, good, code=1)
    assert "坏.csv" in complaints
    assert "第 2 行" in complaints
    assert Evaluation.objects.count() == 10
    assert len(stored_files(folder / "media")) == 1


def test_services(live_cast: Cast, folder: Path) -> None:
    header = ["办件编号", "服务时间", "事项编码", "部门编码", "申请人"]
    row = ["3706002026SVC01", "2026-11-20 09:00:00", live_cast.item.code, live_cast.unit.code, "王演示"]
    run(file(folder, csv_of([row], header)), "--kind=services")
    assert Service.objects.filter(project_number="3706002026SVC01").count() == 1


def test_nobody_of_that_name(live_cast: Cast, folder: Path) -> None:
    with pytest.raises(CommandError, match="没有来源系统"):
        call_command("import_ratings", str(file(folder, b"x")), "--profile=nowhere")
    with pytest.raises(CommandError, match="No such file"):
        run(folder / "none.csv")


def test_progress_is_told_while_it_runs(live_cast: Cast, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_ratings, "EVERY", 0.02)
    monkeypatch.setattr("evaluations.actions.running.CHUNK", 200)
    said, _complaints = run(file(folder, csv_of([rating_cells(live_cast, n) for n in range(6000)])))
    told = [line for line in said.splitlines() if "每秒" in line]
    assert told
    assert "/ 6,000 行" in told[0]


def test_with_wait_the_worker_does_it(live_cast: Cast, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command runs nothing itself; it returns when the batch has ended elsewhere."""
    monkeypatch.setattr(import_ratings, "EVERY", 0.02)
    looks: list[int] = []

    def elsewhere(_seconds: float) -> None:
        looks.append(Batch.objects.get().received)
        Batch.objects.update(stage=BatchState.CANCELLED)

    monkeypatch.setattr(import_ratings.time, "sleep", elsewhere)
    said, _complaints = run(file(folder, csv_of(rows(live_cast))), "--wait")
    assert looks == [0]
    assert "已取消" in said
