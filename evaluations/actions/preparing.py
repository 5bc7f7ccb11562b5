"""What a batch needs before its first row: the negative ones found where the level stands now, or a clean beginning."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, replace

from django.db import transaction

from evaluations.actions.batches import inspection_of, path_of
from evaluations.enums import BatchKind
from evaluations.models import Batch, Source
from evaluations.profiles import is_negative_by, parse_profile
from evaluations.readers import Inspection, ReadLimits, rows

MEMO_CELL_MAX, MEMO_MAX = 20, 1_000


def prepared(batch: Batch, source: Source) -> Inspection:
    """The inspection of a batch. Where a person has chosen another column for the level, its rows are read once more.

    Raises:
        evaluations.readers.Unreadable: the file is another than was inspected.
    """
    inspection = inspection_of(batch)
    if not batch.plan.get("rescan") or batch.kind != BatchKind.RATINGS or not source.profile:
        return inspection
    place, limit = batch.plan["columns"].index("level"), ReadLimits().negatives
    found: list[int] = []
    for number in _negatives(path_of(batch), inspection, place, is_negative_by(parse_profile(source.profile))):
        found.append(number)
        if len(found) > limit:
            break
    inspection = replace(inspection, negatives=tuple(found[:limit]), negatives_complete=len(found) <= limit)
    batch.plan["inspection"], batch.plan["rescan"] = asdict(inspection), False
    Batch.objects.filter(pk=batch.pk).update(plan=batch.plan)
    return inspection


def _negatives(path: str, inspection: Inspection, place: int, is_negative: Callable[[str], bool]) -> Iterator[int]:
    known: dict[str, bool] = {}
    for number, (_line, cells) in enumerate(rows(path, inspection)):
        if place >= len(cells):
            continue
        cell = cells[place]
        if (negative := known.get(cell)) is None:
            negative = is_negative(cell)
            if len(cell) <= MEMO_CELL_MAX and len(known) < MEMO_MAX:
                known[cell] = negative
        if negative:
            yield number


@transaction.atomic
def begin_again(batch: Batch) -> None:
    """Forgets how far a dry run had come: what it remembered of the rows before is gone with its process."""
    batch.left.all().delete()
    fresh = dict.fromkeys(
        ("position", "negatives_first", "received", "stored", "duplicates", "quarantined", "held", "refused"), 0
    )
    Batch.objects.filter(pk=batch.pk).update(**fresh, warned=0, cases=0)
    batch.refresh_from_db()
