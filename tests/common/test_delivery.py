"""The outbox against a real gateway and a real mail server on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from common import delivery
from common.actions import post_message, resend_message
from common.actors import SYSTEM
from common.delivery import deliver_due
from common.enums import Channel, MessageState
from common.models import OutboxMessage
from identity.actions import refuse_messages, store_evaluator
from identity.models import Evaluator, Look
from tests.factories import Cast
from tests.support.receivers import MailReceiver, SmsReceiver

pytestmark = pytest.mark.django_db


@pytest.fixture
def gateway(settings: Any) -> Iterator[SmsReceiver]:
    with SmsReceiver() as receiver:
        settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_KEY, settings.SMS_TIMEOUT = receiver.url, "k" * 32, 1
        yield receiver


@pytest.fixture
def evaluator() -> Evaluator:
    return store_evaluator(phone="138 0000 0001", consent_version="t", at=timezone.now())


def post(evaluator: Evaluator, key: str = "reply:X:0") -> OutboxMessage:
    post_message(
        key,
        channel=Channel.SMS,
        kind="citizen.reply",
        address=("evaluator", evaluator.pk),
        body="您反映的问题已有答复。",
        about="7KQ4-2M9X",
        at=timezone.now(),
    )
    return OutboxMessage.objects.get(key=key)


def again() -> None:
    """Lets the time of the next attempt come."""
    OutboxMessage.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))


def test_a_message_goes_out_once_signed_and_is_forgotten(gateway: SmsReceiver, evaluator: Evaluator) -> None:
    post(evaluator)
    post(evaluator)
    assert deliver_due() == 1
    assert deliver_due() == 0
    [call] = gateway.calls
    assert (call["phone"], call["text"]) == ("13800000001", "您反映的问题已有答复。")
    assert call["headers"]["X-Signature"]
    message = OutboxMessage.objects.get()
    assert (message.state, message.body) == (MessageState.SENT, "")
    assert Look.objects.get().purpose == "message"


@pytest.mark.parametrize("mode", ["error", "slow", "cut"])
def test_a_failing_gateway_is_asked_again_later_with_the_same_key(
    gateway: SmsReceiver, evaluator: Evaluator, mode: str
) -> None:
    post(evaluator)
    gateway.mode = mode
    assert deliver_due() == 0
    message = OutboxMessage.objects.get()
    assert message.state == MessageState.WAITING
    assert message.last_error
    assert message.next_attempt_at > timezone.now()
    gateway.mode = "ok"
    again()
    assert deliver_due() == 1
    assert list(gateway.accepted) == ["reply:X:0"]


def test_after_the_last_attempt_a_person_decides(gateway: SmsReceiver, evaluator: Evaluator, settings: Any) -> None:
    settings.OUTBOX_MAX_ATTEMPTS = 2
    message = post(evaluator)
    gateway.mode = "error"
    deliver_due()
    again()
    deliver_due()
    message.refresh_from_db()
    assert message.state == MessageState.DEAD
    gateway.mode = "ok"
    resend_message(message, by=SYSTEM, at=timezone.now() - timedelta(seconds=1))
    assert deliver_due() == 1
    assert len(gateway.accepted) == 1


def test_a_crash_between_sending_and_marking_repeats_the_key(
    gateway: SmsReceiver, evaluator: Evaluator, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(evaluator)
    real = delivery._mark
    monkeypatch.setattr(delivery, "_mark", lambda *arguments: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        deliver_due()
    monkeypatch.setattr(delivery, "_mark", real)
    again()
    deliver_due()
    assert len(gateway.calls) == 2
    assert len(gateway.accepted) == 1


def test_a_down_gateway_stops_the_sweep_early(gateway: SmsReceiver, evaluator: Evaluator) -> None:
    for number in range(10):
        post(evaluator, f"reply:{number}:0")
    gateway.mode = "error"
    deliver_due()
    assert len(gateway.calls) == 3


def test_who_refused_gets_nothing(gateway: SmsReceiver, evaluator: Evaluator) -> None:
    post(evaluator)
    refuse_messages(evaluator, at=timezone.now())
    deliver_due()
    assert gateway.calls == []
    assert OutboxMessage.objects.get().state == MessageState.DROPPED


def test_mail_reaches_a_real_server(cast: Cast, settings: Any) -> None:
    with MailReceiver() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        post_message(
            "digest:1",
            channel=Channel.MAIL,
            kind="digest",
            address=("staff", cast.wu.pk),
            subject="摘要",
            body="待签收 1 件",
            at=timezone.now(),
        )
        assert deliver_due() == 1
        [letter] = server.letters
    assert "wu@example.invalid" in letter
    assert "Message-ID" in letter
