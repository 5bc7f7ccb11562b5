"""What the intake's pages show: batches and their progress, rows with their faults, and what waits."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Count, JSONField, Min, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluations.enums import MOVING_STATES, BatchState, CanonicalField, CodeKind, FaultCode, LeftOutcome
from evaluations.faults import Fault, explain
from evaluations.keys import left_row_bound, preview_bound
from evaluations.models import Batch, LeftRow, Source
from evaluations.profiles import KIND_OF, fold, names_of, parse_profile
from identity.queries import vault
from organizations.models import ServiceItem, Unit, Window

STEP = 2_000
COUNTED = {
    "stored": _("入库"),
    "duplicates": _("重复"),
    "quarantined": _("待对照"),
    "held": _("待办件"),
    "refused": pgettext_lazy("rows", "退回"),
}


def newest_batches(before: int | None, count: int) -> list[Batch]:
    """Batches, the newest first, from behind one of them on; without what each keeps of its file."""
    batches = Batch.objects.defer("plan").select_related("created_by", "partner").order_by("-pk")
    return list((batches.filter(pk__lt=before) if before else batches)[:count])


def batch_shown(pk: int) -> Batch | None:
    """A batch for its page, to be read only: its plan is without what can be long or is sealed."""
    slim = RawSQL("(evaluations_batch.plan #- '{inspection,negatives}') - 'preview'", [], JSONField())
    batches = Batch.objects.defer("plan").select_related("created_by", "partner").annotate(slim=slim)
    batch = batches.filter(pk=pk).first()
    if batch is not None:
        batch.plan = batch.slim
    return batch


@dataclass(frozen=True)
class Progress:
    """How far a batch has come.

    percent: rounded down, so that 100 means all. minutes: left at the last chunk's pace, None while unknown.
    """

    done: int
    total: int
    pace: int
    moving: bool
    minutes: int | None

    @property
    def percent(self) -> int:
        return self.done * 100 // self.total if self.total else 0


def progress_of(batch: Batch) -> Progress:
    """Rows judged so far, of how many, how fast, and how many minutes are left."""
    running = batch.stage == BatchState.RUNNING
    left = max(batch.total - batch.received, 0)
    minutes = -(-left // max(int(batch.pace * 60), 1)) if running and batch.pace else None
    total = max(batch.total, batch.received)
    return Progress(batch.received, total, int(batch.pace), batch.stage in MOVING_STATES, minutes)


def counts_of(batch: Batch) -> list[tuple[str, int]]:
    """The five numbers that add up to what was received, with their labels."""
    return [(str(label), getattr(batch, name)) for name, label in COUNTED.items()]


def preview_of(batch: Batch) -> list[tuple[int, tuple[str, ...]]]:
    """The first rows of a batch's file as they are: line and cells. Whoever shows them hides who is in them."""
    sealed = batch.plan.get("preview")
    if not sealed:
        return []
    member = batch.plan["inspection"]["member"]
    rows = json.loads(vault().decrypt(base64.b64decode(sealed), preview_bound(batch.file, member)))
    return [(line, tuple(cells)) for line, cells in rows]


def refusal_of(batch: Batch) -> Fault | None:
    """Why nothing of a batch's file could be taken in."""
    said = batch.plan.get("refused")
    return _fault(said["fault"]) if said else None


def _fault(said: Sequence[Any]) -> Fault:
    column, code, params = said
    return Fault(column, FaultCode(code), params)


@dataclass(frozen=True)
class Complaint:
    """One fault of one row, in the words of whoever sent the file; no cell that says who somebody is."""

    line: int
    column: str
    outcome: str
    code: str
    reason: str
    fix: str


def complaints_of(batch: Batch, *, after: int = 0) -> Iterator[Complaint]:
    """The faults of all rows behind a line, in the order of the file, a few thousand rows in memory at a time."""
    names = header_names(batch)
    last = after
    while rows := list(batch.left.filter(line__gt=last).order_by("line").defer("sealed")[:STEP]):
        last = rows[-1].line
        for row in rows:
            yield from _complaints(row, names)


def _complaints(row: LeftRow, names: Mapping[str, str]) -> Iterator[Complaint]:
    for said in row.faults:
        fault = _fault(said)
        reason, fix = explain(fault)
        outcome = str(LeftOutcome(row.outcome).label)
        yield Complaint(row.line, names.get(fault.column, fault.column), outcome, fault.code.value, reason, fix)


def first_complaints(batch: Batch, count: int) -> list[Complaint]:
    """The first faults of a batch."""
    return list(islice(complaints_of(batch), count))


def header_names(batch: Batch) -> dict[str, str]:
    """Canonical field → the column's own name in the file, or the name in its source's messages."""
    columns, header = batch.plan.get("columns"), batch.plan.get("inspection", {}).get("header", ())
    if columns:
        return {name: str(title).strip() for name, title in zip(columns, header, strict=False) if name}
    source = Source.objects.filter(pk=batch.source).first()
    if source is None or not source.profile:
        return {}
    profile, kind = parse_profile(source.profile), KIND_OF[batch.kind]
    return {name: names_of(profile, kind, name)[0] for name in CanonicalField.values}


@dataclass(frozen=True)
class WaitingCode:
    """A code of a source that nobody here knows, and how many rows wait for it since when."""

    source: str
    kind: CodeKind
    code: str
    rows: int
    since: datetime


def waiting_rows() -> QuerySet[LeftRow]:
    """Every row that waits."""
    return LeftRow.objects.filter(Q(settled_at=None) & ~Q(waits_for=""))


def waiting_codes(limit: int) -> list[WaitingCode]:
    """The codes that wait to be mapped, those of most rows first."""
    groups = _grouped(waiting_rows().exclude(waits_kind=CodeKind.SERVICE), "waits_for")
    return [
        WaitingCode(g["batch__source"], CodeKind(g["waits_kind"]), g["waits_for"], g["rows"], g["since"])
        for g in groups.order_by("-rows", "batch__source", "waits_for")[:limit]
    ]


def waiting_services() -> list[WaitingCode]:
    """For each source the ratings whose service has not been reported yet."""
    groups = _grouped(waiting_rows().filter(waits_kind=CodeKind.SERVICE))
    return [
        WaitingCode(g["batch__source"], CodeKind.SERVICE, "", g["rows"], g["since"]) for g in groups.order_by("-rows")
    ]


def _grouped(rows: QuerySet[LeftRow], *more: str) -> Any:
    named = rows.order_by().values("batch__source", "waits_kind", *more)
    return named.annotate(rows=Count("pk"), since=Min("batch__created_at"))


def waiting_for(source: str, kind: CodeKind, code: str = "") -> QuerySet[LeftRow]:
    """The rows of a source that wait for one code, or for anything of this kind."""
    rows = waiting_rows().filter(batch__source=source, waits_kind=kind)
    return rows.filter(waits_for=code) if code else rows


def negatives_among(rows: QuerySet[LeftRow], limit: int) -> int:
    """How many of the first so many waiting rows are 差评, for whoever is about to give them up."""
    found, safe = 0, vault()
    for row in rows.order_by("pk").only("sealed", "line", "batch_id")[:limit]:
        cells = json.loads(safe.decrypt(bytes(row.sealed), left_row_bound(row.batch_id, row.line)))
        found += fold(cells.get("level", "")) in ("1", "2")
    return found


Thing = Unit | ServiceItem | Window


def things_like(kind: CodeKind, words: str, limit: int = 20) -> list[Thing]:
    """The units, items or windows whose name or code holds these words; closed ones are left out."""
    bare = words.strip()
    if not bare:
        return []
    if kind == CodeKind.UNIT:
        named = Q(name__icontains=bare) | Q(short_name__icontains=bare) | Q(code__icontains=bare) | Q(uscc__iexact=bare)
        return list(Unit.objects.active().filter(named)[:limit])
    if kind == CodeKind.ITEM:
        items = ServiceItem.objects.filter(closed_on=None).select_related("unit")
        return list(items.filter(Q(name__icontains=bare) | Q(code__icontains=bare))[:limit])
    windows = Window.objects.filter(closed_on=None).select_related("hall", "unit")
    named = Q(name__icontains=bare) | Q(number__iexact=bare) | Q(hall__name__icontains=bare)
    return list(windows.filter(named | Q(hall__code__iexact=bare.rpartition("-")[0]))[:limit])


def thing_of(kind: CodeKind, pk: int) -> Thing | None:
    """One of these that is still in use."""
    if kind == CodeKind.UNIT:
        return Unit.objects.active().filter(pk=pk).first()
    if kind == CodeKind.ITEM:
        return ServiceItem.objects.filter(pk=pk, closed_on=None).first()
    return Window.objects.filter(pk=pk, closed_on=None).first()
