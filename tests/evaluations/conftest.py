"""A Monday at ten, inside a confirmed year, for every page that asks what day it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.factories import NOW
from tests.rectification.conftest import sign_in

__all__ = ["monday", "sign_in"]


@pytest.fixture
def monday() -> Iterator[time_machine.Traveller]:
    """Time stands near `NOW`, going on."""
    with time_machine.travel(NOW, tick=True) as clock:
        yield clock
