"""Writing to those whom no callback reached: once per round, and nobody is kept waiting by those already written to."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from django.conf import settings

from common.models import OutboxMessage
from rectification import actions
from rectification.enums import ContactResult, State
from rectification.models import Case
from tests.factories import NOW, Cast


def unreached(cast: Cast, phone: str) -> Case:
    """A case replied to, whose evaluator did not answer as often as is asked for."""
    case = cast.upto(cast.rate(1, phone=phone), State.REPLIED)
    for hours in range(settings.CALLBACK_ATTEMPTS_MIN):
        at = NOW + timedelta(hours=hours)
        actions.record_callback(case, by=cast.zhao, at=at, result=ContactResult.NO_ANSWER, reworks_max=2)
    return case


def written_to() -> set[str]:
    return set(OutboxMessage.objects.filter(kind="citizen.unreachable").values_list("about", flat=True))


def test_a_second_sweep_writes_to_nobody(cast: Cast, monday: time_machine.Traveller) -> None:
    case = unreached(cast, "13800000001")
    at = NOW + timedelta(hours=4)
    assert actions.message_unreached(at=at) == 1
    assert actions.message_unreached(at=at) == 0
    assert written_to() == {case.number}


def test_who_was_written_to_keeps_nobody_waiting(cast: Cast, monday: time_machine.Traveller) -> None:
    both = {unreached(cast, phone).number for phone in ("13800000001", "13800000002")}
    for _ in both:
        actions.message_unreached(at=NOW + timedelta(hours=4), limit=1)
    assert written_to() == both
