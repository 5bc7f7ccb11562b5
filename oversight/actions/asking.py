"""The clock of what a unit is asked: warned of as any duty is, counted again by a corrected calendar, lapsed."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db import transaction

from common.actors import SYSTEM
from oversight.actions.clues import tell_asked, tell_insiders
from oversight.actions.dossiers import begin, finish, write_event
from oversight.actions.timing import count_again
from oversight.enums import ClueAct, ClueStage
from oversight.models import Dossier, Statement
from rectification.actions import warn_each
from rectification.enums import WarningKind

WAITING = Statement.objects.filter(answered_at=None, dossier__closed_at=None)


def warn_statements(*, at: datetime, limit: int = 500) -> int:
    """Warns the unit of every question whose moment has come; that the time is over the insiders are told by `lapse`.

    Returns:
        How many questions were warned of.
    """
    return warn_each(WAITING.select_related("unit"), partial(_warn, at=at), at=at, limit=limit)


def _warn(row: Statement, kind: WarningKind, *, at: datetime) -> None:
    tell_asked(row, f"statement.{kind}:{row.pk}:{row.due_at.isoformat()}", f"due.{kind}.statement", at=at)


def recount_statements(*, at: datetime, year: int) -> int:
    """Counts what waits for an answer again after a year of the calendar was confirmed or corrected.

    Returns:
        How many due times moved.
    """
    touched = WAITING.filter(due_at__year__gte=year, started_at__year__lte=year)
    return sum(_recount(pk, at) for pk in list(touched.order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def _recount(pk: int, at: datetime) -> bool:
    dossier = Dossier.objects.select_for_update().get(statements=pk)
    row = Statement.objects.select_for_update(of=("self",)).get(pk=pk)
    was = count_again(row, row.amount, at=at) if row.amount and row.answered_at is None else None
    if was is None:
        return False
    row.save(update_fields=["due_at", "provisional", "calendar_version", "warned", "next_warning_at"])
    facts = {"old": was.isoformat(), "new": row.due_at.isoformat()}
    write_event(dossier, ClueAct.MOVE_DUE, by=SYSTEM, at=at, data=facts)
    return True


def lapse_questions(*, at: datetime) -> int:
    """Goes on where a unit has let the time for its answer pass; that it said nothing is history.

    Returns:
        How many.
    """
    late = Statement.objects.filter(answered_at=None, due_at__lt=at, dossier__stage=ClueStage.ASKED)
    return sum(_lapse(pk, at) for pk in list(late.order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def _lapse(pk: int, at: datetime) -> int:
    statement = Statement.objects.select_related("dossier").get(pk=pk)
    locked = Dossier.objects.select_for_update().get(pk=statement.dossier_id)
    if locked.stage != ClueStage.ASKED:
        return 0
    finish(begin(locked, ClueAct.LAPSE, by=None, at=at))
    tell_insiders(locked, f"lapse:{pk}", "clue.lapsed", at)
    return 1
