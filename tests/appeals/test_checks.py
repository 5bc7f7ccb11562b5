"""A panel that could tie, and evidence that nobody looks into, are said before anything starts."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import checks

from appeals.checks import a_scanner, odd_panels


@pytest.mark.parametrize(("seats", "good"), [(3, True), (5, True), (2, False), (4, False), (1, False), (0, False)])
def test_panels_are_odd(settings: Any, seats: int, good: bool) -> None:
    settings.APPEAL_SEATS = seats
    assert (not odd_panels(None)) is good
    found = [message.id for message in checks.run_checks(tags=[checks.Tags.security])]
    assert ("appeals.E001" in found) is not good


def test_a_scanner_is_asked_for_in_production(settings: Any) -> None:
    assert [message.id for message in a_scanner(None)] == ["appeals.W001"]
    settings.SCANNER_ADDRESS = "127.0.0.1:3310"
    assert a_scanner(None) == []
