"""Questions about people, units and working days."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from typing import TypeVar

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Count, Exists, Model, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from common.actors import Actor
from common.enums import ActorKind
from common.memory import Memory
from common.prepared import Prepared
from organizations.calendar import WorkingCalendar
from organizations.codes import sign_code_as_printed
from organizations.enums import DayKind, Role
from organizations.models import (
    Hall,
    Membership,
    Region,
    RetiredSign,
    ServiceItem,
    Staff,
    Unit,
    Window,
)

# A role that ends within so many days is about to end.
ENDING_DAYS = 30
# How long a process takes a unit, an item, a window or a person for what they were, where only their names matter.
KNOWN_SECONDS = 15
# How long it takes the list of all names for what it was.
NAMES_SECONDS = 60
Row = TypeVar("Row", bound=Model)
CALENDAR = Prepared(
    "working_calendar",
    """SELECT year, confirmed, version, date, kind FROM organizations_calendaryear
    LEFT JOIN organizations_calendarday
        ON date BETWEEN %(first)s AND %(last)s AND year = EXTRACT(YEAR FROM date) ORDER BY year, date""",
    {"first": "date", "last": "date"},
)
# What still hangs on a unit in apps that this one does not know; they add their counts when they are loaded.
COUNTS_OF_UNIT: list[tuple[Promise | str, Callable[[Unit], int]]] = []


def _known(model: type[Row], *related: str) -> Callable[[int | None], Row | None]:
    memory: Memory[int, Row] = Memory(KNOWN_SECONDS)

    def find(pk: int) -> Row | None:
        return model._default_manager.select_related(*related).filter(pk=pk).first()

    def known(pk: int | None) -> Row | None:
        """The row of a number, as it was `KNOWN_SECONDS` ago at most: to be read, never to be changed."""
        return None if pk is None else memory.get(pk, find)

    return known


known_unit = _known(Unit, "region")
known_item = _known(ServiceItem)
known_window = _known(Window, "hall")
known_person = _known(Staff)

# Everybody who has an account; the names of divisions, units, halls, windows and matters.
_names: Memory[str, tuple[str, ...]] = Memory(NAMES_SECONDS)
_PUBLIC: tuple[tuple[type[Model], str], ...] = (
    (Region, "name"),
    (Unit, "name"),
    (Unit, "short_name"),
    (Hall, "name"),
    (Window, "name"),
    (ServiceItem, "name"),
)


def names_of_staff() -> tuple[str, ...]:
    """How all people with an account are called, as it was `NAMES_SECONDS` ago at most; the same object meanwhile."""
    return _names.get("staff", lambda _: _all((Staff, "name"))) or ()


def names_of_structure() -> tuple[str, ...]:
    """What divisions, units, halls, windows and matters are called, as above."""
    return _names.get("structure", lambda _: _all(*_PUBLIC)) or ()


def forget_names_of_staff() -> None:
    """Somebody was added or is called otherwise: this process asks anew."""
    _names.forget("staff")


def _all(*columns: tuple[type[Model], str]) -> tuple[str, ...]:
    found: set[str] = set()
    for model, column in columns:
        found.update(model._default_manager.values_list(column, flat=True))
    return tuple(sorted(found))


def staff_actor(staff: Staff, membership: Membership | None = None) -> Actor:
    """How a staff member appears in history: with the unit and role they act in (by default their first)."""
    chosen = membership or next(iter(staff.duties), None)
    return Actor(
        ActorKind.STAFF,
        staff_id=staff.pk,
        name=staff.name,
        unit=chosen.unit.name if chosen else "",
        role=chosen.role if chosen else "",
    )


def working_calendar(first: date, last: date) -> WorkingCalendar:
    """The working days between two dates, with a margin on both sides for pauses and long holidays.

    Args:
        first, last: the dates between which somebody wants to count.
    """
    rows = CALENDAR.rows({"first": first - timedelta(days=60), "last": last + timedelta(days=120)})
    years = {year: version for year, _, version, *_ in rows}
    return WorkingCalendar(
        exceptions={day: DayKind(kind) for *_, day, kind in rows if day is not None},
        confirmed_years=frozenset(year for year, confirmed, *_ in rows if confirmed),
        version=",".join(f"{year}v{version}" for year, version in years.items()),
    )


def staff_of_unit(unit: Unit, role: Role, day: date) -> QuerySet[Staff]:
    """The people who hold a role in exactly this unit on a day."""
    return Staff.objects.filter(pk__in=Membership.objects.in_force(day).filter(unit=unit, role=role).values("staff_id"))


def supervisors_of_unit(unit: Unit, day: date) -> QuerySet[Staff]:
    """The department supervisors whose unit is this one or lies above it."""
    above = [f"/{'/'.join(unit.path.strip('/').split('/')[:depth])}/" for depth in range(1, unit.path.count("/"))]
    held = Membership.objects.in_force(day).filter(role=Role.UNIT_SUPERVISOR, unit__path__in=above)
    return Staff.objects.filter(pk__in=held.values("staff_id"))


def overseers(role: Role, region_code: str, day: date) -> QuerySet[Staff]:
    """The people of the management body whose division covers a code; the nearest level that has any."""
    held = Membership.objects.in_force(day).filter(role=role).select_related("unit__region")
    covering = [m for m in held if m.region_prefix and region_code.startswith(m.region_prefix)]
    nearest = max((len(m.region_prefix or "") for m in covering), default=0)
    return Staff.objects.filter(pk__in=[m.staff_id for m in covering if len(m.region_prefix or "") == nearest])


def sign_of(code: str) -> Window | RetiredSign | None:
    """The window whose static QR holds a code, or the retired sign it belonged to; None for a code never given.

    A closed window still takes ratings, under its present name.

    Args:
        code: from the QR, or typed from the paper.
    """
    codes = {code, sign_code_as_printed(code)}
    live = Window.objects.select_related("hall", "unit__region").filter(sign_code__in=codes).first()
    retired = RetiredSign.objects.select_related("window__hall", "window__unit__region")
    return live or retired.filter(sign_code__in=codes).first()


def halls_with_signs(paths: Collection[str]) -> QuerySet[Hall]:
    """The halls with open windows whose signs the units below these paths keep, and how many (`kept`)."""
    kept = Window.objects.open().kept_by(paths).filter(hall=OuterRef("pk")).order_by()
    counted = kept.values("hall").annotate(count=Count("*")).values("count")
    return Hall.objects.annotate(kept=Subquery(counted)).filter(kept__gt=0)


def system_administrators(day: date) -> set[int]:
    """The ids of those who look after the portal itself."""
    return set(Membership.objects.in_force(day).filter(role=Role.SYSTEM_ADMIN).values_list("staff_id", flat=True))


def mail_address(staff_id: str, about: str) -> str | None:
    """Where a staff member's mail goes; None when there is no address."""
    return Staff.objects.filter(pk=staff_id, is_active=True).values_list("email", flat=True).first() or None


def anchors_outside() -> list[tuple[str, str]]:
    """Heads of the audit chain that stand on papers which have left the portal: what it is called, and the hash."""
    return [one for name in settings.AUDIT_ANCHORS for one in import_string(name)() if one[1]]


def structure_counts() -> dict[str, int]:
    """How many regions, units, halls, windows, items and people there are now."""
    return {
        "regions": Region.objects.count(),
        "units": Unit.objects.active().count(),
        "halls": Hall.objects.count(),
        "windows": Window.objects.filter(closed_on=None).count(),
        "items": ServiceItem.objects.filter(closed_on=None).count(),
        "staff": Staff.objects.filter(is_active=True).count(),
    }


def with_security(people: QuerySet[Staff], at: datetime) -> QuerySet[Staff]:
    """People with their roles in force (`held`), whether they have a second factor, and whether idle (IDLE_DAYS).

    Nobody counts as idle whose account is younger than that. `roles`: how many different ones somebody holds;
    `ending`: whether one of them ends within ENDING_DAYS.
    """
    today = timezone.localdate(at)
    held = Membership.objects.in_force(today).select_related("unit").order_by("role", "unit__code")
    theirs = Membership.objects.in_force(today).filter(staff=OuterRef("pk")).order_by().values("staff")
    roles = theirs.annotate(count=Count("role", distinct=True)).values("count")
    ending = Membership.objects.in_force(today).filter(
        staff=OuterRef("pk"), valid_to__lte=today + timedelta(days=ENDING_DAYS)
    )
    limit = at - timedelta(days=settings.IDLE_DAYS)
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    return people.prefetch_related(Prefetch("memberships", held, to_attr="held")).annotate(
        second_factor=Exists(factors),
        idle=Q(last_login__lt=limit) | Q(last_login=None, date_joined__lt=limit),
        roles=Coalesce(Subquery(roles), 0),
        ending=Exists(ending),
    )
