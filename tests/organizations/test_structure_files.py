"""CSV files of structure: what is wrong is said with line, column and remedy, and nothing is stored by halves."""

import csv
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from common.actors import SYSTEM
from common.models import AuditEntry
from organizations.management.structure_files import BadFile, load
from organizations.models import Membership, Region, ServiceItem, Staff, Unit, Window
from tests.factories import NOW

USCC = "91350100M000100Y43"
UNITS = "code,name,short_name,uscc,level,region,parent,supervises,phone\n"
MEMBERSHIPS = "username,role,unit,window,valid_from,valid_to\n"


def read(kind, text, encoding="utf-8", **options):
    content = text if isinstance(text, bytes) else text.encode(encoding)
    return load(kind, content, by=SYSTEM, at=NOW, **options)


def unit_row(code="X1", parent="", uscc=USCC, level="city", region="370600000000", supervises="0", name="演示局"):
    return f"{code},{name},演示,{uscc},{level},{region},{parent},{supervises},\n"


BROKEN = {
    "unknown column": ("regions", "code,name,level,colour\n370602099000,甲,9,red\n", 1, "colour"),
    "missing column": ("regions", "code,name\n370602099000,甲\n", 1, "level"),
    "column twice": ("regions", "code,name,level,name\n370602099000,甲,9,乙\n", 1, "name"),
    "no rows": ("regions", "code,name,level\n", 0, ""),
    "empty file": ("regions", "", 1, "code"),
    "a workbook": ("regions", b"PK\x03\x04rest", 0, ""),
    "no text": ("regions", b"\xff\xfe\x00c\x00o", 0, ""),
    "too many cells": ("regions", "code,name,level\n370602099000,甲,9,9\n", 2, ""),
    "too few cells": ("regions", "code,name,level\n370602099000,甲\n", 2, ""),
    "open quote": ("regions", 'code,name,level\n370602099000,"甲,9\n', 2, ""),
    "bad division code": ("regions", "code,name,level\n37060209900,甲,9\n", 2, "code"),
    "no region above": ("regions", "code,name,level\n379902000000,甲,6\n", 2, ""),
    "the same twice": ("regions", "code,name,level\n370602099000,甲,9\n370602099000,乙,9\n", 3, "code"),
    "unknown level": ("regions", "code,name,level\n370602099000,甲,7\n", 2, "level"),
    "neither yes nor no": ("units", UNITS + unit_row(supervises="maybe"), 2, "supervises"),
    "bad check character": ("units", UNITS + unit_row(uscc="91350100M000100Y44"), 2, "uscc"),
    "unknown region": ("units", UNITS + unit_row(region="999900000000"), 2, "region"),
    "unknown parent": ("units", UNITS + unit_row(parent="NOWHERE"), 2, "parent"),
    "a ring of parents": ("units", UNITS + unit_row("X1", "X2") + unit_row("X2", "X1"), 2, "parent"),
    "name too long": ("units", UNITS + unit_row(name="长" * 101), 2, "name"),
    "name missing": ("units", UNITS + unit_row(name=""), 2, "name"),
    "bad item code": ("items", "code,name,unit,task_type\n123,甲,370600-GAJ,01\n", 2, "code"),
    "unknown topic": ("items", f"code,name,unit,task_type,topics\n{'A' * 31},甲,370600-GAJ,01,fast\n", 2, "topics"),
    "unknown hall": ("windows", "hall,number,name,unit\nNONE,1,甲,370600-GAJ\n", 2, "hall"),
    "bad address": ("staff", "username,name,email\n90001,甲,nowhere\n", 2, "email"),
    "bad number": ("staff", "username,name\n90 001,甲\n", 2, "username"),
    "unknown person": ("memberships", MEMBERSHIPS + "nobody,window,370600-GAJ,,2026-11-01,\n", 2, "username"),
    "unknown role": ("memberships", MEMBERSHIPS + "wu,boss,370600-GAJ,,2026-11-01,\n", 2, "role"),
    "bad date": ("memberships", MEMBERSHIPS + "wu,callback,370600-SPJ,,soon,\n", 2, "valid_from"),
    "dates reversed": ("memberships", MEMBERSHIPS + "wu,callback,370600-SPJ,,2026-11-02,2026-11-01\n", 2, "valid_to"),
    "window of another unit": ("memberships", MEMBERSHIPS + "wu,window,370600-YBJ,NONE/1,2026-11-02,\n", 2, "window"),
    "two administrators in one": ("memberships", MEMBERSHIPS + "xu,audit_admin,370600-SPJ,,2026-11-02,\n", 2, ""),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=list(BROKEN))
def test_what_is_wrong_is_said_where(cast, broken):
    kind, text, line, column = broken
    before = AuditEntry.objects.count(), Region.objects.count(), Unit.objects.count(), Staff.objects.count()
    with pytest.raises(BadFile) as bad:
        read(kind, text)
    found = [(error.line, error.column) for error in bad.value.errors]
    assert (line, column) in found
    assert all(error.reason and error.fix for error in bad.value.errors)
    after = AuditEntry.objects.count(), Region.objects.count(), Unit.objects.count(), Staff.objects.count()
    assert after == before


def test_every_error_is_found_at_once_and_good_rows_wait(cast):
    rows = UNITS + unit_row("OK1") + unit_row("BAD", region="1") + unit_row("OK2") + unit_row("WORSE", uscc="1")
    with pytest.raises(BadFile) as bad:
        read("units", rows)
    assert [error.line for error in bad.value.errors] == [3, 5]
    assert not Unit.objects.filter(code__startswith="OK").exists()


def test_again_changes_nothing(cast):
    rows = UNITS + unit_row("X2", "X1") + unit_row("X1")
    assert read("units", rows).counts == {"new": 2}
    assert Unit.objects.get(code="X2").parent.code == "X1"
    before = AuditEntry.objects.count()
    assert read("units", rows).counts == {"same": 2}
    assert AuditEntry.objects.count() == before
    assert read("units", rows.replace("X1,演示局", "X1,演示新局")).counts == {"same": 1, "changed": 1}
    assert [row.name for row in Unit.objects.get(code="X1").names.all()] == ["演示新局"]


def test_a_column_left_out_is_left_alone(cast):
    code = ServiceItem.objects.exclude(topics=[]).first().code
    item = ServiceItem.objects.select_related("unit").get(code=code)
    read("items", f"code,name,unit,task_type\n{code},新名称,{item.unit.code},{item.task_type}\n")
    changed = ServiceItem.objects.get(code=code)
    assert (changed.name, changed.topics) == ("新名称", item.topics)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings(cast, encoding):
    read("regions", "code,name,level\n370602099000,㵒口街道,9\n", encoding)
    assert Region.objects.get(code="370602099000").name == "㵒口街道"


def test_dry_run_stores_nothing(cast):
    assert read("regions", "code,name,level\n370602099000,甲,9\n", dry_run=True).counts == {"new": 1}
    assert not Region.objects.filter(code="370602099000").exists()


def test_memberships(cast):
    window = f"{cast.window.hall.code}/{cast.window.number}"
    rows = MEMBERSHIPS + f"sun,window,{cast.unit.code},{window},2026-11-01,\n"
    assert read("memberships", rows).counts == {"new": 1}
    assert Membership.objects.get(staff=cast.sun, unit=cast.unit).window == cast.window
    assert read("memberships", rows).counts == {"same": 1}
    assert read("memberships", rows.replace(",\n", ",2026-12-31\n")).counts == {"changed": 1}
    with pytest.raises(BadFile):
        read("memberships", rows)


def test_the_reference_files_are_such_files(cast):
    folder = Path("organizations/reference")
    for kind, name in [
        ("regions", "divisions"),
        ("units", "county_departments"),
        ("halls", "halls"),
        ("windows", "windows"),
        ("items", "items"),
    ]:
        counts = read(kind, (folder / f"{name}.csv").read_bytes()).counts
        assert set(counts) == {"same"}, (kind, counts)


def test_command(cast, tmp_path, capsys):
    file, passwords = tmp_path / "staff.csv", tmp_path / "passwords.csv"
    file.write_text("username,name\n90001,孔新\nwu,吴经办\n")
    call_command("load_structure", "staff", str(file), "--dry-run", "--passwords", str(passwords))
    assert not passwords.exists()
    call_command("load_structure", "staff", str(file), "--passwords", str(passwords))
    assert "新增 1" in capsys.readouterr().out
    with passwords.open() as lines:
        issued = {row["username"]: row["password"] for row in csv.DictReader(lines)}
    assert list(issued) == ["90001"]
    assert Staff.objects.get(username="90001").check_password(issued["90001"])
    assert passwords.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError):
        call_command("load_structure", "staff", str(file), "--passwords", str(passwords))
    file.write_text("username,name\n90 002,坏\n")
    with pytest.raises(CommandError, match="第 2 行"):
        call_command("load_structure", "staff", str(file))
    with pytest.raises(CommandError):
        call_command("load_structure", "staff", str(tmp_path / "nowhere.csv"))


def test_window_numbers_are_found_by_hall(cast):
    before = Window.objects.count()
    row = f"{cast.window.hall.code},{cast.window.number},改名窗口,{cast.unit.code}\n"
    assert read("windows", "hall,number,name,unit\n" + row).counts == {"changed": 1}
    assert Window.objects.count() == before
