"""A closed case owes nothing: no clock goes on running, warning somebody of what no longer matters."""

from __future__ import annotations

import time_machine

from rectification import actions
from rectification.actions.rectifying import QUALITY_CHECKS
from rectification.enums import State
from rectification.models import Case
from tests.factories import NOW, Cast


def test_an_unanswered_supervision_ends_with_the_case(cast: Cast, monday: time_machine.Traveller) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    actions.supervise_case(case, by=cast.qian, at=NOW, text="请尽快")
    cast.upto(case, State.CLOSED)
    assert not case.deadlines.unmet().exists()


def test_a_first_contact_that_was_skipped_ends_with_the_case(cast: Cast, monday: time_machine.Traveller) -> None:
    case = cast.upto(cast.rate(1), State.SIGNED)
    actions.escalate_case(case, by=cast.qian, at=NOW, note="提级")
    cast.report(case)
    actions.send_reply(case, by=cast.zheng, at=NOW, ticks=QUALITY_CHECKS)
    cast.upto(Case.objects.get(pk=case.pk), State.CLOSED)
    assert not case.deadlines.unmet().exists()
