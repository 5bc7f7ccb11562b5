"""Who asks, whether the request is theirs, whether it is new, and how often they may ask. Answers are JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from evaluations.actions.messages import known_of
from evaluations.actions.partners import Keys, Turn, keys_of, note_seen, partner_of, take_turn
from evaluations.enums import Scope, SigningMethod
from evaluations.envelopes import (
    BadEnvelope,
    HmacKey,
    Sm2Public,
    decrypt_fields,
    read_headers,
    read_object,
    remember,
    verify,
)
from evaluations.faults import Fault, explain
from evaluations.models import Partner
from evaluations.profiles import BadMessage

UNAUTHORISED = ("missing_header", "unknown_app", "bad_signature", "stale", "bad_nonce", "replayed")


class Denied(Exception):
    """A request that is not let in: the status, a code of docs/intake.md, and words."""

    def __init__(self, status: int, code: str, text: str, *, wait: int = 0) -> None:
        super().__init__(code)
        self.status, self.code, self.text, self.wait = status, code, text, wait

    def response(self) -> JsonResponse:
        answer = JsonResponse({"outcome": "denied", "code": self.code, "message": self.text}, status=self.status)
        if self.wait:
            answer["Retry-After"] = str(self.wait)
        return answer


@dataclass(frozen=True)
class Asked:
    """A request that was let in."""

    partner: Partner
    message: Mapping[str, Any]
    at: datetime
    keys: Keys


def partner_called(app_id: str) -> Partner:
    """The partner of an app id.

    Raises:
        Denied: there is none, or it has been switched off; both look the same.
    """
    partner = partner_of(app_id)
    if partner is None:
        raise Denied(401, "unknown_app", _("应用标识不存在或已停用"))
    return partner


def may_ask(partner: Partner, scope: Scope, request: str, at: datetime) -> None:
    """Args:
        request: what to remember of it.

    Raises:
        Denied: the partner lacks the scope, or has asked too often; or the request has been taken before.
    """
    if scope not in partner.scopes:
        raise Denied(403, "out_of_scope", _("这个应用没有此项权限"))
    turn = take_turn(partner, request, at=at)
    if turn == Turn.TOO_OFTEN:
        raise Denied(429, "too_many", _("请求过于频繁,请稍后再试"), wait=20)
    if turn == Turn.AGAIN:
        raise Denied(401, "replayed", _("这个请求已经收到过,请换新的随机串和时间戳"))


def let_in(request: HttpRequest, scope: Scope) -> Asked:
    """Lets in a request signed in mode B.

    Raises:
        Denied, evaluations.envelopes.BadEnvelope: it is not let in.
    """
    at = timezone.now()
    headers = read_headers(request.headers)
    partner = partner_called(headers.app_id)
    if partner.method == SigningMethod.LEGACY:
        raise Denied(401, "unknown_app", _("应用标识不存在或已停用"))
    keys = keys_of(partner)
    key = Sm2Public(keys.key) if partner.method == SigningMethod.SM2 else HmacKey(keys.key.encode())
    body = body_of(request)
    verify(headers, body, key=key, at=at)
    may_ask(partner, scope, remember(headers), at)
    note_seen(partner, at=at)
    return Asked(partner, read_object(body), at, keys)


def body_of(request: HttpRequest) -> bytes:
    """The body as it was sent.

    Raises:
        Denied: it is a multipart form, or too large.
    """
    if request.content_type == "multipart/form-data":
        raise Denied(415, "bad_form", _("请求体应为 JSON 或约定的信封,不能是 multipart 表单"))
    try:
        return request.body
    except (RequestDataTooBig, UnreadablePostError):
        raise Denied(413, "too_large", _("内容太大,请分批发送")) from None


def opened(asked: Asked, message: Mapping[str, Any]) -> Mapping[str, Any]:
    """A message whose single fields were encrypted (Jining's gateway), in plain text; others as they are."""
    crypto = known_of(asked.partner.source, asked.at).profile.crypto
    if crypto.mode == "A" or not crypto.encrypted_fields:
        return message
    return decrypt_fields(message, crypto.encrypted_fields, private_key=asked.keys.private, order=crypto.order)


def door(scope: Scope) -> Callable[[Callable[[Asked], JsonResponse]], Callable[..., HttpResponse]]:
    """A view for signed requests of one scope: whatever goes wrong is answered by name, in JSON."""

    def guarded(take: Callable[[Asked], JsonResponse]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @require_POST
        @wraps(take)
        def view(request: HttpRequest) -> HttpResponse:
            try:
                return take(let_in(request, scope))
            except Denied as denied:
                return denied.response()
            except BadEnvelope as bad:
                status = 401 if bad.code in UNAUTHORISED else 400
                return Denied(status, str(bad.code), str(bad.text)).response()
            except BadMessage as bad:
                errors = [{"field": bad.field, "code": bad.code, "reason": bad.text, "fix": ""}]
                return JsonResponse({"outcome": "refused", "errors": errors}, status=422)

        return view

    return guarded


def named(faults: Sequence[Fault]) -> list[dict[str, str]]:
    """Faults as the sender reads them."""
    errors = []
    for fault in faults:
        reason, fix = explain(fault)
        errors.append({"field": fault.column, "code": fault.code.value, "reason": reason, "fix": fix})
    return errors
