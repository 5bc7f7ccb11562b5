"""Questions about the tablets at the windows: whose they are, what they show, who looks after them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from common.ids import keyed_hash
from evaluations.models import CalledService, Device, Service, WindowKey
from evaluations.presence import silent_since
from evaluations.queries import services_at_window, unrated
from organizations.enums import Role
from organizations.models import Hall, Staff, Window, any_prefix
from organizations.queries import supervisors_of_unit, system_administrators, working_calendar

SHOWN, SHOWN_EARLIER = 6, 30


def device_with_secret(secret: str) -> Device | None:
    """The device that holds this key, with everything its pages show."""
    related = "window__hall__unit", "window__unit__region", "pulse"
    return Device.objects.select_related(*related).filter(secret_hash=secret_hash(secret), revoked_at=None).first()


def secret_hash(secret: str) -> str:
    """What is stored of a device's key."""
    return keyed_hash("device", secret)


def key_with_secret(secret: str) -> WindowKey | None:
    """The window system's key with this secret, if it is in use."""
    hashed = keyed_hash("window-key", secret)
    return WindowKey.objects.select_related("hall").filter(secret_hash=hashed, revoked_at=None).first()


@dataclass(frozen=True)
class Offered:
    """What a tablet offers to rate: the service just called, or today's services that nobody has rated."""

    window: Window
    called: Service | None
    services: list[Service]

    @property
    def mark(self) -> str:
        """Another one as soon as something else is offered, or the tablet stands at another window."""
        offered = [*filter(None, [self.called]), *self.services]
        return "-".join([str(self.window.pk), *(service.pk.hex[-8:] for service in offered)])


def offered_at(window: Window, at: datetime, *, others: bool = False) -> Offered:
    """What a window's tablet offers now.

    Args:
        others: the list, even though a service has been called; and more of it.
    """
    if not others and (called := called_at(window, at)):
        return Offered(window, called, [])
    most = SHOWN_EARLIER if others else SHOWN
    # One more than is shown says that there are earlier ones.
    return Offered(window, None, list(services_at_window(window, timezone.localdate(at))[: most + 1]))


def called_at(window: Window, at: datetime) -> Service | None:
    """The service that a window has called, while it is shown and as long as nobody has rated it."""
    shown = CalledService.objects.filter(window=window, until__gt=at)
    return unrated(Service.objects.filter(pk__in=shown.values("service_id"))).select_related("item").first()


def silence_limit(at: datetime) -> datetime | None:
    """The moment since when a device must have been heard of; None outside office hours."""
    today = timezone.localdate(at)
    return silent_since(
        timezone.localtime(at),
        working=working_calendar(today, today).is_working(today),
        opening=settings.OFFICE_OPENING,
        closing=settings.OFFICE_CLOSING,
        limit=timedelta(minutes=settings.KIOSK_SILENT_MINUTES),
    )


def untold_silences(since: datetime) -> QuerySet[Device]:
    """The silent devices of whose present silence nobody has been told."""
    untold = Q(pulse__silence_told_at=None) | Q(pulse__silence_told_at__lt=F("pulse__last_seen_at"))
    return Device.objects.silent(since).filter(untold)


def desk_of(window: Window, day: date) -> set[int]:
    """Who is told of a window's tablet: the supervisors of its unit and of the hall's; else the administrators."""
    told = {person.pk for unit in (window.unit, window.hall.unit) for person in supervisors_of_unit(unit, day)}
    return told or system_administrators(day)


def windows_of(user: Staff) -> QuerySet[Window]:
    """The open windows whose tablets somebody looks after."""
    windows = Window.objects.filter(closed_on=None).select_related("hall__unit", "unit")
    if user.has_role(Role.SYSTEM_ADMIN):
        return windows
    paths = [duty.unit.path for duty in user.duties if duty.role == Role.UNIT_SUPERVISOR]
    return windows.filter(any_prefix("unit__path", paths) | any_prefix("hall__unit__path", paths))


def halls_of(user: Staff) -> QuerySet[Hall]:
    """The halls whose window systems somebody gives keys to."""
    if user.has_role(Role.SYSTEM_ADMIN):
        return Hall.objects.all()
    paths = [duty.unit.path for duty in user.duties if duty.role == Role.UNIT_SUPERVISOR]
    return Hall.objects.filter(any_prefix("unit__path", paths))
