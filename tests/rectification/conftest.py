"""The present of these tests: a working Monday in a confirmed year, so that dues are where the stories put them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import translation

from organizations.models import Staff
from tests.factories import NOW


@pytest.fixture
def monday() -> Iterator[time_machine.Traveller]:
    """The clock stands at `NOW`; `monday.move_to` and `monday.shift` move it."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def sign_in(monday: time_machine.Traveller) -> Iterator[Callable[[Staff], Client]]:
    """A browser of its own for a staff member. A page's language outlives its request, but not the test."""

    def _sign_in(person: Staff) -> Client:
        client = Client()
        client.force_login(person)
        return client

    with translation.override(settings.LANGUAGE_CODE):
        yield _sign_in
