"""A frozen quarter made again: from raw rows as they were known at its cut, to be compared bit for bit; or by what is
known now, for the correction log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assessment.enums import SchemeKind
from assessment.models import Quarter, UnitScore
from assessment.queries.bases import Gathered, gather
from assessment.queries.scores import PRINTED, row_of, score_subjects, subject_of
from assessment.scoring import read_scheme
from assessment.scoring.record import fingerprint


@dataclass(frozen=True)
class Different:
    """A score that comes out otherwise. differences: ["measures.active", "3/40", "4/40"], and so on."""

    row: UnitScore
    now: UnitScore
    differences: list[list[Any]]

    def __str__(self) -> str:
        what = "; ".join(f"{where}: {before} → {after}" for where, before, after in self.differences)
        return f"{self.row.kind} {self.row.subject} {self.row.total} → {self.now.total}: {what}"


@dataclass(frozen=True)
class Rebuilt:
    """What making a quarter again came to. fingerprint: of what was made."""

    scores: int
    fingerprint: str
    different: list[Different]

    def same(self, quarter: Quarter) -> bool:
        return not self.different and self.fingerprint == quarter.fingerprint


def rebuild(quarter: Quarter) -> Rebuilt:
    """Makes everybody's score again from raw rows.

    Raises:
        ValueError: the quarter is not frozen.
    """
    if quarter.as_of is None or not quarter.frozen:
        raise ValueError(quarter.period.name)
    gathered = gather(quarter.period, at=quarter.as_of, raw=True)
    pairs = [pair for kind in SchemeKind for pair in _again(quarter, kind, gathered)]
    different = [Different(row, now, _differences(row, now)) for row, now in pairs if _says(row) != _says(now)]
    return Rebuilt(len(pairs), fingerprint_of_quarter(quarter, [now for _row, now in pairs]), different)


def compare(quarter: Quarter, kind: SchemeKind, *, at: datetime, raw: bool) -> Iterator[Different]:
    """The scores of a frozen quarter that would be others by what is known at a moment."""
    for row, now in _again(quarter, kind, gather(quarter.period, at=at, raw=raw)):
        if row.fingerprint != now.fingerprint:
            yield Different(row, now, _differences(row, now))


def _again(quarter: Quarter, kind: SchemeKind, gathered: Gathered) -> list[tuple[UnitScore, UnitScore]]:
    """Each kept score beside the one made again, for subjects as they were: a unit that moved stays where it was."""
    scheme = quarter.scheme(kind)
    if scheme is None:
        return []
    rows = list(UnitScore.objects.filter(quarter=quarter, kind=kind).order_by("subject"))
    some = score_subjects(kind, read_scheme(scheme.content), [subject_of(row) for row in rows], gathered)
    return [(row, row_of(quarter, kind, one)) for row, one in zip(rows, some, strict=True)]


def _says(row: UnitScore) -> tuple[Any, ...]:
    return (f"{row.total:.2f}", row.fingerprint, *(getattr(row, name) for name in PRINTED))


def _differences(row: UnitScore, now: UnitScore) -> list[list[Any]]:
    found: list[list[Any]] = []
    for name in PRINTED:
        before, after = getattr(row, name), getattr(now, name)
        if before != after and name != "lines":
            found += _inside(name, before, after)
    return found


def _inside(where: str, before: Any, after: Any) -> list[list[Any]]:
    """Down to the names that differ."""
    if isinstance(before, dict) and isinstance(after, dict):
        names = sorted({*before, *after})
        parts = [_inside(f"{where}.{name}", before.get(name), after.get(name)) for name in names]
        return [row for part in parts for row in part]
    return [] if before == after else [[where, before, after]]


def fingerprint_of_quarter(quarter: Quarter, rows: list[UnitScore]) -> str:
    """Of the schemes and of everybody's score with all it rests on."""
    schemes = {
        str(kind): {"version": scheme.version, "content": scheme.content}
        for kind in SchemeKind
        if (scheme := quarter.scheme(kind)) is not None
    }
    marks = sorted([row.kind, row.subject, row.fingerprint] for row in rows)
    return fingerprint({"quarter": quarter.period.name, "schemes": schemes, "scores": marks})
