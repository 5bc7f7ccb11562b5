"""代录 and 监督查评 as acts: what is kept, what is refused, and that nothing is lost or doubled."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from common.models import AuditEntry, OutboxMessage
from evaluations.actions import (
    AlreadyRated,
    Check,
    FormUsed,
    Rated,
    Slip,
    SlipRefused,
    Words,
    enter_slip,
    record_check,
)
from evaluations.enums import Origin, RatingChannel
from evaluations.models import Evaluation, Service, Tag
from evaluations.queries import service_of
from identity.models import Evaluator
from organizations.enums import Role
from organizations.models import Hall, Staff, Unit, Window
from rectification.enums import Action, Source, State, Target
from rectification.models import Case
from tests.factories import NOW, Cast, staff

pytestmark = pytest.mark.django_db
PAPER, BOX, HOTLINE = RatingChannel.PAPER, RatingChannel.BOX, RatingChannel.HOTLINE
DAY = timedelta(days=1)
TODAY = NOW.date()


def window_of(hall: str, unit: str) -> Window:
    windows = Window.objects.select_related("hall__unit", "unit__region")
    return windows.filter(hall__code=hall, unit__code=unit)[0]


def at(window: Window) -> Rated:
    return Rated(Target.WINDOW, window.unit, hall=window.hall, window=window)


def slip(
    rated: Rated,
    *,
    level: int = 5,
    day: date = TODAY,
    channel: RatingChannel = PAPER,
    text: str = "",
    tags: tuple[str, ...] = (),
    phone: str = "",
    nonce: str = "",
) -> Slip:
    words = Words(level=level, tags=list(Tag.objects.filter(code__in=tags)), text=text, phone=phone)
    return Slip(rated, words, channel, day, nonce or uuid.uuid4().hex)


def loaded(service: Service) -> Rated:
    related = "unit__region", "item", "window__hall__unit", "staff"
    return Rated.of(Service.objects.select_related(*related).get(pk=service.pk))


def refusal(entered: Slip, by: Staff, *, now: Any = NOW) -> tuple[str, str | None]:
    with pytest.raises(SlipRefused) as refused:
        enter_slip(entered, by=by, at=now)
    assert not Evaluation.objects.filter(entered_by=by).exists()
    return str(refused.value), refused.value.field


# --- what is kept ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", ["paper", "box", "hotline", "phone"])
def test_channel_day_and_clerk_stay_on_the_rating(cast: Cast, channel: str) -> None:
    window = window_of("YT-CITY", "370600-GAJ")
    day = date(2026, 11, 20)
    rating = enter_slip(
        slip(at(window), channel=RatingChannel(channel), day=day, text="很好"), by=cast.lin, at=NOW
    ).evaluation
    rating.refresh_from_db()
    assert (rating.channel, rating.origin, rating.entered_by) == (channel, "unmatched", cast.lin)
    assert (rating.rated_at.date(), rating.received_at) == (day, NOW)
    assert (rating.window, rating.hall, rating.unit, rating.text) == (window, window.hall, window.unit, "很好")


def test_a_known_service_is_rated_with_its_staff_and_counts_as_ones_own_wish(cast: Cast) -> None:
    service = cast.service()
    rating = enter_slip(slip(loaded(service)), by=cast.lin, at=NOW).evaluation
    assert service_of(rating) == service
    assert (rating.origin, rating.staff, rating.entered_by) == ("active", cast.rated, cast.lin)
    assert rating.rated_at >= service.served_at


def test_the_trail_says_who_entered_it_and_nothing_of_the_person(cast: Cast) -> None:
    entered = slip(at(window_of("YT-CITY", "370600-GAJ")), level=1, text="等太久", phone="13800000007")
    receipt = enter_slip(entered, by=cast.lin, at=NOW)
    [entry] = AuditEntry.objects.filter(action="evaluation.enter")
    assert (entry.object_id, entry.actor, entry.actor_role) == (str(receipt.evaluation.pk), cast.lin, "dispatcher")
    assert entry.after["case"] == receipt.case.number
    assert "13800000007" not in str(list(AuditEntry.objects.values_list("before", "after", "reason")))
    assert "等太久" not in str(entry.after)


def test_a_citizens_own_rating_names_no_clerk(cast: Cast) -> None:
    assert cast.submit(1).evaluation.entered_by is None
    assert not AuditEntry.objects.filter(action="evaluation.enter").exists()


def test_a_bad_slip_opens_a_case_and_the_evaluator_gets_the_receipt(cast: Cast) -> None:
    entered = slip(at(window_of("YT-CITY", "370600-GAJ")), level=2, tags=("207",), phone="138 0000 0007")
    receipt = enter_slip(entered, by=cast.lin, at=NOW)
    case = Case.objects.get()
    assert (receipt.case, case.source, case.channel, case.state) == (case, Source.RATING, "paper", State.RECEIVED)
    assert case.events.get().actor == cast.lin
    assert case.reachable
    assert case.number in OutboxMessage.objects.get(kind="citizen.receipt").body
    assert receipt.evaluation.number == case.number


def test_who_entered_it_cannot_be_changed(cast: Cast) -> None:
    rating = enter_slip(slip(at(window_of("YT-CITY", "370600-GAJ"))), by=cast.lin, at=NOW).evaluation
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        Evaluation.objects.filter(pk=rating.pk).update(entered_by=None)


def test_praise_gets_a_number_for_the_slip(cast: Cast) -> None:
    window = at(window_of("YT-CITY", "370600-GAJ"))
    numbers = {enter_slip(slip(window), by=cast.lin, at=NOW).evaluation.number for _ in range(50)}
    assert len(numbers) == 50
    assert all(len(number) == 9 and number[4] == "-" for number in numbers)


def test_every_months_table_holds_the_column(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE EXISTS (SELECT FROM pg_attribute a"
            " WHERE a.attrelid = i.inhrelid AND attname = 'entered_by_id')) FROM pg_inherits i"
            " WHERE inhparent = 'evaluations_evaluation'::regclass"
        )
        tables, having = cursor.fetchone()
    assert tables == having >= 1


# --- who may not -----------------------------------------------------------------------------------------------------


def test_nobody_enters_for_their_own_unit(cast: Cast) -> None:
    own = at(window_of("YT-CITY", "370600-SPJ"))
    words, field = refusal(slip(own), cast.lin)
    assert "您所在单位" in words
    assert field == "place"


def test_the_city_bodys_own_windows_are_entered_by_another_unit(cast: Cast) -> None:
    cui = staff("cui", "崔回访", (Role.CALLBACK, Unit.objects.get(code="370600-DSJ")))
    assert enter_slip(slip(at(window_of("YT-CITY", "370600-SPJ"))), by=cui, at=NOW).evaluation.entered_by == cui


def test_the_supervisor_of_a_hall_enters_paper_for_others_there(cast: Cast) -> None:
    mei = staff("mei", "梅大厅", (Role.UNIT_SUPERVISOR, cast.county_body))
    police, county = window_of("YT-ZF", "370602-GAJ"), window_of("YT-ZF", "370602-SPJ")
    city = window_of("YT-CITY", "370600-GAJ")
    assert "只能录入" in refusal(slip(at(police), channel=HOTLINE), mei)[0]
    assert "您所在单位" in refusal(slip(at(county)), mei)[0]
    assert "管理范围" in refusal(slip(at(city)), mei)[0]
    for channel in (PAPER, BOX):
        rating = enter_slip(slip(at(police), channel=channel), by=mei, at=NOW).evaluation
        assert (rating.entered_by, rating.unit.code) == (mei, "370602-GAJ")


@pytest.mark.parametrize("name", ["wu", "zheng", "qian", "he", "zhou", "xu", "gu", "meng", "sun"])
def test_others_enter_nothing(cast: Cast, name: str) -> None:
    rated = at(window_of("YT-CITY", "370600-YBJ" if name in ("wu", "zheng") else "370600-GAJ"))
    refusal(slip(rated), cast.everybody[name])
    assert not AuditEntry.objects.filter(action="evaluation.enter").exists()


def test_a_former_dispatcher_enters_nothing(cast: Cast) -> None:
    cast.lin.memberships.update(valid_to=date(2026, 11, 1))
    refusal(slip(at(window_of("YT-CITY", "370600-GAJ"))), Staff.objects.get(pk=cast.lin.pk))


# --- which day -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("channel", "day", "words"),
    [
        (PAPER, TODAY + DAY, "不能晚于今天"),
        (PAPER, date(2026, 10, 23), "2026年10月24日"),
        (PAPER, date(2026, 10, 24), ""),
        (BOX, date(2026, 10, 24), ""),
        (HOTLINE, date(2026, 11, 15), "2026年11月16日"),
        (HOTLINE, date(2026, 11, 16), ""),
        (RatingChannel.PHONE, date(2026, 10, 24), "2026年11月16日"),
    ],
)
def test_how_old_a_slip_may_be(cast: Cast, channel: RatingChannel, day: date, words: str) -> None:
    """Paper waits in a box for CLERK_ENTRY_MAX_DAYS, a call has the five working days of every rating."""
    entered = slip(at(window_of("YT-CITY", "370600-GAJ")), channel=channel, day=day)
    if words:
        told, field = refusal(entered, cast.lin)
        assert words in told
        assert field == "day"
    else:
        assert enter_slip(entered, by=cast.lin, at=NOW).evaluation.rated_at.date() == day


def test_the_box_may_be_given_more_or_less_time(cast: Cast, settings: Any) -> None:
    settings.CLERK_ENTRY_MAX_DAYS = 3
    refusal(slip(at(window_of("YT-CITY", "370600-GAJ")), day=date(2026, 11, 19)), cast.lin)


def test_a_slip_fits_the_days_of_its_service(cast: Cast) -> None:
    served = cast.service(at=NOW - 10 * DAY)  # 13 November; to be rated up to the 20th
    assert "11月13日" in refusal(slip(loaded(served), day=date(2026, 11, 12)), cast.lin)[0]
    assert "11月20日" in refusal(slip(loaded(served), day=date(2026, 11, 21)), cast.lin)[0]
    rating = enter_slip(slip(loaded(served), day=date(2026, 11, 20)), by=cast.lin, at=NOW).evaluation
    assert rating.rated_at.date() == date(2026, 11, 20)


# --- twice -----------------------------------------------------------------------------------------------------------


def test_a_service_is_rated_once_from_whatever_door(cast: Cast) -> None:
    service = cast.service()
    first = cast.submit(2, service=service, text="没有样本").evaluation
    with pytest.raises(AlreadyRated) as known:
        enter_slip(slip(loaded(service), level=1, text="另一张", phone="13800000002"), by=cast.lin, at=NOW)
    assert known.value.evaluation == first
    assert (Evaluation.objects.count(), Case.objects.count(), Evaluator.objects.count()) == (1, 1, 1)
    assert not AuditEntry.objects.filter(action="evaluation.enter").exists()


def test_a_second_press_is_the_same_slip(cast: Cast) -> None:
    entered = slip(at(window_of("YT-CITY", "370600-GAJ")), level=1, text="等太久", tags=("110",))
    first = enter_slip(entered, by=cast.lin, at=NOW)
    second = enter_slip(entered, by=cast.lin, at=NOW + timedelta(seconds=1))
    assert first.evaluation == second.evaluation
    assert first.case == second.case
    assert AuditEntry.objects.filter(action="evaluation.enter").count() == 1


def test_a_form_gone_back_to_is_not_taken_for_a_second_press(cast: Cast) -> None:
    window = at(window_of("YT-CITY", "370600-GAJ"))
    enter_slip(slip(window, nonce="n" * 32), by=cast.lin, at=NOW)
    later = NOW + timedelta(seconds=20)
    for other in (slip(window, level=4, nonce="n" * 32), slip(window, text="另一张单", nonce="n" * 32)):
        with pytest.raises(FormUsed):
            enter_slip(other, by=cast.lin, at=later)
    assert Evaluation.objects.count() == 1


# --- 监督查评 --------------------------------------------------------------------------------------------------------


def check(rated: Rated, level: int = 1, text: str = "窗口空岗", **more: Any) -> Check:
    return Check(rated, Words(level=level, text=text), more.pop("visited_at", NOW - DAY), uuid.uuid4().hex)


@pytest.mark.parametrize("name", ["qian", "zhao"])
def test_a_bad_finding_opens_a_case_of_its_own_source(cast: Cast, name: str) -> None:
    person = cast.everybody[name]
    receipt = record_check(check(at(window_of("YT-CITY", "370600-GAJ"))), by=person, at=NOW)
    rating, case = receipt.evaluation, Case.objects.get()
    assert (rating.channel, rating.origin, rating.entered_by) == ("check", "check", person)
    assert (rating.rated_at, rating.evaluator) == (NOW - DAY, None)
    assert (case.source, case.level, case.text) == (Source.INSPECTION, 1, "窗口空岗")
    event = case.events.get()
    assert (event.action, event.actor, event.actor_unit) == (Action.OPEN, person, cast.body.name)
    assert not case.reachable
    assert not OutboxMessage.objects.exists()


def test_the_case_of_a_check_goes_its_way_to_sign_off(cast: Cast) -> None:
    """Nobody can be called back; the supervisor checks on file, and the loop closes as for every case."""
    case = record_check(check(at(window_of("YT-CITY", "370600-GAJ"))), by=cast.zhao, at=NOW).case
    assert cast.upto(case, State.CLOSED).state == State.CLOSED


def test_a_good_finding_is_counted_and_opens_nothing(cast: Cast) -> None:
    rating = record_check(check(at(window_of("YT-CITY", "370600-GAJ")), 5, ""), by=cast.qian, at=NOW).evaluation
    assert rating.origin == Origin.CHECK
    assert not Case.objects.exists()


def test_the_county_checks_its_county_and_not_itself(cast: Cast) -> None:
    hall = Hall.objects.select_related("unit__region").get(code="YT-ZF")
    for rated in (at(window_of("YT-CITY", "370600-GAJ")), Rated(Target.HALL, hall.unit, hall=hall)):
        with pytest.raises(SlipRefused):
            record_check(check(rated), by=cast.he, at=NOW)
    assert record_check(check(at(window_of("YT-ZF", "370602-GAJ"))), by=cast.he, at=NOW).case.rated_unit.code == (
        "370602-GAJ"
    )


@pytest.mark.parametrize("name", ["lin", "wu", "zheng", "zhou", "xu", "sun"])
def test_others_check_nothing(cast: Cast, name: str) -> None:
    with pytest.raises(SlipRefused):
        record_check(check(at(window_of("YT-CITY", "370600-YBJ"))), by=cast.everybody[name], at=NOW)
    assert not Evaluation.objects.exists()


@pytest.mark.parametrize(
    ("visited", "words"),
    [(NOW + timedelta(minutes=1), "不能晚于"), (NOW + 400 * DAY, "不能晚于"), (NOW - 31 * DAY, "10月24日")],
)
def test_when_a_visit_may_have_been(cast: Cast, visited: Any, words: str) -> None:
    with pytest.raises(SlipRefused, match=words) as refused:
        record_check(check(at(window_of("YT-CITY", "370600-GAJ")), visited_at=visited), by=cast.qian, at=NOW)
    assert refused.value.field == "visited_at"


def test_the_database_knows_no_check_without_a_checker(cast: Cast) -> None:
    record_check(check(at(window_of("YT-CITY", "370600-GAJ")), 4, ""), by=cast.qian, at=NOW)
    rating = Evaluation.objects.get()
    rating.pk, rating.entered_by, rating._state.adding = uuid.UUID(int=rating.pk.int + 1), None, True
    with pytest.raises(IntegrityError, match="a_check_names_its_checker"), transaction.atomic():
        rating.save()
