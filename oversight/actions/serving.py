"""送达, 已阅, 催阅: a notice is served on every unit it speaks of, and somebody there says that it was read."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from assessment.enums import Grain
from assessment.periods import period_of
from common.actions import NoticeText, notify
from common.actors import SYSTEM
from common.failpoints import failpoint
from organizations.models import Membership, Staff, Unit
from organizations.queries import staff_actor
from oversight.access import WRITES, acknowledging, for_the_city
from oversight.actions.core import write_history
from oversight.enums import Act, Stage
from oversight.models import QuarterNotice, Receipt
from oversight.queries import addressed_units, readers_in

ADDRESS = "/desk/circulars/{pk}/"


def serve(notice: QuarterNotice, *, at: datetime) -> int:
    """Puts an issued notice before every unit; returns how many."""
    units = list(addressed_units(timezone.localdate(at)))
    Receipt.objects.bulk_create(
        [Receipt(notice=notice, unit=unit, unit_name=unit.name, served_at=at) for unit in units], ignore_conflicts=True
    )
    failpoint("notice_receipts_kept")
    _tell(notice, units, "served", at=at)
    return len(units)


@transaction.atomic
def acknowledge(receipt: Receipt, *, by: Staff, at: datetime) -> Receipt:
    """已阅, by a supervisor of the unit; the first one stands.

    Raises:
        PermissionDenied: by somebody else.
    """
    row = Receipt.objects.select_for_update(of=("self",)).select_related("notice", "unit").get(pk=receipt.pk)
    membership = acknowledging(by.duties, [row.unit_id]).get(row.unit_id)
    if membership is None:
        raise PermissionDenied(Act.READ)
    if row.read_at is None:
        row.read_at, row.read_by = at, by
        row.save(update_fields=["read_at", "read_by"])
        write_history(row.notice, Act.READ, by=staff_actor(by, membership), at=at, data={"unit": row.unit.code})
    return row


def remind_unread(*, at: datetime) -> int:
    """催阅: reminds the units that have not said so, every NOTICE_REMIND_DAYS days; returns how many were reminded."""
    before = at - timedelta(days=settings.NOTICE_REMIND_DAYS)
    due = Receipt.objects.filter(notice__stage=Stage.ISSUED, read_at=None, served_at__lte=before)
    due = due.filter(Q(reminded_at=None) | Q(reminded_at__lte=before))
    reminded = 0
    for pk in list(due.values_list("pk", flat=True)):
        reminded += _remind(pk, before, at=at)
    return reminded


@transaction.atomic
def _remind(pk: int, before: datetime, *, at: datetime) -> int:
    rows = Receipt.objects.select_for_update(skip_locked=True, of=("self",)).select_related("notice", "unit")
    row = rows.filter(Q(reminded_at=None) | Q(reminded_at__lte=before), pk=pk, read_at=None).first()
    if row is None:
        return 0
    row.reminded_at, row.reminders = at, row.reminders + 1
    row.save(update_fields=["reminded_at", "reminders"])
    _tell(row.notice, [row.unit], f"remind{row.reminders}", at=at)
    write_history(row.notice, Act.REMIND, by=SYSTEM, at=at, data={"unit": row.unit.code, "time": row.reminders})
    return 1


def tell_office(notice: QuarterNotice, *, at: datetime) -> None:
    """Tells the city's office that the portal has drafted a notice."""
    held = Membership.objects.in_force(timezone.localdate(at)).filter(role__in=WRITES).select_related("unit__region")
    people = [one.staff_id for one in held if for_the_city([one], WRITES)]
    quarter = period_of(notice.begins, Grain.QUARTER).name
    text = NoticeText(f"notice:{notice.pk}:drafted", "notice.drafted", quarter, ADDRESS.format(pk=notice.pk))
    notify(people, text, at=at)


def _tell(notice: QuarterNotice, units: list[Unit], kind: str, *, at: datetime) -> None:
    text = NoticeText(
        key=f"notice:{notice.pk}:{kind}",
        kind="notice.remind" if kind.startswith("remind") else "notice.served",
        text=notice.number,
        url=ADDRESS.format(pk=notice.pk),
    )
    notify(readers_in([unit.pk for unit in units], at=at), text, at=at)
