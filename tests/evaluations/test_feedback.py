"""Results on their way back to the source, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from common.actions import post_message
from common.actors import SYSTEM
from common.delivery import deliver_due
from common.enums import Channel
from common.models import OutboxMessage
from evaluations.actions.feedback import report_results
from evaluations.actions.messages import forget_codes
from evaluations.envelopes import HmacKey, read_headers, verify
from evaluations.models import Evaluation, Partner, Source
from rectification.actions import suspend_case, void_case
from rectification.enums import State
from rectification.models import Case
from tests.evaluations.test_api import Caller, rating
from tests.factories import NOW, Cast
from tests.support.receivers import SmsReceiver

pytestmark = pytest.mark.django_db


@pytest.fixture
def receiver(monday: None) -> Iterator[SmsReceiver]:
    forget_codes()
    with SmsReceiver() as receiver:
        Source.objects.filter(pk="hall").update(feedback_url=receiver.url)
        yield receiver
    forget_codes()


def negative(caller: Caller, cast: Cast) -> Case:
    answer = caller.post("api-ratings", rating(cast, level=1, mobile="13800000001")).json()
    case = Evaluation.objects.get(pk=answer["id"]).case
    assert case is not None
    return case


def test_the_answer_and_the_end_are_told_once_each(client: Client, cast: Cast, receiver: SmsReceiver) -> None:
    caller = Caller(client)
    case = negative(caller, cast)
    assert report_results(at=NOW) == 0
    cast.upto(case, State.REPLIED)
    assert [report_results(at=NOW), report_results(at=NOW)] == [1, 0]
    cast.upto(case, State.CLOSED)
    assert [report_results(at=NOW), report_results(at=NOW)] == [1, 0]
    OutboxMessage.objects.exclude(channel="source").delete()
    assert deliver_due() == 2
    first, last = receiver.calls
    assert (first["projectNo"], first.get("effectivEvalua"), last["effectivEvalua"]) == ("370600API0001", None, "1")
    assert first["answer"]
    assert "13800000001" not in str(receiver.calls)


def test_what_is_sent_is_signed_as_the_partner_signs(client: Client, cast: Cast, receiver: SmsReceiver) -> None:
    caller = Caller(client)
    cast.upto(negative(caller, cast), State.REPLIED)
    report_results(at=NOW)
    body = OutboxMessage.objects.get(channel="source").body.encode()
    OutboxMessage.objects.exclude(channel="source").delete()
    deliver_due()
    headers = read_headers(receiver.calls[0]["headers"])
    assert headers.app_id == caller.partner.app_id
    verify(headers, body, key=HmacKey(caller.secret.encode()), at=timezone.now())


def test_an_invalid_rating_is_told_as_such(client: Client, cast: Cast, receiver: SmsReceiver) -> None:
    case = cast.upto(negative(Caller(client), cast), State.DISPATCHED)
    suspend_case(case, by=SYSTEM, at=NOW)
    void_case(case, by=SYSTEM, at=NOW, note="评审小组认定")
    assert report_results(at=NOW) == 1
    OutboxMessage.objects.exclude(channel="source").delete()
    deliver_due()
    assert receiver.calls[0]["effectivEvalua"] == "0"


def test_a_silent_source_keeps_nobody_else_waiting_and_its_error_is_seen(
    client: Client, cast: Cast, receiver: SmsReceiver
) -> None:
    caller, receiver.mode = Caller(client), "error"
    for n in range(5):
        case = caller.post("api-ratings", rating(cast, f"370600F{n}", level=2)).json()["case"]
        cast.upto(Case.objects.get(number=case), State.REPLIED)
    assert report_results(at=NOW) == 5
    OutboxMessage.objects.filter(channel="source").update(next_attempt_at=NOW - timedelta(days=1))
    post_message(
        "mail:1", channel=Channel.MAIL, kind="x", address=("staff", cast.xu.pk), body="一", subject="二", at=NOW
    )
    deliver_due()
    assert OutboxMessage.objects.get(key="mail:1").state == "sent"
    tried = OutboxMessage.objects.filter(channel="source", attempts__gt=0)
    assert (tried.count(), {message.last_error for message in tried}) == (3, {"HTTP 500"})
    receiver.mode = "ok"
    OutboxMessage.objects.update(next_attempt_at=NOW - timedelta(days=1))
    assert deliver_due() == 5


def test_without_an_address_or_a_partner_nothing_is_lost(client: Client, cast: Cast, receiver: SmsReceiver) -> None:
    cast.upto(negative(Caller(client), cast), State.REPLIED)
    Partner.objects.update(active=False)
    assert report_results(at=NOW) == 1
    deliver_due()
    message = OutboxMessage.objects.get(channel="source")
    assert (message.state, message.last_error) == ("waiting", "no active partner of this source to sign as")
    Source.objects.filter(pk="hall").update(feedback_url="")
    assert report_results(at=NOW) == 0
