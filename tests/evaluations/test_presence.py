"""Networks and silences, as rules: no database, no clock."""

from __future__ import annotations

import ipaddress
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.presence import browser_mark, network_mark, network_of, silent_since, strays

HERE = ZoneInfo("Asia/Shanghai")
LIMIT = timedelta(minutes=5)
HOURS = {"opening": time(8, 30), "closing": time(17), "limit": LIMIT}


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.20.30.40", "10.20.30.0/24"),
        ("10.20.30.255", "10.20.30.0/24"),
        ("2001:db8:1:2:3::9", "2001:db8:1:2::/64"),
        (None, ""),
        ("", ""),
    ],
)
def test_the_network_of_an_address(address: str | None, network: str) -> None:
    assert network_of(address) == network


@given(st.ip_addresses(v=4), st.integers(0, 255))
def test_every_lease_of_a_hall_is_one_network(address: ipaddress.IPv4Address, other: int) -> None:
    neighbour = ipaddress.IPv4Address(int(address) & ~0xFF | other)
    assert network_of(str(address)) == network_of(str(neighbour))
    assert network_of(str(address)) != network_of(str(ipaddress.IPv4Address(int(address) ^ 0x100)))


def test_a_key_strays_when_it_is_bound_and_elsewhere() -> None:
    assert strays("10.0.0.0/24", "10.0.1.0/24", bound=True)
    assert strays("10.0.0.0/24", "", bound=True), "an address nobody knows is another network"
    assert not strays("10.0.0.0/24", "10.0.0.0/24", bound=True)
    assert not strays("10.0.0.0/24", "10.0.1.0/24", bound=False)


@pytest.mark.parametrize(
    ("clock", "since"),
    [
        (time(8, 29), None),
        (time(8, 34), None),  # the first tablets are only just awake
        (time(8, 35), time(8, 30)),
        (time(12, 0), time(11, 55)),
        (time(16, 59), time(16, 54)),
        (time(17, 0), None),
        (time(23, 0), None),
    ],
)
def test_silence_is_reckoned_from_the_opening_to_the_closing(clock: time, since: time | None) -> None:
    day = date(2026, 11, 23)
    expected = datetime.combine(day, since, HERE) if since else None
    assert silent_since(datetime.combine(day, clock, HERE), working=True, **HOURS) == expected


@given(st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 12, 31)))
def test_nobody_is_silent_on_a_day_off_and_nobody_before_the_day_began(naive: datetime) -> None:
    at = naive.replace(tzinfo=HERE)
    assert silent_since(at, working=False, **HOURS) is None
    since = silent_since(at, working=True, **HOURS)
    assert since is None or datetime.combine(at.date(), time(8, 30), HERE) <= since == at - LIMIT


def test_marks_name_nobody_and_change_in_time() -> None:
    day, later, next_month = date(2026, 11, 2), date(2026, 11, 30), date(2026, 12, 1)
    mark = browser_mark("cookie", day)
    assert mark == browser_mark("cookie", later) != browser_mark("cookie", next_month)
    assert network_mark("10.1.2.0/24", day) != network_mark("10.1.2.0/24", later)
    assert (len(mark), browser_mark("", day), network_mark("", day)) == (16, "", "")
    assert "cookie" not in mark
