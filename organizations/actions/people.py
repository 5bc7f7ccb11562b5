"""Accounts and the roles people hold: system administrators hire, security administrators grant."""

from __future__ import annotations

import secrets
import string
from datetime import date, datetime
from typing import TypedDict, Unpack

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from common.actions import NoticeText, notify, record_audit
from common.actors import Actor
from organizations.access import EDITS_STRUCTURE, ENDS_ROLES, GRANTS_ROLES, takes_two
from organizations.actions.core import By, Refused, add, authorise, change
from organizations.enums import SEPARATED_ROLES, RegionLevel, Role
from organizations.models import Membership, Staff, Unit, Window
from organizations.queries import forget_names_of_staff, staff_actor, supervisors_of_unit

TEMPORARY_LENGTH = 16
# What a role asks of the level of the unit's division.
ROLE_LEVELS = {Role.CITY_SUPERVISOR: RegionLevel.CITY, Role.COUNTY_SUPERVISOR: RegionLevel.COUNTY}


class StaffFacts(TypedDict, total=False):
    name: str
    email: str


@transaction.atomic
def create_staff(
    *, username: str, name: str, email: str = "", password_hash: str = "", demo: bool = False, by: By, at: datetime
) -> Staff:
    """An account for a person of the personnel file; without a password until one is issued.

    Args:
        username: the staff number (工号), the same whatever its case.
        password_hash: of a password its owner already knows.

    Raises:
        PermissionDenied: not a system administrator; so for every act of this kind below.
        Refused: the number is taken, or a field is wrong.
    """
    actor = authorise(by, EDITS_STRUCTURE)
    if Staff.objects.filter(username__iexact=username).exists():
        raise Refused(_("工号 %(username)s 已被使用。") % {"username": username})
    person = Staff(
        username=username,
        name=name,
        email=email,
        demo=demo,
        password=password_hash or make_password(None),
        password_changed_at=at if password_hash else None,
    )
    add(person, "staff", username, actor=actor, at=at)
    forget_names_of_staff()
    return person


@transaction.atomic
def change_staff(staff: Staff, *, by: By, at: datetime, **facts: Unpack[StaffFacts]) -> bool:
    """Corrects a name or an address; returns whether anything differed."""
    actor = authorise(by, EDITS_STRUCTURE)
    locked = Staff.objects.select_for_update().get(pk=staff.pk)
    differs = change(locked, "staff", locked.username, facts, actor=actor, at=at)
    forget_names_of_staff()
    return differs


@transaction.atomic
def issue_password(staff: Staff, *, by: By, at: datetime) -> str:
    """A one-time password to hand over in person; it must be changed at the first sign-in. Sessions end.

    Returns:
        The password, which is stored nowhere.

    Raises:
        Refused: for oneself, or for a disabled account.
    """
    actor = authorise(by, EDITS_STRUCTURE)
    not_oneself(staff, by)
    locked = Staff.objects.select_for_update().get(pk=staff.pk)
    if not locked.is_active:
        raise Refused(_("账号已停用,请先恢复。"))
    password = _temporary_password()
    locked.set_password(password)
    locked.password_changed_at = None
    locked.save(update_fields=["password", "password_changed_at"])
    end_sessions(locked)
    record_audit("staff.issue_password", ("staff", locked.username), by=actor, at=at)
    return password


def _temporary_password() -> str:
    """Random, and passing the rules of both profiles: all four kinds of characters, 16 of them."""
    kinds = [string.ascii_lowercase, string.ascii_uppercase, string.digits, "-+=@#"]
    letters = [secrets.choice(kind) for kind in kinds]
    letters += [secrets.choice("".join(kinds)) for _ in range(TEMPORARY_LENGTH - len(letters))]
    secrets.SystemRandom().shuffle(letters)
    return "".join(letters)


@transaction.atomic
def change_password(staff: Staff, password: str, *, at: datetime) -> None:
    """The owner's own choice, already checked against the password rules."""
    staff.set_password(password)
    staff.password_changed_at = at
    staff.save(update_fields=["password", "password_changed_at"])
    record_audit("staff.change_password", ("staff", staff.username), by=staff_actor(staff), at=at)


@transaction.atomic
def disable_staff(staff: Staff, *, note: str, by: By, at: datetime) -> None:
    """Ends an account at once: no sign-in, every session dead. The unit's supervisors are asked to hand over.

    Raises:
        Refused: oneself.
    """
    actor = authorise(by, EDITS_STRUCTURE)
    not_oneself(staff, by)
    locked = Staff.objects.select_for_update().get(pk=staff.pk)
    today = timezone.localdate(at)
    units = [duty.unit for duty in locked.memberships.in_force(today).select_related("unit")]
    disabled = {"is_active": False}
    change(locked, "staff", locked.username, disabled, actor=actor, at=at, verb="disable", reason=note)
    end_sessions(locked)
    _ask_to_hand_over(locked, units, today, at)


@transaction.atomic
def enable_staff(staff: Staff, *, note: str, by: By, at: datetime) -> None:
    """Brings a disabled account back; its memberships that are still in force count again."""
    actor = authorise(by, EDITS_STRUCTURE)
    not_oneself(staff, by)
    locked = Staff.objects.select_for_update().get(pk=staff.pk)
    change(locked, "staff", locked.username, {"is_active": True}, actor=actor, at=at, verb="enable", reason=note)


def end_sessions(staff: Staff) -> int:
    """Ends every session of a person; returns how many there were."""
    sessions = list(UserSession.objects.filter(user=staff))
    for session in sessions:
        session.end()
    return len(sessions)


@transaction.atomic
def reset_second_factor(staff: Staff, *, note: str, by: By, at: datetime) -> None:
    """Forgets a lost telephone: the person sets up a new second factor at the next sign-in. Sessions end.

    Raises:
        PermissionDenied: not a security administrator.
        Refused: oneself.
    """
    actor = authorise(by, GRANTS_ROLES)
    not_oneself(staff, by)
    Authenticator.objects.filter(user=staff).delete()
    end_sessions(staff)
    record_audit("staff.reset_second_factor", ("staff", staff.username), by=actor, at=at, reason=note)


@transaction.atomic
def add_membership(
    staff: Staff,
    *,
    role: Role,
    unit: Unit,
    window: Window | None = None,
    valid_from: date,
    valid_to: date | None = None,
    by: By,
    at: datetime,
) -> Membership:
    """Grants a role in a unit from one day to another (both included).

    Raises:
        PermissionDenied: not a security administrator.
        Refused: oneself; two administrator roles; held already; role, unit and window do not fit together; it takes
            two people.
    """
    actor = authorise(by, GRANTS_ROLES)
    not_oneself(staff, by)
    if isinstance(by, Staff) and takes_two(role, second_person=settings.ROLE_SECOND_PERSON):
        raise Refused(_("这个角色要由一位管理员提名,另一位确认。"))
    return grant(staff, role=role, unit=unit, window=window, valid_from=valid_from, valid_to=valid_to, by=actor, at=at)


def grant(
    staff: Staff,
    *,
    role: Role,
    unit: Unit,
    window: Window | None = None,
    valid_from: date,
    valid_to: date | None = None,
    by: Actor,
    at: datetime,
) -> Membership:
    """Grants a role by somebody who has been found to be allowed to; inside their act.

    Raises:
        Refused: as `add_membership`, but for who acts.
    """
    Staff.objects.select_for_update().get(pk=staff.pk)
    unit = Unit.objects.select_related("region").select_for_update(of=("self",), no_key=True).get(pk=unit.pk)
    granted = Membership(staff=staff, role=role, unit=unit, window=window, valid_from=valid_from, valid_to=valid_to)
    require_possible(granted)
    add(granted, "membership", f"{staff.username}:{role}:{unit.code}", actor=by, at=at)
    return granted


def require_possible(granted: Membership) -> None:
    """Whether a role can be held like this at all.

    Raises:
        Refused: role, unit and window do not fit together; held already; two administrator roles.
    """
    _require_fit(granted)
    _require_free(granted)


def _require_fit(granted: Membership) -> None:
    unit, window = granted.unit, granted.window
    level = ROLE_LEVELS.get(Role(granted.role))
    if unit.closed_on is not None:
        raise Refused(_("%(unit)s 已撤并。") % {"unit": unit.name})
    if level is not None and unit.region.level != level:
        raise Refused(
            _("%(role)s 只能设在%(level)s级单位。") % {"role": granted.get_role_display(), "level": level.label}
        )
    if window is not None and (granted.role != Role.WINDOW or window.unit_id != unit.pk):
        raise Refused(_("只有窗口人员设窗口,并且窗口要属于同一单位。"))
    if granted.valid_to is not None and granted.valid_to < granted.valid_from:
        raise Refused(_("止日不能早于起日。"))


def _require_free(granted: Membership) -> None:
    """One role in one unit is held once at a time, and administrator roles never two at a time."""
    meanwhile = Membership.objects.filter(staff=granted.staff).exclude(pk=granted.pk)
    meanwhile = meanwhile.filter(Q(valid_to=None) | Q(valid_to__gte=granted.valid_from))
    if granted.valid_to is not None:
        meanwhile = meanwhile.filter(valid_from__lte=granted.valid_to)
    if meanwhile.filter(role=granted.role, unit=granted.unit).exists():
        raise Refused(_("此人在该单位这段时间已有这个角色。"))
    other = meanwhile.filter(role__in=SEPARATED_ROLES).exclude(role=granted.role).first()
    if granted.role in SEPARATED_ROLES and other is not None:
        raise Refused(_("三员分立:此人已是%(role)s,一个人不能兼任两种管理员。") % {"role": other.get_role_display()})


@transaction.atomic
def end_membership(membership: Membership, *, on: date, note: str = "", by: By, at: datetime) -> bool:
    """Sets the last day of a role, or moves it; returns whether anything differed.

    Raises:
        PermissionDenied: neither a system nor a security administrator; a later day is a grant, which only the
            latter makes.
        Refused: one's own role; a day before its first; the longer time collides with another role.
    """
    locked = Membership.objects.select_for_update(of=("self",)).select_related("staff", "unit").get(pk=membership.pk)
    longer = locked.valid_to is not None and on > locked.valid_to
    actor = authorise(by, GRANTS_ROLES if longer else ENDS_ROLES)
    not_oneself(locked.staff, by)
    if longer and isinstance(by, Staff) and takes_two(locked.role, second_person=settings.ROLE_SECOND_PERSON):
        raise Refused(_("延长这个角色也要两个人办理:请从原来最后一天的次日起重新提名。"))
    if on < locked.valid_from:
        raise Refused(_("最后一天不能早于 %(day)s。") % {"day": locked.valid_from})
    if longer:
        _require_free(
            Membership(
                pk=locked.pk,
                staff=locked.staff,
                role=locked.role,
                unit=locked.unit,
                valid_from=locked.valid_from,
                valid_to=on,
            )
        )
    key = f"{locked.staff.username}:{locked.role}:{locked.unit.code}"
    ended = change(locked, "membership", key, {"valid_to": on}, actor=actor, at=at, verb="end", reason=note)
    if ended and locked.role == Role.WINDOW:
        _ask_to_hand_over(locked.staff, [locked.unit], timezone.localdate(at), at)
    return ended


def _ask_to_hand_over(leaver: Staff, units: list[Unit], today: date, at: datetime) -> None:
    notice = NoticeText(
        key=f"leaver:{leaver.pk}:{at.isoformat()}",
        kind="staff.leaves",
        text=f"{leaver.name}({leaver.username})",
        url=reverse("structure-hand-over", args=[leaver.username]),
    )
    supervisors = {person.pk for unit in units for person in supervisors_of_unit(unit, today)}
    notify(supervisors - {leaver.pk}, notice, at=at)


def not_oneself(staff: Staff, by: By) -> None:
    """Nobody administers the own account.

    Raises:
        Refused: somebody would.
    """
    if isinstance(by, Staff) and by.pk == staff.pk:
        raise Refused(_("不能对自己的账号做这一步,请由另一位管理员办理。"))
