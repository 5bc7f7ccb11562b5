"""核验: the trail is recomputed by the clock when somebody asks, and the answer is kept (GB/T 22239-2019 §8.1.4.3)."""

from __future__ import annotations

import time
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from common.actions import NoticeText, notify, record_audit
from common.actors import SYSTEM
from common.enums import CheckResult
from common.integrity import GENESIS
from common.models import AuditCheck
from common.queries import Verdict, in_chain, verify_audit
from organizations.access import GRANTS_ROLES, READS_TRAIL
from organizations.actions.core import By, Refused, authorise
from organizations.models import Membership, Staff
from organizations.queries import anchors_outside

ANCHOR_SHORTEST = 16


@transaction.atomic
def request_audit_check(*, anchor: str = "", by: By, at: datetime) -> AuditCheck:
    """Leaves a verification of the whole trail to the clock.

    Args:
        anchor: a hash written down outside the database, whole or its first 16 digits; the chain must hold it.

    Raises:
        PermissionDenied: neither an auditor nor an audit administrator.
        Refused: one waits already; the hash is too short or none.
    """
    actor = authorise(by, READS_TRAIL)
    written = anchor.strip().lower()
    if written and (len(written) < ANCHOR_SHORTEST or set(written) - set("0123456789abcdef") or len(written) > 64):
        raise Refused(_("校验码是 16 到 64 位的数字和字母 a 到 f,请核对抄录的内容。"))
    if AuditCheck.objects.select_for_update().filter(finished_at=None).exists():
        raise Refused(_("正在核验,请等它完成。"))
    asker = by if isinstance(by, Staff) else None
    check = AuditCheck.objects.create(asked_by=asker, asked_at=at, anchor=written)
    record_audit("audit.check", ("audit_check", check.pk), by=actor, at=at, after={"anchor": written[:16]})
    return check


@transaction.atomic
def check_audit(*, at: datetime, seconds: float) -> AuditCheck | None:
    """Goes on with the verification that waits, for some seconds; a broken chain is told at once to who guards it.

    A transaction that ran on would keep the sealer from what came after it, so a long chain is looked at in parts.

    Args:
        at: now.
        seconds: after which the rest is left to the next sweep; one seal is looked at in any case.

    Returns:
        The check as it stands now; None if nothing waits, or somebody else is at it.
    """
    waiting = AuditCheck.objects.filter(finished_at=None).select_for_update(skip_locked=True, of=("self",))
    check = waiting.first()
    if check is None:
        return None
    end = time.monotonic() + seconds
    known = Verdict(check.seals, check.rows, check.head or GENESIS, position=check.position, until=check.until)
    found = verify_audit(known, enough=lambda: time.monotonic() > end)
    for name in ("seals", "rows", "unsealed", "position", "head", "until"):
        setattr(check, name, getattr(found, name))
    if found.ended:
        _conclude(check, found, at)
    check.save()
    return check


def _conclude(check: AuditCheck, found: Verdict, at: datetime) -> None:
    check.finished_at, check.bad_seal, check.bad_entry = at, found.bad_seal, found.bad_entry
    check.fault = found.kind or ""
    written = _anchors(check)
    known = in_chain({one for _label, one in written})
    check.anchors = [[label, one, one in known] for label, one in written]
    lost = [label for label, _one, there in check.anchors if not there]
    check.result = CheckResult.BROKEN if found.kind else CheckResult.UNANCHORED if lost else CheckResult.WHOLE
    told = {"result": check.result, "rows": check.rows, "head": check.head, "row": check.bad_entry, "anchors": lost}
    record_audit(
        "audit.checked",
        ("audit_check", check.pk),
        by=SYSTEM,
        at=at,
        after={name: value for name, value in told.items() if value},
        success=check.result == CheckResult.WHOLE,
    )
    if check.result != CheckResult.WHOLE:
        _alarm(check, at)


def _anchors(check: AuditCheck) -> list[tuple[str, str]]:
    """What the chain must hold: what the asker had written down, what the last good check found, what was printed."""
    written = [(_("抄录的校验码"), check.anchor)] if check.anchor else []
    last = AuditCheck.objects.filter(result=CheckResult.WHOLE, seals__gt=0).exclude(pk=check.pk).first()
    if last is not None and last.finished_at is not None:
        moment = f"{timezone.localtime(last.finished_at):%Y-%m-%d %H:%M}"
        written.append((_("上次核验 %(at)s") % {"at": moment}, last.head))
    return written + anchors_outside()


def _alarm(check: AuditCheck, at: datetime) -> None:
    guards = Membership.objects.in_force(timezone.localdate(at)).filter(role__in=READS_TRAIL | GRANTS_ROLES)
    text = NoticeText(
        key=f"audit:{check.pk}",
        kind="audit.broken",
        text=f"{check.get_result_display()} {check.bad_entry or ''}".strip(),
        url=reverse("audit-checks"),
    )
    notify(guards.values_list("staff_id", flat=True), text, at=at)
