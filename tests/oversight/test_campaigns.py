"""专项整治 from its trigger to what came of it: cases it began from, effect, recurrence, shares told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from assessment.actions import refresh
from assessment.enums import EventKind
from assessment.models import ScoreEvent
from assessment.periods import read_period
from common.models import Notice
from organizations.actions import Refused
from organizations.models import Staff
from oversight import actions
from oversight.actions.campaigns import rounds
from oversight.enums import CampaignAct, Method, Moved
from oversight.models import CampaignEffect, Dossier, RecurrenceCheck
from oversight.panels import campaigns as panel
from oversight.panels.model import About
from oversight.queries import campaigns as questions
from oversight.queries.effects import effect_from, facts_of_effect
from oversight.queries.overview import collect, scope_of
from oversight.queries.sections.campaigns import blocks, effect_blocks
from tests.factories import NOW, Cast
from tests.oversight.conftest import monday
from tests.oversight.desk import campaign, signed_off, task

__all__ = ["monday"]
CASH = "窗口不收现金,只能扫码支付"
ENDS_CHECK = date(2026, 12, 4)
BEGINS, ENDS = date(2026, 7, 6), date(2026, 7, 24)
Q2 = read_period("2026-Q2")


def _at(day: date, hour: int = 10) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))


@pytest.fixture
def city(cast: Cast, monday: object) -> Cast:
    """At the bureau nine bad ratings about cash before July, none after, and praise; elsewhere nothing changed."""
    for n in range(9):
        cast.submit(1, at=_at(date(2026, 5, 4) + timedelta(days=5 * n)), text=CASH, tags=False)
    for n in range(45):
        cast.submit(5, at=_at(date(2026, 4, 9) + timedelta(days=4 * n), 11))
    home, cast.unit = cast.unit, cast.other_unit
    for month in (5, 6, 8, 9):
        cast.submit(1, at=_at(date(2026, month, 8)), text=CASH, tags=False)
        cast.submit(5, at=_at(date(2026, month, 9)))
    cast.unit = home
    refresh(at=NOW)
    return cast


def ended(city: Cast, **changes: object) -> Dossier:
    """A campaign of July that was closed on its last day."""
    row = campaign(city, at=_at(BEGINS), begins=BEGINS, ends=ENDS, **changes)
    one = task(city, row, at=_at(BEGINS), days=None, until=ENDS)
    actions.finish_survey(row, by=city.qian, at=_at(BEGINS, 12))
    signed_off(city, one, at=_at(ENDS - timedelta(days=2)))
    actions.ask_sign_off(row, by=city.qian, at=_at(ENDS))
    return actions.close_dossier(row, "窗口恢复收取现金", by=city.qian, at=_at(ENDS))


def test_a_campaign_keeps_the_cases_it_was_begun_from(city: Cast) -> None:
    found = questions.cases_behind(Q2, [city.unit], ["收费与支付"])
    assert len(found) == 9
    row = campaign(city, started=False, cases=found, by_threshold=True)
    assert [one.case for one in row.cases.all()] == found


def test_the_fall_is_counted_in_equal_windows_and_beside_others(city: Cast) -> None:
    row = ended(city)
    told = questions.effect_for(row, at=NOW)
    assert told is not None
    units, beside = told.effect.units, told.effect.beside
    assert (units.before.count, units.after.count, units.days) == (9, 0, 90)
    assert beside is not None
    assert (beside.before.count, beside.after.count) == (2, 2)
    assert told.effect.moved == Moved.DOWN
    assert len(questions.cases_of_window(told, "scope-before")) == 9


def test_what_was_counted_is_kept_once_its_time_is_over_and_stays(city: Cast) -> None:
    row = ended(city)
    early = _at(ENDS + timedelta(days=60))
    assert actions.look_again(at=early) == 1  # the check after 30 days
    assert not CampaignEffect.objects.exists()
    assert actions.look_again(at=NOW) == 2  # after 90 days, and the effect
    assert actions.look_again(at=NOW) == 0
    kept = CampaignEffect.objects.get()
    counted = questions.counted_effect(row, at=NOW)
    assert effect_from(kept.facts, counted.scope, chosen=counted.chosen) == counted
    assert facts_of_effect(counted) == kept.facts
    city.submit(1, at=_at(ENDS + timedelta(days=10)), text=CASH, tags=False)
    refresh(at=NOW)
    told = questions.effect_for(row, at=NOW)
    assert told is not None
    assert told.effect == counted
    assert questions.counted_effect(row, at=NOW) != counted
    with pytest.raises(DatabaseError), transaction.atomic():
        CampaignEffect.objects.update(at=early)


def test_what_comes_again_is_written_and_told(city: Cast) -> None:
    row = ended(city)
    again = city.rate(1, at=_at(ENDS + timedelta(days=40)), text=CASH)
    actions.look_again(at=NOW)
    checks = {one.days: one.cases for one in RecurrenceCheck.objects.filter(campaign=row.campaign)}
    assert checks == {30: [], 90: [again.pk]}
    assert Notice.objects.filter(staff=city.qian, kind="campaign.recurred").count() == 1
    assert list(row.events.filter(act="recur").values_list("data", flat=True)) == [
        {"days": 30, "cases": 0},
        {"days": 90, "cases": 1},
    ]


def test_a_campaign_that_was_chosen_by_its_count_says_so(city: Cast) -> None:
    told = questions.effect_for(ended(city, by_threshold=True), at=NOW)
    assert told is not None
    assert "chosen" in told.effect.doubts


def test_nothing_is_said_of_what_has_not_started(city: Cast) -> None:
    row = campaign(city, started=False)
    assert questions.effect_for(row, at=NOW) is None
    assert effect_blocks(row, None) == []


# --- on paper, on the overview --------------------------------------------------------------------------------


def test_its_ledger_lists_every_case_that_was_counted(city: Cast) -> None:
    row = ended(city)
    told = questions.effect_for(row, at=NOW)
    found = effect_blocks(row, told, user=city.qian)
    listed = found[-1]
    assert [line[0] for line in listed.rows].count("整治前") == 9  # type: ignore[union-attr]
    assert "9件" in str(found[1])


def test_the_notice_tells_of_the_campaigns_of_its_quarter_only(city: Cast) -> None:
    ended(city)
    third, fourth = read_period("2026-Q3"), read_period("2026-Q4")
    assert [row[0] for row in blocks(third, at=NOW)[1].rows] == ["窗口收费渠道全面普查"]  # type: ignore[union-attr]
    assert blocks(Q2, at=NOW) == []
    assert blocks(fourth, at=NOW) == []


def test_the_panel_names_what_fell_with_evidence(city: Cast) -> None:
    ended(city)
    found = collect("campaigns", scope_of(city.qian), Q2, at=NOW)
    shown = panel.show(found, About(Q2, NOW.date()))
    assert shown.title == "1 项专项整治,1 项差评率下降有证据"
    cells = shown.tables[0].rows[0]
    assert [cell.count for cell in cells[1:3]] == [9, 0]
    assert collect("campaigns", scope_of(city.he), Q2, at=NOW).rows == ()


# --- what the assessment is told ------------------------------------------------------------------------------


def test_the_share_of_tasks_signed_off_is_told_once_a_quarter(city: Cast) -> None:
    row = campaign(city, at=_at(BEGINS), begins=BEGINS, ends=ENDS)
    for n in range(3):
        one = task(city, row, at=_at(BEGINS), days=None, until=ENDS)
        if n:
            signed_off(city, one, at=_at(ENDS))
    actions.drop_task(task(city, row, at=_at(BEGINS), days=None, until=ENDS), "重复", by=city.qian, at=_at(ENDS))
    assert actions.tell_campaign_shares(at=_at(date(2026, 10, 2))) == 0
    for _twice in range(2):
        assert actions.tell_campaign_shares(at=_at(date(2026, 10, 7))) == 1
    event = ScoreEvent.objects.get(kind=EventKind.CAMPAIGN)
    assert (event.unit, event.value, event.quarter) == (city.unit, Decimal("0.6667"), date(2026, 7, 1))
    assert "任务 3 项,销号 2 项" in event.source


def test_the_board_shows_where_everything_stands_and_where_it_can_go(city: Cast) -> None:
    campaign(city)
    lanes = {lane.stage: lane for lane in questions.board_of(city.qian, NOW, leads=True)}
    assert list(lanes) == ["planned", "surveying", "fixing", "signing", "closed"]
    (card,) = lanes["surveying"].cards
    assert [(act, to) for act, _label, to in card.moves] == [("finish_survey", "fixing")]
    assert questions.board_of(city.zheng, NOW, leads=False)[1].cards[0].moves == ()


# --- 互查 ---------------------------------------------------------------------------------------------------------


@given(st.integers(2, 40), st.integers(1, 10**6))
def test_everybody_looks_at_one_and_no_two_at_one_another(count: int, seed: int) -> None:
    pairs = rounds(range(count), seed)
    assert sorted(checker for checker, _checked in pairs) == sorted(checked for _checker, checked in pairs)
    assert [checker for checker, _checked in pairs] == list(range(count))
    assert all(checker != checked for checker, checked in pairs)
    if count > 2:
        assert not {(checked, checker) for checker, checked in pairs} & set(pairs)


def test_each_unit_of_a_cross_check_is_given_another_to_look_at(cast: Cast) -> None:
    scope = [cast.unit, cast.other_unit, cast.body]
    row = campaign(cast, method=Method.CROSS, scope=scope, comparison=[])
    tasks = actions.share_out(row, ENDS_CHECK, by=cast.qian, at=NOW)
    pairs = row.events.get(act=CampaignAct.SHARE_OUT).data["pairs"]
    assert [one.unit.code for one in tasks] == [checker for checker, _checked in pairs]
    names = {unit.code: unit.name for unit in scope}
    for one, (checker, checked) in zip(tasks, pairs, strict=True):
        assert checker != checked
        assert names[checked] in one.wanted
        assert all(line in one.wanted for line in row.campaign.checklist)
        assert timezone.localdate(one.due_at) == ENDS_CHECK
    with pytest.raises(Refused, match="已经分派"):
        actions.share_out(row, ENDS_CHECK, by=cast.qian, at=NOW)


def test_what_is_no_cross_check_or_has_one_unit_is_not_shared_out(cast: Cast) -> None:
    with pytest.raises(Refused, match="只有互查"):
        actions.share_out(campaign(cast), ENDS_CHECK, by=cast.qian, at=NOW)
    alone = campaign(cast, method=Method.CROSS)
    with pytest.raises(Refused, match="两个单位"):
        actions.share_out(alone, ENDS_CHECK, by=cast.qian, at=NOW)
    assert not alone.tasks.exists()
    both = campaign(cast, method=Method.CROSS, scope=[cast.unit, cast.other_unit], comparison=[])
    with pytest.raises(Refused, match="期限"):
        actions.share_out(both, date(2026, 11, 1), by=cast.qian, at=NOW)
    assert not both.events.filter(act=CampaignAct.SHARE_OUT).exists()


def test_the_page_of_a_cross_check_offers_it_once(cast: Cast, sign_in: Callable[[Staff], Client]) -> None:
    client = sign_in(cast.qian)
    both = campaign(cast, method=Method.CROSS, scope=[cast.unit, cast.other_unit], comparison=[])
    other = campaign(cast)
    address = reverse("dossier-act", args=[both.number, "share_out"])
    assert address in client.get(reverse("dossier", args=[both.number])).content.decode()
    assert "share_out" not in client.get(reverse("dossier", args=[other.number])).content.decode()
    page = client.post(address, {"until": "2026-12-04"}, follow=True).content.decode()
    assert both.tasks.count() == 2
    assert address not in page


def test_a_campaign_that_goes_on_shows_no_zeros(cast: Cast, sign_in: Callable[[Staff], Client]) -> None:
    row = campaign(cast)
    page = sign_in(cast.qian).get(reverse("dossier", args=[row.number])).content.decode()
    assert "结束后开始" in page
    assert reverse("campaign-cases", args=[row.number, "scope-before"]) not in page
