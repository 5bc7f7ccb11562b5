"""One day laid out for the search: a temporary table of its ratings with what is asked of each, and its places.

Everything here is one statement over the day. `lay_out` needs a transaction: the table is gone at its end.
"""

# ruff: noqa: S608 - names of our own tables; every value is a parameter
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from evaluations.enums import RatingChannel
from evaluations.models import Device
from evaluations.presence import network_mark
from evaluations.queries import day_start

# What somebody else has written down or keyed in: its times are the clerk's, its device is the clerk's.
ENTERED = tuple(RatingChannel(name) for name in ("paper", "box", "hotline", "phone", "check", "social", "silent"))
# Devices that many people use one after the other.
SHARED = (RatingChannel.KIOSK, RatingChannel.TERMINAL)
# How far back a service is looked for to which a rating of the day belongs.
SERVICE_DAYS = 7
SHORT, BIN = 3, 300

LAY_OUT = f"""
CREATE TEMPORARY TABLE looked ON COMMIT DROP AS
WITH made AS (
    SELECT made.id, made.unit_id, coalesce(made.window_id, 0) AS window_id, made.level, made.channel,
        made.rated_at, made.received_at, made.evaluator_id, made.text, made.tags,
        made.source, made.project_number, made.service_number,
        coalesce(trace.device, '') AS device, coalesce(trace.network, '') AS network,
        coalesce(trace.staff, false) AS staff,
        made.entered_by_id IS NULL AND made.origin NOT IN ('check', 'social')
            AND NOT made.channel = ANY(%(entered)s) AS usual
    FROM evaluations_evaluation AS made
    LEFT JOIN evaluations_ratingtrace AS trace ON trace.evaluation_id = made.id
        AND trace.evaluation_id >= %(low)s AND trace.evaluation_id < %(high)s
    WHERE made.id >= %(low)s AND made.id < %(high)s AND made.origin NOT IN ('default', 'test')
        AND NOT EXISTS (SELECT FROM evaluations_exclusion AS gone WHERE gone.evaluation_id = made.id)
), served AS (
    SELECT source, project_number, service_number, served_at
    FROM evaluations_service WHERE id >= %(services_low)s AND id < %(services_high)s
)
SELECT asked.*, coalesce(asked.timed AND asked.rated_at - lag(asked.rated_at) OVER (
    PARTITION BY asked.unit_id, asked.window_id, asked.timed ORDER BY asked.rated_at, asked.id
) < interval '{SHORT} seconds', false) AS gap
FROM (
SELECT made.id, made.unit_id, made.window_id, made.level, made.channel, made.rated_at, made.evaluator_id, made.text,
    made.device, made.usual,
    made.usual AND made.device <> '' AND NOT made.channel = ANY(%(shared)s) AS own_device,
    (SELECT string_agg(tag, ',' ORDER BY tag) FROM unnest(made.tags) AS tag) AS tagset,
    served.served_at,
    round(extract(epoch FROM made.rated_at - served.served_at))::int AS delay,
    made.usual AND served.served_at < %(start)s AS older,
    coalesce(made.usual AND made.rated_at < served.served_at - %(clock)s, false) AS early,
    made.usual AND made.received_at - made.rated_at > interval '1 hour' AS late,
    made.usual AND (made.channel = ANY(%(shared)s) OR made.staff OR made.network = ANY(%(networks)s))
        AND (NOT %(working)s OR made.rated_at < %(opening)s OR made.rated_at > %(closing)s)
        AND NOT EXISTS (
            SELECT FROM evaluations_service AS near WHERE near.window_id = nullif(made.window_id, 0)
                AND near.id >= %(services_low)s AND near.id < %(services_high)s
                AND near.served_at BETWEEN made.rated_at - interval '2 hours' AND made.rated_at + interval '15 minutes'
        ) AS off,
    -- Times to the minute come from sources that know no seconds: they say nothing of intervals.
    made.usual AND extract(second FROM made.rated_at) <> 0 AS timed
FROM made LEFT JOIN served ON made.project_number <> '' AND served.project_number = made.project_number
    AND served.source = made.source AND served.service_number = made.service_number
) AS asked
"""
COUNTED = (
    "day, unit_id, window_id, services, ratings, usual, older, n1, n2, n3, n4, n5, marked, repeats, again, gaps,"
    " gap_expected, off, matched, early, late, hours"
)
COUNT = f"""
WITH paced AS (
    SELECT unit_id, window_id, count(*) AS n FROM looked WHERE timed
    GROUP BY unit_id, window_id, floor(extract(epoch FROM rated_at) / {BIN})
), pace AS (
    SELECT unit_id, window_id, sum((n - 1) * (1 - exp(-{SHORT}.0 * n / {BIN}))) AS gap_expected
    FROM paced GROUP BY unit_id, window_id
), marked AS (
    SELECT unit_id, window_id, sum(n) AS marked, sum(n - 1) AS repeats, max(n - 1) AS again
    FROM (
        SELECT unit_id, window_id, count(*) AS n FROM looked WHERE own_device GROUP BY unit_id, window_id, device
    ) AS each GROUP BY unit_id, window_id
), rated AS (
    SELECT unit_id, window_id, count(*) AS ratings, count(*) FILTER (WHERE usual) AS usual,
        count(*) FILTER (WHERE older) AS older,
        {", ".join(f"count(*) FILTER (WHERE usual AND level = {level}) AS n{level}" for level in range(1, 6))},
        count(*) FILTER (WHERE gap) AS gaps, count(*) FILTER (WHERE off) AS off,
        count(*) FILTER (WHERE usual AND served_at IS NOT NULL) AS matched,
        count(*) FILTER (WHERE early) AS early, count(*) FILTER (WHERE late) AS late,
        ARRAY[{", ".join(f"count(*) FILTER (WHERE hour = {hour})" for hour in range(24))}]::int[] AS hours
    FROM (SELECT *, extract(hour FROM rated_at AT TIME ZONE %(zone)s) AS hour FROM looked) AS looked
    GROUP BY unit_id, window_id
), served AS (
    SELECT unit_id, coalesce(window_id, 0) AS window_id, count(*) AS services
    FROM evaluations_service WHERE id >= %(low)s AND id < %(high)s GROUP BY unit_id, coalesce(window_id, 0)
)
SELECT %(day)s, unit_id, window_id, coalesce(services, 0), coalesce(ratings, 0), coalesce(usual, 0),
    coalesce(older, 0), coalesce(n1, 0), coalesce(n2, 0), coalesce(n3, 0), coalesce(n4, 0), coalesce(n5, 0),
    coalesce(marked, 0), coalesce(repeats, 0), coalesce(again, 0), coalesce(gaps, 0),
    coalesce(gap_expected, 0), coalesce(off, 0),
    coalesce(matched, 0), coalesce(early, 0), coalesce(late, 0), coalesce(hours, '{{}}')
FROM rated FULL JOIN served USING (unit_id, window_id)
LEFT JOIN pace USING (unit_id, window_id) LEFT JOIN marked USING (unit_id, window_id)
"""


@dataclass(frozen=True)
class Hours:
    """When halls are open on a day, and whether they are."""

    working: bool
    opening: datetime
    closing: datetime

    @classmethod
    def of(cls, day: date, *, working: bool) -> Hours:
        """With the slack of INTEGRITY_HOURS_SLACK_MINUTES on both sides: people are served past closing time."""
        slack = timedelta(minutes=settings.INTEGRITY["hours_slack_minutes"])
        first, last = (_at(day, moment) for moment in (settings.OFFICE_OPENING, settings.OFFICE_CLOSING))
        return cls(working, first - slack, last + slack)


def lay_out(cursor: Any, day: date, hours: Hours) -> None:
    """Makes the table `looked` of a day's ratings, silence, tests and excluded ones left out."""
    cursor.execute("DROP TABLE IF EXISTS looked")
    # A day that has just come in has no statistics yet, and a nested loop over it takes hours instead of a second.
    cursor.execute("SET LOCAL enable_nestloop = off")
    cursor.execute("SET LOCAL work_mem = '64MB'")
    cursor.execute(LAY_OUT, {**_bounds(day), **_asked(day, hours)})
    cursor.execute("SET LOCAL enable_nestloop = on")
    cursor.execute("ANALYZE looked")


def counted_places(day: date) -> tuple[str, dict[str, Any]]:
    """A statement that gives the places of a day that has been laid out, in the columns `COUNTED`, and its values."""
    return COUNT, {**_bounds(day), "day": day, "zone": settings.TIME_ZONE}


def _bounds(day: date) -> dict[str, Any]:
    return {
        "low": str(day_start(day)),
        "high": str(day_start(day + timedelta(days=1))),
        "services_low": str(day_start(day - timedelta(days=SERVICE_DAYS))),
        "services_high": str(day_start(day + timedelta(days=2))),
    }


def _asked(day: date, hours: Hours) -> dict[str, Any]:
    return {
        "entered": list(ENTERED),
        "shared": list(SHARED),
        "start": _at(day, time()),
        "clock": timedelta(minutes=settings.INTEGRITY["clock_minutes"]),
        "networks": _hall_networks(day),
        "working": hours.working,
        "opening": hours.opening,
        "closing": hours.closing,
    }


def _hall_networks(day: date) -> Sequence[str]:
    """The marks that the networks of the halls' tablets have on this day."""
    networks = Device.objects.exclude(network="").values_list("network", flat=True).distinct()
    return [network_mark(network, day) for network in networks]


def _at(day: date, moment: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, moment))
