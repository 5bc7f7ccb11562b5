"""Where a device is, whether it belongs there, and the marks it leaves. Pure: the present comes in as an argument."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from common.ids import keyed_hash

MARK = 16


def network_of(address: str | None) -> str:
    """The network an address lies in: the /24 of an IPv4 address, the /64 of an IPv6 one.

    A hall's tablets share one, and get another address in it with every lease.

    Returns:
        In prefix notation; empty where no address is known.
    """
    if not address:
        return ""
    size = 64 if ":" in address else 24
    return str(ipaddress.ip_network(f"{address}/{size}", strict=False))


def strays(enrolled: str, now: str, *, bound: bool) -> bool:
    """Whether a device's key comes from another network than the one it was enrolled in (reliability.md §8.2).

    Args:
        enrolled, now: as `network_of` says them.
        bound: setting KIOSK_NETWORK_BOUND.
    """
    return bound and enrolled != now


def silent_since(at: datetime, *, working: bool, opening: time, closing: time, limit: timedelta) -> datetime | None:
    """The moment since when a device must have been heard of; one that was not is silent.

    A tablet may sleep while the office is closed, so a silence begins at the opening of the day at the earliest.

    Args:
        at: the present, in the office's own time.
        working: whether offices work on this day.
        opening, closing: of the office.
        limit: how long a device may be silent.

    Returns:
        None when nobody need be heard of now.
    """
    first = datetime.combine(at.date(), opening, at.tzinfo)
    last = datetime.combine(at.date(), closing, at.tzinfo)
    return at - limit if working and first + limit <= at < last else None


@dataclass(frozen=True)
class Trace:
    """From where a rating came, as `RatingTrace` keeps it.

    Attributes:
        device, network: marks, empty where unknown.
        tablet: primary key of a `Device`.
        staff: the browser was signed in as staff.
    """

    device: str = ""
    network: str = ""
    tablet: int | None = None
    staff: bool = False

    @property
    def columns(self) -> dict[str, object]:
        """The parameters of the statement that writes a rating."""
        traced = bool(self.device or self.network or self.tablet or self.staff)
        named = {"device": self.device, "network": self.network, "tablet": self.tablet}
        return {**named, "as_staff": self.staff, "traced": traced}


UNTRACED = Trace()


def browser_mark(cookie: str, day: date) -> str:
    """The mark of a browser by the random cookie that guards its forms: another one in each calendar month."""
    return keyed_hash(f"trace-device:{day:%Y-%m}", cookie)[:MARK] if cookie else ""


def network_mark(network: str, day: date) -> str:
    """The mark of a network (`network_of`): another one each day."""
    return keyed_hash(f"trace-network:{day:%F}", network)[:MARK] if network else ""
