"""CSV files of structure and people: read, checked row by row, and carried out as acts; all or nothing."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.db import DatabaseError, transaction
from django.db.models import Model
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from organizations import actions
from organizations.actions import By, Refused
from organizations.forms import (
    HallForm,
    ItemForm,
    KeyedForm,
    MembershipForm,
    RegionForm,
    StaffForm,
    UnitForm,
    WindowForm,
)
from organizations.models import Hall, Membership, Region, ServiceItem, Staff, Unit, Window

YES, NO = {"1", "是", "true", "yes"}, {"", "0", "否", "false", "no"}
MOST_ERRORS = 50


@dataclass(frozen=True)
class RowError:
    """What is wrong in which line and column, and how to mend it."""

    line: int
    column: str
    reason: str
    fix: str

    def __str__(self) -> str:
        where = _("第 %(line)d 行") % {"line": self.line} if self.line else _("文件")
        column = _(" “%(column)s”列") % {"column": self.column} if self.column else ""
        return f"{where}{column}:{self.reason} → {self.fix}"


class BadFile(Exception):
    """Nothing was stored."""

    def __init__(self, errors: list[RowError]) -> None:
        super().__init__("\n".join(map(str, errors)))
        self.errors = errors


@dataclass
class Report:
    """How many rows were new, different and the same; one-time passwords by staff number, if asked for."""

    counts: Counter[str] = field(default_factory=Counter)
    passwords: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    """One kind of file: its form names the columns; how to find, make and correct a row."""

    form: type[KeyedForm]
    find: Callable[[Mapping[str, Any]], Model | None]
    add: Callable[..., Model]
    change: Callable[..., bool]


def _by_code(model: type[Model]) -> Callable[[Mapping[str, Any]], Model | None]:
    return lambda key: model._default_manager.filter(code=key["code"]).first()


def _window(key: Mapping[str, Any]) -> Window | None:
    return Window.objects.filter(hall=key["hall"], number=key["number"]).first()


def _person(key: Mapping[str, Any]) -> Staff | None:
    return Staff.objects.filter(username__iexact=key["username"]).first()


def _membership(key: Mapping[str, Any]) -> Membership | None:
    held = Membership.objects.filter(staff=key["username"], role=key["role"], unit=key["unit"])
    return held.filter(valid_from=key["valid_from"]).first()


def _add_membership(username: Staff, **facts: Any) -> Membership:
    return actions.add_membership(username, **facts)


def _change_membership(row: Membership, *, by: By, at: datetime, **facts: Any) -> bool:
    """Only the last day of a role can be changed; another window is another role in time."""
    if facts.get("window", row.window) != row.window:
        raise Refused(_("任职的窗口不能改,请结束后另记一条。"))
    last = facts.get("valid_to", row.valid_to)
    if last == row.valid_to:
        return False
    if last is None:
        raise Refused(_("已定的最后一天不能取消,请另记一条。"))
    return actions.end_membership(row, on=last, by=by, at=at)


KINDS = {
    "regions": Kind(RegionForm, _by_code(Region), actions.add_region, actions.change_region),
    "units": Kind(UnitForm, _by_code(Unit), actions.add_unit, actions.change_unit),
    "halls": Kind(HallForm, _by_code(Hall), actions.add_hall, actions.change_hall),
    "windows": Kind(WindowForm, _window, actions.add_window, actions.change_window),
    "items": Kind(ItemForm, _by_code(ServiceItem), actions.add_item, actions.change_item),
    "staff": Kind(StaffForm, _person, actions.create_staff, actions.change_staff),
    "memberships": Kind(MembershipForm, _membership, _add_membership, _change_membership),
}

Row = tuple[int, dict[str, str]]


def load(
    kind: str, content: bytes, *, by: By, at: datetime, dry_run: bool = False, with_passwords: bool = False
) -> Report:
    """Brings structure in line with a file. Loading it again changes nothing.

    Args:
        kind: a key of KINDS.
        content: CSV in UTF-8 or GB 18030, the first line naming the columns.
        dry_run: check everything, store nothing.
        with_passwords: issue a one-time password to everybody who is new (staff).

    Raises:
        BadFile: with every error found; nothing was stored.
    """
    report, errors = Report(), []
    with transaction.atomic():
        for line, row in _in_order(kind, _read(KINDS[kind], content)):
            try:
                with transaction.atomic():
                    _load_row(KINDS[kind], row, report, by, at, with_passwords and kind == "staff")
            except BadFile as bad:
                errors += [RowError(line, e.column, e.reason, e.fix) for e in bad.errors]
            except Refused as refused:
                errors.append(RowError(line, "", str(refused), _("请改正这一行")))
            except DatabaseError as error:
                errors.append(RowError(line, "", str(error).splitlines()[0], _("请检查这一行是否与已有数据冲突")))
            if len(errors) >= MOST_ERRORS:
                break
        if errors:
            raise BadFile(errors)
        transaction.set_rollback(dry_run)
    return report


def _read(kind: Kind, content: bytes) -> list[Row]:
    """The rows with their line numbers.

    Raises:
        BadFile: not a table of this kind.
    """
    reader = csv.reader(io.StringIO(_decode(content)), strict=True)
    fields = kind.form.base_fields
    required = {name for name, wanted in fields.items() if wanted.required}
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(header, set(fields), required)
        rows, errors = [], []
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                reason = _("有 %(found)d 格,表头是 %(wanted)d 格") % {"found": len(cells), "wanted": len(header)}
                errors.append(RowError(reader.line_num, "", reason, _("补齐或删去多余的逗号;含逗号的内容用双引号括起")))
            else:
                rows.append((reader.line_num, dict(zip(header, (cell.strip() for cell in cells), strict=True))))
    except csv.Error as error:
        raise BadFile([RowError(reader.line_num, "", str(error), _("检查这一行的双引号是否成对"))]) from error
    if not rows and not errors:
        errors.append(RowError(0, "", _("没有数据行"), _("表头下面至少要有一行")))
    errors += _repeated(kind, rows)
    if errors:
        raise BadFile(errors)
    return rows


def _decode(content: bytes) -> str:
    if content.startswith(b"PK"):
        raise BadFile([RowError(0, "", _("这是 Excel 文件"), _("在 Excel 里另存为 CSV(UTF-8)再导入"))])
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadFile([RowError(0, "", _("读不出文字"), _("保存为 UTF-8 或 GB 18030 编码的 CSV"))])


def _check_header(header: list[str], known: set[str], required: set[str]) -> None:
    columns = "、".join(sorted(known))
    errors = [
        RowError(1, name, _("不认识这一列"), _("只用这些列:%(columns)s") % {"columns": columns})
        for name in header
        if name not in known
    ]
    errors += [RowError(1, name, _("列名重复"), _("删去一列")) for name, n in Counter(header).items() if n > 1]
    errors += [RowError(1, name, _("缺少这一列"), _("加上这一列")) for name in sorted(required - set(header))]
    if errors:
        raise BadFile(errors)


def _repeated(kind: Kind, rows: list[Row]) -> list[RowError]:
    """Two rows about the same thing: which one is meant?"""
    seen: dict[tuple[str, ...], int] = {}
    errors = []
    for line, row in rows:
        key = tuple(row.get(name, "").lower() for name in kind.form.keys)
        if key in seen:
            reason = _("与第 %(line)d 行是同一条") % {"line": seen[key]}
            errors.append(RowError(line, kind.form.keys[0], reason, _("只留一行")))
        seen.setdefault(key, line)
    return errors


def _in_order(kind: str, rows: list[Row]) -> Iterator[Row]:
    """Units after those they stand under, wherever these are in the file; a ring comes last and is refused."""
    waiting = {row["code"]: (line, row) for line, row in rows} if kind == "units" else {}
    if not waiting:
        yield from rows
    while waiting:
        ready = [code for code, (_line, row) in waiting.items() if row.get("parent", "") not in waiting]
        for code in ready or list(waiting):
            yield waiting.pop(code)


def _load_row(kind: Kind, row: dict[str, str], report: Report, by: By, at: datetime, with_password: bool) -> None:
    form = kind.form(_data(kind.form, row))
    if not form.is_valid():
        raise BadFile(
            [_explain(form, column, str(reason)) for column, found in form.errors.items() for reason in found]
        )
    known = kind.find(form.key)
    if known is not None:
        facts = {name: value for name, value in form.facts.items() if name in row}
        changed = kind.change(known, **facts, by=by, at=at)
        report.counts["changed" if changed else "same"] += 1
        return
    made = kind.add(**form.key, **form.facts, by=by, at=at)
    report.counts["new"] += 1
    if with_password and isinstance(made, Staff):
        report.passwords[made.username] = actions.issue_password(made, by=by, at=at)


def _data(form: type[KeyedForm], row: dict[str, str]) -> MultiValueDict[str, str]:
    """Cells as a browser would post them. Several values stand in one cell, parted by "|"."""
    data: MultiValueDict[str, str] = MultiValueDict()
    for name, cell in row.items():
        wanted = form.base_fields[name]
        if isinstance(wanted, forms.BooleanField):
            if cell.lower() in YES:
                data[name] = "true"
            elif cell.lower() not in NO:
                raise BadFile([RowError(0, name, _("看不懂“%(cell)s”") % {"cell": cell}, _("填 1 或 0"))])
        elif isinstance(wanted, forms.MultipleChoiceField):
            data.setlist(name, [value for value in cell.split("|") if value])
        else:
            data[name] = cell
    return data


def _explain(form: KeyedForm, column: str, reason: str) -> RowError:
    wanted = form.fields.get(column)
    fix = _("请改正这一格")
    if isinstance(wanted, forms.ModelChoiceField):
        fix = _("填已登记的编码;没有登记的先导入")
    elif isinstance(wanted, forms.ChoiceField):
        values = [str(value) for value, _label in wanted.widget.choices if value != ""]
        fix = _("填其中之一:%(values)s") % {"values": "、".join(values)}
    elif isinstance(wanted, forms.DateField):
        fix = _("写成 2026-11-27")
    elif wanted is not None and wanted.required:
        fix = _("填写这一格,并符合格式")
    return RowError(0, "" if column == "__all__" else column, reason, fix)
