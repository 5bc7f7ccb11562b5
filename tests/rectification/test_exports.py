"""Ledger files: the rows of the list, nothing a spreadsheet would run, nobody's identity, one file for one order."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from common.models import AuditEntry, Export, ExportTaking
from common.rows import FORMULA_STARTS
from organizations.actions import exports, run_exports
from organizations.models import Staff
from rectification import actions
from rectification.enums import State
from rectification.ledger import COLUMNS
from rectification.models import Case
from rectification.queries import ledger_rows
from tests.factories import NOW, Cast
from tests.rectification.town import build_town

SignIn = Callable[[Staff], Client]
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
PHONE, NAME = "13912345678", "欧阳若兰"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def order(user: Staff, kind: str = "csv", **filters: str) -> Export:
    return actions.request_export(by=user, at=NOW, format=kind, filters=filters, reason="月度通报")


def make(export: Export) -> bytes:
    assert run_exports(at=NOW) == 1
    export.refresh_from_db()
    return Path(export.file.path).read_bytes()


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_xlsx(content: bytes) -> list[list[str]]:
    """The rows of the first sheet as a spreadsheet has them, and a refusal of anything that is a formula."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert not list(sheet.iter(f"{SHEET}f"))
    rows = []
    for row in sheet.iter(f"{SHEET}row"):
        cells = {
            str(cell.get("r")).rstrip("0123456789"): "".join(cell.itertext()).replace("_x000D_", "\r")
            for cell in row.iter(f"{SHEET}c")
        }
        rows.append([cells.get(chr(ord("A") + place), "") for place in range(len(COLUMNS))])
    return rows


def _text(cell: ElementTree.Element) -> str:
    return "".join(cell.itertext()).replace("_x000D_", "\r")


READERS = {"csv": read_csv, "xlsx": read_xlsx}


def listed(user: Staff) -> list[Case]:
    return list(ledger_rows(Case.objects.visible_to(user)).order_by("received_at", "pk"))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_file_holds_the_rows_of_the_list(cast: Cast, kind: str) -> None:
    build_town(cast)
    for user in (cast.qian, cast.zheng):
        rows = READERS[kind](make(order(user, kind)))
        cases = listed(user)
        assert rows[0] == [str(column.label) for column in COLUMNS]
        assert [row[0] for row in rows[1:]] == [case.number for case in cases]
        for row, case in zip(rows[1:], cases, strict=True):
            texts = [(cell, column.value(case)) for cell, column in zip(row, COLUMNS, strict=True)]
            assert [cell for cell, value in texts if isinstance(value, str)] == [
                value for _, value in texts if isinstance(value, str)
            ]
        if kind == "csv":
            assert rows[1][1] == timezone.localtime(cases[0].received_at).strftime("%Y-%m-%d %H:%M")


def test_the_filters_of_the_address_go_with_the_order(sign_in: SignIn, cast: Cast) -> None:
    town = build_town(cast)
    client = sign_in(cast.qian)
    address = f"/desk/ledger/?state=closed&words=&page=3&unit={cast.unit.pk}"
    assert client.post(address, {"format": "csv", "reason": "月度通报"}).url == "/desk/exports/"
    export = Export.objects.get()
    assert export.filters == {"state": "closed", "unit": str(cast.unit.pk)}
    assert [row[0] for row in read_csv(make(export))[1:]] == [town["closed"].number]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("start", FORMULA_STARTS, ids=repr)
def test_no_cell_is_a_formula(cast: Cast, kind: str, start: str) -> None:
    said = f'{start}HYPERLINK("http://evil.invalid","点我")'
    cast.rate(1, text=said)
    [_, row] = READERS[kind](make(order(cast.qian, kind)))
    assert row[8] == "'" + said
    assert not [cell for cell in row if cell.startswith(FORMULA_STARTS)]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_identity_is_in_the_file(cast: Cast, kind: str) -> None:
    """Numbers and names of evaluators, applicants and those who work on the case are not to be found in any part."""
    for state in (State.PRECHECKED, State.REPLIED, State.CLOSED):
        cast.upto(cast.rate(1, phone=PHONE, text="窗口等了很久"), state)
    service = cast.service(applicant=NAME)
    cast.submit(1, phone=PHONE, service=service)
    content = make(order(cast.qian, kind))
    if kind == "xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"".join(book.read(part) for part in book.namelist())
    text = content.decode("utf-8-sig", "replace")
    assert text.count("窗口等了很久") == 3
    people = [person.name for person in cast.everybody.values()]
    assert [word for word in (PHONE, PHONE[-4:], NAME, *people) if word in text] == []


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_identifies_somebody_in_the_words_stays_on_the_case_page(cast: Cast, sign_in: SignIn, kind: str) -> None:
    """A file travels further than its reader thinks: the words go with it without telephone numbers and the like."""
    case = cast.rate(1, text=f"打{PHONE}没人接,排队太久")
    content = make(order(cast.qian, kind))
    words = {"csv": read_csv, "xlsx": read_xlsx}[kind](content)[1][8]
    assert words == "打〔手机号〕没人接,排队太久"
    qian = sign_in(cast.qian)
    assert PHONE not in qian.get("/desk/ledger/").content.decode()
    assert PHONE in qian.get(f"/desk/cases/{case.number}/").content.decode()


def test_an_order_needs_a_reason_and_is_on_the_audit_trail(sign_in: SignIn, cast: Cast) -> None:
    cast.rate(1)
    client = sign_in(cast.qian)
    for form in ({"format": "csv", "reason": " "}, {"format": "csv"}, {"format": "pdf", "reason": "月报"}):
        response = client.post("/desk/ledger/?level=1", form)
        assert response.status_code == 200
        assert response.context["form"].errors
    assert not Export.objects.exists()
    client.post("/desk/ledger/?level=1", {"format": "csv", "reason": "月度通报"})
    entry = AuditEntry.objects.get(action="export.request")
    assert (entry.actor, entry.reason, entry.after) == (cast.qian, "月度通报", {"filters": {"level": "1"}})
    assert entry.object_id == str(Export.objects.get().pk)


def test_only_the_asker_may_see_and_fetch_it(sign_in: SignIn, cast: Cast) -> None:
    cast.rate(1)
    export = order(cast.qian)
    mine, address = sign_in(cast.qian), f"/desk/exports/{export.pk}/"
    assert "正在生成" in mine.get("/desk/exports/").content.decode()
    assert "还不能下载" in mine.post(address, follow=True).content.decode()
    content = make(export)
    assert address in mine.get("/desk/exports/").content.decode()
    assert mine.get(address).status_code == 405
    assert not ExportTaking.objects.exists()
    response = mine.post(address)
    assert b"".join(response.streaming_content) == content  # type: ignore[attr-defined]
    assert response["Cache-Control"] == "no-store"
    assert response["Content-Disposition"] == 'attachment; filename="ledger-20261123-1000.csv"'
    for name in ("zheng", "he", "zhou", "xu"):
        other = sign_in(cast.everybody[name])
        assert other.post(address).status_code == 404
        assert address not in other.get("/desk/exports/").content.decode()
    assert Client().post(address).status_code == 302
    assert [(taking.export, taking.by) for taking in ExportTaking.objects.all()] == [(export, cast.qian)]
    assert AuditEntry.objects.get(action="export.take").actor == cast.qian


def test_asked_twice_two_files(cast: Cast) -> None:
    cast.rate(1)
    orders = [order(cast.qian), order(cast.qian, "xlsx")]
    assert run_exports(at=NOW) == 2
    assert run_exports(at=NOW) == 0
    for export in orders:
        export.refresh_from_db()
        assert export.rows == 1
        assert export.finished_at is not None


def test_a_choice_that_has_gone_since_does_not_widen_the_file(cast: Cast) -> None:
    """The only case of a unit moves on before the file is made: the file is empty, not that of all units."""
    case, other = cast.upto(cast.rate(1), State.DISPATCHED), cast.upto(cast.rate(1), State.PRECHECKED)
    actions.dispatch_case(other, by=cast.lin, at=NOW, unit=cast.other_unit)
    export = order(cast.qian, unit=str(cast.unit.pk))
    actions.refuse_case(case, by=cast.wu, at=NOW, reason="非本单位", limit=1)
    actions.accept_refusal(case, by=cast.qian, at=NOW, note="同意")
    actions.dispatch_case(case, by=cast.lin, at=NOW, unit=cast.other_unit)
    assert [row[0] for row in read_csv(make(export))[1:]] == []


class Killed(BaseException):
    """What happens to a process that is killed: nothing in it runs on."""


@pytest.fixture
def killed_midway(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Ends the job once, after its file has been written and before it has been noted."""

    def arm() -> None:
        save, armed = Export.save, [True]

        def save_or_die(self: Export, *arguments: Any, **named: Any) -> None:
            if armed:
                armed.pop()
                raise Killed
            save(self, *arguments, **named)

        monkeypatch.setattr(Export, "save", save_or_die)

    return arm


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_killed_midway_and_repeated_leaves_one_file(
    cast: Cast, folder: Path, killed_midway: Callable[[], None]
) -> None:
    cast.rate(1)
    export = order(cast.qian)
    killed_midway()
    with pytest.raises(Killed):
        run_exports(at=NOW)
    export.refresh_from_db()
    assert (export.finished_at, str(export.file)) == (None, "")
    content = make(export)
    assert len(read_csv(content)) == 2
    assert files_in(folder) == [Path(export.file.path)]
    assert run_exports(at=NOW) == 0


def test_an_order_that_cannot_be_made_does_not_stop_the_others(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.rate(1)
    bad, good = order(cast.qian, "xlsx"), order(cast.qian)

    def full(*arguments: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(exports, "_write_xlsx", full)
    run_exports(at=NOW)
    for export in (bad, good):
        export.refresh_from_db()
    assert good.finished_at is not None
    assert (bad.error, bad.file.name, bad.rows) == ("OSError", "", None)
    assert "没有生成" in sign_in(cast.qian).get("/desk/exports/").content.decode()
