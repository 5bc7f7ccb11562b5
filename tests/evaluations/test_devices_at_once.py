"""Many hands at once: a code enrols one tablet, a silence is told once, a call stands once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from common.models import AuditEntry, Notice
from evaluations.actions import add_device, enrol_device, report_stray, watch_devices
from evaluations.models import CalledService, Service
from tests.factories import NOW, Cast
from tests.support.tablet import HERE, call, put_up

pytestmark = pytest.mark.django_db(transaction=True)
HANDS = 8


def all_at_once(act: Callable[[], Any]) -> list[Any]:
    """Does the same from many threads, each on a connection of its own."""
    together = Barrier(HANDS)

    def hand(_number: int) -> Any:
        together.wait(30)
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as threads:
        return list(threads.map(hand, range(HANDS)))


def test_a_code_enrols_one_tablet(live_cast: Cast) -> None:
    _device, code = add_device(name="一号", window=live_cast.window, by=live_cast.zheng, at=NOW)
    enrolled = all_at_once(lambda: enrol_device(code, network=HERE, at=NOW))
    assert sum(one is not None for one in enrolled) == 1
    assert AuditEntry.objects.filter(action="device.enrol").count() == 1


def test_a_silence_is_told_once(live_cast: Cast) -> None:
    put_up(live_cast)
    later = NOW + timedelta(minutes=6)
    assert sum(all_at_once(lambda: watch_devices(at=later))) == 1
    assert Notice.objects.filter(staff=live_cast.zheng).count() == 1


def test_a_stray_key_is_reported_once(live_cast: Cast) -> None:
    tablet = put_up(live_cast)
    all_at_once(lambda: report_stray(tablet.device, network="203.0.113.0/24", at=NOW))
    assert AuditEntry.objects.filter(action="device.stray").count() == 1


def test_a_call_made_by_two_systems_stands_once(live_cast: Cast) -> None:
    services = all_at_once(lambda: call(live_cast))
    assert len({service.pk for service in services}) == 1
    assert Service.objects.count() == CalledService.objects.count() == 1
