"""The facts of panels as they were found a short while ago: whoever supervises the same reads the same.

What is kept is never older than OVERVIEW_SECONDS. The moment up to which tallies were counted moves every half minute
and is therefore kept with the facts, as 数据截至, and is no part of their name (docs/overview.md).
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from assessment.enums import Grain
from assessment.periods import Period, period_of
from assessment.queries import as_of
from common.memory import Memory
from organizations.models import Membership, Staff
from oversight.access import SUPERVISES
from oversight.panels import PANELS
from oversight.queries.overview import Scope, collect, scope_of

LOOKED = timedelta(hours=12)
NOTED_SECONDS = 600
# Past this share of its time a sweep finds anew what somebody has looked at lately.
EARLY = 0.5
log = logging.getLogger(__name__)
_noted: Memory[int, bool] = Memory(NOTED_SECONDS)


@dataclass(frozen=True)
class Kept:
    """The facts of a panel. made_at: when they were found. as_of: the moment whose changes are all in them."""

    facts: Any
    made_at: datetime
    as_of: datetime

    def is_fresh(self, at: datetime, share: float = 1.0) -> bool:
        """Whether it may be shown at a moment; of a part of the time it may be, to be renewed early."""
        return timedelta(0) <= at - self.made_at < timedelta(seconds=settings.OVERVIEW_SECONDS * share)


def key_of(code: str, scope: Scope, period: Period) -> str:
    """The name under which a panel's facts are kept."""
    told = f"{code}|{period.name}|{scope.key}"
    return f"overview:{hashlib.sha256(told.encode()).hexdigest()}"


def kept(codes: Iterable[str], scope: Scope, period: Period, *, at: datetime, share: float = 1.0) -> dict[str, Kept]:
    """What is kept of these panels and still fresh, in one question."""
    names = {key_of(code, scope, period): code for code in codes}
    found = cache.get_many(names)
    return {names[key]: one for key, one in found.items() if isinstance(one, Kept) and one.is_fresh(at, share)}


def found_now(code: str, scope: Scope, period: Period, *, at: datetime) -> Kept:
    """Finds the facts of a panel and keeps them.

    Raises:
        Whatever finding them raises: a panel fails alone, and its caller says so.
    """
    counted = as_of() or at
    facts = collect(code, scope, period, at=at)
    one = Kept(facts, at, min(counted, at))
    cache.set(key_of(code, scope, period), one, settings.OVERVIEW_SECONDS)
    return one


def kept_or_found(code: str, scope: Scope, period: Period, *, at: datetime) -> Kept | None:
    """The facts of a panel; None if it cannot be had, which is logged and concerns no other panel."""
    known = kept([code], scope, period, at=at)
    return known.get(code) or found_or_none(code, scope, period, at=at)


def found_or_none(code: str, scope: Scope, period: Period, *, at: datetime) -> Kept | None:
    """Finds the facts of a panel now, whatever is kept; None if it cannot be had."""
    try:
        return found_now(code, scope, period, at=at)
    except Exception:
        # Whatever is wrong with one panel, the others are shown.
        log.exception("panel %s of the overview failed", code)
        return None


# --- who has looked lately: theirs is kept warm -------------------------------------------------------------------


def note_look(user: Staff) -> None:
    """Somebody looks at their overview; for some hours it is kept warm for them. Noted now and then, not each time."""
    _noted.get(user.pk, _note)


def _note(pk: int) -> bool:
    cache.set(_looked(pk), True, LOOKED.total_seconds())
    return True


def lookers() -> list[Staff]:
    """Supervisors who have looked within the last hours."""
    today = timezone.localdate()
    held = Membership.objects.in_force(today).filter(role__in=SUPERVISES).select_related("staff")
    people = {one.staff_id: one.staff for one in held}
    names = {_looked(pk): pk for pk in people}
    return [people[names[key]] for key in cache.get_many(names)]


def stale_panels(*, at: datetime) -> Iterator[tuple[Scope, str]]:
    """Of everybody who has looked lately, the panels of this quarter whose facts are past half their time."""
    period, seen = period_of(timezone.localdate(at), Grain.QUARTER), set()
    for person in lookers():
        scope = scope_of(person)
        if scope.key in seen:
            continue
        seen.add(scope.key)
        codes = [panel.code for panel in PANELS if scope.regional or not panel.regional]
        known = kept(codes, scope, period, at=at, share=EARLY)
        yield from ((scope, code) for code in codes if code not in known)


def renewed(code: str, scope: Scope, *, at: datetime) -> bool:
    """Finds a panel of this quarter anew; whether it could be found."""
    return found_or_none(code, scope, period_of(timezone.localdate(at), Grain.QUARTER), at=at) is not None


def _looked(pk: int) -> str:
    return f"overview-looked:{pk}"
