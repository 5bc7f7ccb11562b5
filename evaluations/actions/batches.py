"""A file to be taken in: opened once it has been proved readable; paused, resumed, cancelled between two chunks."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from common.actions import record_audit
from common.actors import Actor
from evaluations.enums import BatchKind, BatchState
from evaluations.models import Batch, Partner, Source
from evaluations.readers import Inspection

# What a person may do with a batch, and from where.
STEERING = {
    BatchState.PAUSED: (BatchState.WAITING, BatchState.RUNNING),
    BatchState.WAITING: (BatchState.PAUSED,),
    BatchState.CANCELLED: (BatchState.WAITING, BatchState.RUNNING, BatchState.PAUSED),
}


class NotNow(Exception):
    """A batch cannot be paused, resumed or cancelled in the state it is in."""


@transaction.atomic
def open_batch(
    inspection: Inspection,
    path: str,
    columns: list[str | None],
    *,
    source: Source,
    kind: BatchKind,
    by: Actor,
    at: datetime,
    dry_run: bool = False,
    partner: Partner | None = None,
) -> Batch:
    """Notes a file that is to be taken in; the sweep does the work.

    Args:
        inspection: of the file, or of one file in a zip: it can be read to its end.
        path: where the file lies.
        columns: for each column of the file its canonical name, None for one that is not read.
        dry_run: every row is judged, none is stored.
    """
    batch = Batch.objects.create(
        source=source.code,
        kind=kind,
        name=" › ".join(filter(None, [inspection.name, inspection.member]))[:200],
        created_at=at,
        created_by_id=by.staff_id,
        partner=partner,
        file=path,
        plan={"columns": columns, "inspection": asdict(inspection)},
        dry_run=dry_run,
        total=inspection.rows,
    )
    facts = {"rows": inspection.rows, "source": source.code, "dry_run": dry_run}
    record_audit("batch.open", ("batch", batch.pk), by=by, at=at, after=facts)
    return batch


@transaction.atomic
def steer_batch(batch: Batch, *, to: BatchState, by: Actor, at: datetime) -> Batch:
    """暂停、继续、取消: takes effect between two chunks; what is stored stays stored.

    Raises:
        NotNow: it has ended already, or is in that state.
    """
    locked = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if locked.stage not in STEERING[to]:
        raise NotNow(locked.stage)
    before, locked.stage = locked.stage, to
    if to == BatchState.CANCELLED:
        locked.ended_at = at
    locked.save(update_fields=["stage", "ended_at"])
    record_audit("batch.steer", ("batch", locked.pk), by=by, at=at, before={"stage": before}, after={"stage": to})
    return locked


def inspection_of(batch: Batch) -> Inspection:
    """What was found out about a batch's file, from what was kept of it."""
    kept = dict(batch.plan["inspection"])
    kept["preview"] = tuple((line, tuple(cells)) for line, cells in kept["preview"])
    for name in ("header", "names", "negatives"):
        kept[name] = tuple(kept[name])
    return Inspection(**{**kept, "members": ()})
