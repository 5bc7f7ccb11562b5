"""A file as it arrives: proved readable or refused without a trace, shown, mapped, rehearsed, taken in, forgotten."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from common.actors import SYSTEM
from common.models import AuditEntry
from evaluations.actions.batches import NotNow, may_repeat, repeat_batch, start_batch, steer_batch
from evaluations.actions.keeping import forget_files
from evaluations.actions.running import run_batches
from evaluations.actions.uploads import check_files
from evaluations.enums import BatchState, LeftOutcome
from evaluations.keys import left_row_bound
from evaluations.lists.intake import preview_of
from evaluations.models import Batch, Evaluation, LeftRow
from evaluations.readers import Unreadable
from identity.queries import vault
from rectification.models import Case
from tests.factories import NOW, Cast
from tests.support.rating_files import HEADER, counts, csv_of, rating_cells, received, stored_files, taken_in, zip_of


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path, monday: None) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def some(cast: Cast, count: int = 20) -> list[list[str]]:
    return [rating_cells(cast, n, 1 + n % 5) for n in range(count)]


def test_a_file_waits_for_a_person_with_its_columns_guessed(cast: Cast, folder: Path) -> None:
    [batch] = received(csv_of(some(cast)))
    assert (batch.stage, batch.total, batch.name) == (BatchState.PREVIEW, 20, "评价.csv")
    assert batch.plan["columns"][:3] == ["project_number", "level", "tags"]
    assert run_batches(at=NOW) == 0, "nobody has confirmed it"
    assert preview_of(batch)[1][1][:2] == ("3706002026FILE000001", "2")
    kept = json.dumps(batch.plan, ensure_ascii=False)
    assert "13800000001" not in kept
    assert "王演示" not in kept
    assert stored_files(folder) == [Path(batch.file).name]
    assert "评价" not in batch.file


def test_what_cannot_be_read_leaves_nothing(cast: Cast, folder: Path) -> None:
    with pytest.raises(Unreadable) as refused:
        received(csv_of(some(cast)).replace(b"\r\n3706002026FILE000004", b'\r\n"3706002026FILE000004'))
    assert (refused.value.line, refused.value.fault.code) == (6, "quote_unclosed")
    assert (stored_files(folder), Batch.objects.count()) == ([], 0)


def test_a_zip_has_one_batch_for_each_file(cast: Cast) -> None:
    rows = some(cast)
    batches = received(zip_of(a=csv_of(rows[:5]), b=csv_of(rows[5:])), "两个.zip")
    assert [(batch.name, batch.total) for batch in batches] == [("两个.zip › a.csv", 5), ("两个.zip › b.csv", 15)]
    assert len({batch.file for batch in batches}) == 1
    for batch in batches:
        start_batch(batch, batch.plan["columns"], dry_run=False, by=SYSTEM, at=NOW)
    assert run_batches(at=NOW) == 2
    assert Evaluation.objects.filter(batch__in=batches).count() == 20


class TestLargeFiles:
    @pytest.fixture(autouse=True)
    def all_are_large(self, settings: Any) -> None:
        settings.INTAKE_INSPECT_NOW_MB = 0

    def test_they_are_checked_by_the_sweep(self, cast: Cast) -> None:
        [batch] = received(csv_of(some(cast)), now=False)
        assert (batch.stage, batch.total) == (BatchState.CHECKING, 0)
        assert check_files(at=NOW) == 1
        batch.refresh_from_db()
        assert (batch.stage, batch.total) == (BatchState.PREVIEW, 20)
        assert check_files(at=NOW) == 0

    def test_what_cannot_be_read_says_why_and_is_deleted(self, cast: Cast, folder: Path) -> None:
        [batch] = received(csv_of(some(cast))[:-3].replace("王".encode(), b"\xcd"), now=False)
        assert check_files(at=NOW) == 1
        batch.refresh_from_db()
        assert (batch.stage, batch.file, batch.ended_at) == (BatchState.FAILED, "", NOW)
        assert batch.plan["refused"]["fault"][1] == batch.last_error != ""
        assert batch.plan["refused"]["line"] == 2
        assert stored_files(folder) == []

    def test_a_zip_becomes_as_many_batches(self, cast: Cast) -> None:
        received(zip_of(a=csv_of(some(cast)), b=csv_of(some(cast))), "两个.zip", now=False)
        assert check_files(at=NOW) == 1
        assert set(Batch.objects.values_list("stage", "name", "total")) == {
            ("preview", "两个.zip › a.csv", 20),
            ("preview", "两个.zip › b.csv", 20),
        }

    def test_one_that_was_cancelled_is_let_be(self, cast: Cast) -> None:
        [batch] = received(csv_of(some(cast)), now=False)
        steer_batch(batch, to=BatchState.CANCELLED, by=SYSTEM, at=NOW)
        assert check_files(at=NOW) == 0


def test_the_level_in_a_column_nobody_would_guess(cast: Cast) -> None:
    """Negatives are found in the column that was chosen, and come in first all the same."""
    header = [name if name != "满意度" else "结论" for name in HEADER]
    [batch] = received(csv_of(some(cast), header))
    assert "level" not in batch.plan["columns"]
    assert not batch.plan["inspection"]["negatives"]
    columns = ["project_number", "level", *batch.plan["columns"][2:]]
    start_batch(batch, columns, dry_run=False, by=SYSTEM, at=NOW)
    assert run_batches(at=NOW) == 1
    batch.refresh_from_db()
    assert (batch.negatives_first, batch.cases, counts(batch)) == (8, 8, {"received": 20, "stored": 20})
    assert AuditEntry.objects.filter(action="batch.start", object_id=str(batch.pk)).count() == 1


def test_a_batch_is_started_once(cast: Cast) -> None:
    [batch] = received(csv_of(some(cast)))
    start_batch(batch, batch.plan["columns"], dry_run=True, by=SYSTEM, at=NOW)
    with pytest.raises(NotNow):
        start_batch(batch, batch.plan["columns"], dry_run=False, by=SYSTEM, at=NOW)


class TestDryRuns:
    def test_everything_is_judged_and_nothing_stored(self, cast: Cast) -> None:
        twice, other = rating_cells(cast, 1, 2), rating_cells(cast, 2, 4)
        rows = [*some(cast), twice, other, rating_cells(cast, 50, 7), rating_cells(cast, 51, unit_code="NOBODY")]
        dry = taken_in(csv_of(rows), dry_run=True)
        assert dry.stage == BatchState.DONE
        expected = {"received": 24, "stored": 20, "duplicates": 1, "refused": 2, "quarantined": 1}
        assert counts(dry) == expected
        assert (Case.objects.count(), Evaluation.objects.count()) == (0, 0)
        earnest = repeat_batch(dry, draft=False, by=SYSTEM, at=NOW)
        assert run_batches(at=NOW) == 1
        earnest.refresh_from_db()
        assert counts(earnest) == expected
        assert (dry.cases, earnest.cases, Case.objects.count()) == (8, 8, 8)
        found = [batch.left.order_by("line").values_list("line", "outcome", "faults") for batch in (dry, earnest)]
        assert list(found[0]) == list(found[1])

    def test_nothing_waits_after_it(self, cast: Cast) -> None:
        dry = taken_in(csv_of([rating_cells(cast, 1, unit_code="NOBODY")]), dry_run=True)
        [row] = dry.left.all()
        assert (row.outcome, row.settled_at is not None, bytes(row.sealed)) == (LeftOutcome.QUARANTINED, True, b"")

    def test_one_that_was_stopped_begins_anew(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        """What it remembered of the rows before is gone with its process, so it may not go on where it stood."""
        monkeypatch.setattr("evaluations.actions.running.CHUNK", 5)
        rows = [rating_cells(cast, n % 6) for n in range(12)]
        [batch] = received(csv_of(rows))
        start_batch(batch, batch.plan["columns"], dry_run=True, by=SYSTEM, at=NOW)
        whole = Batch.objects.filter(pk=batch.pk)
        run_batches(at=NOW)
        undisturbed = whole.values("received", "stored", "duplicates").get()
        whole.update(stage=BatchState.RUNNING, position=5, received=5, stored=5, duplicates=0, ended_at=None)
        run_batches(at=NOW)
        assert whole.values("received", "stored", "duplicates").get() == undisturbed
        assert undisturbed == {"received": 12, "stored": 6, "duplicates": 6}

    def test_in_earnest_once_however_often_it_is_pressed(self, cast: Cast) -> None:
        dry = taken_in(csv_of(some(cast)), dry_run=True)
        first = repeat_batch(dry, draft=False, by=SYSTEM, at=NOW)
        assert repeat_batch(dry, draft=False, by=SYSTEM, at=NOW) == first
        assert not may_repeat(first)
        with pytest.raises(NotNow):
            repeat_batch(first, draft=False, by=SYSTEM, at=NOW)

    def test_its_columns_may_be_confirmed_anew(self, cast: Cast) -> None:
        dry = taken_in(csv_of(some(cast)), dry_run=True)
        draft = repeat_batch(dry, draft=True, by=SYSTEM, at=NOW)
        assert (draft.stage, draft.dry_run, draft.file) == (BatchState.PREVIEW, False, dry.file)
        assert len(preview_of(draft)) == 20


class TestForgetting:
    def later(self, days: float) -> Any:
        return NOW + timedelta(days=days)

    def test_a_file_goes_when_all_its_batches_have_ended_long_ago(self, cast: Cast, folder: Path) -> None:
        dry = taken_in(csv_of(some(cast)), dry_run=True)
        earnest = repeat_batch(dry, draft=False, by=SYSTEM, at=NOW)
        assert forget_files(at=self.later(30)) == 0, "the second has not ended"
        run_batches(at=NOW)
        assert forget_files(at=self.later(6.9)) == 0
        assert forget_files(at=self.later(7.1)) == 1
        assert stored_files(folder) == []
        for batch in Batch.objects.all():
            assert (batch.file, "preview" in batch.plan) == ("", False)
        dry.refresh_from_db()
        assert not may_repeat(dry)
        earnest.refresh_from_db()
        assert earnest.stored == 20

    def test_what_nobody_confirmed_is_cancelled_and_goes(self, cast: Cast, folder: Path) -> None:
        [batch] = received(csv_of(some(cast)))
        assert forget_files(at=self.later(7.1)) == 1
        batch.refresh_from_db()
        assert (batch.stage, stored_files(folder)) == (BatchState.CANCELLED, [])

    def test_a_stray_file_goes_once_it_cannot_be_one_that_arrives(self, cast: Cast, folder: Path) -> None:
        place = default_storage.path(default_storage.save("intake/stray", ContentFile(b"x")))
        os.utime(place, (NOW.timestamp(), NOW.timestamp()))
        assert forget_files(at=self.later(0.9)) == 0
        assert forget_files(at=self.later(1.1)) == 1
        assert stored_files(folder) == []

    def test_a_file_outside_the_storage_is_never_deleted(self, cast: Cast, tmp_path: Path) -> None:
        batch = taken_in(csv_of(some(cast)))
        own = tmp_path / "own.csv"
        own.write_bytes(b"x")
        Batch.objects.filter(pk=batch.pk).update(file=str(own), ended_at=NOW)
        forget_files(at=self.later(8))
        assert own.exists()


def test_a_row_that_waits_keeps_no_identity_number(cast: Cast) -> None:
    header = [*HEADER, "证件号"]
    batch = taken_in(csv_of([[*rating_cells(cast, 1, unit_code="NOBODY"), "370602199001011234"]], header))
    row = LeftRow.objects.get(batch=batch)
    kept = json.loads(vault().decrypt(bytes(row.sealed), left_row_bound(batch.pk, 2)))
    assert kept["phone"] == "13800000001"
    assert "370602199001011234" not in kept.values()
