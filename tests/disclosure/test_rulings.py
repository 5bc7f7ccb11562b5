"""What a panel's ruling makes of a public case: nothing is deleted, and each ground has its own effect."""

from __future__ import annotations

import pytest

from appeals.enums import Vote
from disclosure.enums import Result
from disclosure.models import Disclosure, PublicCase
from rectification.enums import State
from rectification.models import Case
from tests.appeals.court import Court
from tests.disclosure.press import Press
from tests.factories import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def court(cast: Cast) -> Court:
    return Court(cast)


@pytest.fixture
def public(press: Press) -> PublicCase:
    """A case that is public while its unit rectifies."""
    return press.public(state=State.RECTIFYING)


def case_of(public: PublicCase) -> Case:
    return Disclosure.objects.get(number=public.number).case


@pytest.mark.parametrize(
    ("code", "vote", "result", "told"),
    [
        ("W2", Vote.UPHOLD, Result.INVALID, True),
        ("W6", Vote.UPHOLD, Result.UNFOUNDED, True),
        ("W7", Vote.UPHOLD, Result.INVALID, False),
        ("W8", Vote.UPHOLD, Result.HANDLING, True),
        ("W6", Vote.PARTLY, Result.HANDLING, True),
        ("W6", Vote.REJECT, Result.HANDLING, True),
        ("W7", Vote.UNPROVEN, Result.HANDLING, True),
    ],
)
def test_each_ground_has_its_own_effect_in_public(
    press: Press, court: Court, public: PublicCase, code: str, vote: Vote, result: Result, told: bool
) -> None:
    said = public.problem
    appeal = court.ruled(code, vote, case=case_of(public))
    press.follow()
    public.refresh_from_db()
    assert public.shown, "received stays received"
    assert public.result == result
    assert public.problem == (said if told else "")
    assert ("跑了三趟" in public.words) == told
    expected = appeal.ground.name if result in (Result.INVALID, Result.UNFOUNDED) else ""
    assert public.ground == expected


def test_a_review_that_reverses_brings_everything_back(press: Press, court: Court, public: PublicCase) -> None:
    said = public.problem
    first = court.ruled("W7", Vote.UPHOLD, case=case_of(public))
    press.follow()
    review = court.review(first, court.cast.qian)
    if review.heard_by is not None:
        court.answer(review)
    court.decide(review, Vote.REJECT)
    press.follow()
    public.refresh_from_db()
    assert (public.result, public.ground) == (Result.HANDLING, "")
    one = Disclosure.objects.get(number=public.number)
    assert one.waiting_since is not None, "words that were away are looked at once more"
    assert press.publish(press.of(one.case)).problem == said


def test_what_a_panel_found_malicious_is_not_put_up_by_a_later_look(press: Press, court: Court) -> None:
    one = press.draft(state=State.RECTIFYING)
    court.ruled("W7", Vote.UPHOLD, case=one.case)
    press.follow()
    public = press.publish(press.of(one.case))
    assert (public.problem, public.result) == ("", Result.INVALID)
