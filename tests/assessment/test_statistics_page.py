"""统计: who reads it, what it says when it cannot say, what it costs, and the year of comparison."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessment.actions import refresh
from assessment.models import Baseline
from evaluations.actions import Rated, Words, submit_evaluation
from evaluations.enums import Origin, RatingChannel
from organizations.enums import RegionLevel, Role
from organizations.models import Region, Staff, Unit
from rectification.enums import Target
from tests.assessment.histories import History
from tests.factories import NOW, Cast, staff

SignIn = Callable[[Staff], Client]
PAGE, LIST = "/desk/statistics/", "/desk/ratings/"
READERS = {"zheng", "song", "qian", "he", "zhou"}


@pytest.mark.parametrize("address", [PAGE, LIST])
def test_only_these_may_read(sign_in: SignIn, cast: Cast, address: str) -> None:
    assert Client().get(address).status_code == 302
    answers = {name: sign_in(person).get(address).status_code for name, person in cast.everybody.items()}
    assert {name for name, status in answers.items() if status == 200} == READERS
    assert set(answers.values()) == {200, 403}
    assert sign_in(cast.qian).post(address).status_code == 405


def test_nothing_is_the_share_of_nothing(sign_in: SignIn, cast: Cast) -> None:
    cast.submit(5)
    refresh(at=NOW)
    context = sign_in(cast.qian).get(f"{PAGE}?period=2026-11").context
    values = {label: (value, n) for label, value, _unit, n, _about in context["shares"]}
    assert values["主动评价率"] == ("100.00%", 1)
    [line] = sign_in(cast.song).get(PAGE).context["shares"][:1]
    assert line[1] is None


def test_a_city_is_not_everything_where_there_is_another(sign_in: SignIn, cast: Cast) -> None:
    outside = Region.objects.create(code="370200000000", name="演示外市", level=RegionLevel.CITY)
    Unit.objects.filter(pk=cast.other_unit.pk).update(region=outside)
    cast.submit(5)
    elsewhere = Rated(Target.HALL, cast.other_unit)
    submit_evaluation(elsewhere, Words(5), channel=RatingChannel.WEB, origin=Origin.ACTIVE, at=NOW)
    refresh(at=NOW)
    context = sign_in(cast.qian).get(f"{PAGE}?period=2026-11").context
    assert [line.label for line in context["lines"]] == [cast.unit.name]
    assert [channel for channel, _cells, _count in context["channels"]] == [RatingChannel.SLIP.label]


def test_until_when_it_counts(sign_in: SignIn, cast: Cast, monday: time_machine.Traveller) -> None:
    client = sign_in(cast.qian)
    assert "还没有统计过" in client.get(PAGE).content.decode()
    cast.submit(5)
    refresh(at=NOW)
    assert "数据截至 2026-11-23 10:00" in client.get(PAGE).content.decode()
    assert "还在统计" not in client.get(PAGE).content.decode()
    monday.move_to(NOW + timedelta(minutes=3), tick=False)
    assert "还在统计" in client.get(PAGE).content.decode()


# --- the year of comparison ------------------------------------------------------------------------------------------


def test_the_city_compares_itself_with_the_year_a_supervisor_has_filled_in(sign_in: SignIn, cast: Cast) -> None:
    for _ in range(9):
        cast.submit(5)
    refresh(at=NOW)
    client, form = sign_in(cast.qian), f"{PAGE}baseline/"
    assert client.post(form, {"m11": "2", "m1": "x"}).context["form"].errors
    assert not Baseline.objects.exists()
    assert client.post(form, {"m11": "2", "m1": ""}).url == PAGE
    assert client.get(form).context["form"]["m11"].value() == 2
    page = client.get(f"{PAGE}?period=2026-11").content.decode()
    assert "4.50" in page.partition("2020 年同月相比")[2]
    for name in ("zheng", "he", "zhou", "wu"):
        assert sign_in(cast.everybody[name]).get(form).status_code == 403
    assert "同月相比" not in sign_in(cast.he).get(PAGE).content.decode()
    assert "同月相比" in sign_in(cast.zhou).get(PAGE).content.decode()
    assert form not in sign_in(cast.zhou).get(PAGE).content.decode()


def test_a_former_supervisor_reads_nothing(sign_in: SignIn, cast: Cast) -> None:
    person = staff("qian2", "前督导", (Role.CITY_SUPERVISOR, cast.body))
    person.memberships.update(valid_to=NOW.date() - timedelta(days=1))
    assert sign_in(person).get(PAGE).status_code == 403


def test_the_page_asks_as_much_for_many_units_as_for_few(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(cast.qian)

    def questions() -> int:
        refresh(at=NOW)
        client.get(PAGE)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(PAGE).status_code == 200
        return len(asked)

    cast.submit(5)
    few = questions()
    history = History(cast, Random(3))
    for _ in range(60):
        history._rate()
        history._serve()
        history._rate_badly()
    assert questions() == few <= 16
