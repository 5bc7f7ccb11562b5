"""不计入统计: a rating that is none (a test, a double, a fault) is taken out of the figures, never out of the table."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.actions import record_audit
from common.failpoints import failpoint
from evaluations.access import excluder
from evaluations.enums import ExclusionReason
from evaluations.models import ChangedDay, Evaluation, Exclusion
from organizations.actions import Refused
from organizations.models import Staff
from organizations.queries import staff_actor


@transaction.atomic
def exclude_rating(evaluation: Evaluation, *, reason: ExclusionReason, note: str, by: Staff, at: datetime) -> Exclusion:
    """Takes a rating out of every figure, good and bad ones alike (domain.md §7.2 W2, W3). Its case, if any, goes on.

    Args:
        note: what shows it: the log, the batch, the other rating.

    Raises:
        PermissionDenied: not somebody who may (`evaluations.access.excluder`).
        Refused: there is no note, or it has been taken out before.
    """
    membership = excluder(by.duties, evaluation.unit)
    if membership is None:
        raise PermissionDenied
    if not note.strip():
        raise Refused(_("请写明依据,例如哪次测试、哪个批次。"))
    facts = {"reason": reason, "note": note.strip(), "by": by, "at": at}
    exclusion, made = Exclusion.objects.get_or_create(evaluation=evaluation, defaults=facts)
    if not made:
        raise Refused(_("这条评价已经不计入统计。"))
    ChangedDay.objects.create(unit_id=evaluation.unit_id, day=timezone.localdate(evaluation.rated_at))
    failpoint("rating_excluded")
    record_audit(
        "rating.exclude",
        ("rating", evaluation.pk),
        by=staff_actor(by, membership),
        at=at,
        after={"reason": reason, "level": evaluation.level, "unit": evaluation.unit.name},
        reason=exclusion.note,
    )
    return exclusion
