"""What the clock does: warn of due times once each, and count again when the calendar changes."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db import transaction
from django.urls import reverse

from common.actions import NoticeText, notify
from common.actors import SYSTEM
from rectification.actions import clocks, telling
from rectification.actions.core import begin, finish
from rectification.enums import OPEN_STATES, Action, Duty, Party, WarningKind
from rectification.models import Case, Deadline

RESPONSIBLE: dict[Duty, tuple[Party, ...]] = {
    Duty.DISPATCH: (Party.DISPATCHER,),
    Duty.SIGN: (Party.HANDLER,),
    Duty.CONTACT: (Party.HANDLER,),
    Duty.RECTIFY: (Party.HANDLER,),
    Duty.REWORK: (Party.HANDLER,),
    Duty.SUPERVISION: (Party.HANDLER,),
    Duty.CO_HANDLE: (Party.CO_HANDLER,),
    Duty.CALLBACK: (Party.CALLBACK,),
    Duty.SIGN_OFF: (Party.SUPERVISOR,),
    Duty.APPEAL: (Party.SUPERVISOR,),
}
ALSO_WHEN_OVERDUE = (Party.UNIT_SUPERVISOR, Party.SUPERVISOR)


def warn_due(*, at: datetime, limit: int = 500) -> int:
    """Warns of every deadline whose moment has come (`clocks.warn_each`).

    Returns:
        How many deadlines were warned of.
    """
    rows = Deadline.objects.running().select_related("case__unit__region", "case__handler")
    return clocks.warn_each(rows, partial(_tell, at=at), at=at, limit=limit)


def _tell(row: Deadline, kind: WarningKind, *, at: datetime) -> None:
    parties = RESPONSIBLE[Duty(row.duty)]
    if kind == WarningKind.OVERDUE:
        parties += ALSO_WHEN_OVERDUE
    notice = NoticeText(
        key=f"{kind}:{row.pk}:{row.due_at.isoformat()}",
        kind=f"due.{kind}.{row.duty}",
        text=f"{row.case.number} {row.case.item_name or row.case.place}",
        url=reverse("case", args=[row.case.number]),
        due_at=row.due_at,
    )
    notify(telling.people(row.case, parties, at), notice, at=at)


def recompute_deadlines(*, at: datetime, year: int) -> int:
    """Counts open deadlines again after a year of the calendar was confirmed or corrected.

    Each change is history on its case, with the old and the new date.

    Args:
        year: the calendar year that changed.

    Returns:
        How many due times moved.
    """
    touched = Deadline.objects.unmet().filter(due_at__year__gte=year, started_at__year__lte=year)
    moved = 0
    for pk, case in list(
        touched.filter(case__state__in=OPEN_STATES).order_by("case_id", "pk").values_list("pk", "case_id")
    ):
        moved += _recompute_one(pk, case, at)
    return moved


@transaction.atomic
def _recompute_one(pk: int, case_id: int, at: datetime) -> bool:
    # First the case and then its deadline, as every act does: the other way round two of them wait for each other.
    if not Case.objects.select_for_update(of=("self",)).filter(pk=case_id, state__in=OPEN_STATES):
        return False
    row = Deadline.objects.unmet().select_for_update(of=("self",)).select_related("case").filter(pk=pk).first()
    change = clocks.recompute(row) if row else None
    if row is None or change is None:
        return False
    move = begin(Action.RECOMPUTE, row.case, by=SYSTEM, at=at)
    old, new = change
    finish(move, data={"duty": row.duty, "old": old.isoformat(), "new": new.isoformat()})
    return True
