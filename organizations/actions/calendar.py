"""工作日历: the days that differ, and the years somebody has confirmed. Whoever calls these counts due dates anew."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.actions import record_audit
from common.actors import Actor
from organizations.access import EDITS_STRUCTURE
from organizations.actions.core import By, Refused, authorise
from organizations.calendar import SATURDAY
from organizations.enums import DayKind
from organizations.models import CalendarDay, CalendarYear, Staff


@transaction.atomic
def add_calendar_year(year: int, *, by: By, at: datetime) -> CalendarYear:
    """A year of which nothing is announced yet: provisional, Monday to Friday.

    Raises:
        PermissionDenied: not a system administrator; so for every act below.
    """
    actor = authorise(by, EDITS_STRUCTURE)
    row, made = CalendarYear.objects.get_or_create(year=year, defaults={"changed_at": at, "changed_by": _staff(by)})
    if made:
        record_audit("calendar.add_year", ("calendar", year), by=actor, at=at)
    return row


@transaction.atomic
def set_calendar_day(
    day: date, *, kind: DayKind | None, name: str = "", source: str = "", by: By, at: datetime
) -> CalendarYear:
    """Says that offices are closed or at work on a day, or (None) that it is an ordinary one again.

    Returns:
        The year, with a new version.

    Raises:
        Refused: a make-up day that is worked anyway.
    """
    actor = authorise(by, EDITS_STRUCTURE)
    if kind == DayKind.MAKEUP and day.weekday() < SATURDAY:
        raise Refused(_("%(day)s 本来就上班,只有周六、周日可以调休上班。") % {"day": day})
    year = _locked(day.year, by, at)
    old = CalendarDay.objects.filter(date=day).first()
    if kind is None:
        CalendarDay.objects.filter(date=day).delete()
    else:
        CalendarDay.objects.update_or_create(date=day, defaults={"kind": kind, "name": name, "source": source})
    before = {"kind": old.kind, "name": old.name} if old else {}
    after = {"kind": kind, "name": name} if kind else {}
    _new_version(year, actor, by, at, verb="set_day", before={"day": day, **before}, after={"day": day, **after})
    return year


@transaction.atomic
def confirm_calendar_year(year: int, *, source: str, by: By, at: datetime) -> CalendarYear:
    """核定: dates reckoned through this year are no longer provisional.

    Args:
        source: the State Council's notice it was checked against.
    """
    actor = authorise(by, EDITS_STRUCTURE)
    row = _locked(year, by, at)
    before = {"confirmed": row.confirmed, "source": row.source}
    row.confirmed, row.source = True, source
    _new_version(row, actor, by, at, verb="confirm", before=before, after={"confirmed": True, "source": source})
    return row


def _locked(year: int, by: By, at: datetime) -> CalendarYear:
    CalendarYear.objects.get_or_create(year=year, defaults={"changed_at": at, "changed_by": _staff(by)})
    return CalendarYear.objects.select_for_update().get(year=year)


def _new_version(
    year: CalendarYear,
    actor: Actor,
    by: By,
    at: datetime,
    *,
    verb: str,
    before: dict[str, object],
    after: dict[str, object],
) -> None:
    year.version += 1
    year.changed_at, year.changed_by = at, _staff(by)
    year.save()
    after["version"] = year.version
    record_audit(f"calendar.{verb}", ("calendar", year.year), by=actor, at=at, before=before, after=after)


def _staff(by: By) -> Staff | None:
    return by if isinstance(by, Staff) else None
