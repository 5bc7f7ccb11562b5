"""What is kept no longer than needed: files with telephone numbers in them, and what was sealed of their first rows."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction

from common.actions import record_audit
from common.actors import SYSTEM
from evaluations.actions.uploads import FOLDER
from evaluations.enums import ENDED_STATES, BatchState
from evaluations.models import Batch, RatingTrace
from evaluations.queries import day_start

# A file without a batch may be one that is arriving just now.
STRAY_AFTER = timedelta(days=1)


def forget_files(*, at: datetime) -> int:
    """Deletes files whose batches have all ended some days ago, and files that belong to no batch.

    A batch that nobody confirmed in that time is cancelled first. Source: PIPL art. 19, the shortest time needed.

    Returns:
        How many files were deleted.
    """
    limit = at - timedelta(days=settings.INTAKE_FILE_DAYS)
    _cancel_drafts(limit, at)
    old = Batch.objects.filter(stage__in=ENDED_STATES, ended_at__lt=limit).exclude(file="")
    needed = Batch.objects.exclude(file="").exclude(stage__in=ENDED_STATES, ended_at__lt=limit)
    gone = set(old.values_list("file", flat=True)) - set(needed.values_list("file", flat=True))
    for place in sorted(gone):
        _forget(place)
    return len(gone) + _delete_strays(at)


def _cancel_drafts(limit: datetime, at: datetime) -> None:
    for pk in Batch.objects.filter(stage=BatchState.PREVIEW, created_at__lt=limit).values_list("pk", flat=True):
        with transaction.atomic():
            batch = Batch.objects.select_for_update(of=("self",)).get(pk=pk)
            if batch.stage == BatchState.PREVIEW:
                batch.stage, batch.ended_at = BatchState.CANCELLED, limit - timedelta(seconds=1)
                batch.save(update_fields=["stage", "ended_at"])
                after = {"stage": batch.stage, "why": "nobody confirmed it"}
                record_audit("batch.steer", ("batch", pk), by=SYSTEM, at=at, after=after)


def _forget(place: str) -> None:
    """The file goes first: a process killed in between only leaves a name of something that is gone."""
    if place.startswith(f"{FOLDER}/"):
        default_storage.delete(place)
    with transaction.atomic():
        for batch in Batch.objects.select_for_update(of=("self",)).filter(file=place):
            batch.file = ""
            batch.plan.pop("preview", None)
            batch.save(update_fields=["file", "plan"])


def _delete_strays(at: datetime) -> int:
    if not default_storage.exists(FOLDER):
        return 0
    _folders, names = default_storage.listdir(FOLDER)
    places = {f"{FOLDER}/{name}" for name in names}
    strays = places - set(Batch.objects.filter(file__in=places).values_list("file", flat=True))
    old = [place for place in strays if default_storage.get_modified_time(place) < at - STRAY_AFTER]
    for place in old:
        default_storage.delete(place)
    return len(old)


def forget_traces(*, today: date) -> int:
    """Deletes the marks of ratings after INTEGRITY_TRACE_DAYS (docs/integrity.md); the ratings stay.

    Returns:
        How many were deleted.
    """
    oldest = day_start(today - timedelta(days=int(settings.INTEGRITY["trace_days"])))
    return RatingTrace.objects.filter(pk__lt=oldest).delete()[0]
