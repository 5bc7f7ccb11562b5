"""A file to be taken in: opened once it has been proved readable; paused, resumed, cancelled between two chunks."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection, transaction

from common.actions import record_audit
from common.actors import Actor
from evaluations.enums import ENDED_STATES, BatchKind, BatchState
from evaluations.keys import preview_bound
from evaluations.models import Batch, Partner, Source
from evaluations.readers import Inspection, Unreadable
from evaluations.readers.archives import decoded
from identity.queries import vault

# What a person may do with a batch, and from where.
STEERING = {
    BatchState.PAUSED: (BatchState.WAITING, BatchState.RUNNING),
    BatchState.WAITING: (BatchState.PAUSED,),
    BatchState.CANCELLED: (
        BatchState.CHECKING,
        BatchState.PREVIEW,
        BatchState.WAITING,
        BatchState.RUNNING,
        BatchState.PAUSED,
    ),
}
Columns = Sequence[str | None]


class NotNow(Exception):
    """A batch cannot be started, paused, resumed, cancelled or repeated in the state it is in."""


@transaction.atomic
def open_batch(
    inspection: Inspection,
    path: str,
    columns: Columns,
    *,
    source: Source,
    kind: BatchKind,
    by: Actor,
    at: datetime,
    dry_run: bool = False,
    partner: Partner | None = None,
    stage: BatchState = BatchState.WAITING,
    rescan: bool = False,
) -> Batch:
    """Notes a file that is to be taken in; the sweep does the work.

    Args:
        inspection: of the file, or of one file in a zip: it can be read to its end.
        path: where the file lies: in the storage, or on this machine if it begins with "/".
        columns: for each column of the file its canonical name, None for one that is not read.
        dry_run: every row is judged, none is stored.
        stage: PREVIEW if a person has still to confirm the columns.
        rescan: the negative rows were looked for in another column than that of the level.
    """
    facts = facts_of(inspection, path, columns, rescan=rescan)
    batch = Batch.objects.create(
        source=source.code,
        kind=kind,
        created_at=at,
        created_by_id=by.staff_id,
        partner=partner,
        file=path,
        dry_run=dry_run,
        stage=stage,
        **facts,
    )
    said = {"rows": inspection.rows, "source": source.code, "dry_run": dry_run}
    record_audit("batch.open", ("batch", batch.pk), by=by, at=at, after=said)
    return batch


def facts_of(inspection: Inspection, path: str, columns: Columns, *, rescan: bool) -> dict[str, Any]:
    """What a batch keeps of an inspection. The first rows may name people, so they are sealed."""
    rows = json.dumps(inspection.preview, ensure_ascii=False)
    sealed = vault().encrypt(rows, preview_bound(path, inspection.member))
    return {
        "name": " › ".join(filter(None, [inspection.name, decoded(inspection.member)]))[:200],
        "total": inspection.rows,
        "plan": {
            "columns": list(columns),
            "inspection": asdict(replace(inspection, preview=())),
            "preview": base64.b64encode(sealed).decode(),
            "rescan": rescan,
        },
    }


@transaction.atomic
def start_batch(batch: Batch, columns: Columns, *, dry_run: bool, by: Actor, at: datetime) -> Batch:
    """试运行、开始导入: a person has seen the first rows and says which column is which.

    Raises:
        NotNow: it has been started already, or was cancelled.
    """
    locked = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if locked.stage != BatchState.PREVIEW:
        raise NotNow(locked.stage)
    before, plan = locked.plan["columns"], locked.plan
    plan["rescan"] = plan["rescan"] or _level_at(before) != _level_at(columns)
    plan["columns"] = list(columns)
    locked.stage, locked.dry_run = BatchState.WAITING, dry_run
    locked.save(update_fields=["stage", "dry_run", "plan"])
    after = {"columns": plan["columns"], "dry_run": dry_run}
    record_audit("batch.start", ("batch", locked.pk), by=by, at=at, before={"columns": before}, after=after)
    return locked


def _level_at(columns: Columns) -> int | None:
    return columns.index("level") if "level" in columns else None


@transaction.atomic
def repeat_batch(batch: Batch, *, draft: bool, by: Actor, at: datetime) -> Batch:
    """The same file once more: in earnest after a dry run, or with its columns to be confirmed anew.

    Args:
        draft: the columns are to be confirmed anew. Otherwise pressing twice leads to the one batch.

    Raises:
        NotNow: it has not ended, was no dry run, or its file is gone.
    """
    locked = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if not may_repeat(locked) or not (draft or locked.stage == BatchState.DONE):
        raise NotNow(locked.stage)
    if not draft and (known := locked.plan.get("real")):
        return Batch.objects.get(pk=known)
    made = Batch.objects.create(
        source=locked.source,
        kind=locked.kind,
        name=locked.name,
        created_at=at,
        created_by_id=by.staff_id,
        file=locked.file,
        total=locked.total,
        stage=BatchState.PREVIEW if draft else BatchState.WAITING,
        plan={name: value for name, value in locked.plan.items() if name != "real"},
    )
    if not draft:
        locked.plan["real"] = made.pk
        locked.save(update_fields=["plan"])
    record_audit("batch.repeat", ("batch", made.pk), by=by, at=at, after={"of": locked.pk, "draft": draft})
    return made


def may_repeat(batch: Batch) -> bool:
    """Whether a batch has ended without storing all it could, and its file is still there."""
    again = batch.dry_run or batch.stage == BatchState.CANCELLED
    return bool(batch.file and batch.plan.get("columns") and batch.stage in ENDED_STATES and again)


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


def refuse_batch(batch: Batch, refusal: Unreadable, *, at: datetime) -> None:
    """Notes why nothing of a file can be taken in: by name, so that everybody reads it in their own language."""
    fault = refusal.fault
    said = [fault.column, fault.code.value, dict(fault.params)]
    with transaction.atomic():
        locked = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        locked.plan["refused"] = {"fault": said, "line": refusal.line, "member": refusal.member}
        locked.stage, locked.ended_at, locked.last_error = BatchState.FAILED, at, fault.code.value
        locked.save(update_fields=["plan", "stage", "ended_at", "last_error"])


def inspection_of(batch: Batch) -> Inspection:
    """What was found out about a batch's file, from what was kept of it; the first rows are sealed apart."""
    kept = dict(batch.plan["inspection"])
    for name in ("header", "names", "negatives"):
        kept[name] = tuple(kept[name])
    return Inspection(**{**kept, "preview": (), "members": ()})


def path_of(batch: Batch) -> str:
    """Where a batch's file lies on this machine."""
    return batch.file if os.path.isabs(batch.file) else default_storage.path(batch.file)


@contextmanager
def alone(pk: int) -> Iterator[bool]:
    """Whether nobody else works on this batch: by a lock that the server itself releases when a process dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('batch'), %s)", [pk])
        mine = bool(cursor.fetchone()[0])
        try:
            yield mine
        finally:
            if mine:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('batch'), %s)", [pk])
