"""Findings as facts: written once, taken back by better data, explained, decided, seen by whom they concern."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from assessment import actions
from assessment.enums import DECISIONS, FindingAct, FindingState, Grain, SignalCode
from assessment.lists import tasks_for
from assessment.models import CountedDay, DayToLook, Finding, FindingEvent, UnitDay
from assessment.periods import period_of
from assessment.queries import flagged
from assessment.tasks import look_for_findings
from common.models import AuditEntry, Notice
from evaluations.actions import exclude_rating
from evaluations.actions.keeping import forget_traces
from evaluations.enums import ExclusionReason
from evaluations.models import Evaluation, RatingTrace
from organizations.actions import Refused
from organizations.enums import Role
from tests.assessment.doubting import DAY, NIGHT, Doubting
from tests.factories import NOW, Cast, staff

WHY = "看了监控,当天只有一部手机在用"


@pytest.fixture
def place(cast: Cast) -> Doubting:
    made = Doubting(cast)
    made.crowd(20)
    made.crowd(9, device="f" * 16)
    return made


@pytest.fixture
def finding(place: Doubting) -> Finding:
    return place.look()[SignalCode.DEVICE]


def test_searched_twice_nothing_moves(place: Doubting, finding: Finding) -> None:
    before = list(Finding.objects.values()), list(FindingEvent.objects.values("act"))
    assert actions.look_at_day(DAY, at=NIGHT + timedelta(hours=1)).new == 0
    assert (list(Finding.objects.values()), list(FindingEvent.objects.values("act"))) == before


def test_a_late_rating_is_found_when_its_day_is_searched_again(place: Doubting, finding: Finding) -> None:
    place.rate(at=NOW + timedelta(minutes=50), device="f" * 16, received=NIGHT)
    place.look()
    finding.refresh_from_db()
    assert (finding.observed, finding.ratings.count()) == (10, 10)
    assert [event.act for event in finding.events.all()] == [FindingAct.FOUND, FindingAct.CHANGED]


def test_what_holds_no_longer_is_marked_and_stays(place: Doubting, cast: Cast, finding: Finding) -> None:
    for row in finding.ratings.select_related("evaluation")[:5]:
        exclude_rating(row.evaluation, reason=ExclusionReason.TEST, note="演示", by=cast.qian, at=NIGHT)
    assert actions.look_at_day(DAY, at=NIGHT).gone == 1
    finding.refresh_from_db()
    assert finding.state == FindingState.GONE
    assert Evaluation.objects.count() == 29
    with pytest.raises(Refused):
        actions.decide_finding(finding, by=cast.qian, at=NIGHT, outcome=FindingState.CONFIRMED, reason=WHY)


def test_what_somebody_decided_is_not_touched_again(place: Doubting, cast: Cast, finding: Finding) -> None:
    actions.decide_finding(finding, by=cast.qian, at=NIGHT, outcome=FindingState.REFUTED, reason=WHY)
    place.rate(at=NOW + timedelta(minutes=50), device="f" * 16, received=NIGHT)
    place.look()
    finding.refresh_from_db()
    assert (finding.state, finding.observed) == (FindingState.REFUTED, 9)


@pytest.mark.parametrize("outcome", DECISIONS)
def test_a_decision_takes_nothing_out_of_the_figures(cast: Cast, finding: Finding, outcome: FindingState) -> None:
    actions.refresh(at=NIGHT)
    before = list(UnitDay.objects.values())
    actions.decide_finding(finding, by=cast.qian, at=NIGHT, outcome=outcome, reason=WHY)
    actions.refresh(at=NIGHT)
    assert list(UnitDay.objects.values()) == before
    assert Evaluation.objects.count() == 29
    finding.refresh_from_db()
    assert (finding.state, finding.reason, finding.decided_by) == (outcome, WHY, cast.qian)
    entry = AuditEntry.objects.get(action="finding.decide")
    assert (entry.after, entry.reason) == ({"state": outcome}, WHY)
    assert Notice.objects.filter(kind="finding.decided", staff=cast.zheng).count() == 1


@pytest.mark.parametrize("who", ["he", "zheng", "lin", "zhou", "song", "wu"])
def test_nobody_else_decides(cast: Cast, finding: Finding, who: str) -> None:
    with pytest.raises(Refused):
        actions.decide_finding(finding, by=getattr(cast, who), at=NIGHT, outcome=FindingState.CONFIRMED, reason=WHY)


@pytest.mark.parametrize("reason", ["", "太短了", "一 二 三 四 五 六 七 八 九 "])
def test_a_reason_has_ten_characters(cast: Cast, finding: Finding, reason: str) -> None:
    with pytest.raises(Refused, match="10"):
        actions.decide_finding(finding, by=cast.qian, at=NIGHT, outcome=FindingState.DOUBTFUL, reason=reason)


def test_open_is_no_decision(cast: Cast, finding: Finding) -> None:
    with pytest.raises(Refused):
        actions.decide_finding(finding, by=cast.qian, at=NIGHT, outcome=FindingState.OPEN, reason=WHY)


def test_a_body_does_not_decide_about_itself(cast: Cast) -> None:
    place = Doubting(cast, unit=cast.body)
    place.crowd(20)
    place.crowd(9, device="f" * 16)
    found = place.look()[SignalCode.DEVICE]
    with pytest.raises(Refused):
        actions.decide_finding(found, by=cast.qian, at=NIGHT, outcome=FindingState.REFUTED, reason=WHY)


def test_the_unit_explains_until_somebody_decides(cast: Cast, finding: Finding) -> None:
    said = "当天社区集中来办,志愿者用一部手机帮忙"
    actions.explain_finding(finding, by=cast.zheng, at=NIGHT, note=said)
    finding.refresh_from_db()
    assert finding.explanation == said
    for person in (cast.song, cast.wu, cast.qian):
        with pytest.raises(Refused):
            actions.explain_finding(finding, by=person, at=NIGHT, note=said)
    with pytest.raises(Refused):
        actions.explain_finding(finding, by=cast.zheng, at=NIGHT, note="没有")
    actions.decide_finding(finding, by=cast.qian, at=NIGHT, outcome=FindingState.REFUTED, reason=WHY)
    with pytest.raises(Refused):
        actions.explain_finding(finding, by=cast.zheng, at=NIGHT, note=said)


def test_the_database_wants_a_person_and_a_reason(finding: Finding) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.filter(pk=finding.pk).update(state=FindingState.CONFIRMED)


def test_history_is_not_rewritten(finding: Finding) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        finding.events.update(note="x")


def test_who_sees_it(cast: Cast, finding: Finding) -> None:
    county = staff("xian", "县督乙", (Role.COUNTY_SUPERVISOR, cast.county_body))
    seen = {name for name, one in cast.everybody.items() if finding in Finding.objects.visible_to(one)}
    assert seen == {"qian", "zheng", "zhou"}
    assert finding not in Finding.objects.visible_to(county)


def test_flagged_ratings_are_counted_apart_by_unit_and_direction(cast: Cast, finding: Finding) -> None:
    period = period_of(DAY, Grain.MONTH)
    assert flagged(period)[cast.unit.pk].suspected(bad=False) == 9
    actions.decide_finding(finding, by=cast.qian, at=NIGHT, outcome=FindingState.CONFIRMED, reason=WHY)
    counted = flagged(period)[cast.unit.pk]
    assert (counted.suspected(bad=False), counted.confirmed(bad=False), counted.confirmed(bad=True)) == (0, 9, 0)
    assert not flagged(period_of(date(2026, 1, 1), Grain.MONTH))


def test_days_found_to_be_brushed_are_no_base(place: Doubting, cast: Cast, finding: Finding) -> None:
    actions.decide_finding(finding, by=cast.qian, at=NIGHT, outcome=FindingState.CONFIRMED, reason=WHY)
    later = DAY + timedelta(days=1)
    for n in range(30):
        place.rate(at=NOW + timedelta(days=1, minutes=n), device=f"{n:016x}" if n < 21 else "e" * 16)
    actions.look_at_day(later, at=NIGHT + timedelta(days=1))
    assert Finding.objects.get(day=later, signal=SignalCode.DEVICE).evidence["base_hits"] == 0


def test_what_waits(cast: Cast, finding: Finding) -> None:
    assert [task.count for task in tasks_for(cast.qian)] == [Finding.objects.count()]
    assert [task.count for task in tasks_for(cast.zheng)] == [Finding.objects.count()]
    assert tasks_for(cast.wu) == tasks_for(cast.zhou) == []


def test_the_sweep_follows_what_changed(cast: Cast, place: Doubting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assessment.tasks.timezone.now", lambda: NIGHT + timedelta(hours=8))
    CountedDay.objects.update(looked_at=NIGHT)
    actions.refresh(at=NIGHT)
    assert DayToLook.objects.filter(day=DAY).exists()
    assert look_for_findings() == 1
    assert Finding.objects.filter(day=DAY, signal=SignalCode.DEVICE).exists()
    assert look_for_findings() == 0


def test_marks_are_forgotten_in_time(place: Doubting) -> None:
    assert forget_traces(today=DAY + timedelta(days=180)) == 0
    assert forget_traces(today=DAY + timedelta(days=181)) == 29
    assert not RatingTrace.objects.exists()
    assert Evaluation.objects.count() == 29


# --- pages ----------------------------------------------------------------------------------------------------


def _page(person: str, client: Client, cast: Cast, address: str, **post: str) -> Any:
    client.force_login(getattr(cast, person))
    return client.post(address, post) if post else client.get(address)


def test_the_list_narrows_by_the_address(cast: Cast, client: Client, finding: Finding) -> None:
    page = _page("qian", client, cast, "/desk/findings/?signal=device").content.decode()
    assert f"/desk/findings/{finding.pk}/" in page
    page = _page("qian", client, cast, "/desk/findings/?signal=early").content.decode()
    assert f"/desk/findings/{finding.pk}/" not in page


def test_a_finding_tells_numbers_chance_and_what_else_it_may_be(cast: Cast, client: Client, finding: Finding) -> None:
    page = _page("zheng", client, cast, f"/desk/findings/{finding.pk}/").content.decode()
    assert "代办人员" in page
    assert "偶然出现的机会" in page
    assert page.count('<td data-label="渠道">') == 9
    assert "f" * 16 not in page
    assert "/decide/" not in page
    assert "/explain/" in page


def test_decided_by_the_page(cast: Cast, client: Client, finding: Finding) -> None:
    address = f"/desk/findings/{finding.pk}/decide/"
    again = _page("qian", client, cast, address, outcome="confirmed", reason="太短")
    assert "10" in again.content.decode()
    assert "太短" in again.content.decode()
    done = _page("qian", client, cast, address, outcome="confirmed", reason=WHY)
    assert done.status_code == 302
    assert WHY in _page("zheng", client, cast, f"/desk/findings/{finding.pk}/").content.decode()


@pytest.mark.parametrize(("who", "status"), [("he", 404), ("song", 404), ("wu", 403), ("lin", 403), ("zhou", 200)])
def test_strangers_meet_nothing(cast: Cast, client: Client, finding: Finding, who: str, status: int) -> None:
    assert _page(who, client, cast, f"/desk/findings/{finding.pk}/").status_code == status
