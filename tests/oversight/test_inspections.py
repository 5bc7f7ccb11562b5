"""暗访、巡查: hidden until they were there, filled in once, followed up by task or case, counted apart."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from assessment.enums import EventKind, Grain
from assessment.models import ScoreEvent
from assessment.periods import period_of
from common.models import Notice
from evaluations.enums import Origin
from evaluations.models import Evaluation
from organizations.actions import Refused
from oversight import actions
from oversight.actions.inspections import wrong_and_left
from oversight.enums import Seen
from oversight.models import Dossier, Finding, Inspection, Task, Visit
from oversight.queries.inspections import may_see_picture, stops_of
from oversight.queries.sections import inspections as section
from rectification.enums import Source
from rectification.models import Case
from tests.factories import NOW, Cast
from tests.oversight.desk import LATER, jpeg, signed_off
from tests.oversight.fieldwork import TODAY, inspected, inspection, inspection_plan, met, visited

UNITS_ON_THE_ROUTE = {"wu", "wei", "zheng", "rated", "song", "sun"}
BODY = {"lin", "qian", "zhou"}


def seen_by(cast: Cast, row: Dossier) -> set[str]:
    return {name for name, person in cast.everybody.items() if row in Dossier.objects.visible_to(person)}


# --- who knows of it ------------------------------------------------------------------------------------------


def test_a_covert_one_is_known_to_the_division_alone_until_it_was_there(cast: Cast) -> None:
    row = inspection(cast)
    assert seen_by(cast, row) == BODY
    visited(cast, row)
    assert seen_by(cast, row) == BODY
    actions.finish_visits(row, by=cast.lin, at=NOW)
    assert seen_by(cast, row) == BODY | UNITS_ON_THE_ROUTE


def test_an_announced_one_may_be_seen_from_the_start(cast: Cast) -> None:
    assert seen_by(cast, inspection(cast, covert=False)) == BODY | UNITS_ON_THE_ROUTE


def test_the_county_above_who_is_inspected_learns_of_it_afterwards_too(cast: Cast) -> None:
    row = inspection(cast, route=[(cast.county_body, None)])
    assert "he" not in seen_by(cast, row)
    visited(cast, row)
    actions.finish_visits(row, by=cast.lin, at=NOW)
    assert "he" in seen_by(cast, row)


def test_a_county_hides_its_own_from_its_units(cast: Cast) -> None:
    plan = inspection_plan(cast, route=[(cast.county_body, None)], inspectors=[cast.lin])
    with pytest.raises(PermissionDenied):
        actions.plan_inspection(cast.body.region, plan, by=cast.he, at=NOW)


def test_one_that_was_dropped_before_stays_hidden(cast: Cast) -> None:
    row = actions.drop_dossier(inspection(cast), "泄密", by=cast.qian, at=NOW)
    assert seen_by(cast, row) == BODY


def test_nobody_inspected_is_told_before(cast: Cast) -> None:
    row = inspection(cast)
    visited(cast, row)
    assert not Notice.objects.exists()


def test_a_unit_reads_what_was_met_at_its_own_stops(cast: Cast) -> None:
    row = inspected(cast)
    assert [line.stop.number for line in stops_of(row, cast.zheng)] == [1]
    assert [line.stop.number for line in stops_of(row, cast.song)] == [2]
    assert [line.stop.number for line in stops_of(row, cast.zhou)] == [1, 2]


def test_so_it_is_with_pictures(cast: Cast) -> None:
    row = inspection(cast)
    visit = visited(cast, row, found=met(Seen.NOT_OK, Seen.OK, Seen.OK, p1=jpeg()))
    picture = visit.findings.get(number=1).picture
    assert picture is not None
    assert may_see_picture(picture, cast.zheng)
    assert not may_see_picture(picture, cast.song)


# --- the plan -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["lin", "zheng", "zhao", "he", "zhou"])
def test_only_who_leads_plans(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        actions.plan_inspection(cast.body.region, inspection_plan(cast), by=getattr(cast, who), at=NOW)


def test_a_plan_that_means_nothing_is_refused(cast: Cast) -> None:
    wrong = (
        {"route": []},
        {"inspectors": []},
        {"checklist": [" "]},
        {"ends": TODAY.replace(year=2025)},
        {"inspectors": [cast.zheng]},
        {"route": [(cast.body, None)]},
    )
    for change in wrong:
        with pytest.raises(Refused):
            inspection(cast, **change)
    assert not Dossier.objects.exists()


def test_the_plan_may_change_until_somebody_was_there(cast: Cast) -> None:
    row = inspection(cast)
    changed = actions.change_inspection(
        row, inspection_plan(cast, route=[(cast.other_unit, None)]), by=cast.qian, at=NOW
    )
    assert [stop.unit for stop in Inspection.objects.get(dossier=changed).stops.all()] == [cast.other_unit]
    assert seen_by(cast, changed) == BODY
    visited(cast, row)
    with pytest.raises(Refused, match="已经开始"):
        actions.change_inspection(row, inspection_plan(cast), by=cast.qian, at=NOW)


# --- at a stop ------------------------------------------------------------------------------------------------


def test_a_form_sent_again_is_stored_once(cast: Cast) -> None:
    row = inspection(cast)
    first = visited(cast, row)
    assert visited(cast, row) == first
    actions.finish_visits(row, by=cast.lin, at=NOW)
    assert visited(cast, row) == first  # the answer may be lost for long
    assert (Visit.objects.count(), Finding.objects.count()) == (1, 3)


def test_other_words_under_the_same_form_are_not_lost(cast: Cast) -> None:
    row = inspection(cast)
    visited(cast, row)
    with pytest.raises(actions.FormUsed):
        visited(cast, row, note="还补一句")
    with pytest.raises(actions.FormUsed):
        visited(cast, row, by=cast.qian)
    again = visited(cast, row, 1, "n2", note="还补一句")
    [line, _other] = stops_of(row, cast.qian)
    assert (line.visit, len(line.nonces)) == (again, 2)


def test_the_database_stores_a_form_once(cast: Cast) -> None:
    visit = visited(cast, inspection(cast))
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.create(stop=visit.stop, nonce=visit.nonce, by=cast.lin, at=NOW)


@pytest.mark.parametrize("who", ["zheng", "song", "zhao", "he", "zhou"])
def test_only_who_was_sent_or_leads_fills_it_in(cast: Cast, who: str) -> None:
    row = inspection(cast)
    with pytest.raises(PermissionDenied):
        visited(cast, row, by=getattr(cast, who))
    assert visited(cast, row, by=cast.qian).by == cast.qian


def test_a_dispatcher_who_was_not_sent_does_not(cast: Cast) -> None:
    row = inspection(cast, inspectors=[cast.qian])
    with pytest.raises(PermissionDenied):
        visited(cast, row, by=cast.lin)


def test_every_line_is_said_and_what_is_wrong_explained(cast: Cast) -> None:
    row = inspection(cast)
    with pytest.raises(Refused, match="每一项"):
        visited(cast, row, found=met(Seen.OK, Seen.OK))
    with pytest.raises(Refused, match="写明情况"):
        visited(cast, row, found=[*met(Seen.OK, Seen.OK), actions.Met(3, Seen.NOT_OK)])
    with pytest.raises(Refused, match="没有填过"):
        actions.finish_visits(row, by=cast.lin, at=NOW)
    assert not Visit.objects.exists()


def test_what_was_met_stays(cast: Cast) -> None:
    row = inspected(cast)
    with pytest.raises(Refused, match="已走访"):
        visited(cast, row, 1, "n9")
    for change in ({"seen": Seen.OK}, {"note": ""}, {"line": "别的"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Finding.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Visit.objects.update(note="别的")
    with pytest.raises(DatabaseError), transaction.atomic():
        Inspection.objects.update(covert=False)


# --- what becomes of it ---------------------------------------------------------------------------------------


def test_what_is_wrong_becomes_a_task_with_its_picture_and_counts(cast: Cast) -> None:
    row = inspection(cast)
    visited(cast, row, found=met(Seen.NOT_OK, Seen.NOT_OK, Seen.OK, p1=jpeg()))
    actions.finish_visits(row, by=cast.lin, at=NOW)
    wrong = [one.pk for one in wrong_and_left(row)]
    with pytest.raises(Refused, match="没有转为任务"):
        actions.close_inspection(row, "完成", by=cast.qian, at=LATER)
    row = actions.assign_findings(row, wrong, days=10, by=cast.qian, at=NOW)
    assert row.stage == "fixing"
    first, second = Task.objects.order_by("number")
    assert (first.unit, first.wanted, first.finding) == (cast.unit, "整改到位:窗口在岗", "中午没有人")
    assert (first.pictures.count(), second.pictures.count()) == (1, 0)
    events = ScoreEvent.objects.filter(kind=EventKind.INSPECTION, unit=cast.unit)
    assert [event.value for event in events] == [1, 1]
    with pytest.raises(Refused, match="没有处理"):
        actions.assign_findings(row, wrong, days=10, by=cast.qian, at=NOW)
    assert Task.objects.count() == 2
    for one in (first, second):
        signed_off(cast, one)
    assert actions.close_inspection(row, "两项已改", by=cast.qian, at=LATER).stage == "closed"


def test_what_is_wrong_becomes_a_case_that_counts_apart(cast: Cast) -> None:
    row = inspected(cast)
    [wrong] = wrong_and_left(row)
    actions.open_cases(row, [wrong.pk], by=cast.qian, at=LATER)
    case = Case.objects.get()
    assert (case.source, case.unit, case.text) == (Source.INSPECTION, cast.unit, "窗口在岗:中午没有人")
    assert Evaluation.objects.get().origin == Origin.CHECK
    assert row.cases.get().case == case
    assert ScoreEvent.objects.filter(kind=EventKind.INSPECTION).count() == 1
    assert not wrong_and_left(row)
    with pytest.raises(Refused):
        actions.open_cases(row, [wrong.pk], by=cast.qian, at=LATER)
    assert Case.objects.count() == 1


@pytest.mark.parametrize("who", ["lin", "zheng", "zhou", "he"])
def test_only_who_leads_follows_up(cast: Cast, who: str) -> None:
    row = inspected(cast)
    wrong = [one.pk for one in wrong_and_left(row)]
    with pytest.raises(PermissionDenied):
        actions.assign_findings(row, wrong, days=5, by=getattr(cast, who), at=NOW)
    with pytest.raises(PermissionDenied):
        actions.open_cases(row, wrong, by=getattr(cast, who), at=NOW)


def test_nothing_is_followed_up_before_the_visits_are_over(cast: Cast) -> None:
    row = inspection(cast)
    visit = visited(cast, row)
    with pytest.raises(Refused, match="已安排"):
        actions.assign_findings(row, [visit.findings.get(number=1).pk], days=5, by=cast.qian, at=NOW)


def test_only_the_newest_visit_of_a_stop_counts(cast: Cast) -> None:
    row = inspection(cast)
    visited(cast, row)
    visited(cast, row, 1, "n2", found=met(Seen.OK, Seen.OK, Seen.OK))
    assert not wrong_and_left(row)


def test_a_finding_is_a_task_or_a_case_and_only_what_is_wrong(cast: Cast) -> None:
    row = inspected(cast)
    [wrong] = wrong_and_left(row)
    actions.assign_findings(row, [wrong.pk], days=5, by=cast.qian, at=NOW)
    case = cast.rate(1)
    with pytest.raises(IntegrityError, match="not_both"), transaction.atomic():
        Finding.objects.filter(pk=wrong.pk).update(case=case)
    fine = Finding.objects.filter(seen=Seen.OK)[0]
    with pytest.raises(IntegrityError, match="only_what_is_wrong"), transaction.atomic():
        Finding.objects.filter(pk=fine.pk).update(case=case)


def test_the_section_of_a_notice(cast: Cast) -> None:
    period = period_of(TODAY, Grain.QUARTER)
    row = inspection(cast)
    assert section.blocks(period) == []
    visited(cast, row)
    actions.finish_visits(row, by=cast.lin, at=NOW)
    said, table = section.blocks(period)
    assert str(said) == "暗访巡查 1 次(暗访 1 次),走访 1 站,检查 2 项次,不符合 1 项次,已整改 0 项次。"
    assert len(table.rows) == 1  # type: ignore[union-attr]
    [wrong] = wrong_and_left(row)
    actions.assign_findings(row, [wrong.pk], days=5, by=cast.qian, at=NOW)
    signed_off(cast, Task.objects.get())
    assert "已整改 1 项次" in str(section.blocks(period)[0])
