"""The window system of a hall says which service a window has called, so that the window's tablet asks for it.

    POST /api/v1/window/called        Authorization: Bearer wk_…        Content-Type: application/json

    {"hall": "YT-CITY", "window": "A12", "project_number": "370600202611230001", "service_number": 1,
     "item_code": "<31 characters>", "served_at": "2026-11-23T10:05:00+08:00", "staff_number": "wu", "applicant": "…"}

The last two may be left out. Every answer is JSON; an error has a name for programs and words for people.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from common.actions import take_tokens
from common.context import surroundings
from common.forms import PortalForm
from evaluations import tablets
from evaluations.actions import ServedElsewhere, call_service, note_key_use
from evaluations.forms import LineField
from evaluations.models import WindowKey
from evaluations.presence import network_of
from organizations.models import ServiceItem, Staff, Window

MOST_BYTES = 16 * 1024
MINUTE = timedelta(minutes=1)
WRONG_KEYS = 30
# Clocks of two systems never agree to the second; a service of tomorrow is a mistake.
AHEAD = timedelta(minutes=5)


@dataclass
class ApiError(Exception):
    """What is wrong, by a name that stays, and in words."""

    status: HTTPStatus
    name: str
    words: Promise | str
    field: str = ""


def _errors(status: HTTPStatus, errors: list[ApiError]) -> JsonResponse:
    told = [{"error": one.name, "message": str(one.words), "field": one.field} for one in errors]
    return JsonResponse({"errors": told}, status=status, json_dumps_params={"ensure_ascii": False})


class MomentField(forms.CharField):
    """A moment in ISO 8601; without an offset it is meant here."""

    def to_python(self, value: Any) -> datetime | None:  # type: ignore[override]  # text in, a moment out
        text = super().to_python(value)
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
            return timezone.make_aware(moment) if timezone.is_naive(moment) else timezone.localtime(moment)
        except (ValueError, OverflowError) as error:
            raise ValidationError(_("请写成 2026-11-23T10:05:00+08:00 这样的时间"), code="not_a_moment") from error


class CalledForm(PortalForm):
    """One call, as a window system tells it."""

    hall = LineField(label="hall", max_length=40)
    window = LineField(label="window", max_length=20)
    project_number = LineField(label="project_number", max_length=60)
    service_number = forms.IntegerField(label="service_number", min_value=1, max_value=9999)
    item_code = LineField(label="item_code", max_length=33)
    served_at = MomentField(label="served_at")
    staff_number = LineField(label="staff_number", max_length=150, required=False)
    applicant = LineField(label="applicant", max_length=200, required=False)


@csrf_exempt
def called(request: HttpRequest) -> HttpResponse:
    """Takes one call; the same call again changes nothing but how long it is shown."""
    if request.method != "POST":
        refused = ApiError(HTTPStatus.METHOD_NOT_ALLOWED, "method_not_allowed", _("只能用 POST"))
        response = _errors(refused.status, [refused])
        response["Allow"] = "POST"
        return response
    try:
        key = _key(request)
        form = CalledForm(_body(request))
        if not form.is_valid():
            return _errors(HTTPStatus.UNPROCESSABLE_ENTITY, _faults(form))
        return _take(key, form.cleaned_data, timezone.now())
    except ApiError as error:
        response = _errors(error.status, [error])
        if error.status == HTTPStatus.UNAUTHORIZED:
            response["WWW-Authenticate"] = 'Bearer realm="window"'
        if error.status == HTTPStatus.TOO_MANY_REQUESTS:
            response["Retry-After"] = "20"
        return response


def _key(request: HttpRequest) -> WindowKey:
    """Whose key came with the request. Wrong ones are counted by network, right ones by key."""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    key = tablets.key_with_secret(secret.strip()) if scheme.lower() == "bearer" and secret.isascii() else None
    wrong = f"api:wrong:{network_of(surroundings().address)}"
    bucket, most = (f"api:window:{key.pk}", settings.KIOSK_CALLS_PER_MINUTE) if key else (wrong, WRONG_KEYS)
    if not take_tokens(bucket, capacity=most, per=MINUTE, at=timezone.now()):
        raise ApiError(HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests", _("请求太多,请 20 秒后再试"))
    if key is None:
        raise ApiError(HTTPStatus.UNAUTHORIZED, "key_unknown", _("密钥不对或已停用"))
    return key


def _body(request: HttpRequest) -> dict[str, Any]:
    """The fields of the message as texts and numbers; whatever else is in it is refused by the form."""
    if request.content_type != "application/json":
        raise ApiError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not_json", _("请用 application/json"))
    try:
        raw = request.body
    except RequestDataTooBig:
        raw = b"x" * (MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise ApiError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", _("内容太长"))
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise ApiError(HTTPStatus.BAD_REQUEST, "unreadable", _("内容不是一个 JSON 对象"))
    return {name: value for name, value in told.items() if isinstance(value, str | int) and not isinstance(value, bool)}


def _faults(form: CalledForm) -> list[ApiError]:
    found = []
    for field, errors in form.errors.as_data().items():
        for error in errors:
            words = "".join(error.messages)
            found.append(ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, error.code or "invalid", words, field))
    return found


def _take(key: WindowKey, told: dict[str, Any], at: datetime) -> HttpResponse:
    window, item, staff = _window(key, told), _item(told["item_code"]), _staff(told["staff_number"])
    if told["served_at"] > at + AHEAD or timezone.localdate(told["served_at"]) != timezone.localdate(at):
        raise _wrong("served_at_not_today", _("服务时间应是今天,且不晚于现在"), "served_at")
    try:
        done = call_service(
            window=window,
            item=item,
            project_number=told["project_number"],
            service_number=told["service_number"],
            served_at=told["served_at"],
            staff=staff,
            applicant=told["applicant"],
            at=at,
        )
    except ServedElsewhere as error:
        words = _("这次服务已登记在别的窗口")
        raise ApiError(HTTPStatus.CONFLICT, "served_elsewhere", words, "window") from error
    note_key_use(key, at=at)
    until = timezone.localtime(done.until).isoformat() if done.until else None
    return JsonResponse({"rated": until is None, "shown_until": until})


def _wrong(name: str, words: Promise | str, field: str) -> ApiError:
    return ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, name, words, field)


def _window(key: WindowKey, told: dict[str, Any]) -> Window:
    if told["hall"] != key.hall.code:
        raise ApiError(HTTPStatus.FORBIDDEN, "hall_not_yours", _("这个密钥不属于这个大厅"), "hall")
    windows = Window.objects.select_related("unit__region", "hall").filter(hall=key.hall, closed_on=None)
    found = windows.filter(number=told["window"]).first()
    if found is None:
        raise _wrong("window_unknown", gettext("这个大厅没有窗口“%(number)s”") % {"number": told["window"]}, "window")
    return found


def _item(code: str) -> ServiceItem:
    # 33 characters name a part of a matter; the first 31 are the matter (domain.md §13.2).
    found = ServiceItem.objects.filter(code=code[:31] if len(code) == 33 else code).first()
    if found is None:
        raise _wrong("item_unknown", gettext("没有事项“%(code)s”") % {"code": code}, "item_code")
    return found


def _staff(number: str) -> Staff | None:
    if not number:
        return None
    found = Staff.objects.filter(username=number, is_active=True).first()
    if found is None:
        raise _wrong("staff_unknown", gettext("没有工号“%(number)s”") % {"number": number}, "staff_number")
    return found
