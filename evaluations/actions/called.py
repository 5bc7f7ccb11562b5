"""What a window system says: which service a window has called. And the keys by which it may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from common.actions import record_audit
from common.ids import keyed_hash, new_token
from evaluations.actions.devices import acting
from evaluations.actions.services import record_service
from evaluations.enums import ServiceSource
from evaluations.models import CalledService, Service, WindowKey
from evaluations.queries import rating_of
from organizations.actions.core import check
from organizations.models import Hall, ServiceItem, Staff, Window

KIND = "window_key"
# The last use is written at most this often: a busy hall calls every second.
GRAIN = timedelta(minutes=1)


class ServedElsewhere(Exception):
    """The service of this key is known from another window."""


@dataclass(frozen=True)
class Called:
    """What became of a call: until when the window's tablet shows it; None if it has been rated."""

    service: Service
    until: datetime | None


@transaction.atomic
def call_service(
    *,
    window: Window,
    item: ServiceItem,
    project_number: str,
    service_number: int,
    served_at: datetime,
    at: datetime,
    staff: Staff | None = None,
    applicant: str = "",
) -> Called:
    """Notes the service a window has called and puts it before the window's tablet for some minutes.

    It may be said again: then it is shown for as long again. What the unit at the window does, it answers for.

    Args:
        window: with its unit.
        applicant: kept as a keyed index only.
        at: now; `served_at` is when the service was given.

    Raises:
        ServedElsewhere: this key belongs to a service of another window.
    """
    service = record_service(
        source=ServiceSource.HALL,
        project_number=project_number,
        service_number=service_number,
        item=item,
        unit=window.unit,
        window=window,
        staff=staff,
        served_at=served_at,
        applicant=applicant,
        at=at,
    )
    if service.window_id != window.pk:
        raise ServedElsewhere(str(service))
    if rating_of(service.key):
        return Called(service, None)
    until = at + timedelta(minutes=settings.KIOSK_CALL_MINUTES)
    CalledService.objects.update_or_create(
        window=window, defaults={"service_id": service.pk, "called_at": at, "until": until}
    )
    return Called(service, until)


@transaction.atomic
def add_window_key(*, hall: Hall, name: str, by: Staff, at: datetime) -> tuple[WindowKey, str]:
    """A key for the window system of a hall.

    Returns:
        The row, and the key itself, which is stored nowhere.

    Raises:
        PermissionDenied: the hall is not theirs to look after.
        Refused: a field is wrong.
    """
    actor = acting(by, hall.unit)
    secret = f"wk_{new_token()}"
    key = WindowKey(hall=hall, name=name, secret_hash=keyed_hash("window-key", secret), made_at=at)
    check(key)
    key.save()
    record_audit("window_key.create", (KIND, key.pk), by=actor, at=at, after={"hall": hall.code, "name": name})
    return key, secret


@transaction.atomic
def revoke_window_key(key: WindowKey, *, note: str, by: Staff, at: datetime) -> bool:
    """Ends a key at once; returns whether it was in use.

    Raises:
        PermissionDenied: the hall is not theirs to look after.
    """
    actor = acting(by, key.hall.unit)
    if not WindowKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=at):
        return False
    record_audit("window_key.revoke", (KIND, key.pk), by=actor, at=at, reason=note)
    return True


def note_key_use(key: WindowKey, *, at: datetime) -> None:
    """Notes that a key is in use, to the minute."""
    old = Q(last_used_at=None) | Q(last_used_at__lt=at - GRAIN)
    WindowKey.objects.filter(old, pk=key.pk).update(last_used_at=at)
