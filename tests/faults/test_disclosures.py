"""The sweep killed between two steps, sweeps and people at once, an evaluator hiding the text meanwhile."""

from __future__ import annotations

import pytest

from disclosure.actions import Conflict, prepare_disclosures, publish_disclosure, take_down_disclosure
from disclosure.enums import DisclosureAct, Reason, Standing
from disclosure.models import Disclosure, DisclosureEvent, PublicCase
from rectification import actions as cases
from rectification.enums import State
from tests.disclosure.press import Press
from tests.factories import NOW, Cast
from tests.faults.test_failpoints import everything, killed_at
from tests.rectification.test_concurrency import all_at_once, split

pytestmark = pytest.mark.django_db(transaction=True)
CALLED = "给我打13800138000,问窗口的事"


@pytest.fixture
def press(live_cast: Cast) -> Press:
    return Press(live_cast)


def test_a_sweep_that_is_killed_leaves_whole_drafts_and_the_next_makes_the_others(press: Press) -> None:
    for text in ("一", "二", CALLED):
        press.cast.upto(press.cast.rate(1, text=text), State.DISPATCHED)
    killed_at("disclosure_prepared", press.follow)
    assert not Disclosure.objects.exists()
    assert not DisclosureEvent.objects.exists()
    assert press.follow() == 3
    assert Disclosure.objects.count() == DisclosureEvent.objects.count() == 3


def test_publishing_that_is_killed_shows_nothing(press: Press) -> None:
    one = press.draft(CALLED)
    before = everything()
    killed_at("before_public_saved", lambda: press.publish(one))
    assert everything() == before
    one.refresh_from_db()
    assert (one.standing, PublicCase.objects.count()) == (Standing.WAITING, 0)
    assert press.publish(one).shown


def test_many_sweeps_at_once_make_one_draft_of_a_case(press: Press) -> None:
    for text in ("一", "二", CALLED):
        press.cast.upto(press.cast.rate(1, text=text), State.DISPATCHED)
    _done, failed = split(all_at_once(lambda _: prepare_disclosures(at=NOW)))
    assert failed == []
    assert Disclosure.objects.count() == 3
    assert DisclosureEvent.objects.filter(act=DisclosureAct.PREPARE).count() == 3


def test_of_many_who_decide_about_the_same_draft_one_wins(press: Press) -> None:
    one = press.draft(CALLED)
    who = [press.cast.lin, press.cast.qian]
    done, failed = split(
        all_at_once(lambda at: publish_disclosure(one, by=who[at % 2], at=NOW, seen=one.version).number)
    )
    assert len(done) == 1
    assert all(isinstance(error, Conflict) for error in failed)
    assert DisclosureEvent.objects.filter(act=DisclosureAct.PUBLISH).count() == 1


def test_words_that_are_hidden_while_somebody_publishes_are_gone_after_the_next_sweep(press: Press) -> None:
    for _ in range(5):
        one = press.draft(CALLED)
        acts = [
            lambda one=one: cases.hide_text(one.case, at=NOW, hidden=True),
            lambda one=one: press.publish(one),
            press.follow,
        ]
        all_at_once(lambda at, acts=acts: acts[at](), hands=3)  # type: ignore[misc]
        press.follow()
        one.refresh_from_db()
        if one.standing == Standing.WAITING:
            press.publish(one)
        public = PublicCase.objects.get(number=one.number)
        assert (public.hidden, public.problem) == (True, "")


def test_what_is_taken_down_while_the_case_moves_stays_down(press: Press) -> None:
    for _ in range(5):
        public = press.public(CALLED)
        one = Disclosure.objects.get(number=public.number)
        acts = [
            lambda one=one: take_down_disclosure(one, by=press.cast.lin, at=NOW, reason=Reason.MISTAKE, note="x"),
            lambda one=one: cases.sign_case(one.case, by=press.cast.wu, at=NOW),
            press.follow,
        ]
        _, failed = split(all_at_once(lambda at, acts=acts: acts[at](), hands=3))  # type: ignore[misc]
        assert failed == []
        press.follow()
        public.refresh_from_db()
        assert (public.shown, public.problem) == (False, "")
