"""The court of tests/appeals/court.py on a Monday."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.appeals.court import Court
from tests.factories import NOW, Cast
from tests.rectification.conftest import sign_in

__all__ = ["sign_in"]


@pytest.fixture
def monday() -> Iterator[time_machine.Traveller]:
    """The present is the moment of the cast, and goes on from there."""
    with time_machine.travel(NOW) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def media(settings: object, tmp_path: object) -> None:
    """Files of a test go where the test ends."""
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


@pytest.fixture
def court(cast: Cast, monday: time_machine.Traveller) -> Court:
    return Court(cast)


@pytest.fixture
def live_court(live_cast: Cast, monday: time_machine.Traveller) -> Court:
    """Where threads must see it."""
    return Court(live_cast)
