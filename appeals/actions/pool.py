"""评审名单: who may be drawn, and what ties of theirs are known; kept by the city's supervisors."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from appeals.models import PanelMember, Relation
from common.actions import record_audit
from organizations.enums import Role
from organizations.models import Staff, Unit
from organizations.queries import staff_actor
from rectification.actions.core import Refused


@transaction.atomic
def list_member(staff: Staff, *, by: Staff, at: datetime, active: bool = True, expertise: str = "") -> PanelMember:
    """Puts somebody on the list, or takes them off it; drawn is only who also holds the role 评审成员.

    Raises:
        Refused: not a city supervisor, or somebody listing themselves.
    """
    if not by.has_role(Role.CITY_SUPERVISOR) or by.pk == staff.pk:
        raise Refused(_("评审名单由市级督导维护,不能列入本人。"))
    values = {"active": active, "expertise": expertise}
    member, _new = PanelMember.objects.update_or_create(staff=staff, defaults=values)
    record_audit("panel.list", ("staff", staff.username), by=staff_actor(by), at=at, after=values)
    return member


@transaction.atomic
def declare_relation(
    member: PanelMember, *, by: Staff, at: datetime, note: str, unit: Unit | None = None, staff: Staff | None = None
) -> Relation:
    """利害关系申报: of a unit or of a person, by the member or by a city supervisor who knows of it.

    Raises:
        Refused: somebody else, neither or both of unit and person, or no word on what the relation is.
    """
    _require_own(member, by)
    if (unit is None) == (staff is None) or not note.strip():
        raise Refused(_("请选一个单位或一个人,并写明关系。"))
    relation = Relation.objects.create(member=member, unit=unit, staff=staff, note=note.strip(), declared_at=at)
    facts = {"unit": unit.code if unit else "", "person": staff.username if staff else ""}
    subject = ("staff", member.staff.username)
    record_audit("panel.declare", subject, by=staff_actor(by), at=at, after=facts, reason=note)
    return relation


@transaction.atomic
def end_relation(relation: Relation, *, by: Staff, at: datetime, note: str) -> Relation:
    """A relation that no longer holds; its row stays. By a city supervisor only, so that nobody drops an own tie.

    Raises:
        Refused: somebody else, or no word on why.
    """
    if not by.has_role(Role.CITY_SUPERVISOR) or by.pk == relation.member.staff_id or not note.strip():
        raise Refused(_("利害关系由市级督导解除,并写明理由。"))
    locked = Relation.objects.select_for_update(of=("self",)).select_related("member__staff").get(pk=relation.pk)
    locked.ended_at = locked.ended_at or at
    locked.save(update_fields=["ended_at"])
    subject = ("staff", locked.member.staff.username)
    record_audit("panel.end_relation", subject, by=staff_actor(by), at=at, after={"relation": locked.pk}, reason=note)
    return locked


def _require_own(member: PanelMember, by: Staff) -> None:
    if by.pk != member.staff_id and not by.has_role(Role.CITY_SUPERVISOR):
        raise Refused(_("利害关系由本人或市级督导申报。"))
