"""The rows of a ledger file: what the list had shown, read as the file is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from common.enums import ExportKind
from common.models import Export
from common.rows import Table
from organizations.actions.exports import order_export
from organizations.models import Staff
from rectification.filters import LedgerFilter
from rectification.ledger import COLUMNS
from rectification.models import Case
from rectification.queries import ledger_rows

STEP = 500


def request_export(*, by: Staff, at: datetime, format: str, filters: Mapping[str, object], reason: str) -> Export:
    """Orders a ledger file; it holds what the asker may see when it is made."""
    return order_export(ExportKind.LEDGER, by=by, at=at, format=format, filters=filters, reason=reason)


def ledger_table(by: Staff, filters: Mapping[str, Any]) -> Table:
    """The cases that somebody may see, narrowed as the page was."""
    found = LedgerFilter(filters, Case.objects.visible_to(by))
    # A choice may have gone since the order (a unit without cases): the list shows nothing then, and so does the file.
    cases = found.qs if found.is_valid() else Case.objects.none()
    rows = ledger_rows(cases).order_by("received_at", "pk").iterator(STEP)
    return Table([str(column.label) for column in COLUMNS], cases.count(), _rows(rows))


def _rows(cases: Iterator[Case]) -> Iterator[list[object]]:
    for case in cases:
        yield [column.value(case) for column in COLUMNS]
