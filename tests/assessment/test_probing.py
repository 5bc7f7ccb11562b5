"""自检: the portal rates itself badly through its own door, over HTTP, and says when it does not come through."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessment.actions import probe, refresh, watch_probes
from assessment.models import Probe, UnitDay
from common.models import Notice
from evaluations.models import Evaluation
from organizations.actions import Refused, add_test_window
from organizations.models import Hall, Window
from rectification.actions.testing import void_test
from rectification.enums import Duty, Source, State
from rectification.models import Case, Deadline
from rectification.workflow import NotAllowed
from tests.factories import Cast


@pytest.fixture
def window(live_cast: Cast) -> Window:
    hall = Hall.objects.select_related("unit").order_by("pk")[0]
    return add_test_window(hall, by=live_cast.xu, at=timezone.now())


@pytest.fixture
def probed(window: Window, live_server: Any, settings: Any) -> Callable[[], Probe]:
    settings.PROBE_RATINGS, settings.PROBE_URL = True, live_server.url

    def once() -> Probe:
        made = probe(at=timezone.now())
        assert made
        return made

    return once


def test_it_comes_in_has_its_case_and_is_counted(probed: Callable[[], Probe], live_cast: Cast, client: Client) -> None:
    made = probed()
    assert made.failure == ""
    rating = Evaluation.objects.get()
    assert (made.evaluation, rating.level, rating.origin, rating.channel) == (rating, 1, "test", "window_qr")
    case = Case.objects.get()
    assert (case.source, case.state, case.text) == (Source.TEST, State.INVALID, "系统自检")
    assert [event.action for event in case.events.all()] == ["open", "void_test"]
    assert watch_probes(at=timezone.now()) == 0
    assert refresh(at=timezone.now()).complete
    day = UnitDay.objects.get()
    assert (day.left_out, day.n1, day.negative) == (1, 0, 0)
    assert watch_probes(at=timezone.now()) == 1
    made.refresh_from_db()
    assert made.counted
    client.force_login(live_cast.qian)
    assert "自检:一条差评" in client.get(reverse("statistics")).content.decode()


def test_nobody_is_bothered_by_it(probed: Callable[[], Probe], live_cast: Cast, client: Client) -> None:
    probed()
    assert not Case.objects.visible_to(live_cast.lin).exists()
    assert not Notice.objects.exists()
    assert not Deadline.objects.filter(duty=Duty.DISPATCH, met_at=None, withdrawn_at=None).exists()
    client.force_login(live_cast.qian)
    assert client.get(reverse("case", args=[Case.objects.get().number])).status_code == 404


def test_two_in_a_row_are_two(probed: Callable[[], Probe]) -> None:
    probed(), probed()
    assert Evaluation.objects.count() == Case.objects.count() == 2
    refresh(at=timezone.now())
    assert watch_probes(at=timezone.now()) == 2


def test_a_closed_door_is_told_once(probed: Callable[[], Probe], settings: Any, live_cast: Cast) -> None:
    settings.PROBE_URL = "http://127.0.0.1:1"
    first, second = probed(), probed()
    assert first.failure.startswith("没有送达")
    assert second.failure
    notice = Notice.objects.get()
    assert (notice.staff_id, notice.kind) == (live_cast.xu.pk, "probe.failed")


def test_a_door_that_refuses_is_noticed(probed: Callable[[], Probe], settings: Any) -> None:
    settings.RATING_LIMITS = {**settings.RATING_LIMITS, "address": "1/3600/block"}
    assert probed().failure == ""
    assert probed().failure == "没有送达: HTTP 429"


def test_figures_that_stand_still_are_noticed(probed: Callable[[], Probe], live_cast: Cast, client: Client) -> None:
    made = probed()
    assert watch_probes(at=made.at + timedelta(seconds=119)) == 0
    assert watch_probes(at=made.at + timedelta(seconds=121)) == 1
    made.refresh_from_db()
    assert "仍未进入统计" in made.failure
    assert Notice.objects.count() == 1
    client.force_login(live_cast.qian)
    assert "自检失败" in client.get(reverse("statistics")).content.decode()


def test_off_or_without_a_window_nothing_is_sent(live_cast: Cast, settings: Any) -> None:
    settings.PROBE_RATINGS = True
    assert probe(at=timezone.now()) is None
    settings.PROBE_RATINGS = False
    add_test_window(Hall.objects.select_related("unit")[0], by=live_cast.xu, at=timezone.now())
    assert probe(at=timezone.now()) is None
    assert not Probe.objects.exists()


@pytest.mark.django_db
class TestTheWindow:
    def test_no_window_becomes_one(self, cast: Cast) -> None:
        """Otherwise a unit's bad ratings could be made to count nowhere."""
        with pytest.raises(DatabaseError, match=r"Cannot update"):
            Window.objects.filter(pk=cast.window.pk).update(for_testing=True)

    def test_there_is_one_at_most(self, cast: Cast) -> None:
        hall = Hall.objects.select_related("unit").order_by("pk")[0]
        add_test_window(hall, by=cast.xu, at=timezone.now())
        with pytest.raises(Refused, match="已有自检窗口"):
            add_test_window(hall, by=cast.xu, at=timezone.now())
        with pytest.raises(CommandError, match="已有自检窗口"):
            call_command("add_test_window", hall.code)

    def test_the_command(self, cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
        hall = Hall.objects.order_by("pk")[0]
        call_command("add_test_window", hall.code)
        assert capsys.readouterr().out.strip() == f"{hall.code}/自检"
        with pytest.raises(CommandError, match="no hall"):
            call_command("add_test_window", "nowhere")

    def test_it_is_offered_nowhere(self, cast: Cast) -> None:
        window = add_test_window(Hall.objects.select_related("unit")[0], by=cast.xu, at=timezone.now())
        assert window not in Window.objects.open()

    def test_only_its_own_cases_end_so(self, cast: Cast) -> None:
        case = cast.rate(1, text="真的不满意")
        with pytest.raises(NotAllowed):
            void_test(case, at=timezone.now())
        case.refresh_from_db()
        assert case.state == State.RECEIVED
