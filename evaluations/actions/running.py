"""A file taken in chunk by chunk, each whole or not at all, negatives first.

Killed at any byte, a batch goes on behind its last chunk and ends with the same result: how far it has come stands in
the same transaction as the rows. Reading and validating go on in a thread of their own while the database writes.
"""

from __future__ import annotations

import logging
import queue
import sys
import threading
import time
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from itertools import islice

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from common.failpoints import failpoint
from evaluations.actions.batches import alone, path_of, refuse_batch
from evaluations.actions.chunks import Chunk, Result, kept_cells, take_chunk
from evaluations.actions.express import Express
from evaluations.actions.preparing import begin_again, prepared
from evaluations.actions.rehearsal import Rehearsal
from evaluations.actions.storage import make_partitions
from evaluations.enums import BatchKind, BatchState, Origin, RatingChannel
from evaluations.grading import is_negative
from evaluations.lookups import lookups_for
from evaluations.models import Batch, Source
from evaluations.profiles import Profile, fold, parse_profile
from evaluations.readers import Inspection, Row, Unreadable, picked, rows
from evaluations.rows import Limits, Problem, RatingRow, rating_parser, service_parser

# The database begins with the first rows as soon as they are read; then come chunks that are worth their commit.
FIRST_CHUNK, CHUNK = 2_500, 20_000
AHEAD = 2
SWITCH_SECONDS = 0.001
Parse = Callable[[int, list[str]], Result]
Clock = Callable[[], datetime]
# What a service tells beyond what is kept of it.
UNREAD = ("project_type", "user_property")
logger = logging.getLogger(__name__)


@dataclass
class Part:
    """A stretch of a file, read and validated.

    progress: the field of the batch that counts these rows. start, end: numbers of rows, the first is 0; `end` is where
    the next part begins.
    """

    progress: str
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


def run_batches(*, at: datetime, only: Collection[int] | None = None, clock: Clock = timezone.now) -> int:
    """Takes in what waits, the oldest first; returns how many batches ended.

    Several processes may do so at once: each batch has one at a time, and whoever dies lets go of it.

    Args:
        only: the keys of the batches to take; all that wait if it is None.
        clock: when each row is received; a file that came in long ago is told when.
    """
    ended = 0
    waiting = Batch.objects.filter(stage__in=(BatchState.WAITING, BatchState.RUNNING)).exclude(file="")
    if only is not None:
        waiting = waiting.filter(pk__in=only)
    for pk in list(waiting.order_by("pk").values_list("pk", flat=True)):
        with alone(pk) as mine:
            ended += mine and _run(Batch.objects.get(pk=pk), clock)
    return ended


def _run(batch: Batch, clock: Clock) -> bool:
    if batch.stage not in (BatchState.WAITING, BatchState.RUNNING):
        return False
    Batch.objects.filter(pk=batch.pk, stage=BatchState.WAITING).update(
        stage=BatchState.RUNNING, began_at=batch.began_at or clock()
    )
    try:
        return _read_through(batch, clock)
    except (OperationalError, InterfaceError):
        raise
    except Unreadable as error:
        refuse_batch(batch, error, at=clock())
        return True
    except Exception as error:
        # A batch that cannot go on must not stand before all others for ever.
        logger.exception("batch %s cannot go on", batch.pk)
        return _fail(batch, type(error).__name__)


def _fail(batch: Batch, why: str) -> bool:
    Batch.objects.filter(pk=batch.pk).update(stage=BatchState.FAILED, last_error=why[:300], ended_at=timezone.now())
    return True


def _read_through(batch: Batch, clock: Clock) -> bool:
    """Negatives first, then all others; False if it was stopped on the way."""
    source = Source.objects.get(pk=batch.source)
    if batch.dry_run and batch.received:
        begin_again(batch)
    inspection = prepared(batch, source)
    columns = batch.plan["columns"]
    at = clock()
    file = File(path_of(batch), inspection, parser_for(source, batch.kind, columns, at=at), columns, clock=clock)
    # What is judged as a whole, or under another number, cannot be written down row by row beforehand.
    if batch.kind == BatchKind.RATINGS and not batch.dry_run and not parse_profile(source.profile).project_prefix:
        file.express = Express(columns, row_limits(at), source=batch.source, batch=batch.pk, origin=Origin.IMPORTED)
    ahead_of_all = inspection.negatives_complete and batch.kind == BatchKind.RATINGS
    negatives = inspection.negatives if ahead_of_all else ()
    work = Work(batch, clock)
    with closing(_ahead(file.parts(negatives, batch.negatives_first, batch.position))) as parts:
        if not all(work.commit(part) for part in parts):
            return False
    done = Batch.objects.filter(pk=batch.pk, stage=BatchState.RUNNING)
    return bool(done.update(stage=BatchState.DONE, ended_at=clock()))


@dataclass
class File:
    """A file and how its rows are validated; `express`: how its good ratings are written down at once, if they may."""

    path: str
    inspection: Inspection
    parse: Parse
    columns: list[str | None]
    express: Express | None = None
    clock: Clock = timezone.now

    def parts(self, negatives: Sequence[int], done: int, position: int) -> Iterator[Part]:
        """The rows of these numbers without the first `done` of them, then all others from a position on."""
        if done < len(negatives):
            found = picked(self.path, self.inspection, negatives[done:])
            yield from self._parts("negatives_first", found, done)
        yield from self._parts(
            "position", rows(self.path, self.inspection, start=position), position, frozenset(negatives)
        )

    def _parts(
        self, progress: str, found: Iterator[Row], start: int, left_out: Collection[int] = frozenset()
    ) -> Iterator[Part]:
        size = FIRST_CHUNK
        while True:
            part = Part(progress, start, start)
            self._read(part, islice(found, size), left_out)
            if part.end == start:
                return
            part.months = months_of(part.chunk)
            yield part
            start, size = part.end, min(size * 2, CHUNK)

    def _read(self, part: Part, found: Iterator[Row], left_out: Collection[int]) -> None:
        chunk = part.chunk
        judge = partial(self._judge, chunk)
        if self.express:
            read = self.express.read(found, judge, first=part.start, left_out=left_out, at=self.clock())
            chunk.lines, chunk.doubted, part.end = read.lines, read.doubted, part.start + read.seen
            return
        for number, (line, cells) in enumerate(found, part.start):
            part.end = number + 1
            if number not in left_out and (row := judge(line, cells)) is not None:
                chunk.ratings.append(row)

    def _judge(self, chunk: Chunk, line: int, cells: list[str]) -> RatingRow | None:
        """Validates a row: a good rating is handed back, anything else put into the chunk."""
        result = self.parse(line, cells)
        if isinstance(result, RatingRow) and not is_negative(result.level):
            return result
        chunk.add(result)
        if isinstance(result, Problem):
            # What follows from the channel was added behind the last cell.
            chunk.raw[line] = kept_cells([*self.columns, "is_default"], cells)
        return None


def months_of(chunk: Chunk) -> set[date]:
    """The first days of the months that a chunk's rows lie in, here."""
    days = chunk.lines.days if chunk.lines else ()
    others = [timezone.localdate(row.rated_at) for row in (*chunk.ratings, *chunk.negative)]
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
    before = sys.getswitchinterval()
    # Whoever writes has a word with the server six times a chunk, and each time waits for the reader to be interrupted.
    sys.setswitchinterval(SWITCH_SECONDS)
    maker.start()
    try:
        while (thing := ready.get()) is not None:
            if isinstance(thing, BaseException):
                raise thing
            yield thing
    finally:
        stop.set()
        maker.join()
        sys.setswitchinterval(before)


class Work:
    """The committing of one batch's parts, one transaction each."""

    def __init__(self, batch: Batch, clock: Clock) -> None:
        self.pk, self.origin, self.clock = batch.pk, Origin.IMPORTED, clock
        self.fresh, self.made, self.rehearsal = True, set[date](), Rehearsal() if batch.dry_run else None
        self.before = time.monotonic()

    def commit(self, part: Part) -> bool:
        """Takes one part in; False if the batch was paused or cancelled, or somebody else has gone on with it."""
        if part.months - self.made and self.rehearsal is None:
            make_partitions(months=sorted(part.months - self.made))
            self.made |= part.months
        with transaction.atomic():
            batch = Batch.objects.select_for_update(of=("self",)).defer("plan").get(pk=self.pk)
            if batch.stage != BatchState.RUNNING or getattr(batch, part.progress) != part.start:
                return False
            counts = take_chunk(
                batch, part.chunk, at=self.clock(), origin=self.origin, fresh=self.fresh, rehearsal=self.rehearsal
            )
            failpoint("chunk_taken")
            now = time.monotonic()
            pace = counts["received"] / max(now - self.before, 1e-6)
            Batch.objects.filter(pk=self.pk).update(**{part.progress: part.end, "pace": pace})
            failpoint("chunk_before_commit")
        self.before = now
        # Where a file repeats what is known, most of the next chunk will repeat it too.
        self.fresh = counts["duplicates"] < len(part.chunk) // 10
        return True
