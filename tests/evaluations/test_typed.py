"""Typed words find what they mean, offer what comes near, and guess nothing."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluations import typed
from evaluations.actions import record_service
from evaluations.enums import ServiceSource
from organizations.models import ServiceItem, Unit, Window
from rectification.enums import Target
from tests.factories import NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("words", "target", "value"),
    [
        ("YT-CITY/A01", Target.WINDOW, "YT-CITY/A01"),
        ("yt-city/a01", Target.WINDOW, "YT-CITY/A01"),
        (" ＹＴ-CITY／Ａ01 ", Target.WINDOW, "YT-CITY/A01"),
        ("A01", Target.WINDOW, "YT-CITY/A01"),
        ("YT-ZF", Target.HALL, "YT-ZF"),
        ("芝罘区政务服务中心", Target.HALL, "YT-ZF"),
        ("12345 热线", Target.HOTLINE, "12345 热线"),
        ("12345热线", Target.HOTLINE, "12345 热线"),
        ("hotline", Target.HOTLINE, "12345 热线"),
        ("政务服务网站", Target.PLATFORM, "政务服务网站"),
        ("政务服务总体", Target.OVERALL, "政务服务总体"),
        ("秒批秒办", Target.TOPIC, "秒批秒办"),
    ],
)
def test_a_place_by_what_people_call_it(cast: Cast, words: str, target: Target, value: str) -> None:
    [place] = typed.place_named(words)
    assert (place.target, place.option.value) == (target, value)


def test_a_number_in_many_halls_is_not_guessed(cast: Cast) -> None:
    found = typed.place_named("07")
    assert len(found) > 1
    assert {place.window.number for place in found if place.window} == {"07"}
    assert [p.option.value for place in found for p in typed.place_named(place.option.value)] == [
        place.option.value for place in found
    ]


@pytest.mark.parametrize("words", ["", " ", "没有这个窗口", "YT-CITY/", "/", "//", "YT-CITY/Z99", "%", "_"])
def test_what_is_no_place(cast: Cast, words: str) -> None:
    assert typed.place_named(words) == []


def test_a_closed_window_is_no_place_for_slips(cast: Cast) -> None:
    Window.objects.filter(hall__code="YT-CITY", number="A01").update(closed_on=NOW.date())
    assert typed.place_named("YT-CITY/A01") == []


def test_every_place_on_offer_means_itself(cast: Cast) -> None:
    """The list and the box agree: whatever is offered is found again, and alone."""
    offered = typed.places_offered(["3706"], [])
    assert len(offered) > 80
    assert len({option.value for option in offered}) == len(offered)
    for option in offered[::7]:
        [place] = typed.place_named(option.value)
        assert place.option == option


def test_places_on_offer_are_those_of_ones_reach(cast: Cast) -> None:
    county = typed.places_offered(["370602"], [])
    assert {option.value.split("/")[0] for option in county} == {"YT-ZF"}
    assert typed.places_offered([], [cast.county_body.path]) == county
    assert typed.places_offered([], []) == []


def test_an_item_by_name_code_or_part(cast: Cast) -> None:
    item = ServiceItem.objects.select_related("unit").get(name="食品经营许可")
    for words in ("食品经营许可", " 食品经营许可 ", item.code, item.code.lower(), "食品经营许可(市审批服务局)"):
        assert typed.items_typed(words) == [item], words
    assert item in typed.items_typed("经营许可")
    assert typed.items_typed("没有这个事项") == []


def test_items_of_the_window_come_first(cast: Cast) -> None:
    """One name at two bureaus: at a window it is that of the window's own line."""
    theirs = ServiceItem.objects.filter(unit=cast.other_unit)[0]
    ours = ServiceItem.objects.filter(unit=cast.unit)[0]
    ServiceItem.objects.filter(pk=theirs.pk).update(name=ours.name)
    county = Unit.objects.get(code="370602-GAJ")
    assert len(typed.items_typed(ours.name)) == 2
    assert typed.items_typed(ours.name, cast.unit) == [ours]
    assert typed.items_typed(ours.name, county) == [ours]
    assert typed.items_typed(ours.name, cast.other_unit) == [theirs]
    for item in typed.items_typed(ours.name):
        assert typed.items_typed(typed.item_option(item).value) == [item]


def test_items_on_offer_are_the_windows_or_a_bounded_list(cast: Cast) -> None:
    own = typed.items_offered(cast.unit)
    assert len(own) == ServiceItem.objects.filter(unit=cast.unit).count()
    assert len(typed.items_offered(None)) <= 200


def test_a_service_by_its_number(cast: Cast) -> None:
    service = cast.service()
    number = service.project_number
    assert typed.services_typed(f" {number} ") == [service]
    assert typed.services_typed(f"{number}/1") == [service]
    for words in (f"{number}/2", number[:-1], "", "/", "/1", f"{number}/99999999"):
        assert typed.services_typed(words) == [], words


def test_a_number_with_several_services_is_not_guessed(cast: Cast) -> None:
    first = cast.service()
    second = record_service(
        source=ServiceSource.HALL,
        project_number=first.project_number,
        service_number=2,
        service_name="办结",
        item=cast.item,
        unit=cast.unit,
        served_at=NOW,
        at=NOW,
        window=cast.window,
    )
    assert typed.services_typed(first.project_number) == [second, first]
    for service in (first, second):
        assert typed.services_typed(typed.service_option(service).value) == [service]


def test_what_a_list_costs(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as spent:
        typed.places_offered(["3706"], [])
    assert len(spent) <= 2
