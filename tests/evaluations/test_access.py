"""Who looks after tablets and who must not rate, as tables without a database."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from evaluations.access import looks_after, rates_own
from organizations.enums import Role


@dataclass
class Unit:
    pk: int
    path: str


@dataclass
class Duty:
    role: str
    unit: Unit = field(default_factory=lambda: BUREAU)
    window_id: int | None = None


CITY, BUREAU, STATION, OTHER = Unit(1, "/1/"), Unit(2, "/1/2/"), Unit(3, "/1/2/3/"), Unit(22, "/1/22/")


@pytest.mark.parametrize(
    ("duty", "units", "allowed"),
    [
        (Duty(Role.SYSTEM_ADMIN, OTHER), [BUREAU], True),
        (Duty(Role.UNIT_SUPERVISOR, BUREAU), [BUREAU], True),
        (Duty(Role.UNIT_SUPERVISOR, BUREAU), [STATION], True),
        (Duty(Role.UNIT_SUPERVISOR, BUREAU), [OTHER, STATION], True),  # the hall's unit is enough
        (Duty(Role.UNIT_SUPERVISOR, STATION), [BUREAU], False),
        (Duty(Role.UNIT_SUPERVISOR, BUREAU), [OTHER], False),  # /1/2/ is no beginning of /1/22/
        (Duty(Role.WINDOW, BUREAU), [BUREAU], False),
        (Duty(Role.CITY_SUPERVISOR, CITY), [BUREAU], False),
        (Duty(Role.SECURITY_ADMIN, CITY), [BUREAU], False),
        (Duty(Role.AUDIT_ADMIN, CITY), [BUREAU], False),
        (Duty(Role.UNIT_SUPERVISOR, BUREAU), [], False),
    ],
)
def test_who_looks_after_a_tablet(duty: Duty, units: list[Unit], allowed: bool) -> None:
    assert looks_after(duty, *units) is allowed


ME, WINDOW = 7, 70


@pytest.mark.parametrize(
    ("duties", "rated", "own"),
    [
        ([], {"rated_staff": ME, "window": None, "unit": 99}, True),
        ([], {"rated_staff": 8, "window": WINDOW, "unit": 2}, False),
        ([Duty(Role.WINDOW, window_id=WINDOW)], {"rated_staff": 8, "window": WINDOW, "unit": 2}, True),
        ([Duty(Role.WINDOW, window_id=71)], {"rated_staff": 8, "window": WINDOW, "unit": 2}, False),
        ([Duty(Role.WINDOW)], {"rated_staff": None, "window": WINDOW, "unit": 2}, True),
        ([Duty(Role.UNIT_SUPERVISOR)], {"rated_staff": None, "window": WINDOW, "unit": 2}, True),
        ([Duty(Role.UNIT_SUPERVISOR)], {"rated_staff": None, "window": WINDOW, "unit": 3}, False),
        ([Duty(Role.DISPATCHER)], {"rated_staff": None, "window": WINDOW, "unit": 2}, False),
        ([Duty(Role.WINDOW, window_id=WINDOW)], {"rated_staff": None, "window": None, "unit": 2}, False),
        (
            [Duty(Role.WINDOW, window_id=71), Duty(Role.WINDOW)],
            {"rated_staff": None, "window": WINDOW, "unit": 2},
            True,
        ),
    ],
)
def test_who_would_rate_their_own_work(duties: list[Duty], rated: dict, own: bool) -> None:
    assert rates_own(ME, duties, **rated) is own
