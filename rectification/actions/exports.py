"""Ledger files: ordered on a page, made by the clock, begun anew if the process was killed."""

from __future__ import annotations

import csv
import io
import logging
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

import xlsxwriter
from django.conf import settings
from django.core.files import File
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone, translation

from common.rows import safe_cell
from rectification.filters import LedgerFilter
from rectification.ledger import COLUMNS
from rectification.models import Case, Export
from rectification.queries import ledger_rows

STEP = 500
logger = logging.getLogger(__name__)


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
    except Exception as error:
        # An order that cannot be made must not stand before all others for ever.
        logger.exception("export %s could not be made", export.pk)
        export.file, export.rows, export.error = "", None, type(error).__name__
    export.finished_at = timezone.now()
    export.save()
    return True


def _fill(export: Export) -> None:
    found = LedgerFilter(export.filters, Case.objects.visible_to(export.by))
    # A choice may have gone since the order (a unit without cases): the list shows nothing then, and so does the file.
    cases = found.qs if found.is_valid() else Case.objects.none()
    export.rows = cases.count()
    with translation.override(settings.LANGUAGE_CODE), tempfile.TemporaryFile() as target:
        rows = _rows(ledger_rows(cases).order_by("received_at", "pk").iterator(STEP))
        (_write_xlsx if export.format == "xlsx" else _write_csv)(target, rows)
        target.seek(0)
        name = f"ledger-{export.pk}.{export.format}"
        # What a killed process left under this name belongs to no order.
        export.file.storage.delete(export.file.field.generate_filename(export, name))
        export.file.save(name, File(target), save=False)
    export.done = export.rows


def _rows(cases: Iterator[Case]) -> Iterator[list[object]]:
    for case in cases:
        yield [column.value(case) for column in COLUMNS]


def _write_csv(target: IO[bytes], rows: Iterator[list[object]]) -> None:
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow([str(column.label) for column in COLUMNS])
    for row in rows:
        writer.writerow([_plain(cell) for cell in row])
    text.flush()
    text.detach()


def _plain(cell: object) -> object:
    if isinstance(cell, datetime):
        return timezone.localtime(cell).strftime("%Y-%m-%d %H:%M")
    return safe_cell(cell) if isinstance(cell, str) else "" if cell is None else cell


def _write_xlsx(target: IO[bytes], rows: Iterator[list[object]]) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, {**options, "tmpdir": str(Path(tempfile.gettempdir()))}) as book:
        sheet, moment = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.freeze_panes(1, 1)
        sheet.write_row(0, 0, [str(column.label) for column in COLUMNS], book.add_format({"bold": True}))
        for line, row in enumerate(rows, 1):
            for place, cell in enumerate(row):
                if isinstance(cell, datetime):
                    sheet.write_datetime(line, place, timezone.localtime(cell).replace(tzinfo=None), moment)
                elif isinstance(cell, str):
                    sheet.write_string(line, place, safe_cell(cell))
                elif cell is not None:
                    sheet.write(line, place, cell)
        sheet.set_column(0, len(COLUMNS) - 1, 16)
