"""记分事件 and 免予考核: facts that others decide, and who or what is not assessed. Nothing is deleted."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from assessment.access import CLOSES_QUARTERS
from assessment.enums import EventKind, Grain, SchemeKind
from assessment.models import Exemption, Quarter, ScoreEvent
from assessment.periods import Period, period_of
from common.actions import record_audit
from common.actors import Actor
from organizations.actions.core import By, Refused, authorise
from organizations.models import Staff, Unit

SHARES = frozenset({EventKind.CAMPAIGN})


@transaction.atomic
def record_score_event(
    unit: Unit,
    period: Period,
    kind: EventKind,
    value: Decimal,
    source: str,
    *,
    key: str,
    by: Actor,
    at: datetime,
    url: str = "",
) -> ScoreEvent:
    """Records a fact for the scores of a quarter. Called by the parts that decide such facts, within their own act.

    Args:
        unit: whom it concerns.
        period: a quarter. If it is frozen, the fact counts in the first quarter that is not, and its source says so.
        kind: what it is; what it costs or gives is the scheme's business.
        value: how often (1), or of a share (`SHARES`) between 0 and 1.
        source: words a unit can follow: the decision, its number, its day.
        key: of the fact, unique: recording it twice is recording it once.
        by: whoever decided.
        url: where the decision can be read.

    Returns:
        The event, or the one that was recorded under this key before.

    Raises:
        ValueError: no quarter, no source, or a value that means nothing.
    """
    if period.grain != Grain.QUARTER or not source or not key or value < 0 or (kind in SHARES and value > 1):
        raise ValueError(f"no score event: {period.name} {kind} {value}")
    counted = first_open(period)
    if counted != period:
        source = f"{source} ({period.name})"
    event, made = ScoreEvent.objects.get_or_create(
        key=key,
        defaults={
            "unit": unit,
            "quarter": counted.begins,
            "kind": kind,
            "value": value,
            "source": source[:300],
            "url": url,
            "at": at,
            **by.columns(),
        },
    )
    if made:
        told = {"unit": unit.code, "quarter": counted.name, "kind": str(kind), "value": str(value)}
        record_audit("score_event.record", ("score_event", key), by=by, at=at, after=told, reason=source)
    return event


def first_open(period: Period) -> Period:
    """This quarter, or the first one after it that is not frozen."""
    later = Quarter.objects.filter(begins__gte=period.begins, frozen_at__isnull=False)
    frozen = set(later.values_list("begins", flat=True))
    while period.begins in frozen:
        period = period_of(period.after, Grain.QUARTER)
    return period


@transaction.atomic
def withdraw_score_event(event: ScoreEvent, reason: str, *, by: By, at: datetime) -> bool:
    """Takes a fact back that did not hold. What a frozen quarter has counted stays and comes into its correction log.

    Returns:
        Whether it stood until now.

    Raises:
        Refused: no reason was given.
    """
    actor = by if isinstance(by, Actor) else authorise(by, CLOSES_QUARTERS)
    if not reason.strip():
        raise Refused(_("请填写撤销理由"))
    locked = ScoreEvent.objects.select_for_update().get(pk=event.pk)
    if locked.withdrawn_at is not None:
        return False
    locked.withdrawn_at, locked.withdrawn_why = at, reason.strip()[:300]
    locked.withdrawn_by = by if isinstance(by, Staff) else None
    locked.save(update_fields=["withdrawn_at", "withdrawn_why", "withdrawn_by"])
    record_audit("score_event.withdraw", ("score_event", locked.key), by=actor, at=at, reason=reason)
    return True


@transaction.atomic
def exempt(
    kind: SchemeKind,
    subject: str,
    reason: str,
    *,
    by: By,
    at: datetime,
    first: Period,
    last: Period | None = None,
    item: str = "",
    reference: str = "",
) -> Exemption:
    """Takes somebody out of the ranks, an item out of their assessment, or one line out of a score.

    Args:
        subject: "unit:370600-GAJ" or "region:370602".
        reason: said beside the score.
        first, last: quarters; without a last one until it is lifted.
        item: its code; empty for 不参与排名.
        reference: of a line, as the line names it.

    Raises:
        PermissionDenied: not a city supervisor.
        Refused: no reason, quarters in the wrong order, or the first is frozen.
    """
    actor = authorise(by, CLOSES_QUARTERS)
    if not reason.strip():
        raise Refused(_("请填写理由"))
    if last is not None and last.begins < first.begins:
        raise Refused(_("截止季度不能早于起始季度"))
    if first_open(first) != first:
        raise Refused(_("%(quarter)s已封存,不能再改") % {"quarter": first.name})
    row = Exemption.objects.create(
        kind=kind,
        subject=subject,
        first=first.begins,
        last=last.begins if last else None,
        item=item,
        reference=reference,
        reason=reason.strip()[:300],
        at=at,
        **actor.columns(),
    )
    told = {"kind": str(kind), "item": item, "reference": reference, "first": first.name}
    record_audit("score.exempt", ("score", subject), by=actor, at=at, after=told, reason=reason)
    return row


@transaction.atomic
def lift_exemption(row: Exemption, *, by: By, at: datetime) -> bool:
    """Ends an exemption for all quarters that are not frozen.

    Returns:
        Whether it held until now.
    """
    actor = authorise(by, CLOSES_QUARTERS)
    locked = Exemption.objects.select_for_update().get(pk=row.pk)
    if locked.lifted_at is not None:
        return False
    locked.lifted_at, locked.lifted_by = at, by if isinstance(by, Staff) else None
    locked.save(update_fields=["lifted_at", "lifted_by"])
    record_audit("score.lift", ("score", locked.subject), by=actor, at=at, before={"item": locked.item})
    return True
