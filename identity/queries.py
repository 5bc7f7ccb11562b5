"""The vault as configured, and the names a text is searched for."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from common.enums import ActorKind
from identity.crypto import Vault, parse_keys
from identity.enums import Purpose
from identity.models import Look
from identity.redaction import Known
from organizations.calendar import WorkingCalendar, end_of
from organizations.queries import names_of_staff, names_of_structure, working_calendar


def vault() -> Vault:
    """The vault with the keys and algorithm of the settings."""
    return Vault(
        parse_keys(settings.IDENTITY_KEYS), base64.b64decode(settings.BLIND_INDEX_KEY), settings.IDENTITY_ALGORITHM
    )


def known_names() -> Known:
    """The names of all staff, to be hidden wherever they stand, and those of offices and matters, to stay readable.

    For `find_personal` and `redact`; sorted anew only when a name has changed.
    """
    return _sorted(names_of_staff(), names_of_structure())


@lru_cache(maxsize=1)
def _sorted(staff: tuple[str, ...], structure: tuple[str, ...]) -> Known:
    return Known(staff, readable=structure)


@dataclass(frozen=True)
class Looked:
    """One look of a person into the vault. outside: at a time when nobody needs to look for this purpose."""

    look: Look
    outside: bool


def looks_of_people(first: date, last: date) -> Iterator[Looked]:
    """Every look that a person, and not the clock, took between two days (both included), the newest first."""
    calendar = working_calendar(first, last)
    looks = Look.objects.filter(actor_kind=ActorKind.STAFF, **_between(first, last)).select_related("actor")
    for look in looks.order_by("-at", "-pk").iterator(500):
        yield Looked(look, outside_hours(look.at, Purpose(look.purpose), calendar))


def looks_of_the_clock(first: date, last: date) -> int:
    """How often a number was read between two days to send a message to it."""
    counted = Look.objects.exclude(actor_kind=ActorKind.STAFF).filter(**_between(first, last))
    return int(counted.aggregate(count=Count("pk"))["count"])


def _between(first: date, last: date) -> dict[str, datetime]:
    return {"at__gt": end_of(first - timedelta(days=1)), "at__lte": end_of(last)}


def outside_hours(at: datetime, purpose: Purpose, calendar: WorkingCalendar) -> bool:
    """Whether nobody works at a moment: before or after office hours, or on a day off.

    Surveys have hours of their own and call on days off too (domain.md §16, SURVEY_OPENING and SURVEY_CLOSING).
    """
    local = timezone.localtime(at)
    if purpose == Purpose.SURVEY:
        return not settings.SURVEY_OPENING <= local.time() <= settings.SURVEY_CLOSING
    worked = calendar.is_working(local.date())
    return not (worked and settings.OFFICE_OPENING <= local.time() <= settings.OFFICE_CLOSING)
