"""Who sees which appeal, from one queryset: list, detail, evidence and votes all start from it."""

from __future__ import annotations

import pytest

from appeals import actions
from appeals.enums import Vote
from appeals.models import Appeal
from organizations.enums import Role
from organizations.models import Staff, Unit
from rectification.actions import dispatch_case
from tests.appeals.court import Court
from tests.factories import NOW, staff


def seen_by(court: Court, appeal: Appeal) -> set[str]:
    """The names of the cast who see it; people are looked up anew, with the roles they have now."""
    people = {name: Staff.objects.get(pk=person.pk) for name, person in court.cast.everybody.items()}
    return {name for name, person in people.items() if Appeal.objects.visible_to(person).filter(pk=appeal.pk).exists()}


@pytest.mark.parametrize("by", ["zheng", "rated"])
def test_who_sees_an_appeal(court: Court, by: str) -> None:
    """The unit's supervisor and handler, the rated person, dispatcher, supervisor of the city and auditor."""
    writer = court.cast.everybody[by]
    appeal = court.draft("W8", by=writer)
    assert seen_by(court, appeal) == {by}, "a draft is its writer's"
    appeal = actions.file_appeal(appeal, by=writer, at=NOW)
    assert seen_by(court, appeal) == {"zheng", "wu", "rated", "lin", "qian", "zhou"}
    court.decide(appeal, Vote.REJECT)
    assert seen_by(court, appeal) == {"zheng", "wu", "rated", "lin", "qian", "zhou"}


def test_where_a_confirmation_is_wanted_those_who_may_record_it_see_the_draft(court: Court) -> None:
    draft = court.draft("W1", proven=False)
    assert seen_by(court, draft) == {"zheng", "zhao", "qian"}
    court.prove(draft, draft.ground.needs[0][0], by=court.cast.zheng)
    filed = actions.file_appeal(draft, by=court.cast.zheng, at=NOW)
    assert "zhao" not in seen_by(court, filed)


def test_a_countys_supervisor_sees_the_county(court: Court) -> None:
    appeal = court.file("W8")
    other = Unit.objects.get(code="370613-SPJ")
    stranger = staff("bai", "白邻县", (Role.COUNTY_SUPERVISOR, other))
    assert not Appeal.objects.visible_to(stranger).exists()
    assert not Appeal.objects.visible_to(court.cast.he).filter(pk=appeal.pk).exists(), "the case is the city's"


def test_the_panel_sees_it_while_it_sits_and_afterwards(court: Court) -> None:
    appeal = court.file("W8")
    sits = court.panel(appeal)
    others = [person for person in court.pool if person not in sits]
    assert all(Appeal.objects.visible_to(person).get() == appeal for person in sits)
    assert not any(Appeal.objects.visible_to(person).exists() for person in others), "deputies do not"
    court.decide(appeal, Vote.REJECT)
    assert all(Appeal.objects.visible_to(person).exists() for person in sits)


@pytest.mark.parametrize("role", [None, Role.COUNTY_SUPERVISOR, Role.AUDITOR])
def test_who_left_the_panel_sees_nothing_whatever_else_they_are(court: Court, role: Role | None) -> None:
    appeal = court.file("W8")
    leaver = court.panel(appeal)[0]
    if role:
        court.joins(leaver, court.cast.body, role)
    actions.ask_recusal(appeal, by=leaver, at=NOW, note="与申诉人相识")
    for _when in ("while it is voted on", "after the ruling"):
        found = Appeal.objects.visible_to(Staff.objects.get(pk=leaver.pk))
        assert not found.exists()
        if appeal.is_open:
            appeal = court.decide(Appeal.objects.get(pk=appeal.pk), Vote.REJECT)


def test_the_unit_it_went_to_reads_why(court: Court) -> None:
    appeal = court.ruled("W4", Vote.UPHOLD)
    assert "song" not in seen_by(court, appeal)
    dispatch_case(appeal.case, by=court.cast.lin, at=NOW, unit=court.cast.other_unit)
    assert {"song", "zheng"} <= seen_by(court, appeal)
