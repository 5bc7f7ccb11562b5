"""A file taken in chunk by chunk, each whole or not at all, negatives first.

Killed at any byte, a batch goes on behind its last chunk and ends with the same result: how far it has come stands in
the same transaction as the rows. Reading and validating go on in a thread of their own while the database writes.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from common.failpoints import failpoint
from evaluations.actions.batches import alone, path_of, refuse_batch
from evaluations.actions.chunks import Chunk, Result, kept_cells, take_chunk
from evaluations.actions.copying import rating_lines
from evaluations.actions.preparing import begin_again, prepared
from evaluations.actions.rehearsal import Rehearsal
from evaluations.actions.storage import make_partitions
from evaluations.enums import BatchKind, BatchState, Origin, RatingChannel
from evaluations.lookups import lookups_for
from evaluations.models import Batch, Source
from evaluations.profiles import Profile, fold, parse_profile
from evaluations.readers import Inspection, Unreadable, rows
from evaluations.rows import Limits, Problem, rating_parser, service_parser

CHUNK = 20_000
AHEAD = 2
Parse = Callable[[int, list[str]], Result]
# What a service tells beyond what is kept of it.
UNREAD = ("project_type", "user_property")
logger = logging.getLogger(__name__)


@dataclass
class Part:
    """A stretch of a file, read and validated.

    start, end: numbers of data rows, the first is 0; `end` is where the next part begins.
    """

    start: int
    end: int
    chunk: Chunk = field(default_factory=Chunk)
    months: set[date] = field(default_factory=set)


def row_limits(at: datetime) -> Limits:
    """What is reasonable of a row that comes in now."""
    return Limits(
        now=at,
        oldest=at - timedelta(days=settings.INTAKE_OLDEST_DAYS),
        future=timedelta(minutes=settings.INTAKE_FUTURE_MINUTES),
        text_max=settings.INTAKE_TEXT_MAX,
        negative_requires_reason=settings.NEGATIVE_REQUIRES_REASON,
        tz=timezone.get_default_timezone(),
    )


def parser_for(source: Source, kind: str, columns: Sequence[str | None], *, at: datetime) -> Parse:
    """The function that validates the rows of a source, with the codes that are known now."""
    profile = parse_profile(source.profile) if source.profile else None
    lookups = lookups_for(source.code, profile.meanings.get("channel") if profile else None)
    if kind == BatchKind.SERVICES:
        read = [None if name in UNREAD else name for name in columns]
        return service_parser(read, lookups, row_limits(at))
    # Where a channel says that nobody rated, it says so of every row, and no column need repeat it.
    told = bool(profile and profile.silence and "channel" in columns and "is_default" not in columns)
    named = [*columns, "is_default"] if told else columns
    validate = rating_parser(named, lookups, row_limits(at), require_default_flag=True)
    return translated(profile, named, validate, told=told) if profile else validate


def translated(profile: Profile, columns: Sequence[str | None], validate: Parse, *, told: bool) -> Parse:
    """The same function for rows in the source's own codes: each is looked up once a file, then remembered.

    Args:
        told: the last column is not in the file; what it says follows from the channel.
    """
    coded: list[tuple[int, dict[str, str], Mapping[str, str]]] = [
        (place, {"": ""}, profile.meanings[name])
        for place, name in enumerate(columns)
        if name and name != "channel" and name in profile.meanings
    ]
    silence = profile.silence if "channel" in columns else frozenset()
    channel, flag = (columns.index("channel"), columns.index("is_default")) if silence else (0, 0)
    width = len(columns) - told

    def parse(line: int, cells: list[str]) -> Result:
        if len(cells) != width:
            return validate(line, cells)
        if told:
            cells.append("0")
        for place, known, meanings in coded:
            cell = cells[place]
            if (ours := known.get(cell)) is None:
                ours = known[cell] = meanings.get(fold(cell), cell)
            cells[place] = ours
        if silence and fold(cells[channel]) in silence:
            cells[channel], cells[flag] = RatingChannel.SILENT.value, "1"
        return validate(line, cells)

    return parse if coded or silence else validate


def run_batches(*, at: datetime, only: Collection[int] | None = None) -> int:
    """Takes in what waits, the oldest first; returns how many batches ended.

    Several processes may do so at once: each batch has one at a time, and whoever dies lets go of it.

    Args:
        only: the keys of the batches to take; all that wait if it is None.
    """
    ended = 0
    waiting = Batch.objects.filter(stage__in=(BatchState.WAITING, BatchState.RUNNING)).exclude(file="")
    if only is not None:
        waiting = waiting.filter(pk__in=only)
    for pk in list(waiting.order_by("pk").values_list("pk", flat=True)):
        with alone(pk) as mine:
            ended += mine and _run(Batch.objects.get(pk=pk))
    return ended


def _run(batch: Batch) -> bool:
    if batch.stage not in (BatchState.WAITING, BatchState.RUNNING):
        return False
    Batch.objects.filter(pk=batch.pk, stage=BatchState.WAITING).update(
        stage=BatchState.RUNNING, began_at=batch.began_at or timezone.now()
    )
    try:
        return _read_through(batch)
    except (OperationalError, InterfaceError):
        raise
    except Unreadable as error:
        refuse_batch(batch, error, at=timezone.now())
        return True
    except Exception as error:
        # A batch that cannot go on must not stand before all others for ever.
        logger.exception("batch %s cannot go on", batch.pk)
        return _fail(batch, type(error).__name__)


def _fail(batch: Batch, why: str) -> bool:
    Batch.objects.filter(pk=batch.pk).update(stage=BatchState.FAILED, last_error=why[:300], ended_at=timezone.now())
    return True


def _read_through(batch: Batch) -> bool:
    """Negatives first, then all others; False if it was stopped on the way."""
    source = Source.objects.get(pk=batch.source)
    if batch.dry_run and batch.received:
        begin_again(batch)
    inspection = prepared(batch, source)
    columns = batch.plan["columns"]
    file = File(
        path_of(batch),
        inspection,
        parser_for(source, batch.kind, columns, at=timezone.now()),
        columns,
        batch.source,
        batch.pk,
    )
    ahead_of_all = inspection.negatives_complete and batch.kind == BatchKind.RATINGS
    negatives = inspection.negatives if ahead_of_all else ()
    work = Work(batch)
    for progress, reading in (
        ("negatives_first", file.only(negatives, batch.negatives_first)),
        ("position", file.others(negatives, batch.position)),
    ):
        with closing(_ahead(reading)) as parts:
            if not all(work.commit(progress, part) for part in parts):
                return False
    done = Batch.objects.filter(pk=batch.pk, stage=BatchState.RUNNING)
    return bool(done.update(stage=BatchState.DONE, ended_at=timezone.now()))


@dataclass
class File:
    """A file and how its rows are validated."""

    path: str
    inspection: Inspection
    parse: Parse
    columns: list[str | None]
    source: str
    batch: int

    def only(self, numbers: Sequence[int], done: int) -> Iterator[Part]:
        """The rows of these numbers, without the first `done` of them; a part counts in them."""
        wanted = frozenset(numbers[done:])
        if wanted:
            found = (row for number, row in enumerate(rows(self.path, self.inspection)) if number in wanted)
            yield from self._parts(found, done)

    def others(self, numbers: Sequence[int], position: int) -> Iterator[Part]:
        """All rows from a position on but those of these numbers; a part counts in rows of the file."""
        left_out = frozenset(numbers)
        found = enumerate(rows(self.path, self.inspection, start=position), position)
        yield from self._parts((None if number in left_out else row for number, row in found), position)

    def _parts(self, found: Iterator[tuple[int, list[str]] | None], start: int) -> Iterator[Part]:
        # What follows from the channel is added behind the last cell.
        parse, names = self.parse, [*self.columns, "is_default"]
        while True:
            part = Part(start, start)
            chunk = part.chunk
            for row in islice(found, CHUNK):
                part.end += 1
                if row is None:
                    continue
                chunk.add(result := parse(*row))
                if isinstance(result, Problem):
                    chunk.raw[row[0]] = kept_cells(names, row[1])
            if part.end == start:
                return
            chunk.lines = rating_lines(
                chunk.ratings, source=self.source, batch=self.batch, origin=Origin.IMPORTED, at=timezone.now()
            )
            part.months = months_of(chunk)
            yield part
            start = part.end


def months_of(chunk: Chunk) -> set[date]:
    """The first days of the months that a chunk's rows lie in, here."""
    days = chunk.lines.days if chunk.lines else ()
    others = [timezone.localdate(row.rated_at) for row in chunk.negative]
    others += [timezone.localdate(row.served_at) for row in chunk.services]
    return {day.replace(day=1) for day in [*others, *(day for _, day in days)]}


def _ahead(parts: Iterator[Part]) -> Generator[Part, None, None]:
    """The same parts, made in a thread of their own a little ahead of whoever takes them."""
    ready: queue.Queue[Part | BaseException | None] = queue.Queue(AHEAD)
    stop = threading.Event()

    def put(thing: Part | BaseException | None) -> None:
        while not stop.is_set():
            try:
                return ready.put(thing, timeout=0.2)
            except queue.Full:
                continue

    def make() -> None:
        try:
            for part in parts:
                put(part)
                if stop.is_set():
                    return
            put(None)
        except BaseException as error:
            put(error)

    maker = threading.Thread(target=make, name="intake-reader", daemon=True)
    maker.start()
    try:
        while (thing := ready.get()) is not None:
            if isinstance(thing, BaseException):
                raise thing
            yield thing
    finally:
        stop.set()
        maker.join()


class Work:
    """The committing of one batch's parts, one transaction each."""

    def __init__(self, batch: Batch) -> None:
        self.pk, self.origin = batch.pk, Origin.IMPORTED
        self.fresh, self.made, self.rehearsal = True, set[date](), Rehearsal() if batch.dry_run else None
        self.before = time.monotonic()

    def commit(self, progress: str, part: Part) -> bool:
        """Takes one part in; False if the batch was paused or cancelled, or somebody else has gone on with it."""
        if part.months - self.made and self.rehearsal is None:
            make_partitions(months=sorted(part.months - self.made))
            self.made |= part.months
        with transaction.atomic():
            batch = Batch.objects.select_for_update(of=("self",)).defer("plan").get(pk=self.pk)
            if batch.stage != BatchState.RUNNING or getattr(batch, progress) != part.start:
                return False
            counts = take_chunk(
                batch, part.chunk, at=timezone.now(), origin=self.origin, fresh=self.fresh, rehearsal=self.rehearsal
            )
            failpoint("chunk_taken")
            now = time.monotonic()
            pace = counts["received"] / max(now - self.before, 1e-6)
            Batch.objects.filter(pk=self.pk).update(**{progress: part.end, "pace": pace})
            failpoint("chunk_before_commit")
        self.before = now
        # Where a file repeats what is known, most of the next chunk will repeat it too.
        self.fresh = counts["duplicates"] < len(part.chunk) // 10
        return True
