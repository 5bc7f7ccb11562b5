"""Values that too many ratings of a place share on one day: a set of tags, a text, the seconds since the service.

Each is compared with how often the value occurs elsewhere on that day, and at the same place in the weeks before: a
phrase that everybody writes is no sign. Texts are compared by the least hashes of their pairs of characters
(A. Broder, 1997): two texts share one with the chance of their likeness, so copies with small changes meet again.
"""

# ruff: noqa: S608 - names of our own; every value is a parameter
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from assessment.enums import SignalCode
from assessment.likelihood import Seen, share_tail
from assessment.queries.suspicions.day import ENTERED
from assessment.suspicions import RULES, Suspicion
from evaluations.queries import day_start

# How far the past of one place is read for one value, and how much such shares differ from day to day.
PAST_DAYS, SPREAD = 28, 0.02
# What is likelier elsewhere need not be compared with the past.
INTERESTING, PRIOR = 0.05, 20.0
SEEDS, SHORTEST = 6, 4
PLAIN = r"regexp_replace(lower(normalize({text}, NFKC)), '[\s[:punct:]、。,!?;:…—~·“”‘’()《》【】0-9]+', '', 'g')"
TAGS = "SELECT id, unit_id, window_id, tagset AS value FROM looked WHERE usual AND tagset IS NOT NULL"
DELAYS = "SELECT id, unit_id, window_id, delay::text AS value FROM looked WHERE usual AND delay IS NOT NULL"
HASHES = """
SELECT DISTINCT said.id, said.unit_id, said.window_id, seed || ':' || min(hashtextextended(
    substr(said.plain, place, 2), seed)) OVER (PARTITION BY said.id, seed) AS value
FROM ({said}) AS said, generate_series(1, length(said.plain) - 1) AS place, generate_series(1, {seeds}) AS seed
"""
SAID = f"SELECT id, unit_id, window_id, {PLAIN.format(text='text')} AS plain FROM looked WHERE usual AND text <> ''"
TEXTS = HASHES.format(said=f"SELECT * FROM ({SAID}) AS each WHERE length(plain) >= {SHORTEST}", seeds=SEEDS)
SHARED = """
WITH valued AS MATERIALIZED ({valued}), whole AS (
    SELECT unit_id, window_id, count(DISTINCT id) AS n FROM valued GROUP BY unit_id, window_id
), city AS (
    SELECT value, count(*) AS k FROM valued GROUP BY value
), every AS (SELECT count(DISTINCT id) AS n FROM valued)
SELECT unit_id, window_id, value, count(*) AS x, whole.n, city.k - count(*) AS elsewhere, every.n - whole.n AS others
FROM valued JOIN whole USING (unit_id, window_id) JOIN city USING (value) CROSS JOIN every
GROUP BY unit_id, window_id, value, whole.n, city.k, every.n
HAVING count(*) >= %(least)s
    AND count(*) > 1.5 * whole.n * (city.k - count(*) + 0.5) / (every.n - whole.n + 1)
"""
PAST = """
SELECT count(DISTINCT id) FILTER (WHERE value = %(value)s), count(DISTINCT id) FROM ({valued}) AS valued
"""
PAST_ROWS = """
SELECT {columns} FROM evaluations_evaluation AS made {more}
WHERE made.unit_id = %(unit)s AND coalesce(made.window_id, 0) = %(window)s
    AND made.id >= %(since)s AND made.id < %(low)s AND made.origin NOT IN ('default', 'test')
    AND NOT made.channel = ANY(%(entered)s) AND {condition}
"""
_PAST_TEXT = PAST_ROWS.format(
    columns=f"made.id, made.unit_id, 0 AS window_id, {PLAIN.format(text='made.text')} AS plain",
    more="",
    condition="made.text <> ''",
)
_SERVED = """
JOIN evaluations_service AS served ON served.unit_id = made.unit_id AND served.project_number = made.project_number
    AND served.source = made.source AND served.service_number = made.service_number
    AND served.id >= %(since)s AND served.id < %(low)s"""


@dataclass(frozen=True)
class Kind:
    """What is compared: the values of the day, those of a place's past, and how the rows of one value are found."""

    signal: SignalCode
    valued: str
    past: str
    rows: str


KINDS = (
    Kind(
        SignalCode.SAME_TAGS,
        TAGS,
        PAST_ROWS.format(
            columns="made.id, (SELECT string_agg(tag, ',' ORDER BY tag) FROM unnest(made.tags) AS tag) AS value",
            more="",
            condition="cardinality(made.tags) > 0",
        ),
        "tagset = %s",
    ),
    Kind(
        SignalCode.SAME_TEXT,
        TEXTS,
        HASHES.format(said=f"SELECT * FROM ({_PAST_TEXT}) AS each WHERE length(plain) >= {SHORTEST}", seeds=SEEDS),
        f"id IN (SELECT id FROM ({TEXTS}) AS valued WHERE value = %s)",
    ),
    Kind(
        SignalCode.SAME_DELAY,
        DELAYS,
        PAST_ROWS.format(
            columns="made.id, round(extract(epoch FROM made.rated_at - served.served_at))::int::text AS value",
            more=_SERVED,
            condition="true",
        ),
        "delay = %s::int",
    ),
)


def shared_values(cursor: Any, day: date) -> Iterator[Suspicion]:
    """What too many ratings of one place have in common; of each place and kind the least likely value."""
    for kind in KINDS:
        best: dict[tuple[int, int], Suspicion] = {}
        cursor.execute(SHARED.format(valued=kind.valued), {"least": RULES[kind.signal].least})
        for unit, window, value, x, n, elsewhere, others in cursor.fetchall():
            one = _weighed(kind, unit, window, value, Seen(x, n), Seen(elsewhere, others))
            known = best.get((unit, window))
            if one.tail.chance < INTERESTING and (known is None or one.tail.chance < known.tail.chance):
                best[unit, window] = one
        for one in best.values():
            yield _with_past(cursor, kind, one, day)


def _weighed(
    kind: Kind, unit: int, window: int, value: str, now: Seen, city: Seen, own: Seen | None = None
) -> Suspicion:
    tail = share_tail(now, own or Seen(0, 0), city, spread=SPREAD, prior=PRIOR)
    evidence = {
        "value": "" if kind.signal == SignalCode.SAME_TEXT else value,
        "elsewhere": city.hits,
        "elsewhere_total": city.total,
    }
    where = (f"unit_id = %s AND window_id = %s AND usual AND {kind.rows}", (unit, window, value))
    return Suspicion(kind.signal, unit, window, int(now.hits), int(now.total), tail, evidence=evidence, where=where)


def _with_past(cursor: Any, kind: Kind, one: Suspicion, day: date) -> Suspicion:
    """The same suspicion with the past of its place as its base."""
    asked = {
        "unit": one.unit,
        "window": one.window,
        "value": one.where[1][2],
        "since": str(day_start(day - timedelta(days=PAST_DAYS))),
        "low": str(day_start(day)),
        "entered": list(ENTERED),
    }
    cursor.execute(PAST.format(valued=kind.past), asked)
    hits, total = cursor.fetchone()
    city = Seen(one.evidence["elsewhere"], one.evidence["elsewhere_total"])
    now = Seen(one.observed, one.total)
    found = _weighed(kind, one.unit, one.window, asked["value"], now, city, Seen(hits, total))
    return Suspicion(
        **{
            **{
                name: getattr(found, name)
                for name in ("signal", "unit", "window", "observed", "total", "tail", "where")
            },
            "evidence": {**found.evidence, "base_hits": hits, "base_total": total, "days": PAST_DAYS},
        }
    )
