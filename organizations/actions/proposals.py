"""提名和确认: a role of weight is proposed by one administrator and held only once another has agreed (ux.md §10)."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from common.actions import NoticeText, notify, record_audit
from common.actors import Actor
from organizations.access import DECIDES_PROPOSALS, GRANTS_ROLES, may_decide, takes_two
from organizations.actions.core import Refused, authorise
from organizations.actions.people import add_membership, grant, not_oneself, require_possible
from organizations.enums import Role
from organizations.models import Membership, RoleProposal, Staff, Unit, Window


def grant_or_propose(
    staff: Staff,
    *,
    role: Role,
    unit: Unit,
    window: Window | None = None,
    valid_from: date,
    valid_to: date | None = None,
    note: str = "",
    by: Staff,
    at: datetime,
) -> Membership | RoleProposal:
    """Grants what one administrator may grant alone; what takes two is proposed. Raises as either of them."""
    if takes_two(role, second_person=settings.ROLE_SECOND_PERSON):
        if window is not None:
            raise Refused(_("只有窗口人员设窗口,并且窗口要属于同一单位。"))
        return propose_role(
            staff, role=role, unit=unit, valid_from=valid_from, valid_to=valid_to, note=note, by=by, at=at
        )
    return add_membership(
        staff, role=role, unit=unit, window=window, valid_from=valid_from, valid_to=valid_to, by=by, at=at
    )


@transaction.atomic
def propose_role(
    staff: Staff,
    *,
    role: Role,
    unit: Unit,
    valid_from: date,
    valid_to: date | None = None,
    note: str,
    by: Staff,
    at: datetime,
) -> RoleProposal:
    """Proposes a role for somebody; whoever may agree is told.

    Raises:
        PermissionDenied: not a security administrator.
        Refused: oneself; no reason given; proposed already; it could not be granted either.
    """
    actor = authorise(by, GRANTS_ROLES)
    not_oneself(staff, by)
    if not note.strip():
        raise Refused(_("这个角色要另一位管理员确认,请写明授予的理由。"))
    Staff.objects.select_for_update().get(pk=staff.pk)
    require_possible(Membership(staff=staff, role=role, unit=unit, valid_from=valid_from, valid_to=valid_to))
    if RoleProposal.objects.filter(staff=staff, role=role, unit=unit, approved=None).exists():
        raise Refused(_("已经提名,等待另一位管理员确认。"))
    proposal = RoleProposal.objects.create(
        staff=staff,
        role=role,
        unit=unit,
        valid_from=valid_from,
        valid_to=valid_to,
        note=note.strip(),
        proposed_by=by,
        proposed_at=at,
    )
    told = {"role": role, "unit": unit.name, "valid_from": valid_from, "valid_to": valid_to}
    _record(proposal, "propose", by=actor, at=at, after=told, reason=note)
    deciders = Membership.objects.in_force(timezone.localdate(at)).filter(role__in=DECIDES_PROPOSALS)
    asked = set(deciders.values_list("staff_id", flat=True)) - {by.pk, staff.pk}
    _tell(proposal, asked, "role.proposed", at)
    return proposal


@transaction.atomic
def decide_proposal(proposal: RoleProposal, *, approved: bool, note: str = "", by: Staff, at: datetime) -> RoleProposal:
    """Agrees to a proposed role, which is held from then on; or refuses it, with a reason.

    What was to begin meanwhile begins today: nobody has held a role before somebody agreed.

    Raises:
        PermissionDenied: neither a security nor an audit administrator.
        Refused: who proposed it, or whom it is for; decided already; refused without a reason; its time is over, or
            it can no longer be granted.
    """
    actor = authorise(by, DECIDES_PROPOSALS)
    locked = (
        RoleProposal.objects.select_for_update(of=("self",))
        .select_related("staff", "unit", "proposed_by")
        .get(pk=proposal.pk)
    )
    if not may_decide(by.pk, proposer=locked.proposed_by_id, staff=locked.staff_id):
        raise Refused(_("提名人和被提名人不能确认,请由另一位管理员办理。"))
    if locked.approved is not None:
        raise Refused(_("这项提名已经处理过了。"))
    if not approved and not note.strip():
        raise Refused(_("不同意时请写明理由。"))
    if approved:
        locked.membership = _granted(locked, actor, at)
    locked.approved, locked.decided_by, locked.decided_at = approved, by, at
    locked.decision_note = note.strip()
    locked.save()
    _record(locked, "approve" if approved else "reject", by=actor, at=at, reason=note)
    _tell(locked, {locked.proposed_by_id}, "role.decided", at)
    return locked


def _granted(proposal: RoleProposal, actor: Actor, at: datetime) -> Membership:
    today = timezone.localdate(at)
    if proposal.valid_to is not None and proposal.valid_to < today:
        raise Refused(_("提名的任职期间已经过去,请重新提名。"))
    return grant(
        proposal.staff,
        role=Role(proposal.role),
        unit=proposal.unit,
        valid_from=max(proposal.valid_from, today),
        valid_to=proposal.valid_to,
        by=actor,
        at=at,
    )


def _record(
    proposal: RoleProposal,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    after: dict[str, object] | None = None,
    reason: str = "",
) -> None:
    key = f"{proposal.staff.username}:{proposal.role}:{proposal.unit.code}"
    record_audit(f"proposal.{verb}", ("proposal", key), by=by, at=at, after=after, reason=reason)


def _tell(proposal: RoleProposal, people: set[int], kind: str, at: datetime) -> None:
    text = NoticeText(
        key=f"{kind}:{proposal.pk}",
        kind=kind,
        text=f"{proposal.staff} {proposal.get_role_display()}",
        url=reverse("structure-proposals"),
    )
    notify(people, text, at=at)
