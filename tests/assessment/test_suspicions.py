"""Each signal through real rows: it speaks, and just below it does not; praise and blame alike."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assessment.enums import Direction, SignalCode
from assessment.suspicions import RULES, direction_of
from evaluations.enums import RatingChannel
from evaluations.models import Evaluation, RatingTrace
from tests.assessment.doubting import Doubting
from tests.factories import NOW, Cast


@pytest.fixture
def place(cast: Cast) -> Doubting:
    return Doubting(cast)


def test_every_signal_has_its_rule() -> None:
    assert set(RULES) == set(SignalCode)


@pytest.mark.parametrize(("level", "direction"), [(5, Direction.PRAISE), (1, Direction.BLAME)])
def test_one_device_that_rates_often(place: Doubting, level: int, direction: Direction) -> None:
    place.crowd(20)
    place.crowd(9, level=level, device="f" * 16)
    found = place.look()[SignalCode.DEVICE]
    assert (found.observed, found.direction, found.subject) == (9, direction, "ffffff")
    assert found.window == place.window
    assert found.ratings.count() == 9


def test_one_device_that_rates_for_a_family_does_not(place: Doubting) -> None:
    place.crowd(20)
    place.crowd(5, device="f" * 16)
    assert SignalCode.DEVICE not in place.look()


def test_a_volunteers_telephone_does_not_where_it_always_does(place: Doubting) -> None:
    place.past(usual=30, marked=30, repeats=10, again=10, n5=30)
    place.crowd(20)
    place.crowd(10, device="f" * 16)
    assert not {SignalCode.DEVICE, SignalCode.DEVICES} & set(place.look())


def test_a_few_devices_again_and_again(place: Doubting) -> None:
    place.past(usual=30, marked=30, repeats=1, n5=30)
    place.crowd(12)
    for device in "abcd":
        place.crowd(4, device=device * 16)
    found = place.look()[SignalCode.DEVICES]
    assert (found.observed, found.total) == (12, 28)
    assert found.ratings.count() == 16


def test_a_tablet_is_nobodys_device(place: Doubting) -> None:
    place.crowd(20, device="f" * 16, channel=RatingChannel.KIOSK)
    assert not {SignalCode.DEVICE, SignalCode.DEVICES} & set(place.look())


@pytest.mark.parametrize(("hour", "speaks"), [(21, True), (17.5, False)])
def test_the_tablet_at_night(place: Doubting, hour: float, speaks: bool) -> None:
    evening = NOW.replace(hour=0) + timedelta(hours=hour)
    for n in range(4):
        place.rate(at=evening + timedelta(seconds=40 * n + 1), channel=RatingChannel.KIOSK)
    assert (SignalCode.OUT_OF_HOURS in place.look()) is speaks


def test_a_tablet_at_night_where_somebody_was_served_is_overtime(place: Doubting) -> None:
    for n in range(4):
        evening = NOW.replace(hour=19, minute=n + 1)
        place.rate(at=evening + timedelta(seconds=20), channel=RatingChannel.KIOSK, service=place.serve(evening))
    assert SignalCode.OUT_OF_HOURS not in place.look()


@pytest.mark.parametrize(("gap", "speaks"), [(1.5, True), (9.0, False)])
def test_intervals_too_short_for_people(place: Doubting, gap: float, speaks: bool) -> None:
    for n in range(14):
        place.rate(at=NOW + timedelta(seconds=gap * n + 0.3), device=f"{n:016x}")
    assert (SignalCode.RAPID in place.look()) is speaks


def test_texts_with_small_changes(place: Doubting, cast: Cast) -> None:
    for n in range(8):
        filler = "!。,真很啊点赞"[n]
        place.rate(at=NOW + timedelta(minutes=n), text=f"服务态度非常好{filler}业务熟练效率很高值得表扬")
    elsewhere = Doubting(cast, base=False, unit=cast.other_unit)
    for n, other in enumerate(
        ["停车方便", "大姐耐心讲了三遍", "材料一次收齐", "机器旧了些", "叫号屏幕看不清", "早上人少"]
    ):
        elsewhere.rate(at=NOW + timedelta(minutes=n), text=f"{other}总的来说可以")
    found = place.look()[SignalCode.SAME_TEXT]
    assert (found.unit, found.observed >= 5, found.total) == (cast.unit, True, 8)
    assert "服务" not in str(found.evidence)


def test_texts_of_different_people_do_not(place: Doubting) -> None:
    words = ["停车方便", "大姐耐心", "材料一次收齐", "机器旧了", "叫号屏幕小", "早上人少", "跑了两层楼", "等了一刻钟"]
    for n, said in enumerate(words):
        place.rate(at=NOW + timedelta(minutes=n), text=f"{said},{words[-n]}")
    assert SignalCode.SAME_TEXT not in place.look()


@pytest.mark.parametrize(("same", "speaks"), [(20, True), (4, False)])
def test_the_same_tags(place: Doubting, cast: Cast, same: int, speaks: bool) -> None:
    for n in range(same):
        place.rate(at=NOW + timedelta(minutes=n), tags=["510", "517"])
    others = Doubting(cast, base=False, unit=cast.other_unit)
    for n in range(30):
        others.rate(at=NOW + timedelta(minutes=n), tags=["511" if n % 2 else "512"])
    assert (SignalCode.SAME_TAGS in place.look()) is speaks


@pytest.mark.parametrize(("early", "speaks"), [(30, True), (3, False)])
def test_rated_before_the_service_ended(place: Doubting, early: int, speaks: bool) -> None:
    """Three minutes are within what clocks of two systems differ by (INTEGRITY_CLOCK_MINUTES)."""
    for n in range(6):
        ended = NOW + timedelta(minutes=10 * n)
        service = place.serve(ended)
        place.rate(at=ended - timedelta(minutes=early), service=service, channel=RatingChannel.SMS)
    assert (SignalCode.EARLY in place.look()) is speaks


def test_always_the_same_seconds_after_the_service(place: Doubting, cast: Cast) -> None:
    others = Doubting(cast, base=False, unit=cast.other_unit)
    others._number = 500
    for n in range(20):
        ended = NOW + timedelta(minutes=3 * n)
        others.rate(at=ended + timedelta(seconds=31 * n + 7), service=others.serve(ended))
    for n in range(9):
        ended = NOW + timedelta(minutes=11 * n)
        place.rate(at=ended + timedelta(seconds=120), service=place.serve(ended))
    found = place.look()[SignalCode.SAME_DELAY]
    assert (found.observed, found.evidence["value"]) == (9, "120")


@pytest.mark.parametrize(
    ("level", "usual", "direction"), [(5, {"n5": 20, "n4": 10}, Direction.PRAISE), (1, {"n5": 30}, Direction.BLAME)]
)
def test_one_level_grows_at_once(place: Doubting, level: int, usual: dict[str, int], direction: Direction) -> None:
    place.past(usual=30, **usual)
    place.crowd(40, level=level)
    found = place.look()[SignalCode.LEVEL_JUMP]
    assert (found.observed, found.direction) == (40, direction)


def test_a_level_that_was_always_so_does_not(place: Doubting) -> None:
    place.past(usual=30, n5=29, n4=1)
    place.crowd(40)
    assert SignalCode.LEVEL_JUMP not in place.look()


@pytest.mark.parametrize(("rated", "speaks"), [(38, True), (14, False)])
def test_far_more_services_are_rated_than_usual(place: Doubting, rated: int, speaks: bool) -> None:
    place.past(services=40, usual=12, n5=12)
    for n in range(40):
        ended = NOW + timedelta(minutes=3 * n)
        service = place.serve(ended)
        if n < rated:
            place.rate(at=ended + timedelta(seconds=37 * n % 500 + 9), service=service)
    assert (SignalCode.PARTICIPATION in place.look()) is speaks


def test_more_ratings_than_services(place: Doubting) -> None:
    place.past(services=40, usual=12, n5=12)
    for n in range(10):
        place.serve(NOW + timedelta(minutes=n))
    place.crowd(40)
    found = place.look()[SignalCode.OVER_SERVICES]
    assert (found.observed, found.total) == (40, 10)


def test_services_that_have_not_come_in_are_no_sign(place: Doubting) -> None:
    place.past(services=40, usual=30, n5=30)
    place.crowd(30)
    assert SignalCode.OVER_SERVICES not in place.look()


@pytest.mark.parametrize(("hours", "speaks"), [(15, True), (0, False)])
def test_ratings_that_came_at_night_with_times_of_the_day(place: Doubting, hours: int, speaks: bool) -> None:
    place.past(usual=30, n5=30)
    for n in range(12):
        at = NOW + timedelta(minutes=5 * n, seconds=3)
        place.rate(at=at, received=at + timedelta(hours=hours))
    assert (SignalCode.PUSHED in place.look()) is speaks


@pytest.mark.parametrize("level", [1, 5])
def test_one_person_says_the_same_again_and_again(place: Doubting, level: int) -> None:
    for n in range(7):
        place.rate(level, at=NOW + timedelta(hours=-20 * n, minutes=-n), phone="13800000077")
    found = place.look()[SignalCode.SERIES]
    assert (found.observed, found.direction) == (7, Direction.BLAME if level == 1 else Direction.PRAISE)
    assert "13800000077" not in str(found.evidence) + found.subject


def test_what_was_read_in_from_paper_is_not_looked_at(place: Doubting) -> None:
    for n in range(20):
        place.rate(at=NOW + timedelta(seconds=n + 0.5), channel=RatingChannel.PAPER, device="e" * 16, tags=["510"])
    assert not place.look()


def test_a_quiet_day_says_nothing(place: Doubting) -> None:
    place.past(usual=20, n5=18, n4=2, services=60)
    for n in range(42):
        place.serve(NOW + timedelta(minutes=3 * n))
    for n in range(18):
        ended = NOW + timedelta(minutes=7 * n)
        place.rate(5 if n % 9 else 4, at=ended + timedelta(seconds=41 * n % 300 + 5), service=place.serve(ended))
    assert not place.look()
    assert Evaluation.objects.count() == 18
    assert not RatingTrace.objects.exists()


def test_what_is_neither_praise_nor_blame_is_mixed() -> None:
    assert direction_of(5, 5) == Direction.MIXED
    assert direction_of(0, 0) == Direction.SILENCE
