"""Scores as pages and files show them: who sees which quarter, groups, lines with what they rest on, low streaks."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet

from assessment.access import READS_QUARTERS
from assessment.enums import LineKind, SchemeKind, Unranked
from assessment.models import Objection, Quarter, ScoreEvent, UnitScore
from assessment.scoring import Line, Scheme, read_scheme
from assessment.scoring.record import lines_of
from assessment.scoring.words import group_words, line_words
from organizations.enums import RegionLevel
from organizations.models import Region, Staff
from rectification.models import Case

FORMAT = "scores/1"


def quarters_seen_by(user: Staff) -> QuerySet[Quarter]:
    """The quarters with scores that somebody may read: units and counties from the objections on."""
    scored = Quarter.objects.exclude(previewed_at=None)
    return scored if user.has_role(*READS_QUARTERS) else scored.exclude(objections_from=None)


@dataclass(frozen=True)
class Group:
    """Scores that are compared with one another, the ranked first; unranked with their reasons.

    place: the county, of a county's scheme. volume: as the scheme calls it.
    """

    kind: SchemeKind
    label: str
    place: str
    volume: str
    ranked: list[UnitScore]
    unranked: list[UnitScore]

    @property
    def scored(self) -> list[UnitScore]:
        """Those with points, the ranked first."""
        return [*self.ranked, *(row for row in self.unranked if row.unranked != Unranked.NOTHING)]

    @property
    def nothing(self) -> list[UnitScore]:
        """Those of whom there is nothing to assess."""
        return [row for row in self.unranked if row.unranked == Unranked.NOTHING]


def groups_of(scores: Iterable[UnitScore]) -> list[Group]:
    """By scheme, group and volume."""

    def key(row: UnitScore) -> tuple[str, str, str]:
        return row.kind, row.group, row.volume

    found, places = [], {region.prefix: region.name for region in Region.objects.filter(level=RegionLevel.COUNTY)}
    for (kind, group, volume), rows in groupby(sorted(scores, key=key), key):
        some = list(rows)
        ranked = sorted((row for row in some if row.rank), key=lambda row: (row.rank, row.subject))
        unranked = sorted((row for row in some if not row.rank), key=lambda row: row.subject)
        place = places.get(group.partition("/")[0], "")
        found.append(Group(SchemeKind(kind), group_words(group), place, volume, ranked, unranked))
    return found


@dataclass(frozen=True)
class Basis:
    """What a line rests on, with the address where it can be read, if there is one."""

    words: str
    url: str


@dataclass(frozen=True)
class LineRow:
    """A line of a score as a person reads it. place: its number, by which an objection names it."""

    place: int
    line: Line
    words: str
    basis: list[Basis]
    contestable: bool


@dataclass(frozen=True)
class ItemRows:
    """An item with its lines and what they come to."""

    code: str
    name: str
    of: Decimal
    points: Decimal
    lines: list[LineRow]


COSTS = frozenset({LineKind.LOSS, LineKind.DEDUCTION, LineKind.VETO, LineKind.HELD})


def sheet(score: UnitScore) -> list[ItemRows]:
    """A score line by line: two questions, however many lines."""
    return sheets([score])[score.pk]


def sheets(scores: Iterable[UnitScore]) -> dict[int, list[ItemRows]]:
    """Many scores of one quarter line by line, by their keys: two questions, however many there are."""
    some = {score.pk: (score, lines_of(score.lines)) for score in scores}
    known = _basis({ref for _score, lines in some.values() for line in lines for ref in line.refs})
    schemes = {kind: scheme_of(score) for kind, score in {one.kind: one for one, _lines in some.values()}.items()}
    return {pk: _items(lines, schemes[score.kind], known) for pk, (score, lines) in some.items()}


def _items(lines: Iterable[Line], scheme: Scheme, known: Mapping[str, Basis]) -> list[ItemRows]:
    by_item: dict[str, list[LineRow]] = defaultdict(list)
    for place, line in enumerate(lines):
        basis = [known[ref] for ref in line.refs if ref in known]
        by_item[line.item].append(LineRow(place, line, line_words(line), basis, line.kind in COSTS))
    return [
        ItemRows(
            code,
            _name_of(scheme, code),
            next((row.line.of for row in rows if row.line.of), Decimal(0)),
            sum((row.line.points for row in rows), Decimal(0)),
            rows,
        )
        for code, rows in by_item.items()
    ]


def scheme_of(score: UnitScore) -> Scheme:
    """The scheme a score was made by.

    Raises:
        LookupError: the quarter has none of this kind.
    """
    scheme = score.quarter.scheme(score.kind)
    if scheme is None:
        raise LookupError(score.kind)
    return read_scheme(scheme.content)


def _name_of(scheme: Scheme, code: str) -> str:
    return dict(scheme.names).get(code, "")


def _basis(refs: Iterable[str]) -> Mapping[str, Basis]:
    numbers: dict[str, set[int]] = defaultdict(set)
    for ref in refs:
        kind, _colon, number = ref.partition(":")
        if kind in ("case", "event"):
            numbers[kind].add(int(number))
    cases = Case.objects.filter(pk__in=numbers["case"]).values_list("pk", "number")
    found = {f"case:{pk}": Basis(number, f"/desk/cases/{number}/") for pk, number in cases}
    for event in ScoreEvent.objects.filter(pk__in=numbers["event"]):
        found[f"event:{event.pk}"] = Basis(event.source, event.url)
    return found


def objections_seen_by(user: Staff, quarter: Quarter) -> QuerySet[Objection]:
    """Those of the subjects whose scores somebody may see."""
    seen = UnitScore.objects.visible_to(user).filter(quarter=quarter)
    condition = Q(pk__in=[])
    for kind in SchemeKind:
        condition |= Q(kind=kind, subject__in=seen.filter(kind=kind).values("subject"))
    return Objection.objects.filter(condition, quarter=quarter).select_related("unit", "by", "answered_by")


# --- consecutive low --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Streak:
    """Somebody among the last of its group for so many quarters running, up to and with one quarter.

    reached: as many as the scheme of the last of them calls low. quarters: their names, the newest first.
    """

    kind: SchemeKind
    subject: str
    name: str
    unit_id: int | None
    quarters: tuple[str, ...]
    reached: bool


def low_streaks(quarter: Quarter) -> list[Streak]:
    """连续靠后: who stands among the last `bottom` of its group, and for how many frozen quarters running.

    A group of no more than `bottom` has no last ones; a scheme may ask for evidence that a rank is no chance
    (`Scheme.is_low`). A quarter without a rank ends a streak. Other parts read this
    to ask for 分管领导现场办公 and what follows (domain.md §11.2).
    """
    frozen = list(
        Quarter.objects.filter(begins__lte=quarter.begins, frozen_at__isnull=False)
        .select_related("city_scheme", "county_scheme")
        .order_by("-begins")
    )
    rows = {(row.kind, row.subject): row for row in _low(quarter)}
    running: dict[tuple[str, str], list[str]] = {key: [] for key in rows}
    expected = quarter.period
    for place, one in enumerate(frozen):
        still = {(row.kind, row.subject) for row in _low(one)} if one.begins == expected.begins else set()
        for key, names in running.items():
            if key in still and len(names) == place:
                names.append(one.period.name)
        if not any(len(names) > place for names in running.values()):
            break
        expected = expected.before()
    return [_streak(quarter, rows[key], names) for key, names in sorted(running.items())]


def _low(quarter: Quarter) -> list[UnitScore]:
    found = []
    schemes = {kind: read_scheme(one.content) for kind in SchemeKind if (one := quarter.scheme(kind)) is not None}
    for row in quarter.scores.exclude(rank=None).defer("facts", "tallies", "lines", "units"):
        if row.rank and schemes[SchemeKind(row.kind)].is_low(row.rank, row.ranked, row.rank_low):
            found.append(row)
    return found


def _streak(quarter: Quarter, row: UnitScore, names: list[str]) -> Streak:
    scheme = quarter.scheme(row.kind)
    periods = read_scheme(scheme.content).periods if scheme else 0
    reached = bool(periods) and len(names) >= periods
    return Streak(SchemeKind(row.kind), row.subject, row.name, row.unit_id, tuple(names), reached)


# --- files: docs/scoring.md says what each column is, and no column ever changes its meaning -------------------------

SCORE_COLUMNS = (
    "format",
    "quarter",
    "kind",
    "scheme",
    "subject",
    "name",
    "group",
    "volume",
    "score",
    "rank",
    "ranked",
    "shared_with",
    "unranked",
    "reason",
    "as_of",
    "frozen_at",
    "fingerprint",
)
LINE_COLUMNS = (
    "format",
    "quarter",
    "kind",
    "subject",
    "position",
    "item",
    "line",
    "points",
    "of",
    "references",
    "words",
)


def score_rows(quarter: Quarter, scores: Iterable[UnitScore]) -> Iterator[dict[str, Any]]:
    """A row for each score, by the names of `SCORE_COLUMNS`."""
    for row in scores:
        scheme = quarter.scheme(row.kind)
        yield {
            "format": FORMAT,
            "quarter": quarter.period.name,
            "kind": row.kind,
            "scheme": scheme.key if scheme else "",
            "subject": row.subject,
            "name": row.name,
            "group": row.group,
            "volume": row.volume,
            "score": f"{row.total:.2f}",
            "rank": row.rank,
            "ranked": row.ranked,
            "shared_with": row.beside,
            "unranked": row.unranked,
            "reason": row.why,
            "as_of": quarter.as_of.isoformat() if quarter.as_of else "",
            "frozen_at": quarter.frozen_at.isoformat() if quarter.frozen_at else "",
            "fingerprint": row.fingerprint,
        }


def line_rows(quarter: Quarter, scores: Iterable[UnitScore]) -> Iterator[dict[str, Any]]:
    """A row for each line of each score, by the names of `LINE_COLUMNS`; a case stands there by its public number."""
    some = list(scores)
    refs = {ref for row in some for line in row.lines for ref in line["refs"]}
    known = _basis(ref for ref in refs if ref.startswith("case:"))
    for row in some:
        for position, line in enumerate(row.lines):
            names = [f"case:{known[ref].words}" if ref in known else ref for ref in line["refs"]]
            yield {
                "format": FORMAT,
                "quarter": quarter.period.name,
                "kind": row.kind,
                "subject": row.subject,
                "position": position,
                "item": line["item"],
                "line": line["kind"],
                "points": line["points"],
                "of": line["of"],
                "references": " ".join(names),
                "words": line["words"],
            }


def csv_of(columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """A CSV file with a head; a cell that a spreadsheet would take for a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    names = list(columns)
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in names])
    return out.getvalue()


def _cell(value: Any) -> Any:
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in "=+@\t\r" and text else text
