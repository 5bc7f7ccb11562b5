"""One device, one person: how often they rate, against how often others come again. No identity is read or kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from assessment.enums import SignalCode
from assessment.likelihood import Seen, Tail, series_tail, share_tail
from assessment.queries.suspicions.places import PlaceRow, Places
from assessment.suspicions import RULES, Suspicion
from common.ids import keyed_hash
from evaluations.queries import day_start

SERIES_DAYS = 7
# Of a device that rates mostly at one place, that place's own past is asked as well.
MOSTLY, KNOWN = 0.6, 20
# What is believed of how many come again, where nobody has: as much as so many ratings.
BELIEVED = Seen(1.5, 50)
DEVICES = """
WITH each AS (
    SELECT device, unit_id, window_id, count(*) AS here FROM looked WHERE own_device GROUP BY device, unit_id, window_id
), most AS (
    SELECT DISTINCT ON (device) device, unit_id, window_id, (sum(here) OVER (PARTITION BY device))::int AS n, here,
        count(*) OVER (PARTITION BY device) AS places
    FROM each ORDER BY device, here DESC, unit_id, window_id
)
SELECT device, unit_id, window_id, n, here, places FROM most WHERE n >= %(least)s
"""
# Whoever left a telephone number is known by its blind index, others by the mark of their browser of this month.
SERIES = """
WITH said AS MATERIALIZED (
    SELECT made.id, made.unit_id, coalesce(made.window_id, 0) AS window_id, made.id >= %(low)s AS today,
        made.level <= 2 AS bad,
        coalesce(nullif(who.phone_index, ''), made.evaluator_id::text, nullif(trace.device, '')) AS person
    FROM evaluations_evaluation AS made
    LEFT JOIN identity_evaluator AS who ON who.id = made.evaluator_id
    LEFT JOIN evaluations_ratingtrace AS trace ON trace.evaluation_id = made.id
        AND trace.evaluation_id >= %(since)s AND trace.evaluation_id < %(high)s
    WHERE made.id >= %(since)s AND made.id < %(high)s AND made.origin NOT IN ('default', 'test')
        AND made.entered_by_id IS NULL AND (made.evaluator_id IS NOT NULL OR made.level <= 2)
        AND NOT EXISTS (SELECT FROM evaluations_exclusion AS gone WHERE gone.evaluation_id = made.id)
), persons AS (
    SELECT person, bad, count(*) AS n, bool_or(today) AS today, array_agg(id ORDER BY id) AS ids
    FROM said WHERE person IS NOT NULL GROUP BY person, bad
), city AS (SELECT bad, sum(n) AS ratings, count(*) AS persons FROM persons GROUP BY bad)
SELECT person, bad, n, ids::text[], (SELECT unit_id FROM said WHERE said.id = ANY(ids) AND today LIMIT 1),
    city.ratings - n, city.persons - 1
FROM persons JOIN city USING (bad) WHERE today AND n >= %(least)s
"""


def busy_devices(cursor: Any, places: Places) -> Iterator[Suspicion]:
    """Devices that rated often on the day, wherever that was; the finding is about the place where they did most."""
    rows = {row.place: row for row in places.rows}
    cursor.execute(DEVICES, {"least": RULES[SignalCode.DEVICE].least})
    for device, unit, window, n, here, spread in cursor.fetchall():
        row = rows[unit, window]
        others = int(row["marked"] - row["repeats"])
        tail = series_tail(n, row.own("repeats"), places.city("repeats", row), others=others)
        if here > MOSTLY * n and row.own("again").total >= KNOWN:
            tail = max(tail, _usual_here(here, row, places), key=lambda one: one.chance)
        own = row.own("repeats")
        evidence = {"places": spread, "base_hits": own.hits, "base_total": own.total, "days": row["days"]}
        where = ("own_device AND device = %s", (device,))
        yield Suspicion(SignalCode.DEVICE, unit, window, n, n, tail, device[:6], evidence, where)


def _usual_here(count: int, row: PlaceRow, places: Places) -> Tail:
    """How likely one device takes so large a part where one always takes a part, as a volunteer's telephone does."""
    now, spread = Seen(count - 1, row["marked"]), places.spreads.get("again", 0.0)
    return share_tail(now, row.own("again"), places.city("again", row), spread=spread)


def series(cursor: Any, day: date) -> Iterator[Suspicion]:
    """People who said the same again and again within a week, with one of it today."""
    asked = {
        "since": str(day_start(day - timedelta(days=SERIES_DAYS - 1))),
        "low": str(day_start(day)),
        "high": str(day_start(day + timedelta(days=1))),
        "least": RULES[SignalCode.SERIES].least,
    }
    cursor.execute(SERIES, asked)
    for person, bad, n, ids, unit, ratings, persons in cursor.fetchall():
        repeats = Seen(float(ratings - persons), float(ratings)) + BELIEVED
        tail = series_tail(n, Seen(0, 0), repeats, others=int(persons) + 1)
        mark = keyed_hash(f"series:{day:%F}", person)[:6]
        evidence = {"days": SERIES_DAYS, "elsewhere": int(persons), "elsewhere_total": int(ratings), "bad": bad}
        yield Suspicion(SignalCode.SERIES, unit, 0, n, n, tail, mark, evidence, rows=tuple(ids))
