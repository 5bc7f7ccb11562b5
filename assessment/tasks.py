"""The clock of figures."""

from time import monotonic

from celery import shared_task
from django.utils import timezone

from assessment import actions

# After a large import one sweep counts on for a while; it ends well before a task is ended from outside.
SECONDS = 60


@shared_task
def refresh_tallies() -> int:
    """Counts until nothing is left, another sweep is at it, or the time is up; returns how many days were counted."""
    until, days = monotonic() + SECONDS, 0
    while True:
        done = actions.refresh(at=timezone.now())
        days += done.days
        if done.busy or done.complete or monotonic() > until:
            return days


@shared_task
def probe_rating() -> str:
    return str(actions.probe(at=timezone.now()) or "")


@shared_task
def watch_probes() -> int:
    return actions.watch_probes(at=timezone.now())


@shared_task
def look_for_findings() -> int:
    """Searches the days that changed or were never searched, the newest first, until the time is up.

    Of a city that begins with a year of data the base is counted a day at a time, over as many sweeps as it takes.
    """
    until, days, now = monotonic() + SECONDS, 0, timezone.now()
    for day in actions.days_to_look(timezone.localdate(now)):
        for missing in actions.uncounted_base(day):
            if monotonic() > until:
                return days
            actions.count_day(missing)
        if monotonic() > until or actions.look_at_day(day, at=now).busy:
            return days
        days += 1
    return days


@shared_task
def count_past() -> int:
    """Counts months of past days that somebody has asked for, until none waits or the time is up."""
    until, months = monotonic() + SECONDS, 0
    while monotonic() < until and actions.count_past(at=timezone.now()):
        months += 1
    return months


@shared_task
def close_quarters() -> int:
    return actions.close_quarters(at=timezone.now())


@shared_task
def correct_quarters() -> int:
    return actions.correct_quarters(at=timezone.now())
