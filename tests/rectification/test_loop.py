"""The straight way through the loop, each act by the person whose act it is."""

from rectification.enums import State
from rectification.models import Case
from tests.factories import Cast


def test_a_negative_rating_walks_to_sign_off(cast: Cast) -> None:
    case = cast.rate(1)
    cast.upto(case, State.CLOSED)
    assert case.state == State.CLOSED
    assert case.closed_by == cast.qian
    assert case.verified_at is not None
    assert [event.to_state for event in case.events.all()][-1] == State.CLOSED
    assert not Case.objects.get(pk=case.pk).deadlines.unmet().exists()


def test_without_a_phone_nobody_is_called(cast: Cast) -> None:
    case = cast.rate(2, phone="")
    cast.upto(case, State.DISPATCHED)
    assert not case.deadlines.filter(duty="contact").exists()
