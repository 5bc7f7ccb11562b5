"""Checks on silence: telephone against page, 差评 that are missing, sources that say nothing at an hour of theirs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from assessment.enums import SignalCode
from assessment.likelihood import Seen, share_tail, silence_tail
from assessment.suspicions import Suspicion
from evaluations.queries import day_start
from rectification.enums import Verdict

CALL_DAYS, QUIET_DAYS, QUIET_BASE_DAYS, HOLE_DAYS = 90, 30, 180, 28
# Fewer days like it, and one is not known well enough to miss anything; nearly all of them had something.
DAYS_LIKE_IT, NEARLY_ALL = 3, 0.9
# What was said on the page and on the telephone: of surveys the level, after rectification the verdict.
CALLS = """
WITH compared AS (
    SELECT call.unit_id, sheet.at, rated.id::text AS id,
        (rated.level >= 4 AND sheet.level <= 2) OR (rated.level <= 2 AND sheet.level >= 4) AS contrary
    FROM evaluations_answersheet AS sheet
    JOIN evaluations_sampledcall AS call ON call.id = sheet.call_id
    JOIN evaluations_evaluation AS rated ON rated.id = call.evaluation_id
    WHERE sheet.at >= %(since)s AND sheet.at < %(until)s
    UNION ALL
    SELECT made.rated_unit_id, follow.at, rated.id::text,
        (follow.verdict = %(content)s AND spoken.verdict = %(discontent)s)
        OR (follow.verdict = %(discontent)s AND spoken.verdict = %(content)s)
    FROM evaluations_followup AS follow
    JOIN rectification_case AS made ON made.id = follow.case_id
    JOIN evaluations_evaluation AS rated ON rated.case_id = made.id
    JOIN LATERAL (
        SELECT verdict FROM rectification_callbackrecord WHERE case_id = made.id ORDER BY id DESC LIMIT 1
    ) AS spoken ON true
    WHERE follow.at >= %(since)s AND follow.at < %(until)s
), summed AS (
    SELECT unit_id, count(*) AS n, count(*) FILTER (WHERE contrary) AS x, bool_or(at >= %(today)s) AS today,
        array_agg(id) FILTER (WHERE contrary) AS ids
    FROM compared GROUP BY unit_id
)
SELECT unit_id, x, n, ids, (SELECT sum(x) FROM summed) - x, (SELECT sum(n) FROM summed) - n
FROM summed WHERE x > 0 AND today
"""
# A month without any, after half a year with; told once as long as it lasts.
QUIET = """
WITH days AS (
    SELECT unit_id, sum(n1 + n2) FILTER (WHERE day >= %(since)s) AS now,
        sum(usual) FILTER (WHERE day >= %(since)s) AS n,
        sum(n1 + n2) FILTER (WHERE day < %(since)s) AS before, sum(usual) FILTER (WHERE day < %(since)s) AS m
    FROM assessment_placeday WHERE day >= %(base)s AND day <= %(day)s GROUP BY unit_id
)
SELECT unit_id, n, before, m FROM days
WHERE now = 0 AND n > 0 AND before > 0 AND m > 0 AND NOT EXISTS (
    SELECT FROM assessment_finding AS told WHERE told.unit_id = days.unit_id AND told.signal = %(signal)s
        AND told.day >= %(since)s AND told.day < %(day)s
)
"""
HOURS = """
WITH came AS (
    SELECT source, (made_at AT TIME ZONE %(zone)s)::date AS day,
        extract(hour FROM made_at AT TIME ZONE %(zone)s)::int AS hour
    FROM (
        SELECT source, rated_at AS made_at FROM evaluations_evaluation
        WHERE id >= %(since)s AND id < %(high)s AND origin NOT IN ('default', 'test') AND entered_by_id IS NULL
        UNION ALL
        SELECT source, served_at FROM evaluations_service WHERE id >= %(since)s AND id < %(high)s
    ) AS rows
), days AS (
    SELECT day FROM unnest(%(days)s::date[]) AS day
), base AS (
    SELECT source, hour, day, count(*) AS n FROM came JOIN days USING (day) GROUP BY source, hour, day
), usual AS (
    SELECT source, hour, sum(n) AS n, count(*) AS with_some FROM base GROUP BY source, hour
)
SELECT source, hour, n, with_some FROM usual
WHERE with_some >= %(nearly)s AND NOT EXISTS (
    SELECT FROM came WHERE came.source = usual.source AND came.hour = usual.hour AND came.day = %(day)s
) ORDER BY source, hour
"""


def contrary_calls(cursor: Any, day: date) -> Iterator[Suspicion]:
    """Units of which people say another thing on the telephone than their rating says, where one said it today."""
    moments = {"since": day - timedelta(days=CALL_DAYS), "until": day + timedelta(days=1), "today": day}
    asked = {name: timezone.make_aware(datetime.combine(moment, time())) for name, moment in moments.items()}
    cursor.execute(CALLS, {**asked, "content": Verdict.SATISFIED, "discontent": Verdict.UNSATISFIED})
    for unit, x, n, ids, elsewhere, others in cursor.fetchall():
        tail = share_tail(Seen(x, n), Seen(0, 0), Seen(float(elsewhere), float(others)), prior=30)
        evidence = {"days": CALL_DAYS, "elsewhere": int(elsewhere), "elsewhere_total": int(others)}
        yield Suspicion(SignalCode.CALLBACKS, unit, 0, x, n, tail, evidence=evidence, rows=tuple(ids))


def no_negatives(cursor: Any, day: date) -> Iterator[Suspicion]:
    """Units without a 差评 for a month that had as many before that they must be missed."""
    since = day - timedelta(days=QUIET_DAYS - 1)
    base = since - timedelta(days=QUIET_BASE_DAYS)
    cursor.execute(QUIET, {"since": since, "base": base, "day": day, "signal": SignalCode.NO_NEGATIVES})
    for unit, n, before, m in cursor.fetchall():
        mean = float(n) * float(before) / float(m)
        if mean >= settings.INTEGRITY["missed_negatives"]:
            evidence = {"base_hits": int(before), "base_total": int(m), "days": QUIET_DAYS}
            yield Suspicion(SignalCode.NO_NEGATIVES, unit, 0, 0, int(n), silence_tail(mean), evidence=evidence)


def holes(cursor: Any, day: date, like_it: list[date], *, until_hour: int = 24) -> Iterator[Suspicion]:
    """Sources that sent nothing in hours in which they always do; one finding for a source's day.

    Args:
        like_it: days before it of the same kind (working or not).
        until_hour: hours from this one on are not over yet.
    """
    if len(like_it) < DAYS_LIKE_IT:
        return
    asked = {
        "since": str(day_start(min(like_it))),
        "high": str(day_start(day + timedelta(days=1))),
        "days": like_it,
        "day": day,
        "nearly": max(DAYS_LIKE_IT, NEARLY_ALL * len(like_it)),
        "zone": settings.TIME_ZONE,
    }
    cursor.execute(HOURS, asked)
    missed: dict[str, dict[int, float]] = {}
    for source, hour, n, _with_some in cursor.fetchall():
        mean = float(n) / len(like_it)
        if hour < until_hour and mean >= settings.INTEGRITY["missed_rows"]:
            missed.setdefault(source, {})[hour] = mean
    for source, hours in missed.items():
        evidence = {"hours": sorted(hours), "days": len(like_it)}
        tail = silence_tail(sum(hours.values()))
        yield Suspicion(SignalCode.HOLE, 0, 0, 0, 0, tail, subject=source, evidence=evidence)
