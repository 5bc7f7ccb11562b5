"""警示教育: nobody recognisable, two people, and words that stand once approved."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from organizations.actions import Refused
from organizations.enums import Role
from organizations.models import Staff
from oversight import actions
from oversight.models import WarningCase, WarningEvent
from tests.factories import NOW, Cast, staff
from tests.oversight.desk import LATER
from tests.oversight.fieldwork import walk, warned, warning


@pytest.fixture
def second(cast: Cast) -> Staff:
    """Another supervisor of the city."""
    return staff("tan", "谭督导", (Role.CITY_SUPERVISOR, cast.body))


def test_a_second_person_approves(cast: Cast, second: Staff) -> None:
    row = warning(cast)
    assert row.number == "AL-2026-001"
    with pytest.raises(Refused, match="不能自己审定"):
        actions.approve_warning(row, by=cast.qian, at=LATER)
    assert row not in WarningCase.objects.visible_to(cast.zheng)
    approved = actions.approve_warning(row, by=second, at=LATER)
    assert (approved.stage, approved.approved_by) == ("approved", second)
    assert row in WarningCase.objects.visible_to(cast.zheng)
    assert list(row.events.values_list("act", flat=True)) == ["draft", "approve"]


def test_whoever_wrote_last_does_not_approve(cast: Cast, second: Staff) -> None:
    row = actions.change_warning(warning(cast), warned(cast, title="午间空岗"), by=second, at=LATER)
    with pytest.raises(Refused, match="不能自己审定"):
        actions.approve_warning(row, by=second, at=LATER)
    assert actions.approve_warning(row, by=cast.qian, at=LATER).title == "午间空岗"


def test_the_database_asks_for_two(cast: Cast) -> None:
    row = warning(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        WarningCase.objects.filter(pk=row.pk).update(stage="approved", approved_by=cast.qian, approved_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        WarningCase.objects.filter(pk=row.pk).update(stage="approved")


@pytest.mark.parametrize(
    "words",
    ["窗口人员吴经办离岗四十分钟。", "群众留下电话13812345678。", "身份证37060219900307123X的群众。"],
    ids=["a name of staff", "a telephone", "an identity number"],
)
@pytest.mark.parametrize("field", ["title", "facts", "lesson", "origin"])
def test_what_names_somebody_is_stopped(cast: Cast, field: str, words: str) -> None:
    with pytest.raises(Refused, match="认出个人"):
        warning(cast, **{field: words})
    assert not WarningCase.objects.exists()


def test_approval_looks_again(cast: Cast, second: Staff) -> None:
    row = warning(cast, facts="群众反映窗口空岗。")
    WarningCase.objects.filter(pk=row.pk).update(facts="群众电话13812345678。")
    with pytest.raises(Refused, match="认出个人"):
        actions.approve_warning(row, by=second, at=LATER)


def test_who_is_not_named_is_not_in_the_words_either(cast: Cast) -> None:
    with pytest.raises(Refused, match="单位名称"):
        warning(cast, facts=f"{cast.unit.short_name}窗口空岗。")
    row = warning(cast, facts=f"{cast.unit.short_name}窗口空岗。", named=True)
    assert row.who == cast.unit.name
    assert warning(cast).who == "某单位"


def test_it_comes_from_somewhere(cast: Cast) -> None:
    with pytest.raises(Refused, match="来源"):
        warning(cast, origin=" ")
    assert warning(cast, origin="", dossier=walk(cast)).dossier is not None
    case = cast.rate(1)
    assert warning(cast, origin="", case=case).case == case
    with pytest.raises(IntegrityError), transaction.atomic():
        WarningCase.objects.filter(case=case).update(case=None)


@pytest.mark.parametrize("who", ["lin", "zheng", "he", "zhou"])
def test_only_who_leads_the_division_writes_and_approves(cast: Cast, who: str) -> None:
    person = getattr(cast, who)
    with pytest.raises(PermissionDenied):
        actions.draft_warning(cast.body.region, warned(cast), by=person, at=NOW)
    with pytest.raises(PermissionDenied):
        actions.approve_warning(warning(cast), by=person, at=LATER)


def test_approved_words_stand_and_withdrawn_ones_are_over(cast: Cast, second: Staff) -> None:
    row = actions.approve_warning(warning(cast), by=second, at=LATER)
    with pytest.raises(Refused, match="已审定"):
        actions.change_warning(row, warned(cast), by=cast.qian, at=LATER)
    for change in ({"facts": "别的"}, {"named": True}):
        with pytest.raises(DatabaseError), transaction.atomic():
            WarningCase.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(Refused, match="理由"):
        actions.withdraw_warning(row, " ", by=cast.qian, at=LATER)
    out = actions.withdraw_warning(row, "单位申辩成立", by=cast.qian, at=LATER)
    assert out not in WarningCase.objects.visible_to(cast.zheng)
    with pytest.raises(Refused, match="已撤出"):
        actions.withdraw_warning(row, "再撤", by=cast.qian, at=LATER)
    with pytest.raises(DatabaseError), transaction.atomic():
        WarningCase.objects.filter(pk=row.pk).update(stage="draft")
    with pytest.raises(DatabaseError), transaction.atomic():
        WarningEvent.objects.filter(warning=row).delete()


def test_numbers_run_by_year(cast: Cast) -> None:
    numbers = [warning(cast).number, warning(cast).number, warning(cast, at=NOW.replace(year=2027)).number]
    assert numbers == ["AL-2026-001", "AL-2026-002", "AL-2027-001"]


def test_a_draft_somebody_changed_is_seen_as_such(cast: Cast, second: Staff) -> None:
    row = warning(cast)
    actions.change_warning(row, warned(cast), by=cast.qian, at=LATER)
    with pytest.raises(Refused, match="刚刚被别人改过"):
        actions.approve_warning(row, by=second, at=LATER, seen=row.version)
