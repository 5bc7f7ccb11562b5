"""Ratings and services one by one or by the hundred, as another system's messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from common.ids import uuid7
from evaluations.actions.chunks import Chunk, Things, kept_cells, key_of, says_the_same, take_chunk, take_negative
from evaluations.actions.rating import AlreadyRated
from evaluations.actions.running import Parse, months_of, parser_for
from evaluations.actions.storage import make_partitions, write_rating
from evaluations.enums import BatchKind, BatchState, FaultCode, Origin, RowOutcome
from evaluations.faults import Fault
from evaluations.grading import is_negative
from evaluations.lookups import renumbered
from evaluations.models import Batch, Evaluation, LeftRow, Partner, Source
from evaluations.profiles import CANONICAL, KIND_OF, Kind, Profile, canonical_rating, canonical_service, parse_profile
from evaluations.queries import faults_of, rating_of
from evaluations.rows import Problem, RatingRow
from rectification.enums import Target

MEMORY = timedelta(seconds=30)
CANONICAL_OF = {"rating": canonical_rating, "service": canonical_service}


@dataclass(frozen=True)
class Known:
    """What is needed to read a source's messages, with the codes known at a moment."""

    at: datetime
    profile: Profile
    ratings: Parse
    services: Parse


_known: dict[str, Known] = {}


def forget_codes() -> None:
    """Makes this process read the codes anew."""
    _known.clear()


def known_of(source: Source, at: datetime) -> Known:
    """How to read a source's messages; half a minute old at most."""
    known = _known.get(source.code)
    if known is None or not timedelta(0) <= at - known.at < MEMORY:
        names = {kind: list(CANONICAL[kind]) for kind in ("rating", "service")}
        known = _known[source.code] = Known(
            at,
            parse_profile(source.profile),
            parser_for(source, BatchKind.RATINGS, names["rating"], at=at),
            parser_for(source, BatchKind.SERVICES, names["service"], at=at),
        )
    return known


@dataclass(frozen=True)
class Taken:
    """What became of one message.

    outcome: stored, duplicate, refused, quarantined or held. number: of the case a negative rating has.
    """

    outcome: str
    faults: Sequence[Fault] = ()
    identifier: str = ""
    number: str = ""


def take_rating(source: Source, message: Mapping[str, Any], *, origin: Origin, at: datetime) -> Taken:
    """Takes one rating of another system: validated, once only, with its case if it is a 差评.

    Args:
        message: in the field names of the source's profile.

    Raises:
        evaluations.profiles.BadMessage: it cannot be put into our names.
    """
    known = known_of(source, at)
    result = known.ratings(1, _cells(known.profile, "rating", message))
    if known.profile.project_prefix and isinstance(result, RatingRow):
        result = renumbered([result], source.code).get(result.line, result)
    if isinstance(result, RatingRow) and is_negative(result.level):
        return _take_negative(source, result, origin, at)
    if isinstance(result, RatingRow):
        return _store(source, result, origin, at)
    return _through_a_batch(source, BatchKind.RATINGS, message, origin=origin, at=at)


def take_service(source: Source, message: Mapping[str, Any], *, at: datetime) -> Taken:
    """Takes one service of another system; a rating that waited for it comes in with the next sweep.

    Raises:
        evaluations.profiles.BadMessage: it cannot be put into our names.
    """
    return _through_a_batch(source, BatchKind.SERVICES, message, origin=Origin.IMPORTED, at=at)


def _cells(profile: Profile, kind: Kind, message: Mapping[str, Any]) -> list[str]:
    said = CANONICAL_OF[kind](profile, message)
    if kind == "rating" and said.get("is_default") == "1":
        # Silence used no channel; a rating that names none is still refused by name.
        said.setdefault("channel", "silent")
    return [said.get(name, "") for name in CANONICAL[kind]]


def _take_negative(source: Source, row: RatingRow, origin: Origin, at: datetime) -> Taken:
    try:
        receipt = take_negative(row, Things([row]), source.code, batch=None, origin=origin, at=at)
    except AlreadyRated as known:
        return _repeated(known.evaluation, row)
    number = receipt.case.number if receipt.case else ""
    return Taken("stored", row.warnings, str(receipt.evaluation.pk), number)


def _store(source: Source, row: RatingRow, origin: Origin, at: datetime) -> Taken:
    key = key_of(row, source.code)
    evaluation = Evaluation(
        id=uuid7(row.rated_at),
        rated_at=row.rated_at,
        received_at=at,
        level=row.level,
        tags=list(row.tags),
        text=row.text,
        channel=row.channel,
        origin=Origin.DEFAULT if row.is_default else origin,
        is_default=row.is_default,
        target=Target.WINDOW if row.item is None and row.window else Target.SERVICE,
        unit_id=row.unit or 0,
        item_id=row.item,
        hall_id=row.hall,
        window_id=row.window,
        staff_id=row.staff,
        negative=False,
        **key._asdict(),
    )
    if write_rating(evaluation):
        return Taken("stored", row.warnings, str(evaluation.pk))
    known = rating_of(key)
    if known is None:
        raise RuntimeError("a key was taken and is gone")
    return _repeated(known, row)


def _repeated(known: Evaluation, row: RatingRow) -> Taken:
    number = known.case.number if known.case else ""
    if says_the_same(known, row):
        return Taken("duplicate", (), str(known.pk), number)
    return Taken("refused", [Fault("project_number", FaultCode.OTHER_CONTENT)])


def _through_a_batch(
    source: Source, kind: BatchKind, message: Mapping[str, Any], *, origin: Origin, at: datetime
) -> Taken:
    """A message that may have to wait: kept in its source's batch of the day, where somebody sees it."""
    known = known_of(source, at)
    cells = _cells(known.profile, KIND_OF[kind], message)
    with transaction.atomic():
        day = timezone.localdate(at)
        batch, _ = Batch.objects.get_or_create(
            source=source.code,
            kind=kind,
            reference=f"day:{day}",
            defaults={"name": f"API {day}", "stage": BatchState.DONE, "created_at": at},
        )
        batch = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        line = batch.received + 1
        chunk = _sorted(known, kind, [cells], first=line)
        _make_months(chunk)
        counts = take_chunk(batch, chunk, at=at, origin=origin)
        left = LeftRow.objects.filter(batch=batch, line=line).first()
    faults = faults_of(left) if left else []
    names = {"stored": "stored", "duplicates": "duplicate", **{outcome.value: outcome.value for outcome in RowOutcome}}
    return Taken(next(word for name, word in names.items() if counts[name]), faults)


def _sorted(known: Known, kind: BatchKind, rows: Sequence[list[str]], *, first: int = 1) -> Chunk:
    parse = known.ratings if kind == BatchKind.RATINGS else known.services
    names = CANONICAL[KIND_OF[kind]]
    chunk = Chunk()
    for line, cells in enumerate(rows, first):
        chunk.add(result := parse(line, cells))
        if isinstance(result, Problem):
            chunk.raw[line] = kept_cells(names, cells)
    return chunk


def _make_months(chunk: Chunk) -> None:
    if months := months_of(chunk):
        make_partitions(months=sorted(months))


@transaction.atomic
def take_batch(
    partner: Partner, reference: str, kind: BatchKind, messages: Sequence[Mapping[str, Any]], *, at: datetime
) -> Batch:
    """Takes many messages at once, good ones beside bad ones. The same reference again changes nothing.

    Args:
        reference: the partner's own name of the batch.
        messages: in the field names of the source's profile.

    Returns:
        The batch with its counts; what was not stored lies beside it.

    Raises:
        evaluations.profiles.BadMessage: one of the messages cannot be put into our names; then none is taken.
    """
    known = known_of(partner.source, at)
    rows = [_cells(known.profile, KIND_OF[kind], message) for message in messages]
    batch, made = Batch.objects.get_or_create(
        source=partner.source_id,
        kind=kind,
        reference=reference,
        defaults={
            "name": reference,
            "stage": BatchState.DONE,
            "created_at": at,
            "began_at": at,
            "ended_at": at,
            "partner": partner,
            "total": len(rows),
            "position": len(rows),
        },
    )
    if made:
        chunk = _sorted(known, kind, rows)
        _make_months(chunk)
        take_chunk(batch, chunk, at=at, origin=Origin.IMPORTED)
        batch.refresh_from_db()
    return batch
