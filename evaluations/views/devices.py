"""The desk's pages on the tablets at the windows and the keys of window systems."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from evaluations import actions, tablets
from evaluations.access import MANAGES_DEVICES
from evaluations.forms import DeviceForm, WindowKeyForm
from evaluations.models import Device, WindowKey
from organizations.actions import Refused
from organizations.forms import ReasonForm
from organizations.views.doors import Page, for_roles, keyset, one_act, staff_of
from rectification.words import DueChip, span_words

RELATED = "window__hall", "window__unit", "pulse"


def chip(device: Device, *, at: datetime, silent: datetime | None) -> DueChip:
    """How a device is, as a shape and words.

    Args:
        silent: the moment since when it must have been heard of (`tablets.silence_limit`).
    """
    if device.revoked_at:
        return DueChip("paused", _("已停用"))
    if not device.secret_hash:
        waits = device.code_until is not None and device.code_until > at
        return DueChip("soon", _("等待登记") if waits else _("登记码已过期"))
    ago = at - device.pulse.last_seen_at
    words = _("%(span)s前") % {"span": span_words(ago)}
    if silent and device.pulse.last_seen_at < silent:
        return DueChip("overdue", _("失联 %(span)s") % {"span": span_words(ago)})
    return DueChip("open", words)


@dataclass(frozen=True)
class Line:
    """One device of the list."""

    device: Device
    chip: DueChip


@require_safe
@for_roles(MANAGES_DEVICES)
def devices(request: HttpRequest) -> HttpResponse:
    """The devices somebody looks after, with their sign of life; `?only=silent` those that have fallen silent."""
    now = timezone.now()
    since = tablets.silence_limit(now)
    mine = Device.objects.visible_to(staff_of(request)).select_related(*RELATED)
    silent = mine.silent(since) if since else mine.none()
    only = request.GET.get("only") == "silent"
    page = keyset(request, silent if only else mine, "pk")
    tabs = [
        {"url": reverse("devices"), "label": _("全部"), "count": mine.count(), "current": not only},
        {"url": "?only=silent", "label": _("失联"), "count": silent.count(), "current": only},
    ]
    lines = [Line(device, chip(device, at=now, silent=since)) for device in page.rows]
    return render(request, "evaluations/devices/list.html", {"page": page, "lines": lines, "tabs": tabs})


@for_roles(MANAGES_DEVICES)
@sensitive_variables("code")
def add(request: HttpRequest) -> HttpResponse:
    """A new tablet; its code is shown once, in no message, session or log."""
    user = staff_of(request)
    form = DeviceForm(request.POST or None, windows=tablets.windows_of(user))
    page = Page(_("新增评价器"), reverse("devices"), _("生成登记码"), "")
    made = _once(form, lambda at: actions.add_device(**form.cleaned_data, by=user, at=at), request)
    if made is not None:
        return _show_code(request, *made)
    return render(request, "organizations/one_act.html", {"form": form, "page": page})


def _once(form: Form, act: Callable[[datetime], Any], request: HttpRequest) -> Any:
    """What an act gives that is shown once; None while the form stands or the act is refused."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return act(timezone.now())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None


def _show_code(request: HttpRequest, device: Device, code: str) -> HttpResponse:
    address = f"{settings.PORTAL_URL}{reverse('kiosk')}"
    context = {
        "device": device,
        "code": code,
        "address": address,
        "scan": f"{address}?{urlencode({'code': code})}",
        "minutes": settings.KIOSK_CODE_MINUTES,
    }
    return render(request, "evaluations/devices/code.html", context)


def _own(request: HttpRequest, pk: int) -> Device:
    mine = Device.objects.visible_to(staff_of(request)).select_related("window__hall__unit", "window__unit", "pulse")
    return get_object_or_404(mine, pk=pk)


@for_roles(MANAGES_DEVICES)
def device(request: HttpRequest, pk: int) -> HttpResponse:
    """One device: how it is, and its facts as a form, by which it is moved."""
    row, user, now = _own(request, pk), staff_of(request), timezone.now()
    initial = {"name": row.name, "window": row.window, "takes_text": row.takes_text}
    form = DeviceForm(request.POST or None, initial=initial, windows=tablets.windows_of(user))
    page = Page("", reverse("device", args=[pk]), _("保存"), _("已保存。"), subject=str(row))
    return one_act(
        request,
        form,
        lambda **who: actions.change_device(row, **form.cleaned_data, **who),
        page,
        template="evaluations/devices/device.html",
        device=row,
        chip=chip(row, at=now, silent=tablets.silence_limit(now)),
        code_until=_clock(row.code_until) if row.code_until and row.code_until > now else "",
    )


def _clock(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "TIME_FORMAT")


@for_roles(MANAGES_DEVICES)
@sensitive_variables("code")
def code(request: HttpRequest, pk: int) -> HttpResponse:
    """A new code for a device: it was reset, has moved to another hall's network, or the first code was not used."""
    row, user = _own(request, pk), staff_of(request)
    form = Form(request.POST if request.method == "POST" else None)
    page = Page(
        _("重新生成登记码"),
        reverse("device", args=[pk]),
        _("重新生成登记码"),
        "",
        about=_("用新码登记以后,原来的平板不再能用。"),
        subject=str(row),
    )
    code = _once(form, lambda at: actions.issue_code(row, by=user, at=at), request)
    if code is not None:
        return _show_code(request, row, code)
    return render(request, "organizations/one_act.html", {"form": form, "page": page})


@for_roles(MANAGES_DEVICES)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    row = _own(request, pk)
    form = ReasonForm(request.POST or None)
    page = Page(
        _("停用评价器"),
        reverse("device", args=[pk]),
        _("停用评价器"),
        _("已停用。"),
        about=_("立即生效:平板不再显示评价页。已有评价不变。"),
        danger=True,
        subject=str(row),
    )
    return one_act(request, form, lambda **who: actions.revoke_device(row, **form.cleaned_data, **who), page)


@require_safe
@for_roles(MANAGES_DEVICES)
def keys(request: HttpRequest) -> HttpResponse:
    """The keys of the window systems of one's halls."""
    mine = WindowKey.objects.visible_to(staff_of(request)).select_related("hall")
    context = {"keys": mine, "address": f"{settings.PORTAL_URL}{reverse('window-called')}"}
    return render(request, "evaluations/devices/keys.html", context)


@for_roles(MANAGES_DEVICES)
@sensitive_variables("made")
def add_key(request: HttpRequest) -> HttpResponse:
    """A new key, shown once."""
    user = staff_of(request)
    form = WindowKeyForm(request.POST or None, halls=tablets.halls_of(user))
    page = Page(_("新增窗口系统密钥"), reverse("window-keys"), _("生成密钥"), "")
    made = _once(form, lambda at: actions.add_window_key(**form.cleaned_data, by=user, at=at), request)
    if made is not None:
        return render(request, "evaluations/devices/key.html", {"key": made[0], "secret": made[1]})
    return render(request, "organizations/one_act.html", {"form": form, "page": page})


@for_roles(MANAGES_DEVICES)
def revoke_key(request: HttpRequest, pk: int) -> HttpResponse:
    mine = WindowKey.objects.visible_to(staff_of(request)).select_related("hall__unit")
    row = get_object_or_404(mine, pk=pk)
    form = ReasonForm(request.POST or None)
    page = Page(
        _("停用密钥"),
        reverse("window-keys"),
        _("停用密钥"),
        _("已停用。"),
        about=_("立即生效:用这个密钥的窗口系统不能再推送。"),
        danger=True,
        subject=str(row),
    )
    return one_act(request, form, lambda **who: actions.revoke_window_key(row, **form.cleaned_data, **who), page)
