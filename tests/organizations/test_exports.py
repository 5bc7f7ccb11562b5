"""导出: a large file is taken only once a second person has agreed, by its asker, for some days; each time is noted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.enums import ExportKind
from common.models import AuditEntry, Export, ExportTaking, Notice
from organizations import actions
from organizations.access import DECIDES_EXPORTS, TAKES_EXPORTS, kinds_for
from organizations.enums import Role
from organizations.models import Membership, Staff
from rectification.actions import request_export
from tests.factories import NOW, Cast
from tests.rectification.conftest import monday, sign_in

__all__ = ["monday", "sign_in"]
SignIn = Callable[[Staff], Client]


@pytest.fixture(autouse=True)
def small(settings: Any, tmp_path: Path) -> Path:
    """Two rows are many."""
    settings.MEDIA_ROOT, settings.EXPORT_SECOND_PERSON_ROWS = str(tmp_path), 1
    return tmp_path


def ordered(cast: Cast, rows: int, by: Staff | None = None) -> Export:
    for _ in range(rows):
        cast.rate(1)
    export = request_export(by=by or cast.qian, at=NOW, format="csv", filters={}, reason="专项核查")
    actions.run_exports(at=NOW)
    export.refresh_from_db()
    return export


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_small_file_needs_nobody_else(cast: Cast) -> None:
    export = ordered(cast, 1)
    assert (export.takes_two, export.ready_until) == (False, NOW + timedelta(days=3))
    actions.take_export(export, by=cast.qian, at=NOW)
    assert not Notice.objects.filter(kind="export.waiting").exists()


def test_a_large_file_waits_for_another_person(cast: Cast) -> None:
    export = ordered(cast, 2)
    assert (export.rows, export.takes_two, export.waiting, export.ready_until) == (2, True, True, None)
    told = Notice.objects.filter(kind="export.waiting").values_list("staff__username", flat=True)
    assert set(told) == {"gu"}  # Qian asked
    with pytest.raises(actions.Refused, match="还不能下载"):
        actions.take_export(export, by=cast.qian, at=NOW)
    with pytest.raises(actions.Refused, match="申请人不能自己同意"):
        actions.decide_export(export, approved=True, by=cast.qian, at=NOW)
    for person in (cast.wu, cast.xu, cast.meng, cast.he):
        with pytest.raises(PermissionDenied):
            actions.decide_export(export, approved=True, by=person, at=NOW)
    later = NOW + timedelta(hours=2)
    actions.decide_export(export, approved=True, note="核过用途", by=cast.gu, at=later)
    export.refresh_from_db()
    assert export.ready_until == later + timedelta(days=3)
    for _again in range(2):
        actions.take_export(export, by=cast.qian, at=later)
    assert ExportTaking.objects.filter(export=export, by=cast.qian).count() == 2
    words = AuditEntry.objects.filter(object_type="export").order_by("pk").values_list("action", flat=True)
    assert list(words) == ["export.request", "export.approve", "export.take", "export.take"]
    assert Notice.objects.get(kind="export.decided").staff == cast.qian
    with pytest.raises(actions.Refused, match="不在等待同意"):
        actions.decide_export(export, approved=False, note="反悔", by=cast.gu, at=later)


@pytest.mark.django_db(transaction=True)
def test_what_is_refused_is_gone(live_cast: Cast, small: Path) -> None:
    export = ordered(live_cast, 2)
    assert len(files_in(small)) == 1
    with pytest.raises(actions.Refused, match="请写明理由"):
        actions.decide_export(export, approved=False, note=" ", by=live_cast.gu, at=NOW)
    actions.decide_export(export, approved=False, note="用途不清", by=live_cast.gu, at=NOW)
    assert files_in(small) == []
    export.refresh_from_db()
    assert (export.file.name, export.approved, export.decision_note) == ("", False, "用途不清")
    with pytest.raises(actions.Refused, match="还不能下载"):
        actions.take_export(export, by=live_cast.qian, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_a_file_is_forgotten_when_its_days_are_over(live_cast: Cast, small: Path) -> None:
    export = ordered(live_cast, 1)
    end = NOW + timedelta(days=3)
    assert actions.forget_exports(at=end) == 0
    actions.take_export(export, by=live_cast.qian, at=end)
    late = end + timedelta(seconds=1)
    with pytest.raises(actions.Refused):
        actions.take_export(export, by=live_cast.qian, at=late)
    assert actions.forget_exports(at=late) == 1
    assert files_in(small) == []
    assert actions.forget_exports(at=late) == 0


@pytest.mark.django_db(transaction=True)
def test_a_large_file_nobody_decides_on_does_not_lie_about(live_cast: Cast, small: Path) -> None:
    with time_machine.travel(NOW, tick=False):
        export = ordered(live_cast, 2)
    assert actions.forget_exports(at=NOW + timedelta(days=30)) == 0
    assert actions.forget_exports(at=NOW + timedelta(days=30, seconds=1)) == 1
    assert files_in(small) == []
    with pytest.raises(actions.Refused, match="不在等待同意"):
        actions.decide_export(export, approved=True, by=live_cast.gu, at=NOW + timedelta(days=31))


def test_more_rows_than_a_file_holds_are_not_cut_off_silently(cast: Cast, sign_in: SignIn, settings: Any) -> None:
    settings.EXPORT_ROWS_MAX = 1
    export = ordered(cast, 2)
    assert (export.error, export.file.name, export.rows, export.ready_until) == ("TooManyRows", "", None, None)
    assert export.finished_at is not None
    assert "请缩小范围" in sign_in(cast.qian).get("/desk/exports/").content.decode()


def test_lists_ask_as_much_for_three_rows_as_for_one(cast: Cast, sign_in: SignIn) -> None:
    pages = {"/desk/exports/waiting/": cast.gu, "/desk/audit/exports/": cast.zhou, "/desk/exports/": cast.qian}
    clients = {address: sign_in(person) for address, person in pages.items()}
    asked = []
    for rows in (1, 2):
        for _ in range(rows):
            actions.take_export(_agreed(cast), by=cast.qian, at=NOW)
        counts = []
        for address, client in clients.items():
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
        asked.append(counts)
    assert asked[0] == asked[1]


def _agreed(cast: Cast) -> Export:
    export = ordered(cast, 2)
    return actions.decide_export(export, approved=True, note="核过", by=cast.gu, at=NOW)


def test_files_of_a_former_role_and_of_others_are_not_taken(cast: Cast) -> None:
    export = ordered(cast, 1)
    with pytest.raises(PermissionDenied):
        actions.take_export(export, by=cast.zhou, at=NOW)
    Membership.objects.filter(staff=cast.qian).update(role=Role.PANEL)
    with pytest.raises(PermissionDenied):
        actions.take_export(export, by=Staff.objects.get(pk=cast.qian.pk), at=NOW)


def test_whose_files_these_are_and_who_agrees(cast: Cast) -> None:
    kinds = {name: kinds_for(person.duties, TAKES_EXPORTS) for name, person in cast.everybody.items()}
    assert (kinds["qian"], kinds["zhou"], kinds["meng"]) == (["ledger"], ["ledger", "trail"], ["trail"])
    assert (kinds["xu"], kinds["gu"]) == ([], [])
    decides = {name: kinds_for(person.duties, DECIDES_EXPORTS) for name, person in cast.everybody.items()}
    assert {name: found for name, found in decides.items() if found} == {
        "qian": ["ledger"],
        "gu": ["ledger"],
        "zhou": ["trail"],
        "meng": ["trail"],
    }
    assert set(DECIDES_EXPORTS) == set(TAKES_EXPORTS) == set(ExportKind)


def test_the_database_holds_the_promise(cast: Cast) -> None:
    export = ordered(cast, 2)
    one = Export.objects.filter(pk=export.pk)
    with pytest.raises(IntegrityError, match="large_export_is_ready_once_agreed"), transaction.atomic():
        one.update(ready_until=NOW + timedelta(days=1))
    with pytest.raises(IntegrityError, match="export_takes_two_people"), transaction.atomic():
        one.update(approved=True, decided_by=cast.qian, decided_at=NOW)
    with pytest.raises(IntegrityError, match="export_decided_as_a_whole"), transaction.atomic():
        one.update(approved=True)
    with pytest.raises(DatabaseError, match="may not be taken"), transaction.atomic():
        ExportTaking.objects.create(export=export, by=cast.qian, at=NOW)
    actions.decide_export(export, approved=True, by=cast.gu, at=NOW)
    with pytest.raises(DatabaseError, match="may not be taken"), transaction.atomic():
        ExportTaking.objects.create(export=export, by=cast.gu, at=NOW)
    with pytest.raises(DatabaseError, match="may not be taken"), transaction.atomic():
        ExportTaking.objects.create(export=export, by=cast.qian, at=NOW + timedelta(days=4))
    actions.take_export(export, by=cast.qian, at=NOW)
    for statement in ("UPDATE common_exporttaking SET at = now()", "DELETE FROM common_exporttaking"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_from_the_order_to_the_file_on_the_pages(cast: Cast, sign_in: SignIn, monday: time_machine.Traveller) -> None:
    for _ in range(2):
        cast.rate(1)
    qian, gu = sign_in(cast.qian), sign_in(cast.gu)
    qian.post("/desk/ledger/", {"format": "csv", "reason": "年度核查"})
    actions.run_exports(at=NOW)
    export = Export.objects.get()
    take, decide = f"/desk/exports/{export.pk}/", f"/desk/exports/waiting/{export.pk}/"
    page = qian.get("/desk/exports/").content.decode()
    assert "等待另一位同意" in page
    assert take not in page
    assert "等另一位" in qian.get("/desk/exports/waiting/").content.decode()
    assert "申请人不能自己同意" in qian.post(decide, {"approved": "yes"}).content.decode()
    waiting = gu.get("/desk/exports/waiting/").content.decode()
    assert [word for word in (decide, "年度核查", "钱督导(qian)") if word not in waiting] == []
    assert "年度核查" in gu.get(decide).content.decode()
    assert gu.post(take).status_code == 404
    assert gu.post(decide, {"approved": "yes", "note": ""}).url == "/desk/exports/waiting/"
    assert "不在等待同意" in gu.get(decide).content.decode()
    assert take in qian.get("/desk/exports/").content.decode()
    assert b"".join(qian.post(take).streaming_content).count(b"\n") == 3  # type: ignore[attr-defined]
    monday.shift(timedelta(days=4))
    qian = sign_in(cast.qian)
    assert "已过下载期限" in qian.get("/desk/exports/").content.decode()
    assert "还不能下载" in qian.post(take, follow=True).content.decode()


def test_who_sees_what_waits(cast: Cast, sign_in: SignIn) -> None:
    export = ordered(cast, 2)
    for name, person in cast.everybody.items():
        expected = 200 if name in ("qian", "gu", "zhou", "meng") else 403
        assert sign_in(person).get("/desk/exports/waiting/").status_code == expected, name
        one = sign_in(person).get(f"/desk/exports/waiting/{export.pk}/").status_code
        assert one == (404 if name in ("zhou", "meng") else expected), name
