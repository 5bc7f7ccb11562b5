"""A file as it arrives: stored under a name of our own, proved readable, and opened for a person to confirm."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from common.actions import record_audit
from common.actors import Actor
from evaluations.actions.batches import alone, facts_of, open_batch, refuse_batch
from evaluations.enums import BatchKind, BatchState, FaultCode
from evaluations.models import Batch, Source
from evaluations.profiles import (
    KEYS,
    KIND_OF,
    Profile,
    columns_for,
    is_negative_by,
    names_of,
    parse_profile,
    shipped_profiles,
)
from evaluations.readers import Inspection, Unreadable, inspect
from evaluations.readers.header import position
from evaluations.readers.results import MEGABYTE

FOLDER = "intake"


def receive_file(
    file: File, name: str, *, source: Source, kind: BatchKind, by: Actor, at: datetime, now: bool = False
) -> list[Batch]:
    """Stores a file and opens a batch for it, one for each file of a zip; a person then confirms the columns.

    Args:
        file: its size is the caller's business.
        name: as it was called where it comes from.
        now: however large, it is looked at here; otherwise a large one by `check_files`.

    Raises:
        evaluations.readers.Unreadable: nothing of it can be taken in; nothing was stored.
    """
    place = default_storage.save(f"{FOLDER}/{secrets.token_hex(16)}", file)
    try:
        if file.size > settings.INTAKE_INSPECT_NOW_MB * MEGABYTE and not now:
            return [_to_be_checked(place, name, source, kind, by, at)]
        found = look_at(default_storage.path(place), name, source, kind)
        with transaction.atomic():
            return [_open_part(part, place, source, kind, by, at) for part in found.parts]
    except BaseException:
        default_storage.delete(place)
        raise


def _to_be_checked(place: str, name: str, source: Source, kind: BatchKind, by: Actor, at: datetime) -> Batch:
    with transaction.atomic():
        batch = Batch.objects.create(
            source=source.code,
            kind=kind,
            name=name[:200],
            created_at=at,
            created_by_id=by.staff_id,
            file=place,
            stage=BatchState.CHECKING,
            plan={"file_name": name},
        )
        record_audit("batch.receive", ("batch", batch.pk), by=by, at=at, after={"source": source.code})
    return batch


def profile_of(source: Source) -> Profile:
    """How a source writes; the portal's own way where nothing is agreed on."""
    return parse_profile(source.profile) if source.profile else shipped_profiles()["default"]


def look_at(path: str, name: str, source: Source, kind: BatchKind) -> Inspection:
    """Proves that a file can be read to its end, with the names its source uses.

    Raises:
        evaluations.readers.Unreadable: it cannot.
    """
    profile, what = profile_of(source), KIND_OF[kind]
    rated = what == "rating"
    required = [[n for field in choice for n in names_of(profile, what, field)] for choice in KEYS[what]]
    level = names_of(profile, what, "level") if rated else ()
    is_negative = is_negative_by(profile) if rated else None
    try:
        return inspect(path, name, required=required, level=level, is_negative=is_negative)
    except Unreadable as refusal:
        if refusal.fault.code != FaultCode.COLUMN_MISSING:
            raise
        # Called otherwise than usual: a person will say which column is which.
        return inspect(path, name, level=level, is_negative=is_negative)


def _guess(part: Inspection, source: Source, kind: BatchKind) -> tuple[list[str | None], bool]:
    """Which column is which, and whether the negative rows were looked for elsewhere."""
    profile, what = profile_of(source), KIND_OF[kind]
    columns = columns_for(profile, part.header, what)
    guessed = columns.index("level") if "level" in columns else None
    return columns, what == "rating" and guessed != position(part.names, names_of(profile, what, "level"))


def _open_part(part: Inspection, place: str, source: Source, kind: BatchKind, by: Actor, at: datetime) -> Batch:
    columns, rescan = _guess(part, source, kind)
    stage = BatchState.PREVIEW
    return open_batch(part, place, columns, source=source, kind=kind, by=by, at=at, stage=stage, rescan=rescan)


def check_files(*, at: datetime) -> int:
    """Looks at the large files that have arrived; returns how many were looked at."""
    checked = 0
    waiting = Batch.objects.filter(stage=BatchState.CHECKING).order_by("pk").values_list("pk", flat=True)
    for pk in list(waiting):
        with alone(pk) as mine:
            checked += mine and _check(Batch.objects.get(pk=pk), at)
    return checked


def _check(batch: Batch, at: datetime) -> bool:
    if batch.stage != BatchState.CHECKING:
        return False
    source = Source.objects.get(pk=batch.source)
    try:
        found = look_at(default_storage.path(batch.file), batch.plan["file_name"], source, BatchKind(batch.kind))
    except Unreadable as refusal:
        refuse_batch(batch, refusal, at=at)
        default_storage.delete(batch.file)
        Batch.objects.filter(pk=batch.pk).update(file="")
        return True
    return _checked(batch, found, source)


@transaction.atomic
def _checked(batch: Batch, found: Inspection, source: Source) -> bool:
    """The batch becomes that of the first file; every other one has its own."""
    locked = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if locked.stage != BatchState.CHECKING:
        return False
    kind = BatchKind(locked.kind)
    for number, part in enumerate(found.parts):
        columns, rescan = _guess(part, source, kind)
        facts = facts_of(part, locked.file, columns, rescan=rescan) | {"stage": BatchState.PREVIEW}
        if number:
            same = {name: getattr(locked, name) for name in ("source", "kind", "created_at", "created_by_id", "file")}
            Batch.objects.create(**same, **facts)
        else:
            Batch.objects.filter(pk=locked.pk).update(**facts)
    return True
