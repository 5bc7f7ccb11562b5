"""One portal for all walks: the demo city, its web, its worker, a telephone network, and a clock that can be moved."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery
from playwright.sync_api import Browser

from tests.support.clock import Clock
from tests.support.portal import demo_portal
from tests.support.receivers import SmsReceiver
from tests.walks.steps import City
from tests.walks.tablet import desk as desk

OWN_BROKER = 7  # of the sixteen of one server: other tests' workers must not take our tasks, nor ours theirs


@pytest.fixture(scope="session")
def city(browser: Browser) -> Iterator[City]:
    """The city on the morning of the next weekday."""
    folder = Path(os.environ["PORTAL_TEST_SERVICES"])
    clock = Clock(folder / "walks.clock")
    clock.next_day(9, 5)
    with SmsReceiver() as network:
        portal = demo_portal("walks")
        broker = os.environ["REDIS_URL"].replace("virtual_host=0", f"virtual_host={OWN_BROKER}")
        portal.env |= {"REDIS_URL": broker, "SMS_GATEWAY_URL": network.url}
        portal.clock = clock.file
        try:
            portal.start_web()
            portal.start_worker()
            work = Celery(broker=broker)
            here = City(portal, clock, browser, network, work)
            yield here
            here.leave()
            work.close()
        finally:
            portal.stop()
