"""知悉: who may know of a sealed dossier, let in for a reason and shown out again, and every look at it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common.actions import NoticeText, notify, record_audit, withdraw_notices
from common.context import surroundings
from organizations.actions import Refused
from organizations.enums import UNIT_ROLES, Role
from organizations.models import Region, Staff, Unit
from organizations.queries import overseers, staff_actor
from oversight.access import MEETS_DOSSIERS, managing
from oversight.actions.dossiers import begin, finish
from oversight.enums import ClueAct, Kind
from oversight.models import Dossier, Insider, SealedLook


def first_insiders(unit: Unit, region: Region, at: datetime, *, city_only: bool = False) -> list[Staff]:
    """Who hears of a clue that a rule found: the nearest supervisors of its division who do not sit in the unit.

    Args:
        city_only: what evaluators said about pressure goes to the city alone.
    """
    today = timezone.localdate(at)
    roles = [Role.CITY_SUPERVISOR] if city_only else [Role.COUNTY_SUPERVISOR, Role.CITY_SUPERVISOR]
    for role in roles:
        found = [one for one in overseers(role, region.code, today).order_by("pk") if not sits_in(one, unit)]
        if found:
            return found
    return []


def sits_in(person: Staff, unit: Unit) -> bool:
    """Whether somebody is of the unit a clue is about, or above or below it in its own line."""
    return any(
        held.unit_id == unit.pk
        or (held.role in UNIT_ROLES and (unit.path.startswith(held.unit.path) or held.unit.path.startswith(unit.path)))
        for held in person.duties
    )


def admit(row: Dossier, person: Staff, why: str, *, by: Staff | None, at: datetime) -> Insider:
    """Puts somebody on the list; called within an act."""
    return Insider.objects.create(dossier=row, staff=person, why=why.strip()[:200], by=by, at=at)


@transaction.atomic
def let_in(row: Dossier, person: Staff, reason: str, *, by: Staff, at: datetime, seen: int | None = None) -> Insider:
    """允许知悉.

    Raises:
        PermissionDenied: somebody who was not let in themselves, or does not lead what lies in the division.
        Refused: no reason, no role by which dossiers are read, of the unit it is about, or let in already.
    """
    move = begin(row, ClueAct.LET_IN, by=by, at=at, seen=seen)
    if not reason.strip():
        raise Refused(_("请填写理由。"))
    if not person.is_active or not person.has_role(*MEETS_DOSSIERS):
        raise Refused(_("这个人没有可以查阅督办卷的角色。"))
    if move.dossier.unit is not None and sits_in(person, move.dossier.unit):
        raise Refused(_("所涉单位的人不能知悉。"))
    if row.insiders.filter(staff=person, ended_at=None).exists():
        raise Refused(_("这个人已经可以知悉。"))
    made = admit(move.dossier, person, reason, by=by, at=at)
    finish(move, note=reason, data={"insider": person.username})
    text = NoticeText(key=f"insider:{made.pk}", kind="clue.let_in", text=row.number, url=_page(row))
    notify([person.pk], text, at=at)
    return made


@transaction.atomic
def end_insider(
    row: Dossier, insider: Insider, reason: str, *, by: Staff, at: datetime, seen: int | None = None
) -> None:
    """终止知悉: the person does not meet the dossier from now on; that they were let in stays on the list.

    Raises:
        Refused: no reason, ended before, or nobody would be left who can lead it.
    """
    move = begin(row, ClueAct.END_INSIDER, by=by, at=at, seen=seen)
    if not reason.strip():
        raise Refused(_("请填写理由。"))
    kept = Insider.objects.select_for_update().get(pk=insider.pk, dossier=row)
    if kept.ended_at is not None:
        raise Refused(_("这个人已经不在知悉名单里。"))
    others = [one.staff for one in row.insiders.filter(ended_at=None).exclude(pk=kept.pk).select_related("staff")]
    if not any(managing(one.duties, move.dossier.region.code) for one in others):
        raise Refused(_("至少要留一位能办理的督导。"))
    kept.ended_at = at
    kept.save(update_fields=["ended_at"])
    withdraw_notices(kept.staff_id, url=_page(row))
    finish(move, note=reason, data={"insider": kept.staff.username})


def keep_readers(*, at: datetime) -> int:
    """Lets the nearest supervisors into every open clue that nobody who could lead it knows of any more.

    Returns:
        How many clues there were.
    """
    rows = Dossier.objects.filter(kind=Kind.CLUE).open().select_related("region", "unit__region")
    return sum(_keep_reader(row, at) for row in rows.order_by("pk") if not _led(row))


def _led(row: Dossier) -> bool:
    return any(
        managing(one.staff.duties, row.region.code)
        for one in row.insiders.filter(ended_at=None).select_related("staff")
    )


@transaction.atomic
def _keep_reader(row: Dossier, at: datetime) -> bool:
    move = begin(row, ClueAct.LET_IN, by=None, at=at)
    if row.unit is None or _led(row):
        return False
    known = set(row.insiders.filter(ended_at=None).values_list("staff", flat=True))
    people = [one for one in first_insiders(row.unit, row.region, at) if one.pk not in known]
    with translation.override(settings.LANGUAGE_CODE):
        why = _("原知悉人都已不能办理")
    for person in people:
        admit(row, person, why, by=None, at=at)
    if people:
        finish(move, note=why, data={"insider": ", ".join(one.username for one in people)})
        text = NoticeText(
            key=f"kept:{row.pk}:{move.dossier.version}", kind="clue.let_in", text=row.number, url=_page(row)
        )
        notify([one.pk for one in people], text, at=at)
    return bool(people)


def _page(row: Dossier) -> str:
    return reverse("dossier", args=[row.number])


@transaction.atomic
def note_look(row: Dossier, page: str, why: str, *, by: Staff, at: datetime) -> SealedLook:
    """Keeps that somebody looked at a page or file of a sealed dossier, where from and what for.

    Raises:
        Refused: it is not said what for.
    """
    if row.kind != Kind.CLUE or not why.strip():
        raise Refused(_("请写明查阅用途。"))
    look = SealedLook.objects.create(
        dossier=row, staff=by, page=page[:40], why=why.strip()[:200], address=surroundings().address, at=at
    )
    record_audit("sealed.look", ("sealed_dossier", row.pk), by=staff_actor(by), at=at, after={"page": page[:40]})
    return look
