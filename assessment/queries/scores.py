"""Everybody's score and place in a quarter, computed; what was frozen is read from `UnitScore` instead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from assessment.enums import SchemeKind
from assessment.figures import Figures
from assessment.models import Quarter, UnitScore
from assessment.periods import Period
from assessment.queries.bases import Gathered, facts_of_subject, gather
from assessment.queries.subjects import Subject, subjects
from assessment.scoring import Candidate, Facts, Place, Scheme, Score, score, standings
from assessment.scoring.chance import Ranked, reaches
from assessment.scoring.record import facts_of, figures_of, fingerprint, kept_facts, kept_figures, kept_lines


@dataclass(frozen=True)
class Scored:
    """A subject with all that its score rests on. exempt: why it is not ranked, as somebody has said."""

    subject: Subject
    facts: Facts
    figures: Figures
    score: Score
    place: Place
    exempt: str = ""


def score_quarter(
    period: Period,
    kind: SchemeKind,
    scheme: Scheme,
    *,
    at: datetime,
    raw: bool = False,
    gathered: Gathered | None = None,
) -> list[Scored]:
    """The scores of a quarter, in the order of subjects.

    Args:
        at, raw: as in `bases.gather`.
        gathered: the facts, where both schemes are asked for one after the other.
    """
    known = gathered or gather(period, at=at, raw=raw)
    return score_subjects(kind, scheme, subjects(kind, period.begins), known)


def score_subjects(kind: SchemeKind, scheme: Scheme, some: Iterable[Subject], known: Gathered) -> list[Scored]:
    """The scores of these subjects, from facts that were gathered."""
    return placed(scheme, [(subject, *facts_of_subject(known, kind, subject)) for subject in some])


def placed(scheme: Scheme, some: Sequence[tuple[Subject, Facts, Figures, str]]) -> list[Scored]:
    """Scores and places by facts, whatever they were taken from."""
    scores = [score(scheme, facts) for _subject, facts, _figures, _why in some]
    candidates = [
        Candidate(subject.key, subject.group, facts, found, why)
        for (subject, facts, _figures, why), found in zip(some, scores, strict=True)
    ]
    places = standings(scheme, candidates)
    return [
        Scored(subject, facts, figures, found, places[subject.key], why)
        for (subject, facts, figures, why), found in zip(some, scores, strict=True)
    ]


def with_reach(scheme: Scheme, rows: Sequence[UnitScore], some: Sequence[Scored], *, seed: int) -> None:
    """Writes into rows between which ranks each lies if chance is taken into account; no part of the fingerprint."""
    ranked = [
        Ranked(one.subject.key, (one.place.group, one.place.volume), one.facts, one.score)
        for one in some
        if one.place.rank is not None
    ]
    found = reaches(scheme, ranked, seed=seed)
    for row in rows:
        if row.subject in found:
            row.rank_low, row.rank_high = found[row.subject].low, found[row.subject].high


def row_of(quarter: Quarter, kind: SchemeKind, one: Scored) -> UnitScore:
    """A score as it is kept."""
    row = UnitScore(
        quarter=quarter,
        kind=kind,
        subject=one.subject.key,
        name=one.subject.name,
        unit_id=one.subject.unit_id,
        region_code=one.subject.region_code,
        group=one.place.group,
        volume=one.place.volume,
        total=one.score.total,
        rank=one.place.rank,
        ranked=one.place.of,
        beside=one.place.beside,
        unranked=one.place.unranked or "",
        why=one.exempt,
        units=list(one.subject.units),
        facts=kept_facts(one.facts),
        tallies=kept_figures(one.figures),
        lines=kept_lines(one.score.lines),
    )
    row.fingerprint = fingerprint_of(row)
    return row


PRINTED = (
    "kind",
    "subject",
    "name",
    "unit_id",
    "region_code",
    "group",
    "volume",
    "rank",
    "ranked",
    "beside",
    "unranked",
    "why",
    "units",
    "facts",
    "tallies",
    "lines",
)


def fingerprint_of(row: UnitScore) -> str:
    """Of everything a row says."""
    return fingerprint({"total": f"{row.total:.2f}", **{name: getattr(row, name) for name in PRINTED}})


def subject_of(row: UnitScore) -> Subject:
    """The subject as it was when it was scored: later moves of units change nothing of it."""
    return Subject(row.subject, row.name, row.group, row.unit_id, row.region_code, tuple(row.units))


def kept(row: UnitScore) -> tuple[Facts, Figures]:
    """What a kept score rests on."""
    return facts_of(row.facts), figures_of(row.tallies)


def frozen_heads() -> list[tuple[str, str]]:
    """The head of the audit trail that each frozen quarter carries, for whoever verifies the trail."""
    frozen = Quarter.objects.exclude(audit_head="").filter(frozen_at__isnull=False)
    return [(f"季度考核 {quarter.period.name}", quarter.audit_head) for quarter in frozen]
