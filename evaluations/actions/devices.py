"""The tablets at the windows: put up, moved and taken away on the desk; enrolled by a code; watched by the clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypedDict, Unpack

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from common.actions import NoticeText, notify, record_audit
from common.actors import SYSTEM, Actor
from common.ids import keyed_hash, new_token, readable_number
from evaluations import tablets
from evaluations.access import looks_after
from evaluations.models import Device, DevicePulse
from organizations.actions import Refused
from organizations.actions.core import change, check
from organizations.models import Staff, Unit, Window
from organizations.queries import staff_actor

KIND = "device"
# A key that strays is reported once an hour, however often it knocks.
STRAY_AGAIN = timedelta(hours=1)


class DeviceFacts(TypedDict, total=False):
    name: str
    window: Window
    takes_text: bool


@transaction.atomic
def add_device(*, by: Staff, at: datetime, **facts: Unpack[DeviceFacts]) -> tuple[Device, str]:
    """A tablet for a window.

    Returns:
        The device, and the code by which the tablet enrols, which is stored nowhere.

    Raises:
        PermissionDenied: the window is not theirs to look after; so for every act below that has a `by`.
        Refused: a field is wrong.
    """
    device = Device(**facts)
    actor = acting(by, device.window.unit, device.window.hall.unit)
    code = _new_code(device, at)
    check(device)
    device.save()
    record_audit("device.create", (KIND, device.pk), by=actor, at=at, after=_facts(device))
    return device, code


@transaction.atomic
def change_device(device: Device, *, by: Staff, at: datetime, **facts: Unpack[DeviceFacts]) -> bool:
    """Renames a tablet, moves it to another window, or lets text be written on it.

    Returns:
        Whether anything differed.

    Raises:
        Refused: it has been revoked.
    """
    locked, actor = _locked(device, by)
    if window := facts.get("window"):
        acting(by, window.unit, window.hall.unit)
    return change(locked, KIND, str(locked.pk), facts, actor=actor, at=at)


@transaction.atomic
def issue_code(device: Device, *, by: Staff, at: datetime) -> str:
    """A new enrolment code; the tablet that is enrolled keeps working until the code is used.

    Returns:
        The code, which is stored nowhere.

    Raises:
        Refused: it has been revoked.
    """
    locked, actor = _locked(device, by)
    code = _new_code(locked, at)
    locked.save(update_fields=["code_hash", "code_until"])
    record_audit("device.issue_code", (KIND, locked.pk), by=actor, at=at)
    return code


@transaction.atomic
def revoke_device(device: Device, *, note: str, by: Staff, at: datetime) -> None:
    """Ends a tablet's key and its code at once; it shows nothing any more.

    Raises:
        Refused: it has been revoked before.
    """
    locked, actor = _locked(device, by)
    locked.code_hash = locked.secret_hash = ""
    locked.code_until, locked.revoked_at = None, at
    locked.save(update_fields=["code_hash", "secret_hash", "code_until", "revoked_at"])
    record_audit("device.revoke", (KIND, locked.pk), by=actor, at=at, reason=note)


def acting(by: Staff, *units: Unit) -> Actor:
    """How somebody appears in history who looks after the tablets of one of these units.

    Raises:
        PermissionDenied: they do not.
    """
    duty = next((duty for duty in by.duties if looks_after(duty, *units)), None)
    if duty is None:
        raise PermissionDenied
    return staff_actor(by, duty)


def _locked(device: Device, by: Staff) -> tuple[Device, Actor]:
    related = "window__unit", "window__hall__unit"
    locked = Device.objects.select_for_update(of=("self",)).select_related(*related).get(pk=device.pk)
    actor = acting(by, locked.window.unit, locked.window.hall.unit)
    if locked.revoked_at:
        raise Refused(_("这台评价器已停用。"))
    return locked, actor


def _new_code(device: Device, at: datetime) -> str:
    code = readable_number()
    device.code_hash = _code_hash(code)
    device.code_until = at + timedelta(minutes=settings.KIOSK_CODE_MINUTES)
    return code


def _code_hash(code: str) -> str:
    return keyed_hash("device-code", code.replace("-", ""))


def _facts(device: Device) -> dict[str, object]:
    return {"name": device.name, "window": str(device.window), "takes_text": device.takes_text}


@transaction.atomic
def enrol_device(code: str, *, network: str, at: datetime) -> tuple[Device, str] | None:
    """Makes the tablet that knows a code the device it was made for. The code is spent; an earlier key ends.

    Args:
        code: as typed, in capitals, with or without the dash.
        network: where the tablet stands (`presence.network_of`); its key is bound to it.

    Returns:
        The device and its key, of which only the hash is stored; None for a code that is wrong, spent or too old.
    """
    waiting = Device.objects.select_for_update(of=("self",)).filter(code_hash=_code_hash(code), code_until__gt=at)
    device = waiting.filter(revoked_at=None).first()
    if device is None:
        return None
    secret = new_token()
    device.secret_hash, device.code_hash, device.code_until = tablets.secret_hash(secret), "", None
    device.enrolled_at, device.network = at, network
    device.foreign_at, device.foreign_network = None, ""
    device.save()
    DevicePulse.objects.update_or_create(device=device, defaults={"last_seen_at": at, "silence_told_at": None})
    record_audit("device.enrol", (KIND, device.pk), by=SYSTEM, at=at, after={"network": network})
    return device, secret


def note_pulse(device: Device, *, at: datetime, battery: int | None = None, charging: bool | None = None) -> None:
    """Notes that a device is there, and what it tells of its battery, if it does (percent)."""
    told = {} if battery is None else {"battery": battery, "charging": charging}
    DevicePulse.objects.filter(device=device).update(last_seen_at=at, **told)


@transaction.atomic
def report_stray(device: Device, *, network: str, at: datetime) -> None:
    """Reports a key that came from another network than its tablet's, to the hall and on the trail; once an hour."""
    locked = Device.objects.select_for_update(of=("self",)).get(pk=device.pk)
    if locked.foreign_network == network and locked.foreign_at and at - locked.foreign_at < STRAY_AGAIN:
        return
    locked.foreign_network, locked.foreign_at = network, at
    locked.save(update_fields=["foreign_network", "foreign_at"])
    seen = {"enrolled": locked.network, "seen": network}
    record_audit("device.stray", (KIND, locked.pk), by=SYSTEM, at=at, after=seen, success=False)
    _tell(device, "stray", f"{network}:{at.isoformat()}", at, network)


def watch_devices(*, at: datetime, limit: int = 500) -> int:
    """Tells the desk of every tablet that has fallen silent in office hours: once per silence.

    Returns:
        Of how many devices somebody was told.
    """
    since = tablets.silence_limit(at)
    if since is None:
        return 0
    silent = list(tablets.untold_silences(since).values_list("pk", flat=True)[:limit])
    return sum(_tell_silence(pk, since, at) for pk in silent)


@transaction.atomic
def _tell_silence(pk: int, since: datetime, at: datetime) -> bool:
    claimed = DevicePulse.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
    related = "window__unit", "window__hall__unit"
    device = tablets.untold_silences(since).select_related(*related).filter(pk=pk).first()
    if claimed is None or device is None:
        return False
    claimed.silence_told_at = at
    claimed.save(update_fields=["silence_told_at"])
    _tell(device, "silent", claimed.last_seen_at.isoformat(), at)
    return True


def _tell(device: Device, what: str, once: str, at: datetime, *more: str) -> None:
    notice = NoticeText(
        key=f"{KIND}.{what}:{device.pk}:{once}",
        kind=f"{KIND}.{what}",
        text=" · ".join([f"{device.window.hall} {device.window}", device.name, *more]),
        url=reverse("device", args=[device.pk]),
    )
    notify(tablets.desk_of(device.window, timezone.localdate(at)), notice, at=at)
