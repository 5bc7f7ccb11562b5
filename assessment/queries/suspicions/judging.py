"""The signals that compare a place's numbers with its own base: one look at each row of `places_of`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import log

from assessment.enums import SignalCode
from assessment.likelihood import PRIOR_RATINGS, Seen, Tail, count_tail, fisher, share_tail
from assessment.queries.suspicions.places import EVENTS, PlaceRow, Places
from assessment.suspicions import Suspicion

LEVELS = {"level5": "level = 5", "level4": "level = 4", "bad": "level <= 2"}
# A source that reports fewer services than ratings says nothing of how many there were.
REPORTED, HOLE = 0.8, 0.3
# How exactly the expected number of services is known, in ratings.
FIRM = 60.0
# How many short intervals that were to be expected outweigh what is believed of a window's pace.
PACED, NIGHTS = 8.0, 10.0
# How many ratings of its own outweigh what is believed of a place; habits of people differ less than those of offices.
PRIORS = {"repeats": 40.0, "early": 12.0}


def judge(places: Places) -> Iterator[Suspicion]:
    """What every place-wise signal says of every place; whether that is enough, `Suspicion.speaks` knows."""
    for row in places.rows:
        yield from _levels(row, places)
        yield from _services(row, places)
        yield _shared(row, places, "repeats", SignalCode.DEVICES, "own_device AND device IN " + REPEATED)
        yield _shared(row, places, "early", SignalCode.EARLY, "early")
        yield _shared(row, places, "late", SignalCode.PUSHED, "late")
        yield _counted(row, places, SignalCode.OUT_OF_HOURS)
        yield _counted(row, places, SignalCode.RAPID)


REPEATED = (
    "(SELECT again.device FROM looked AS again WHERE again.own_device AND again.unit_id = looked.unit_id"
    " AND again.window_id = looked.window_id GROUP BY again.device HAVING count(*) > 1)"
)


def _at(row: PlaceRow, condition: str) -> tuple[str, tuple[object, ...]]:
    return f"unit_id = %s AND window_id = %s AND usual AND {condition}", row.place


def _shared(row: PlaceRow, places: Places, share: str, signal: SignalCode, condition: str) -> Suspicion:
    now, own = row.now(share), row.own(share)
    spread, prior = places.spreads.get(share, 0.0), PRIORS.get(share, PRIOR_RATINGS)
    tail = share_tail(now, own, places.city(share, row), spread=spread, prior=prior)
    base = {"base_hits": own.hits, "base_total": own.total, "days": row["days"]}
    return Suspicion(signal, *row.place, int(now.hits), int(now.total), tail, evidence=base, where=_at(row, condition))


def _levels(row: PlaceRow, places: Places) -> Iterator[Suspicion]:
    """The level that has grown least credibly, of all that have grown."""
    found = [
        replace(_shared(row, places, name, SignalCode.LEVEL_JUMP, condition), subject=name)
        for name, condition in LEVELS.items()
    ]
    yield min(found, key=lambda one: one.tail.chance)


def _services(row: PlaceRow, places: Places) -> Iterator[Suspicion]:
    """How many services were rated; where there were more ratings than services, by how much."""
    if row["services_before"] < REPORTED * row["usual_before"] or not row["services_before"] + row["services"]:
        return
    fresh = row["usual"] - row["older"]
    if fresh <= row["services"]:
        yield _shared(row, places, "participation", SignalCode.PARTICIPATION, "NOT coalesce(older, false)")
        return
    share = share_tail(Seen(0, 1), row.own("participation"), places.city("participation", row)).expected
    mean = row["services"] * share
    usual = row["alike"] / max(1, row["alike_days"])
    if row["unit_services"] < HOLE * row["unit_services_before"] / max(1, row["unit_days"]):
        # The services have not come in: then only a day with far more ratings than others like it is odd.
        mean = max(mean, usual)
    tail = count_tail(fresh, mean + 1, Seen(FIRM, FIRM), Seen(1, 1))
    evidence = {"services": row["services"], "share": share, "usual": usual, "days": row["days"]}
    where = _at(row, "NOT coalesce(older, false)")
    yield Suspicion(SignalCode.OVER_SERVICES, *row.place, fresh, row["services"], tail, evidence=evidence, where=where)


def _counted(row: PlaceRow, places: Places, signal: SignalCode) -> Suspicion:
    """Events against an exposure: days, or the short intervals that the hour's pace would bring by chance."""
    if signal == SignalCode.OUT_OF_HOURS:
        name, before, seen, now, prior = "off", "off_before", row["off"], 1.0, NIGHTS
    else:
        name, before, seen, now, prior = "gap", "gaps_before", row["gaps"], float(row["gap_expected"]), PACED
    own = Seen(float(row[before]), float(row[EVENTS[before]]))
    tail = count_tail(seen, now, own, places.events(before) - own, prior=prior)
    base = {"base_hits": own.hits, "base_total": own.total, "days": row["days"]}
    return Suspicion(signal, *row.place, seen, row["usual"], tail, evidence=base, where=_at(row, name))


# What weighs together where none weighs enough alone. Each is about something else than the others.
TOGETHER = frozenset(
    {
        SignalCode.DEVICES,
        SignalCode.RAPID,
        SignalCode.SAME_TAGS,
        SignalCode.SAME_TEXT,
        SignalCode.SAME_DELAY,
        SignalCode.LEVEL_JUMP,
        SignalCode.PARTICIPATION,
        SignalCode.OVER_SERVICES,
        SignalCode.PUSHED,
        SignalCode.EARLY,
    }
)


def together(suspicions: list[Suspicion], *, asked: int) -> Suspicion | None:
    """All signals of one place in one number, by Fisher's method; those that say nothing weigh as chance itself.

    Args:
        suspicions: of one place's day, of different signals.
        asked: how many signals could have spoken.
    """
    strong = [one for one in suspicions if one.signal in TOGETHER and one.tail.chance < 0.05 and one.observed >= 3]
    if len(strong) < 2:
        return None
    chance = fisher(sum(-log(one.tail.chance) for one in strong), len(strong), asked)
    parts = {one.signal: [one.observed, one.total, one.tail.expected, one.tail.chance] for one in strong}
    widest = max(strong, key=lambda one: one.observed)
    tail = Tail(widest.tail.expected, chance)
    first = strong[0]
    return Suspicion(
        SignalCode.SEVERAL,
        first.unit,
        first.window,
        widest.observed,
        widest.total,
        tail,
        evidence={"parts": parts},
        where=widest.where,
    )
