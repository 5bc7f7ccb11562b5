"""Some thousand rows at once: stored, or put aside with their reasons; counted so that nothing is ever dropped.

received = stored + duplicates + quarantined + held + refused: the batch's own CHECK holds it (domain.md §13.5).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from common.actors import SYSTEM
from evaluations.actions.copying import Lines, rating_lines, service_lines
from evaluations.actions.rating import AlreadyRated, Rated, Receipt, Words, submit_evaluation
from evaluations.actions.rehearsal import Rehearsal
from evaluations.actions.staging import Stored, store_ratings, store_services
from evaluations.enums import CanonicalField, CodeKind, FaultCode, LeftOutcome, Origin, RatingChannel, RowOutcome
from evaluations.faults import Fault
from evaluations.grading import is_negative
from evaluations.keys import Key, left_row_bound
from evaluations.lookups import renumbered, with_their_service
from evaluations.models import Batch, Evaluation, LeftRow, Tag
from evaluations.queries import ratings_of
from evaluations.rows import Problem, RatingRow, ServiceRow
from identity.actions import store_evaluators
from identity.crypto import Vault
from identity.queries import vault
from organizations.models import Hall, ServiceItem, Staff, Unit, Window
from rectification.enums import Target

COUNTED = ("received", "stored", "duplicates", "quarantined", "held", "refused", "warned", "cases")
WAITS = {
    FaultCode.UNIT_UNKNOWN: CodeKind.UNIT,
    FaultCode.ITEM_UNKNOWN: CodeKind.ITEM,
    FaultCode.WINDOW_UNKNOWN: CodeKind.WINDOW,
}


Result = RatingRow | ServiceRow | Problem


@dataclass
class Chunk:
    """Rows of one batch, sorted as the validator left them.

    negative: ratings that each need a case. lines: other good ratings, of a file, as COPY takes them; doubted: those of
    them that came in with a doubt.
    raw: line → canonical name → cell, of every row that is put aside.
    """

    ratings: list[RatingRow] = field(default_factory=list)
    negative: list[RatingRow] = field(default_factory=list)
    services: list[ServiceRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    raw: dict[int, dict[str, str]] = field(default_factory=dict)
    lines: Lines | None = None
    doubted: list[RatingRow] = field(default_factory=list)

    def add(self, result: Result) -> None:
        """Sorts in the next row."""
        if isinstance(result, RatingRow):
            (self.negative if is_negative(result.level) else self.ratings).append(result)
        elif isinstance(result, ServiceRow):
            self.services.append(result)
        else:
            self.problems.append(result)

    def leave_out(self, lines: Collection[int]) -> None:
        """Forgets the rows on these lines."""
        self.ratings = [row for row in self.ratings if row.line not in lines]
        self.negative = [row for row in self.negative if row.line not in lines]
        self.services = [row for row in self.services if row.line not in lines]

    @property
    def taken(self) -> list[RatingRow | ServiceRow]:
        """The rows that can be stored as they are, in the order in which they are."""
        return [*self.negative, *self.ratings, *self.services]

    def __len__(self) -> int:
        written = len(self.lines.rows) if self.lines else 0
        return written + len(self.ratings) + len(self.negative) + len(self.services) + len(self.problems)


@dataclass
class Taking:
    """What becomes of the rows of one chunk, while they are taken in."""

    batch: Batch
    at: datetime
    origin: Origin
    fresh: bool = True
    counts: Counter[str] = field(default_factory=Counter)
    asides: list[LeftRow] = field(default_factory=list)
    raw: dict[int, dict[str, str]] = field(default_factory=dict)
    safe: Vault = field(default_factory=vault)

    def put_aside(self, problem: Problem) -> None:
        """Keeps a row that is not stored, with its reasons and, if it waits for something, for what."""
        kind, code = waits_for(problem, self.batch.source)
        self.counts[problem.outcome.value] += 1
        self._keep(problem.line, LeftOutcome(problem.outcome.value), problem.faults, kind=kind, code=code)

    def doubt(self, row: RatingRow | ServiceRow) -> None:
        """Keeps the doubts with which a row came in."""
        self.counts["warned"] += 1
        self._keep(row.line, LeftOutcome.STORED, row.warnings)

    def _keep(
        self, line: int, outcome: LeftOutcome, faults: Sequence[Fault], *, kind: str = "", code: str = ""
    ) -> None:
        # The row itself is kept as long as it waits: nothing waits after a dry run, and what is refused comes again.
        over = self.batch.dry_run or outcome not in (LeftOutcome.QUARANTINED, LeftOutcome.HELD)
        text = "" if over else json.dumps(self.raw.get(line, {}), ensure_ascii=False)
        self.asides.append(
            LeftRow(
                batch=self.batch,
                line=line,
                outcome=outcome,
                faults=[[fault.column, fault.code.value, dict(fault.params)] for fault in faults],
                sealed=b"" if over else self.safe.encrypt(text, left_row_bound(self.batch.pk, line)),
                waits_kind=kind,
                waits_for=code,
                settled_at=self.at if over else None,
            )
        )

    def tell(self, stored: Stored, rows: Sequence[RatingRow] | Sequence[ServiceRow]) -> None:
        """Counts what was stored of rows, and puts aside what contradicts something stored before."""
        self.counts["stored"] += stored.count
        self.counts["duplicates"] += len(stored.duplicates)
        for line in stored.contradicting:
            self.put_aside(Problem(line, RowOutcome.REFUSED, (Fault("project_number", FaultCode.OTHER_CONTENT),)))
        lost = {*stored.duplicates, *stored.contradicting}
        for row in rows:
            if row.warnings and row.line not in lost:
                self.doubt(row)


def kept_cells(names: Sequence[str | None], cells: Sequence[str]) -> dict[str, str]:
    """What is kept of a row that waits: name → cell. An identity number is looked at once and never kept."""
    named = zip(names, cells, strict=False)
    return {name: cell for name, cell in named if name and cell and name != CanonicalField.ID_NUMBER}


def waits_for(problem: Problem, source: str) -> tuple[str, str]:
    """What would settle a problem: the kind and code to map, or the key of the service to come."""
    row = problem.row
    if problem.outcome == RowOutcome.HELD and row is not None:
        return CodeKind.SERVICE, f"{row.service_number}/{row.project_number}"
    for fault in problem.faults:
        if fault.code in WAITS:
            return WAITS[fault.code], str(fault.params["value"])[:100]
    return "", ""


@transaction.atomic(savepoint=False)
def take_chunk(
    batch: Batch,
    chunk: Chunk,
    *,
    at: datetime,
    origin: Origin,
    fresh: bool = True,
    rehearsal: Rehearsal | None = None,
) -> Counter[str]:
    """Takes in the rows of a chunk: all of it, or nothing. The caller advances the batch in the same transaction.

    Args:
        batch: locked.
        origin: of ratings that the source does not call default ones.
        fresh: whether the keys are expected to be new.
        rehearsal: given, everything is judged and counted, and nothing is stored.

    Returns:
        How many rows were received, stored, …, as the fields of `Batch` are called.
    """
    taking = Taking(batch, at, origin, fresh, raw=chunk.raw)
    taking.counts["received"] = len(chunk)
    if rehearsal is not None:
        seen = rehearsal.seen_before(chunk.taken)
        chunk.leave_out({*seen.duplicates, *seen.contradicting})
        taking.tell(seen, [])
    if rehearsal is None:
        _take(taking, chunk)
    else:
        before = transaction.savepoint()
        _take(taking, chunk)
        transaction.savepoint_rollback(before)
    LeftRow.objects.bulk_create(taking.asides)
    Batch.objects.filter(pk=batch.pk).update(**{name: F(name) + taking.counts[name] for name in COUNTED})
    return taking.counts


def judge_again(batch: Batch, chunk: Chunk, waiting: Mapping[int, LeftRow], *, at: datetime, origin: Origin) -> int:
    """Judges rows that waited once more. Inside the caller's transaction; the batch is locked.

    Args:
        waiting: line → the row that waits.

    Returns:
        How many rows wait no longer.
    """
    taking = Taking(batch, at, origin, fresh=False, raw=chunk.raw)
    _take(taking, chunk)
    now = {row.line: row for row in taking.asides}
    for line, row in waiting.items():
        taking.counts[row.outcome] -= 1
        new = now.get(line)
        row.outcome = new.outcome if new else LeftOutcome.STORED
        row.faults = new.faults if new else []
        row.waits_kind, row.waits_for = (new.waits_kind, new.waits_for) if new else ("", "")
        if row.outcome in (LeftOutcome.STORED, LeftOutcome.REFUSED):
            row.settled_at, row.sealed = at, b""
    LeftRow.objects.bulk_update(
        waiting.values(), ["outcome", "faults", "waits_kind", "waits_for", "settled_at", "sealed"]
    )
    Batch.objects.filter(pk=batch.pk).update(**{name: F(name) + taking.counts[name] for name in COUNTED})
    return sum(row.settled_at is not None for row in waiting.values())


def _take(taking: Taking, chunk: Chunk) -> None:
    _renumber(taking, chunk)
    _complete_held(taking, chunk)
    for problem in chunk.problems:
        taking.put_aside(problem)
    _take_negatives(taking, chunk.negative)
    batch = taking.batch
    if chunk.lines:
        taking.tell(store_ratings(chunk.lines, fresh=taking.fresh), chunk.doubted)
    if chunk.ratings:
        lines = rating_lines(chunk.ratings, source=batch.source, batch=batch.pk, origin=taking.origin, at=taking.at)
        taking.tell(store_ratings(lines, fresh=taking.fresh), chunk.ratings)
    if chunk.services:
        contacts = _contacts(chunk.services, taking.at)
        services = service_lines(chunk.services, contacts, source=batch.source, batch=batch.pk, at=taking.at)
        taking.tell(store_services(services, fresh=taking.fresh), chunk.services)


def _renumber(taking: Taking, chunk: Chunk) -> None:
    """Puts ratings under the number by which their project is known already."""
    held = [problem.row for problem in chunk.problems if isinstance(problem.row, RatingRow)]
    ratings = [*chunk.ratings, *chunk.negative, *held]
    if not ratings or not (known := renumbered(ratings, taking.batch.source)):
        return
    chunk.ratings = [known.get(row.line, row) for row in chunk.ratings]
    chunk.negative = [known.get(row.line, row) for row in chunk.negative]
    chunk.problems = [problem._replace(row=known.get(problem.line, problem.row)) for problem in chunk.problems]


def _complete_held(taking: Taking, chunk: Chunk) -> None:
    """Moves the ratings whose service is known by now from the problems to the rows."""
    held = {
        problem.line: problem.row
        for problem in chunk.problems
        if problem.outcome == RowOutcome.HELD and isinstance(problem.row, RatingRow)
    }
    if not held:
        return
    known = with_their_service(list(held.values()), taking.batch.source)
    chunk.problems = [problem for problem in chunk.problems if problem.line not in known]
    for row in known.values():
        chunk.add(row)


def _take_negatives(taking: Taking, rows: Sequence[RatingRow]) -> None:
    if not rows:
        return
    things, source = Things(rows), taking.batch.source
    # Asked beforehand, since opening a case only to take it back is much work for a file that was sent before.
    known = ratings_of([key_of(row, source) for row in rows])
    for row in rows:
        earlier = known.get(key_of(row, source))
        if earlier is None:
            try:
                take_negative(row, things, source, batch=taking.batch, origin=taking.origin, at=taking.at)
            except AlreadyRated as rated:
                earlier = rated.evaluation
            else:
                taking.counts["cases"] += 1
                taking.tell(Stored(1), [row])
        if earlier is not None:
            same = says_the_same(earlier, row)
            taking.tell(Stored(0, [row.line] if same else [], [] if same else [row.line]), [row])


def take_negative(
    row: RatingRow, things: Things, source: str, *, batch: Batch | None, origin: Origin, at: datetime
) -> Receipt:
    """Takes one negative rating of another system: through the verb of every door, with its case.

    Raises:
        AlreadyRated: its key is taken.
    """
    return submit_evaluation(
        things.rated(row, source),
        things.words(row),
        channel=RatingChannel(row.channel),
        origin=Origin.DEFAULT if row.is_default else origin,
        at=at,
        rated_at=row.rated_at,
        source=source,
        batch=batch,
        by=SYSTEM,
    )


def says_the_same(evaluation: Evaluation, row: RatingRow) -> bool:
    """Whether a row under a key that is taken is the stored rating sent again; its time is no part of it."""
    return (evaluation.level, evaluation.tags, evaluation.text) == (row.level, list(row.tags), row.text)


def key_of(row: RatingRow, source: str) -> Key:
    """The key that may be rated once; a rating of no service has its source's own number."""
    if row.project_number:
        return Key(row.project_number, source, row.service_number, row.assess_number)
    return Key(f"#{row.source_rating_id}", source, 0, row.assess_number)


class Things:
    """What the rows of a chunk refer to, loaded at once."""

    def __init__(self, rows: Sequence[RatingRow]) -> None:
        self.units = Unit.objects.select_related("region").in_bulk({row.unit for row in rows})
        self.items = ServiceItem.objects.in_bulk({row.item for row in rows if row.item})
        self.halls = Hall.objects.in_bulk({row.hall for row in rows if row.hall})
        self.windows = Window.objects.select_related("hall").in_bulk({row.window for row in rows if row.window})
        self.staff = Staff.objects.in_bulk({row.staff for row in rows if row.staff})
        self.tags = Tag.objects.in_bulk({code for row in rows for code in row.tags})

    def rated(self, row: RatingRow, source: str) -> Rated:
        return Rated(
            target=Target.WINDOW if row.item is None and row.window else Target.SERVICE,
            unit=self.units[row.unit or 0],
            item=self.items.get(row.item or 0),
            hall=self.halls.get(row.hall or 0),
            window=self.windows.get(row.window or 0),
            staff=self.staff.get(row.staff or 0),
            key=key_of(row, source),
        )

    def words(self, row: RatingRow) -> Words:
        return Words(
            level=row.level,
            tags=[self.tags[code] for code in row.tags],
            text=row.text,
            phone=row.phone,
            name=row.name,
        )


def _contacts(rows: Sequence[ServiceRow], at: datetime) -> dict[int, str]:
    """Numbers to invite by, of services that may still be rated; the others are not kept (PIPL art. 6)."""
    since = at - timedelta(days=settings.CONTACT_DAYS)
    wanted = [row for row in rows if row.phone and row.served_at >= since]
    sealed = store_evaluators([(row.phone, "") for row in wanted], consent_version="", at=at)
    return {row.line: evaluator.pk.hex for row, evaluator in zip(wanted, sealed, strict=True)}
