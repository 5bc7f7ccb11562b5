"""A case has one follow-up, however many fingers press at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from evaluations.actions import AlreadyFollowedUp, follow_up
from evaluations.models import FollowUp
from rectification.enums import Action, State, Verdict
from rectification.models import Case
from tests.factories import NOW, Cast

PRESSES = 8


@pytest.mark.django_db(transaction=True)
def test_parallel_presses_make_one_follow_up(live_cast: Cast) -> None:
    case = live_cast.upto(live_cast.rate(1), State.REPLIED)
    together = Barrier(PRESSES)

    def press(_finger: int) -> bool:
        together.wait()
        try:
            follow_up(Case.objects.get(pk=case.pk), verdict=Verdict.SATISFIED, text="", at=NOW)
        except AlreadyFollowedUp:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(PRESSES) as fingers:
        taken = list(fingers.map(press, range(PRESSES)))
    assert taken.count(True) == 1
    assert FollowUp.objects.count() == 1
    assert case.events.filter(action=Action.RECORD_VERDICT).count() == 1
