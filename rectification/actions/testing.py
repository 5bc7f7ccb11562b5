"""系统自检: a case the portal has opened on itself ends at once, with its history."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from common.actors import SYSTEM
from rectification.actions.core import begin, finish
from rectification.enums import Action, Outcome, Source, State
from rectification.models import Case
from rectification.workflow import NotAllowed


@transaction.atomic
def void_test(case: Case, *, at: datetime) -> Case:
    """Ends the case of a rating at a window for testing. Nobody sees it in a list, and nobody is told.

    Raises:
        NotAllowed: it is anybody's case.
    """
    move = begin(Action.VOID_TEST, case, by=SYSTEM, at=at)
    if move.case.source != Source.TEST:
        raise NotAllowed(Action.VOID_TEST, "party")
    move.case.outcome = Outcome.INVALID
    return finish(move, to=State.INVALID, tell=False)
