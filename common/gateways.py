"""How a message leaves the portal: SMTP, and a generic HTTP gateway for SMS. No retries here: the outbox has them."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Mapping

import requests
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string

from common.enums import Channel
from common.models import OutboxMessage


class GatewayError(Exception):
    """The message was not accepted; the reason is for the administrator and holds no address."""


def send(message: OutboxMessage, address: str) -> str:
    """Hands a message to its gateway.

    Args:
        message: with its key, by which the receiver knows it again.
        address: mail address or telephone number; it is kept nowhere.

    Returns:
        A remark for the outbox: empty, or "demo" when nothing really left.

    Raises:
        GatewayError: not accepted, whatever the reason.
    """
    if message.channel == Channel.MAIL:
        return _send_mail(message, address)
    if message.channel == Channel.SOURCE:
        sender: Callable[[OutboxMessage, str], str] = import_string(settings.OUTBOX_SOURCE_SENDER)
        return sender(message, address)
    return _send_sms(message, address)


def _send_mail(message: OutboxMessage, address: str) -> str:
    if settings.DEMO and not settings.MAIL_CONFIGURED:
        return "demo"
    mail = EmailMessage(message.subject, message.body, to=[address], headers={"Message-ID": _message_id(message)})
    try:
        mail.send()
    except OSError as error:
        raise GatewayError(type(error).__name__) from error
    return ""


def _message_id(message: OutboxMessage) -> str:
    """The same for every attempt, so that a mail server sees a repetition as one."""
    return f"<{hashlib.sha256(message.key.encode()).hexdigest()[:32]}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>"


def _send_sms(message: OutboxMessage, phone: str) -> str:
    if not settings.SMS_GATEWAY_URL:
        if settings.DEMO:
            return "demo"
        raise GatewayError("SMS_GATEWAY_URL is not set")
    body = json.dumps({"key": message.key, "phone": phone, "text": message.body}, ensure_ascii=False).encode()
    post_signed(settings.SMS_GATEWAY_URL, body, message, signature(body, settings.SMS_GATEWAY_KEY))
    return ""


def post_signed(url: str, body: bytes, message: OutboxMessage, signed: Mapping[str, str]) -> None:
    """Posts JSON to another system, which knows the message by its key.

    Args:
        signed: the headers that prove who sent it.

    Raises:
        GatewayError: no answer in time, or another status than 200, 201 or 202.
    """
    headers = {"Content-Type": "application/json", "Idempotency-Key": message.key, **signed}
    try:
        answer = requests.post(url, data=body, headers=headers, timeout=settings.SMS_TIMEOUT, allow_redirects=False)
    except requests.RequestException as error:
        raise GatewayError(type(error).__name__) from error
    if answer.status_code not in (200, 201, 202):
        raise GatewayError(f"HTTP {answer.status_code}")


def signature(body: bytes, key: str) -> dict[str, str]:
    """Headers that prove who sent a body and when: HMAC-SHA256 over time, nonce and the body's hash."""
    moment, nonce = str(int(time.time())), secrets.token_hex(12)
    text = f"{moment}\n{nonce}\n{hashlib.sha256(body).hexdigest()}"
    mac = hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
    return {"X-Timestamp": moment, "X-Nonce": nonce, "X-Signature": mac}
