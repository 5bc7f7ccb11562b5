"""Files of rows that leave the portal: ordered with a reason, made by the clock, large ones agreed to by another.

Each taking is noted. Every kind of file goes this way (docs/decisions.md D234).
"""

from __future__ import annotations

import csv
import io
import logging
import tempfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

import xlsxwriter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from common.actions import NoticeText, notify, record_audit
from common.enums import ExportFormat, ExportKind
from common.models import Export, ExportTaking
from common.rows import Table, safe_cell
from organizations.access import DECIDES_EXPORTS, TAKES_EXPORTS, kinds_for
from organizations.actions.core import Refused, authorise
from organizations.models import Membership, Staff
from organizations.queries import staff_actor

UNDECIDED = timedelta(days=30)
logger = logging.getLogger(__name__)


class TooManyRows(Exception):
    """More than one file holds, or than the clock writes before it is stopped: a narrower search is asked for."""


@transaction.atomic
def order_export(
    kind: ExportKind, *, by: Staff, at: datetime, format: str, filters: Mapping[str, object], reason: str
) -> Export:
    """Orders a file; the clock makes it. Who would take what out, and why, is on the audit trail."""
    export = Export.objects.create(
        kind=kind, by=by, format=format, filters=dict(filters), reason=reason, requested_at=at
    )
    told = {"filters": dict(filters)}
    record_audit("export.request", ("export", export.pk), by=staff_actor(by), at=at, after=told, reason=reason)
    return export


def run_exports(*, at: datetime) -> int:
    """Makes the files that were ordered, one after the other; returns how many."""
    made = 0
    while _make_one(at):
        made += 1
    return made


@transaction.atomic
def _make_one(at: datetime) -> bool:
    """Holds the order's row while it works: a killed process lets go of it, and the next sweep begins again."""
    waiting = Export.objects.filter(finished_at=None).select_related("by")
    export = waiting.select_for_update(skip_locked=True, of=("self",)).order_by("pk").first()
    if export is None:
        return False
    try:
        with transaction.atomic():
            _fill(export)
    except (OperationalError, InterfaceError):
        raise
    except TooManyRows as error:
        export.error = type(error).__name__
    except Exception as error:
        # An order that cannot be made must not stand before all others for ever.
        logger.exception("export %s could not be made", export.pk)
        export.file, export.rows, export.error = "", None, type(error).__name__
    export.finished_at = timezone.now()
    _weigh(export, at)
    export.save()
    return True


def _fill(export: Export) -> None:
    with translation.override(settings.LANGUAGE_CODE), tempfile.TemporaryFile() as target:
        table: Table = import_string(settings.EXPORT_TABLES[export.kind])(export.by, export.filters)
        if table.count > settings.EXPORT_ROWS_MAX:
            raise TooManyRows(table.count)
        export.rows = table.count
        (_write_xlsx if export.format == ExportFormat.WORKBOOK else _write_csv)(target, table)
        target.seek(0)
        name = f"{export.kind}-{export.pk}.{export.format}"
        # What a killed process left under this name belongs to no order.
        export.file.storage.delete(export.file.field.generate_filename(export, name))
        export.file.save(name, File(target), save=False)


def _weigh(export: Export, at: datetime) -> None:
    """A small file may be taken; of a large one those are told who may agree to it."""
    if not export.file or export.rows is None:
        return
    export.takes_two = export.rows > settings.EXPORT_SECOND_PERSON_ROWS
    if not export.takes_two:
        export.ready_until = at + timedelta(days=settings.EXPORT_DAYS)
        return
    held = Membership.objects.in_force(timezone.localdate(at)).filter(role__in=DECIDES_EXPORTS[export.kind])
    people = set(held.values_list("staff_id", flat=True)) - {export.by_id}
    text = f"{export.by} {export.get_kind_display()} {export.rows}"
    _tell(export, people, "export.waiting", text, reverse("exports-waiting"), at)


def _write_csv(target: IO[bytes], table: Table) -> None:
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(table.heads)
    for row in table.rows:
        writer.writerow([_plain(cell) for cell in row])
    text.flush()
    text.detach()


def _plain(cell: object) -> object:
    if isinstance(cell, datetime):
        return timezone.localtime(cell).strftime("%Y-%m-%d %H:%M")
    return safe_cell(cell) if isinstance(cell, str) else "" if cell is None else cell


def _write_xlsx(target: IO[bytes], table: Table) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, {**options, "tmpdir": str(Path(tempfile.gettempdir()))}) as book:
        sheet, moment = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.freeze_panes(1, 1)
        sheet.write_row(0, 0, table.heads, book.add_format({"bold": True}))
        for line, row in enumerate(table.rows, 1):
            for place, cell in enumerate(row):
                if isinstance(cell, datetime):
                    sheet.write_datetime(line, place, timezone.localtime(cell).replace(tzinfo=None), moment)
                elif isinstance(cell, str):
                    sheet.write_string(line, place, safe_cell(cell))
                elif cell is not None:
                    sheet.write(line, place, cell)
        sheet.set_column(0, len(table.heads) - 1, 16)


@transaction.atomic
def decide_export(export: Export, *, approved: bool, note: str = "", by: Staff, at: datetime) -> Export:
    """Agrees that a large file leaves the portal, for EXPORT_DAYS; or refuses, with a reason, and the file is gone.

    Raises:
        PermissionDenied: not for them to say.
        Refused: the asker themselves; nobody is asked, or somebody has said so already; refused without a reason.
    """
    actor = authorise(by, DECIDES_EXPORTS[export.kind])
    locked = Export.objects.select_for_update(of=("self",)).select_related("by").get(pk=export.pk)
    if locked.by_id == by.pk:
        raise Refused(_("申请人不能自己同意,请由另一位办理。"))
    if not locked.waiting:
        raise Refused(_("这项导出不在等待同意。"))
    if not approved and not note.strip():
        raise Refused(_("不同意时请写明理由。"))
    locked.approved, locked.decided_by, locked.decided_at, locked.decision_note = approved, by, at, note.strip()
    if approved:
        locked.ready_until = at + timedelta(days=settings.EXPORT_DAYS)
    else:
        _drop_file(locked)
    locked.save()
    record_audit(
        f"export.{'approve' if approved else 'reject'}",
        ("export", locked.pk),
        by=actor,
        at=at,
        after={"rows": locked.rows},
        reason=note,
    )
    _tell(locked, {locked.by_id}, "export.decided", str(locked.get_kind_display()), reverse("exports"), at)
    return locked


@transaction.atomic
def take_export(export: Export, *, by: Staff, at: datetime) -> ExportTaking:
    """Notes that its asker takes a file; whoever calls this hands it out.

    Raises:
        PermissionDenied: somebody else's, or one's role no longer goes with it.
        Refused: it is not ready, or no longer.
    """
    if export.by_id != by.pk or export.kind not in kinds_for(by.duties, TAKES_EXPORTS):
        raise PermissionDenied
    locked = Export.objects.select_for_update(of=("self",)).get(pk=export.pk)
    if not locked.file or locked.ready_until is None or locked.ready_until < at:
        raise Refused(_("这份文件还不能下载,或者已经过了下载期限。"))
    taking = ExportTaking.objects.create(export=locked, by=by, at=at)
    record_audit("export.take", ("export", locked.pk), by=staff_actor(by), at=at, after={"rows": locked.rows})
    return taking


def forget_exports(*, at: datetime) -> int:
    """Deletes the files whose time is over, and large ones nobody has said anything to for UNDECIDED.

    The orders, and who took them, stay.

    Returns:
        How many files there were.
    """
    undecided = Q(takes_two=True, approved=None, finished_at__lt=at - UNDECIDED)
    over = list(Export.objects.filter(Q(ready_until__lt=at) | undecided).exclude(file=""))
    for export in over:
        _drop_file(export)
        export.save(update_fields=["file"])
    return len(over)


def _drop_file(export: Export) -> None:
    name, storage = str(export.file.name), export.file.storage
    export.file = ""
    transaction.on_commit(lambda: storage.delete(name))


def _tell(export: Export, people: set[int], kind: str, text: str, url: str, at: datetime) -> None:
    notify(people, NoticeText(key=f"{kind}:{export.pk}", kind=kind, text=text, url=url), at=at)
