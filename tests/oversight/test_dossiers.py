"""督办卷: numbers, courses, who may, what is final, and what the database itself refuses."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from common.models import AuditEntry
from organizations.actions import Refused
from oversight import actions
from oversight.courses import COURSES, check, label_of, possible
from oversight.courses.core import NotAllowed
from oversight.enums import DossierAct, Kind, Part
from oversight.models import Campaign, Dossier, DossierEvent, DossierUnit
from oversight.queries.dossiers import counts_by_kind
from tests.factories import NOW, Cast
from tests.oversight.desk import LATER, campaign, jpeg, plan, signed_off, task


@pytest.mark.parametrize("kind", list(COURSES))
def test_every_step_of_a_course_leads_somewhere_and_has_words(kind: str) -> None:
    course = COURSES[kind]
    stages = set(course.stages.values)
    for step in course.steps:
        assert step.froms
        assert step.froms <= stages
        assert step.to is None or step.to in stages
        assert str(label_of(kind, step.act))
    assert course.first in stages
    assert course.tasking <= stages
    assert {"closed", "dropped"} <= stages
    assert not [step for step in course.steps if step.froms & {"closed", "dropped"}]


@pytest.mark.parametrize("kind", list(COURSES))
def test_from_every_stage_there_is_a_way_to_the_end(kind: str) -> None:
    course = COURSES[kind]
    reached, grown = {course.first}, True
    while grown:
        more = {step.to for step in course.steps if step.to and step.froms & reached} - reached
        reached, grown = reached | more, bool(more)
    assert reached == set(course.stages.values)


def test_what_the_course_does_not_allow_is_refused_in_words() -> None:
    course = COURSES[Kind.CAMPAIGN]
    with pytest.raises(NotAllowed, match="立项"):
        check(course, DossierAct.CLOSE, "planned", "办结")
    assert possible(course, "closed") == []


def test_prefixes_of_numbers_are_not_shared() -> None:
    assert len({course.prefix for course in COURSES.values()}) == len(COURSES)


def test_numbers_run_by_kind_and_year(cast: Cast) -> None:
    numbers = [campaign(cast, started=False).number for _ in range(2)]
    next_year = NOW.replace(year=2027)
    numbers.append(campaign(cast, started=False, at=next_year).number)
    assert numbers == ["ZX-2026-001", "ZX-2026-002", "ZX-2027-001"]


def test_opening_is_history_and_audit(cast: Cast) -> None:
    row = campaign(cast, started=False)
    event = row.events.get()
    assert (event.act, event.actor_name, event.actor_role) == (DossierAct.OPEN, "钱督导", "city_supervisor")
    assert AuditEntry.objects.filter(action="campaign.open", object_id=row.number).exists()


@pytest.mark.parametrize("who", ["lin", "wu", "zheng", "zhou", "he", "xu"])
def test_only_who_leads_the_division_opens_and_moves(cast: Cast, who: str) -> None:
    person = getattr(cast, who)
    with pytest.raises(PermissionDenied):
        actions.plan_campaign(cast.body.region, plan(cast), by=person, at=NOW)
    row = campaign(cast, started=False)
    with pytest.raises(PermissionDenied):
        actions.start_campaign(row, by=person, at=NOW)


def test_a_county_leads_its_own(cast: Cast) -> None:
    row = actions.plan_campaign(cast.county_body.region, plan(cast, lead=cast.county_body), by=cast.he, at=NOW)
    assert actions.start_campaign(row, by=cast.he, at=NOW).stage == "surveying"
    assert actions.finish_survey(row, by=cast.qian, at=NOW).stage == "fixing"  # the city above it may as well


def test_who_sees_what(cast: Cast) -> None:
    row = campaign(cast)
    seen = {name for name, person in cast.everybody.items() if row in Dossier.objects.visible_to(person)}
    # Song's and Sun's unit is only compared with; He's county has no part in it.
    assert seen == {"lin", "wu", "wei", "zheng", "qian", "zhou", "rated"}


def test_a_task_lets_its_unit_in(cast: Cast) -> None:
    row = campaign(cast)
    task(cast, row, unit=cast.other_unit)
    assert row in Dossier.objects.visible_to(cast.song)


def test_who_saw_an_older_version_is_told(cast: Cast) -> None:
    row = campaign(cast)
    with pytest.raises(Refused, match="刚刚被别人改过"):
        actions.finish_survey(row, by=cast.qian, at=NOW, seen=row.version - 1)


def test_nothing_is_closed_with_open_tasks_or_without_an_outcome(cast: Cast) -> None:
    row = campaign(cast)
    one = task(cast, row)
    actions.finish_survey(row, by=cast.qian, at=NOW)
    with pytest.raises(Refused, match="没有报结"):
        actions.ask_sign_off(row, by=cast.qian, at=NOW)
    actions.report_task(one, "已改", by=cast.zheng, at=LATER)
    actions.ask_sign_off(row, by=cast.qian, at=LATER)
    with pytest.raises(Refused, match="没有销号"):
        actions.close_dossier(row, "完成", by=cast.qian, at=LATER)
    actions.sign_off_task(one, by=cast.qian, at=LATER)
    with pytest.raises(Refused, match="写明结果"):
        actions.close_dossier(row, "  ", by=cast.qian, at=LATER)
    closed = actions.close_dossier(row, "三处告示已撤", by=cast.qian, at=LATER)
    assert (closed.stage, closed.closed_by, closed.closed_at) == ("closed", cast.qian, LATER)


def test_what_is_final_stays(cast: Cast) -> None:
    row = actions.drop_dossier(campaign(cast), "重复立项", by=cast.qian, at=NOW)
    with pytest.raises(Refused):
        actions.finish_survey(row, by=cast.qian, at=NOW)
    for change in ({"title": "别的"}, {"stage": "planned", "closed_at": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Dossier.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Dossier.objects.filter(pk=row.pk).delete()


def test_dropping_needs_a_reason(cast: Cast) -> None:
    with pytest.raises(Refused, match="理由"):
        actions.drop_dossier(campaign(cast), " ", by=cast.qian, at=NOW)


def test_history_cannot_be_rewritten(cast: Cast) -> None:
    row = campaign(cast)
    with pytest.raises(DatabaseError), transaction.atomic():
        DossierEvent.objects.filter(dossier=row).update(note="")
    with pytest.raises(DatabaseError), transaction.atomic():
        DossierEvent.objects.filter(dossier=row).delete()


def test_a_picture_is_kept_anew_and_told(cast: Cast) -> None:
    row = campaign(cast)
    actions.add_pictures(row, [jpeg()], by=cast.qian, at=NOW)
    picture = row.pictures.get()
    event = row.events.last()
    assert event is not None
    assert event.act == DossierAct.ADD_FILE
    assert event.data["pictures"] == [picture.sha256]


def test_what_is_no_picture_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="照片"):
        actions.add_pictures(campaign(cast), [BytesIO(b"no picture")], by=cast.qian, at=NOW)


# --- what only a campaign promises ---------------------------------------------------------------------------


def test_the_scope_stands_from_the_start(cast: Cast) -> None:
    row = campaign(cast)
    with pytest.raises(Refused):
        actions.change_campaign(row, plan(cast, classes=["服务态度"]), by=cast.qian, at=NOW)
    for change in ({"classes": ["服务态度"]}, {"window_days": 30}, {"fixed_at": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Campaign.objects.filter(dossier=row).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        DossierUnit.objects.create(dossier=row, unit=cast.body, part=Part.SCOPE)
    with pytest.raises(DatabaseError), transaction.atomic():
        DossierUnit.objects.filter(dossier=row, part=Part.COMPARISON).delete()


def test_before_the_start_it_may_be_changed(cast: Cast) -> None:
    row = campaign(cast, started=False)
    changed = actions.change_campaign(row, plan(cast, title="收费普查", comparison=[]), by=cast.qian, at=NOW)
    assert changed.title == "收费普查"
    assert not changed.units.filter(part=Part.COMPARISON).exists()


@pytest.mark.parametrize(
    "wrong",
    [{"classes": []}, {"scope": []}, {"ends": NOW.date() - timedelta(days=1)}, {"comparison": ["scope"]}],
    ids=["nothing it is against", "nowhere", "ends before it begins", "compared with itself"],
)
def test_a_plan_that_means_nothing_is_refused(cast: Cast, wrong: dict[str, object]) -> None:
    changes = {"comparison": [cast.unit]} if wrong.get("comparison") else wrong
    with pytest.raises(Refused):
        actions.plan_campaign(cast.body.region, plan(cast, **changes), by=cast.qian, at=NOW)
    assert not Dossier.objects.exists()


def test_nothing_starts_without_a_checklist(cast: Cast) -> None:
    row = campaign(cast, started=False, checklist=[" "])
    with pytest.raises(Refused, match="排查清单"):
        actions.start_campaign(row, by=cast.qian, at=NOW)


def test_the_database_asks_for_classes(cast: Cast) -> None:
    row = campaign(cast, started=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.filter(dossier=row).update(classes=[])


def test_a_whole_campaign(cast: Cast) -> None:
    row = campaign(cast)
    ones = [task(cast, row), task(cast, row, place="5 号窗口")]
    actions.finish_survey(row, by=cast.qian, at=NOW)
    for one in ones:
        signed_off(cast, one)
    actions.ask_sign_off(row, by=cast.qian, at=LATER)
    actions.go_back(row, by=cast.qian, at=LATER, note="再看一遍")
    actions.ask_sign_off(row, by=cast.qian, at=LATER)
    actions.close_dossier(row, "两个窗口恢复收现金", by=cast.qian, at=LATER)
    acts = list(row.events.values_list("act", flat=True))
    assert acts[:2] == ["open", "start"]
    assert acts[-1] == "close"
    assert acts.count("sign_off_task") == 2


def test_kinds_are_counted_in_one_question_and_only_what_is_seen(
    cast: Cast, django_assert_num_queries: Callable[..., AbstractContextManager[object]]
) -> None:
    campaign(cast)
    actions.drop_dossier(campaign(cast), "重复立项", by=cast.qian, at=NOW)
    for person, found in ((cast.qian, {Kind.CAMPAIGN: 1}), (cast.song, {})):
        rows = Dossier.objects.visible_to(person).open()
        with django_assert_num_queries(1):
            assert counts_by_kind(rows) == found
