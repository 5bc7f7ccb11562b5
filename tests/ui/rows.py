"""The pages table: one row for every address that shows a page. A route without a row fails the build.

A row says who looks, and which address stands for the route in the demo city. `spoil` is what to press on the
untouched form, for the error state; `empty` an address that leads to the same page with nothing to show.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.support.portal import Portal

Address = Callable[[Portal], str]
SEND = "main form button[type=submit]"


def first(statement: str, pattern: str) -> Address:
    """The address of the one row that a statement finds."""

    def address(portal: Portal) -> str:
        [(value,)] = portal.query(statement)
        return pattern.format(value)

    return address


@dataclass(frozen=True)
class Row:
    """One page.

    account: of the demo, or "" for a citizen.
    address: what stands for the route in the demo city.
    status: what the page answers.
    spoil: selectors of what is pressed one after the other; the last one sends the form.
    empty: an address that shows the same page without rows.
    """

    account: str
    address: Address | str
    status: int = 200
    spoil: str | tuple[str, ...] = ()
    empty: Address | str = ""

    def url(self, portal: Portal, state: str = "default") -> str:
        wanted = self.empty if state == "empty" else self.address
        return wanted if isinstance(wanted, str) else wanted(portal)

    @property
    def presses(self) -> tuple[str, ...]:
        return (self.spoil,) if isinstance(self.spoil, str) else self.spoil

    @property
    def states(self) -> list[str]:
        return ["default"] + ["error"] * bool(self.spoil) + ["empty"] * bool(self.empty)


def case_in(state: str, unit: str = "") -> Address:
    """The newest case in a state, of a unit if one is named."""

    def address(portal: Portal) -> str:
        return f"/desk/cases/{number_in(portal, state, unit)}/"

    return address


def act_on(action: str, state: str, unit: str = "") -> Address:
    """The form of an act on such a case."""

    def address(portal: Portal) -> str:
        return f"/desk/cases/{number_in(portal, state, unit)}/{action}/"

    return address


def number_in(portal: Portal, state: str, unit: str = "") -> str:
    """The number of the newest case in a state."""
    rows = portal.query(
        "SELECT c.number FROM rectification_case c JOIN organizations_unit u ON u.id = c.unit_id"
        " WHERE c.state = %s AND (u.code = %s OR %s = '') ORDER BY c.id DESC LIMIT 1",
        state,
        unit,
        unit,
    )
    assert rows, f"the demo city has no case in state {state} {unit}"
    return str(rows[0][0])


_links: dict[str, str] = {}


def fresh_link(portal: Portal) -> str:
    """The address of a service that nobody has rated, and that no look at a page rates; a portal is asked once."""
    if portal.address not in _links:
        line = next(line for line in portal.manage("demo_accounts").splitlines() if "/r/" in line)
        _links[portal.address] = "/r/" + line.rsplit("/r/", 1)[1].strip()
    return _links[portal.address]


def guide(portal: Portal) -> str:
    """The rating page of an item's guide."""
    [[code]] = portal.query("SELECT code FROM organizations_serviceitem ORDER BY code LIMIT 1")
    return f"/rate/guide/{code}/"


def guide_when_many_rate(portal: Portal) -> str:
    """The same, from a network whose ratings of this minute, and of the day, are used up."""
    portal.query(
        "INSERT INTO common_tokenbucket (key, tokens, updated_at)"
        " VALUES ('rate:address:127.0.0.1', 0, now() + interval '1 day')"
        " ON CONFLICT (key) DO UPDATE SET tokens = 0, updated_at = excluded.updated_at RETURNING key"
    )
    return guide(portal)


def window_sign(portal: Portal) -> str:
    [(code,)] = portal.query("SELECT sign_code FROM organizations_window ORDER BY id LIMIT 1")
    return f"/w/{code}/"


PUT_UP = """
from django.utils import timezone
from evaluations.actions import add_device, add_window_key, enrol_device
from organizations.models import Staff, Window
window = Window.objects.select_related("unit", "hall__unit").filter(unit__code="370600-GAJ")[0]
now = timezone.now()
device, code = add_device(name="A12 评价器", window=window, by=Staff.objects.get(username="zheng"), at=now)
enrol_device(code, network="127.0.0.0/24", at=now)
key, _secret = add_window_key(hall=window.hall, name="叫号系统", by=Staff.objects.get(username="xu"), at=now)
"""


DOUBT = """
from datetime import timedelta
from django.conf import settings
from django.utils import timezone
from assessment.actions import look_at_day
from evaluations.actions import Rated, Words, submit_evaluation
from evaluations.presence import Trace
from organizations.models import Window
from rectification.enums import Target
settings.INTEGRITY["base_days"] = 2
now = timezone.now() - timedelta(days=1)
window = Window.objects.select_related("unit__region", "hall").filter(unit__code="370600-GAJ")[0]
rated = Rated(target=Target.WINDOW, unit=window.unit, hall=window.hall, window=window)
for n in range(30):
    mark = "f" * 16 if n % 3 else f"{n:016x}"
    at = now - timedelta(minutes=3 * n)
    words = Words(level=5, text="很快就办好了")
    submit_evaluation(rated, words, channel="window_qr", origin="unmatched", at=at, trace=Trace(mark))
for day in {timezone.localdate(now), timezone.localdate(now - timedelta(minutes=87))}:
    look_at_day(day, at=timezone.now())
"""


def finding_at(*more: str) -> Callable[[Portal], str]:
    """The page of a finding, or of an act on it; it is made once."""

    def address(portal: Portal) -> str:
        wanted = "SELECT min(id) FROM assessment_finding WHERE signal = 'device' AND state = 'open'"
        if portal.query(wanted)[0][0] is None:
            portal.manage("shell", "-v", "0", "-c", DOUBT)
        return "/".join(["/desk/findings", str(portal.query(wanted)[0][0]), *more, ""])

    return address


def device_at(portal: Portal) -> str:
    """The page of a tablet in use; it is put up once."""
    return f"/desk/devices/{_put_up(portal, 'evaluations_device')}/"


def window_key_at(portal: Portal) -> str:
    """The address of a window system's key."""
    return f"/desk/devices/keys/{_put_up(portal, 'evaluations_windowkey')}/"


def _put_up(portal: Portal, table: str) -> int:
    found = portal.query(f"SELECT min(id) FROM {table}")
    if found[0][0] is None:
        portal.manage("shell", "-v", "0", "-c", PUT_UP)
        found = portal.query(f"SELECT min(id) FROM {table}")
    return int(found[0][0])
