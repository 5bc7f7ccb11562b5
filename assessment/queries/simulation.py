"""What a scheme would have made of past quarters: who moves, by how much, and by which items."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from assessment.enums import Grain, SchemeKind
from assessment.models import Quarter, Scheme, UnitScore
from assessment.periods import Period, period_of
from assessment.queries.bases import gather
from assessment.queries.scores import Scored, kept, placed, score_quarter, subject_of
from assessment.scoring import Score, read_scheme
from assessment.scoring.record import plain


def simulate(scheme: Scheme, *, at: datetime) -> list[dict[str, Any]]:
    """The last quarters (setting SIMULATED_QUARTERS) by this scheme beside what they were or would be scored by.

    A frozen quarter is simulated on the very facts that were frozen, any other on the tallies of now.

    Returns:
        For each quarter its name and a row for each subject, those that move most first.
    """
    period, found = period_of(timezone.localdate(at), Grain.QUARTER), []
    for _count in range(settings.SIMULATED_QUARTERS):
        period = period.before()
        before, after = _both(scheme, period, at)
        rows = _moves(before, after)
        if rows:
            found.append({"quarter": period.name, "rows": rows})
    return found


def _both(scheme: Scheme, period: Period, at: datetime) -> tuple[list[Scored], list[Scored]]:
    kind, proposed = SchemeKind(scheme.kind), read_scheme(scheme.content)
    frozen = Quarter.objects.filter(begins=period.begins, frozen_at__isnull=False).first()
    if frozen is not None:
        rows = list(UnitScore.objects.filter(quarter=frozen, kind=kind))
        known = [(subject_of(row), *kept(row), row.why) for row in rows]
        old = frozen.scheme(kind)
        return placed(read_scheme(old.content), known) if old else [], placed(proposed, known)
    current = Scheme.objects.in_force(kind, period.begins)
    gathered = gather(period, at=at)
    after = [one for one in score_quarter(period, kind, proposed, at=at, gathered=gathered) if one.score.assessed]
    if current is None:
        return [], after
    return score_quarter(period, kind, read_scheme(current.content), at=at, gathered=gathered), after


def _moves(before: Iterable[Scored], after: Iterable[Scored]) -> list[dict[str, Any]]:
    known = {one.subject.key: one for one in before}
    rows = [_move(known.get(one.subject.key), one) for one in after]
    return sorted(rows, key=lambda row: (-abs(row["moved"] or 0), row["subject"]))


def _move(old: Scored | None, new: Scored) -> dict[str, Any]:
    ranks = (old.place.rank if old else None, new.place.rank)
    return {
        "subject": new.subject.key,
        "name": new.subject.name,
        "group": new.place.group,
        "volume": new.place.volume,
        "before": f"{old.score.total:.2f}" if old else None,
        "after": f"{new.score.total:.2f}",
        "rank_before": ranks[0],
        "rank_after": ranks[1],
        "moved": ranks[0] - ranks[1] if ranks[0] and ranks[1] else None,
        "why": _why(old.score, new.score) if old else [],
    }


def _why(old: Score, new: Score) -> list[list[str]]:
    """The items that make the difference, the largest first: [code, by how many points]."""
    codes = {line.item for line in (*old.lines, *new.lines)}
    changes = {code: new.of(code) - old.of(code) for code in codes}
    told = [[code, plain(change)] for code, change in changes.items() if change]
    return sorted(told, key=lambda one: (-abs(float(one[1])), one[0]))
