"""多部门联动: opened from cases, worked on together, resolved, closed when every citizen was told."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from assessment.enums import Grain
from assessment.periods import period_of
from organizations.actions import Refused
from oversight import actions
from oversight.enums import EntryKind, Part, Told
from oversight.models import Dossier, DossierCase, EntryPicture, JointEntry, JointFile, JointTelling
from oversight.paper import Table
from oversight.queries.joint import HIDDEN, files_of_case, joined_cases, like_cases
from oversight.queries.sections import joint as section
from rectification.enums import State
from rectification.models import Case
from tests.factories import NOW, Cast
from tests.oversight.desk import jpeg, signed_off, task
from tests.oversight.meeting_desk import entry, joint, problem, resolved

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)


def test_it_is_opened_from_cases_and_lets_their_units_in(cast: Cast) -> None:
    row = joint(cast, cast.rate(1), cast.rate(2), lead=cast.other_unit, co_handlers=[cast.body])
    assert row.number == "LD-2026-001"
    assert set(row.units.values_list("unit__code", "part")) == {
        (cast.other_unit.code, Part.LEAD),
        (cast.body.code, Part.CO_HANDLER),
        (cast.unit.code, Part.SUBJECT),
    }
    assert row.cases.count() == 2
    for person in (cast.song, cast.zheng, cast.qian):
        assert row in Dossier.objects.visible_to(person)


def test_a_case_is_in_one_open_file(cast: Cast) -> None:
    case = cast.rate(1)
    row = joint(cast, case)
    with pytest.raises(Refused, match=row.number):
        joint(cast, case)
    with pytest.raises(Refused, match=row.number):
        actions.join_cases(joint(cast, cast.rate(2)), [case], "同类", by=cast.qian, at=NOW)
    actions.drop_dossier(row, "误立", by=cast.qian, at=NOW)
    assert joint(cast, case).cases.count() == 1


@pytest.mark.parametrize("who", ["lin", "zheng", "wu", "zhou", "he"])
def test_only_who_leads_the_division_opens_one(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        actions.open_joint(cast.body.region, problem(cast, cast.rate(1)), by=getattr(cast, who), at=NOW)


def test_a_county_joins_no_case_of_the_city(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        actions.open_joint(cast.county_body.region, problem(cast, cast.rate(1)), by=cast.he, at=NOW)
    with pytest.raises(Refused, match="不在本区划"):
        actions.open_joint(cast.county_body.region, problem(cast, cast.rate(1)), by=cast.qian, at=NOW)


def test_what_means_nothing_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="至少选一件"):
        joint(cast)
    with pytest.raises(Refused, match="牵头单位"):
        joint(cast, cast.rate(1), co_handlers=[cast.unit])
    with pytest.raises(Refused, match="手机号"):
        joint(cast, cast.rate(1), about="回电 13800001234")
    assert not Dossier.objects.exists()


def test_more_cases_of_the_same_problem_are_joined_until_it_is_resolved(cast: Cast) -> None:
    row, more = joint(cast, cast.rate(1)), cast.rate(2)
    with pytest.raises(Refused, match="至少选一件"):
        actions.join_cases(row, [], "同类", by=cast.qian, at=NOW)
    actions.join_cases(row, [more], "也是处置费用", by=cast.qian, at=NOW)
    assert DossierCase.objects.get(case=more).why == "也是处置费用"
    resolved(cast, row)
    with pytest.raises(Refused, match="已化解"):
        actions.join_cases(row, [cast.rate(2)], "同类", by=cast.qian, at=NOW)


def test_like_cases_are_found_by_class_text_or_number(cast: Cast) -> None:
    row = joint(cast, cast.rate(1, text="已经并入的件"))
    cash, other = cast.rate(1, text="窗口不收现金"), cast.rate(2, text="态度生硬")
    assert [case for case, _ in like_cases(cast.qian, row, group="", words="现金", at=NOW)] == [cash]
    assert [case for case, _ in like_cases(cast.qian, row, group="", words=other.number, at=NOW)] == [other]
    [(case, names)] = like_cases(cast.qian, row, group="收费与支付", words="", at=NOW)
    assert (case, "收费与支付" in names) == (cash, True)
    assert like_cases(cast.qian, row, group="没有这一类", words="", at=NOW) == []
    assert like_cases(cast.qian, row, group="", words="已经并入", at=NOW) == []
    assert like_cases(cast.song, row, group="", words="现金", at=NOW) == []


def test_entries_stand_and_keep_their_pictures(cast: Cast) -> None:
    row = joint(cast, cast.rate(1))
    one = actions.add_entry(row, entry(EntryKind.VISIT), [jpeg(), jpeg("blue")], by=cast.qian, at=NOW)
    assert EntryPicture.objects.filter(entry=one).count() == 2
    assert one.by_unit_name == cast.body.name
    for change in (lambda: JointEntry.objects.update(found=""), lambda: EntryPicture.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_lead_unit_writes_into_it_and_a_co_handler_does_not(cast: Cast) -> None:
    row = joint(cast, cast.rate(1))
    assert actions.lead_entry(row, entry(), by=cast.zheng, at=NOW).by_unit_name == cast.unit.name
    for person in (cast.song, cast.qian, cast.he):
        with pytest.raises(PermissionDenied):
            actions.lead_entry(row, entry(), by=person, at=NOW)
    with pytest.raises(PermissionDenied):
        actions.add_entry(row, entry(), by=cast.zheng, at=NOW)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"held_on": NOW.date() + timedelta(days=1)}, "今天之后"),
        ({"found": " "}, "查明或决定"),
        ({"found": "身份证 110105194912310021"}, "身份证号"),
        ({"participants": "联系 13800001234"}, "手机号"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(cast: Cast, wrong: dict[str, object], words: str) -> None:
    row = joint(cast, cast.rate(1))
    with pytest.raises(Refused, match=words):
        actions.add_entry(row, entry(**wrong), by=cast.qian, at=NOW)


def test_a_broken_picture_leaves_no_entry(cast: Cast) -> None:
    row = joint(cast, cast.rate(1))
    with pytest.raises(Refused, match="照片"):
        actions.add_entry(row, entry(), [jpeg(), BytesIO(b"x")], by=cast.qian, at=NOW)
    assert not JointEntry.objects.exists()


def test_nothing_is_resolved_without_a_decision(cast: Cast) -> None:
    row = joint(cast, cast.rate(1))
    actions.add_entry(row, entry(EntryKind.STUDY), by=cast.qian, at=NOW)
    with pytest.raises(Refused, match="决定"):
        actions.resolve_joint(row, "改为按次收运", by=cast.qian, at=NOW)
    actions.add_entry(row, entry(EntryKind.DECISION), by=cast.qian, at=NOW)
    with pytest.raises(Refused, match="化解结论"):
        actions.resolve_joint(row, " ", by=cast.qian, at=NOW)
    assert actions.resolve_joint(row, "改为按次收运", by=cast.qian, at=NOW).stage == "resolved"
    with pytest.raises(DatabaseError), transaction.atomic():
        JointFile.objects.filter(dossier=row).update(solution="")


def test_it_goes_on_if_it_was_not_solved(cast: Cast) -> None:
    row = resolved(cast, joint(cast, cast.rate(1)))
    back = actions.resume_joint(row, by=cast.qian, at=LATER, note="标准没有批下来")
    assert back.stage == "open"
    assert JointFile.objects.get(dossier=row).resolved_at is None
    assert [event.act for event in row.events.all()][-1] == "go_back"


# --- the outcome goes back to every citizen -------------------------------------------------------------------


def test_it_is_not_closed_while_somebody_does_not_know(cast: Cast) -> None:
    open_one, silent = cast.rate(1), cast.rate(1, phone="")
    row = resolved(cast, joint(cast, open_one, silent))
    with pytest.raises(Refused, match=open_one.number):
        actions.close_joint(row, "两件都已化解", by=cast.qian, at=LATER)
    cast.upto(open_one, State.REPLIED, at=LATER)
    with pytest.raises(Refused, match="写明结果"):
        actions.close_joint(row, " ", by=cast.qian, at=LATER)
    assert actions.close_joint(row, "两件都已化解", by=cast.qian, at=LATER).stage == "closed"


def test_a_reply_from_before_the_outcome_does_not_tell_of_it(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.REPLIED)
    row = resolved(cast, joint(cast, case), at=LATER)
    with pytest.raises(Refused, match=case.number):
        actions.close_joint(row, "已化解", by=cast.qian, at=LATER)


def test_who_gets_no_other_reply_is_told_apart(cast: Cast) -> None:
    over, running = cast.upto(cast.rate(1), State.CLOSED), cast.rate(2)
    row = resolved(cast, joint(cast, over, running), at=LATER)
    with pytest.raises(Refused, match="还在办理"):
        actions.tell_citizen(row, running, "电话告知", by=cast.qian, at=LATER)
    with pytest.raises(Refused, match="手机号"):
        actions.tell_citizen(row, over, "拨打 13800001234", by=cast.qian, at=LATER)
    with pytest.raises(Refused, match="怎样告知"):
        actions.tell_citizen(row, cast.upto(cast.rate(1), State.CLOSED), "电话告知", by=cast.qian, at=LATER)
    actions.tell_citizen(row, over, "电话告知改为按次收运", by=cast.qian, at=LATER)
    told = {one.case.number: one.told for one in joined_cases(row, cast.qian)}
    assert told == {over.number: Told.TOLD, running.number: Told.WAITING}
    with pytest.raises(DatabaseError), transaction.atomic():
        JointTelling.objects.all().delete()


def test_tasks_wait_as_in_every_dossier(cast: Cast) -> None:
    case = cast.rate(1)
    row = joint(cast, case)
    one = task(cast, row, unit=cast.other_unit)
    resolved(cast, row)
    cast.upto(case, State.REPLIED, at=LATER)
    with pytest.raises(Refused, match="没有销号"):
        actions.close_joint(row, "已化解", by=cast.qian, at=LATER)
    signed_off(cast, one, by=cast.song)
    assert actions.close_joint(row, "已化解", by=cast.qian, at=LATER).stage == "closed"


def test_the_list_says_when_each_was_answered_and_called(cast: Cast) -> None:
    case = cast.rate(1)
    row = resolved(cast, joint(cast, case))
    cast.upto(case, State.VERIFIED, at=LATER)
    [one] = joined_cases(row, cast.qian)
    assert (one.told, one.replied_at, one.called_at) == (Told.REPLIED, LATER, LATER)


def test_the_list_asks_no_more_for_many_cases(cast: Cast) -> None:
    row, counts = joint(cast, cast.rate(1)), []
    joined_cases(row, cast.qian)
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            joined_cases(row, cast.qian)
        counts.append(len(queries))
        actions.join_cases(row, [cast.rate(1), cast.rate(2)], "同类", by=cast.qian, at=NOW)
    assert counts[0] == counts[1]


# --- what others may read -------------------------------------------------------------------------------------


def test_a_co_handler_reads_the_problem_without_the_person(cast: Cast) -> None:
    row = joint(cast, cast.rate(1, text="处置费太高,回电 13800001234"))
    [one] = joined_cases(row, cast.song)
    assert not one.seen
    assert one.said == "处置费太高,回电 〔手机号〕"


def test_what_a_person_must_look_at_is_hidden_from_who_may_not_read_the_case(cast: Cast) -> None:
    row = joint(cast, cast.rate(1, text="我得了癌症,处置费太高"))
    assert [one.said for one in joined_cases(row, cast.song)] == [HIDDEN]
    assert [one.said for one in joined_cases(row, cast.zheng)] == ["我得了癌症,处置费太高"]


def test_what_was_done_together_stands_on_each_case(cast: Cast) -> None:
    one, two, stranger = cast.rate(1), cast.rate(2), cast.rate(2)
    row = joint(cast, one, two)
    for kind in (EntryKind.VISIT, EntryKind.DECISION):
        actions.add_entry(row, entry(kind), by=cast.qian, at=NOW)
    for case in (one, two):
        with CaptureQueriesContext(connection) as queries:
            [file] = files_of_case(case)
        assert len(queries) == 1
        assert (file.number, [line.kind for line in file.entries]) == (row.number, ["上门服务", "作出决定"])
    assert files_of_case(stranger) == []
    actions.drop_dossier(row, "误立", by=cast.qian, at=NOW)
    assert files_of_case(one) == []


def test_the_case_keeps_its_own_clock(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    before = list(case.deadlines.values_list("duty", "due_at", "met_at"))
    resolved(cast, joint(cast, case))
    assert list(Case.objects.get(pk=case.pk).deadlines.values_list("duty", "due_at", "met_at")) == before
    assert case.joint_records.count() == 0


def test_the_notice_tells_of_problems_and_of_nobody(cast: Cast) -> None:
    period = period_of(NOW.date(), Grain.QUARTER)
    assert section.blocks(period, at=LATER) == []
    case = cast.rate(1)
    row = resolved(cast, joint(cast, case, cast.rate(2)))
    joint(cast, cast.rate(2), title="还没有化解的")
    [table] = section.blocks(period, at=LATER)
    assert isinstance(table, Table)
    [cells] = table.rows
    assert [str(cell) for cell in cells[:4]] == ["医疗废物处置费用减免", "市公安局", "2", "2"]
    assert cells[5] == "改为按次收运,费用降低一半。"
    assert case.number not in str(table)
    assert section.blocks(period.before(), at=LATER) == []
    actions.resume_joint(row, by=cast.qian, at=LATER)
    assert section.blocks(period, at=LATER) == []
