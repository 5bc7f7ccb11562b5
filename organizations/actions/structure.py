"""Regions, units, halls, windows and service items: made, corrected and closed, never deleted."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TypedDict, Unpack

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.access import EDITS_STRUCTURE
from organizations.actions.core import By, Refused, add, authorise, change
from organizations.actions.signs import new_sign_code
from organizations.enums import RegionLevel
from organizations.models import Hall, Region, ServiceItem, Unit, UnitName, Window
from organizations.queries import COUNTS_OF_UNIT


class RegionFacts(TypedDict, total=False):
    name: str
    functional_zone: bool


class UnitFacts(TypedDict, total=False):
    name: str
    short_name: str
    uscc: str
    level: str
    region: Region
    parent: Unit | None
    supervises: bool
    phone: str


class HallFacts(TypedDict, total=False):
    name: str
    region: Region
    unit: Unit
    address: str


class WindowFacts(TypedDict, total=False):
    name: str
    unit: Unit


class ItemFacts(TypedDict, total=False):
    name: str
    unit: Unit
    task_type: str
    topics: list[str]


@transaction.atomic
def add_region(*, code: str, level: int, by: By, at: datetime, **facts: Unpack[RegionFacts]) -> Region:
    """A division, a functional zone or a township.

    Raises:
        PermissionDenied: not a system administrator; so for every act below.
        Refused: the code does not fit its level, the region above is missing, or a field is wrong; so below.
    """
    actor = authorise(by, EDITS_STRUCTURE)
    if code[level:].strip("0"):
        raise Refused(
            _("%(level)s的区划代码从第 %(digit)d 位起都是 0。")
            % {"level": RegionLevel(level).label, "digit": level + 1}
        )
    above = {RegionLevel.COUNTY: RegionLevel.CITY, RegionLevel.TOWNSHIP: RegionLevel.COUNTY}.get(RegionLevel(level))
    if above is not None and not Region.objects.filter(code=code[:above].ljust(12, "0")).exists():
        raise Refused(_("请先建上一级区划 %(code)s。") % {"code": code[:above].ljust(12, "0")})
    region = Region(code=code, level=level, **facts)
    add(region, "region", code, actor=actor, at=at)
    return region


@transaction.atomic
def change_region(region: Region, *, by: By, at: datetime, **facts: Unpack[RegionFacts]) -> bool:
    """Corrects a region; returns whether anything differed. The code is its identity and stays."""
    actor = authorise(by, EDITS_STRUCTURE)
    locked = Region.objects.select_for_update().get(pk=region.pk)
    return change(locked, "region", locked.code, facts, actor=actor, at=at)


@transaction.atomic
def add_unit(*, code: str, by: By, at: datetime, **facts: Unpack[UnitFacts]) -> Unit:
    """A department, with the first entry of its history of names."""
    actor = authorise(by, EDITS_STRUCTURE)
    _lock_tree()
    parent = _open_parent(facts)
    unit = Unit(code=code, **facts)
    add(unit, "unit", code, actor=actor, at=at)
    unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
    unit.save(update_fields=["path"])
    UnitName.objects.create(unit=unit, name=unit.name, valid=DateRange(timezone.localdate(at), None))
    return unit


@transaction.atomic
def change_unit(unit: Unit, *, by: By, at: datetime, **facts: Unpack[UnitFacts]) -> bool:
    """Corrects, renames or moves a unit; what was rated under the old name keeps it. Its subtree moves with it.

    Returns:
        Whether anything differed.

    Raises:
        Refused: it would lie below itself, or below a closed unit.
    """
    actor = authorise(by, EDITS_STRUCTURE)
    _lock_tree()
    locked = Unit.objects.select_for_update().get(pk=unit.pk)
    name, parent_id = locked.name, locked.parent_id
    parent = _open_parent(facts)
    if parent is not None and parent.path.startswith(locked.path):
        raise Refused(_("%(parent)s 在 %(unit)s 之下,不能作它的上级。") % {"parent": parent, "unit": locked})
    changed = change(locked, "unit", locked.code, facts, actor=actor, at=at)
    if locked.name != name:
        _remember_name(locked, timezone.localdate(at))
    if locked.parent_id != parent_id:
        _move(locked)
    return changed


def _open_parent(facts: UnitFacts) -> Unit | None:
    """The wanted parent as it is now, which must not be closed."""
    wanted = facts.get("parent")
    if wanted is None:
        return None
    parent = facts["parent"] = Unit.objects.get(pk=wanted.pk)
    if parent.closed_on is not None:
        raise Refused(_("上级单位 %(unit)s 已撤并。") % {"unit": parent})
    return parent


def _lock_tree() -> None:
    """Two moves at a time could each put its unit below the other's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('unit tree'))")


def _remember_name(unit: Unit, today: date) -> None:
    """The old name was valid up to yesterday; a name given today is corrected in place."""
    current = unit.names.select_for_update().filter(valid__endswith=None).first()
    if current is not None and current.valid.lower >= today:
        current.name = unit.name
        current.save(update_fields=["name"])
        return
    if current is not None:
        current.valid = DateRange(current.valid.lower, today)
        current.save(update_fields=["valid"])
    UnitName.objects.create(unit=unit, name=unit.name, valid=DateRange(today, None))


def _move(unit: Unit) -> None:
    """Gives the unit and all below it the path of the new place."""
    old, new = unit.path, f"{unit.parent.path if unit.parent else '/'}{unit.pk}/"
    Unit.objects.filter(path__startswith=old).update(path=Concat(Value(new), Substr("path", len(old) + 1)))


@transaction.atomic
def close_unit(unit: Unit, *, on: date, note: str, by: By, at: datetime) -> bool:
    """撤并: from this day no new case, window or role. Its history stays.

    Raises:
        Refused: units, windows, items, people or open cases still hang on it; the message counts them.
    """
    actor = authorise(by, EDITS_STRUCTURE)
    _lock_tree()
    locked = Unit.objects.select_for_update().get(pk=unit.pk)
    left = {
        _("下级单位"): locked.children.active().count(),
        _("窗口"): locked.windows.filter(closed_on=None).count(),
        _("事项"): locked.items.filter(closed_on=None).count(),
        _("任职"): locked.memberships.in_force(on + timedelta(days=1)).count(),
    } | {str(what): count_of(locked) for what, count_of in COUNTS_OF_UNIT}
    if any(left.values()):
        rest = "、".join(f"{what} {count}" for what, count in left.items() if count)
        raise Refused(_("请先移走或结束:%(rest)s。") % {"rest": rest})
    return change(locked, "unit", locked.code, {"closed_on": on}, actor=actor, at=at, verb="close", reason=note)


@transaction.atomic
def add_hall(*, code: str, by: By, at: datetime, **facts: Unpack[HallFacts]) -> Hall:
    """A service hall."""
    actor = authorise(by, EDITS_STRUCTURE)
    hall = Hall(code=code, **facts)
    add(hall, "hall", code, actor=actor, at=at)
    return hall


@transaction.atomic
def change_hall(hall: Hall, *, by: By, at: datetime, **facts: Unpack[HallFacts]) -> bool:
    """Corrects a hall; returns whether anything differed."""
    actor = authorise(by, EDITS_STRUCTURE)
    locked = Hall.objects.select_for_update().get(pk=hall.pk)
    return change(locked, "hall", locked.code, facts, actor=actor, at=at)


@transaction.atomic
def add_window(*, hall: Hall, number: str, by: By, at: datetime, **facts: Unpack[WindowFacts]) -> Window:
    """A window, with the random code its printed QR holds until somebody renews it."""
    actor = authorise(by, EDITS_STRUCTURE)
    window = Window(hall=hall, number=number, sign_code=new_sign_code(), **facts)
    add(window, "window", window.key, actor=actor, at=at)
    return window


@transaction.atomic
def add_test_window(hall: Hall, *, by: By, at: datetime) -> Window:
    """自检窗口: the one the portal rates itself. What is said there counts nowhere, for good.

    Raises:
        Refused: there is one.
    """
    actor = authorise(by, EDITS_STRUCTURE)
    if known := Window.objects.probed():
        raise Refused(_("已有自检窗口 %(key)s。") % {"key": known.key})
    facts = {"name": "系统自检", "unit": hall.unit, "for_testing": True}
    window = Window(hall=hall, number="自检", sign_code=new_sign_code(), **facts)
    add(window, "window", window.key, actor=actor, at=at)
    return window


@transaction.atomic
def change_window(window: Window, *, by: By, at: datetime, **facts: Unpack[WindowFacts]) -> bool:
    """Renames a window or gives it to another unit; returns whether anything differed."""
    return _change_window(window, dict(facts), by, at, "change")


@transaction.atomic
def close_window(window: Window, *, on: date, note: str = "", by: By, at: datetime) -> bool:
    """Takes a window out of use. Its printed QR still takes ratings of what was done there."""
    return _change_window(window, {"closed_on": on}, by, at, "close", note)


def _change_window(window: Window, facts: dict[str, object], by: By, at: datetime, verb: str, reason: str = "") -> bool:
    actor = authorise(by, EDITS_STRUCTURE)
    locked = Window.objects.select_for_update(of=("self",)).select_related("hall").get(pk=window.pk)
    return change(locked, "window", locked.key, facts, actor=actor, at=at, verb=verb, reason=reason)


@transaction.atomic
def add_item(*, code: str, by: By, at: datetime, **facts: Unpack[ItemFacts]) -> ServiceItem:
    """A service item by its 31-character code."""
    actor = authorise(by, EDITS_STRUCTURE)
    item = ServiceItem(code=code, **facts)
    add(item, "item", code, actor=actor, at=at)
    return item


@transaction.atomic
def change_item(item: ServiceItem, *, by: By, at: datetime, **facts: Unpack[ItemFacts]) -> bool:
    """Corrects a service item; returns whether anything differed."""
    actor = authorise(by, EDITS_STRUCTURE)
    locked = ServiceItem.objects.select_for_update().get(pk=item.pk)
    return change(locked, "item", locked.code, facts, actor=actor, at=at)


@transaction.atomic
def close_item(item: ServiceItem, *, on: date, note: str = "", by: By, at: datetime) -> bool:
    """取消: the item is no longer offered for rating."""
    actor = authorise(by, EDITS_STRUCTURE)
    locked = ServiceItem.objects.select_for_update().get(pk=item.pk)
    return change(locked, "item", locked.code, {"closed_on": on}, actor=actor, at=at, verb="close", reason=note)
