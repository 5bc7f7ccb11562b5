"""提名和确认: a role of weight takes two; nobody agrees to their own proposal, or to a role of their own."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.actors import SYSTEM
from common.models import AuditEntry, Notice
from organizations import actions
from organizations.access import may_decide, takes_two
from organizations.enums import SEPARATED_ROLES, WEIGHTY_ROLES, Role
from organizations.models import Membership, RoleProposal, Staff
from organizations.queries import with_security
from tests.factories import NOW, Cast, staff

TODAY = date(2026, 11, 23)
PROPOSALS = reverse("structure-proposals")


@pytest.fixture(autouse=True)
def second_person(settings: Any) -> None:
    settings.ROLE_SECOND_PERSON = True


@pytest.fixture
def ge(cast: Cast) -> Staff:
    """Another security administrator."""
    return staff("ge", "葛安全", (Role.SECURITY_ADMIN, cast.body))


def proposed(cast: Cast, **more: Any) -> RoleProposal:
    facts = {"role": Role.AUDITOR, "unit": cast.body, "valid_from": TODAY, "note": "轮岗", **more}
    return actions.propose_role(cast.wei, by=cast.gu, at=NOW, **facts)


def client_of(person: Staff) -> Client:
    client = Client()
    client.force_login(person)
    return client


# --- the rule --------------------------------------------------------------------------------------------------------


def test_which_roles_take_two() -> None:
    assert set(WEIGHTY_ROLES) == {*SEPARATED_ROLES, Role.CITY_SUPERVISOR, Role.DISPATCHER, Role.AUDITOR}
    for role in Role:
        assert takes_two(role, second_person=True) is (role in WEIGHTY_ROLES)
        assert not takes_two(role, second_person=False)
    assert [may_decide(one, proposer=1, staff=2) for one in (1, 2, 3)] == [False, False, True]


# --- the acts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["ge", "meng"])
def test_a_role_is_held_once_another_has_agreed(cast: Cast, ge: Staff, who: str) -> None:
    proposal = proposed(cast)
    assert not Membership.objects.filter(staff=cast.wei, role=Role.AUDITOR).exists()
    decider = ge if who == "ge" else cast.meng
    actions.decide_proposal(proposal, approved=True, by=decider, at=NOW)
    held = Membership.objects.get(staff=cast.wei, role=Role.AUDITOR)
    proposal.refresh_from_db()
    assert (proposal.membership, proposal.decided_by, proposal.approved) == (held, decider, True)
    assert (held.valid_from, held.valid_to) == (TODAY, None)
    words = AuditEntry.objects.filter(object_id="wei:auditor:370600-SPJ").order_by("pk")
    told = [(entry.action, entry.actor) for entry in words]
    assert told == [("proposal.propose", cast.gu), ("membership.create", decider), ("proposal.approve", decider)]
    assert words[0].reason == "轮岗"


def test_those_who_may_agree_are_told_and_then_who_proposed(cast: Cast, ge: Staff) -> None:
    proposal = proposed(cast)
    assert set(Notice.objects.values_list("staff__username", flat=True)) == {"ge", "meng"}
    actions.decide_proposal(proposal, approved=False, note="人手够了", by=cast.meng, at=NOW)
    assert Notice.objects.filter(kind="role.decided").get().staff == cast.gu


def test_one_alone_grants_only_what_one_may(cast: Cast, ge: Staff) -> None:
    for role in WEIGHTY_ROLES:
        with pytest.raises(actions.Refused, match="另一位确认"):
            actions.add_membership(cast.wei, role=role, unit=cast.body, valid_from=TODAY, by=cast.gu, at=NOW)
    actions.add_membership(cast.wei, role=Role.CALLBACK, unit=cast.body, valid_from=TODAY, by=cast.gu, at=NOW)
    actions.add_membership(cast.wei, role=Role.AUDITOR, unit=cast.body, valid_from=TODAY, by=SYSTEM, at=NOW)


def test_where_it_is_switched_off_one_grants(cast: Cast, settings: Any) -> None:
    settings.ROLE_SECOND_PERSON = False
    given = actions.grant_or_propose(cast.wei, role=Role.AUDITOR, unit=cast.body, valid_from=TODAY, by=cast.gu, at=NOW)
    assert isinstance(given, Membership)


def test_neither_proposer_nor_proposed_agrees(cast: Cast, ge: Staff) -> None:
    proposal = proposed(cast)
    with pytest.raises(actions.Refused, match="提名人和被提名人不能确认"):
        actions.decide_proposal(proposal, approved=True, by=cast.gu, at=NOW)
    own = actions.propose_role(
        cast.meng, role=Role.AUDITOR, unit=cast.body, valid_from=TODAY, note="兼任", by=cast.gu, at=NOW
    )
    with pytest.raises(actions.Refused, match="提名人和被提名人不能确认"):
        actions.decide_proposal(own, approved=True, by=cast.meng, at=NOW)
    for person in (cast.xu, cast.qian, cast.zhou):
        with pytest.raises(PermissionDenied):
            actions.decide_proposal(proposal, approved=True, by=person, at=NOW)
    for person in (cast.meng, cast.xu):
        with pytest.raises(PermissionDenied):
            actions.propose_role(
                cast.wei, role=Role.AUDITOR, unit=cast.unit, valid_from=TODAY, note="x", by=person, at=NOW
            )
    with pytest.raises(actions.Refused, match="自己的账号"):
        actions.propose_role(cast.gu, role=Role.AUDITOR, unit=cast.body, valid_from=TODAY, note="x", by=cast.gu, at=NOW)


def test_what_is_proposed_must_be_possible(cast: Cast, ge: Staff) -> None:
    for wrong, words in (
        ({"note": " "}, "请写明授予的理由"),
        ({"role": Role.CITY_SUPERVISOR, "unit": cast.county_body}, "只能设在"),
        ({"valid_to": TODAY - timedelta(days=1)}, "止日不能早于起日"),
    ):
        with pytest.raises(actions.Refused, match=words):
            proposed(cast, **wrong)
    with pytest.raises(actions.Refused, match="三员分立"):
        actions.propose_role(
            cast.xu, role=Role.AUDIT_ADMIN, unit=cast.body, valid_from=TODAY, note="x", by=cast.gu, at=NOW
        )
    proposed(cast)
    with pytest.raises(actions.Refused, match="已经提名"):
        proposed(cast)


def test_what_has_become_impossible_meanwhile_is_not_granted(cast: Cast, ge: Staff) -> None:
    first = proposed(cast, role=Role.AUDIT_ADMIN)
    second = proposed(cast, role=Role.SYSTEM_ADMIN)
    actions.decide_proposal(first, approved=True, by=ge, at=NOW)
    with pytest.raises(actions.Refused, match="三员分立"):
        actions.decide_proposal(second, approved=True, by=ge, at=NOW)
    with pytest.raises(actions.Refused, match="已经处理过"):
        actions.decide_proposal(first, approved=False, note="反悔", by=ge, at=NOW)
    with pytest.raises(actions.Refused, match="请写明理由"):
        actions.decide_proposal(second, approved=False, by=ge, at=NOW)
    actions.decide_proposal(second, approved=False, note="不能兼任", by=ge, at=NOW)
    assert RoleProposal.objects.filter(approved=None).count() == 0


def test_nobody_has_held_a_role_before_it_was_agreed_to(cast: Cast, ge: Staff) -> None:
    late = NOW + timedelta(days=3)
    proposal = proposed(cast, valid_to=TODAY + timedelta(days=30))
    actions.decide_proposal(proposal, approved=True, by=ge, at=late)
    held = Membership.objects.get(staff=cast.wei, role=Role.AUDITOR)
    assert (held.valid_from, held.valid_to) == (TODAY + timedelta(days=3), TODAY + timedelta(days=30))
    over = proposed(cast, role=Role.DISPATCHER, valid_to=TODAY + timedelta(days=1))
    with pytest.raises(actions.Refused, match="已经过去"):
        actions.decide_proposal(over, approved=True, by=ge, at=late)


def test_a_longer_time_takes_two_as_well(cast: Cast, ge: Staff) -> None:
    held = actions.add_membership(
        cast.wei, role=Role.AUDITOR, unit=cast.body, valid_from=TODAY, valid_to=TODAY, by=SYSTEM, at=NOW
    )
    with pytest.raises(actions.Refused, match="重新提名"):
        actions.end_membership(held, on=TODAY + timedelta(days=9), by=cast.gu, at=NOW)
    longer = proposed(cast, valid_from=TODAY + timedelta(days=1))
    actions.decide_proposal(longer, approved=True, by=cast.meng, at=NOW)
    assert Membership.objects.filter(staff=cast.wei, role=Role.AUDITOR).count() == 2


# --- what the database holds -----------------------------------------------------------------------------------------


def test_the_database_wants_two_people_too(cast: Cast, ge: Staff) -> None:
    proposal = proposed(cast)
    for one in (cast.gu, cast.wei):
        with pytest.raises(IntegrityError, match="proposal_takes_two"), transaction.atomic():
            RoleProposal.objects.filter(pk=proposal.pk).update(decided_by=one, decided_at=NOW, approved=False)
    for half in ({"approved": True}, {}, {"approved": False, "decided_at": None}):
        with pytest.raises(IntegrityError, match="proposal_decided_as_a_whole"), transaction.atomic():
            RoleProposal.objects.filter(pk=proposal.pk).update(**{"decided_by": ge, "decided_at": NOW, **half})
    actions.decide_proposal(proposal, approved=False, note="不", by=ge, at=NOW)
    for statement in (
        "UPDATE organizations_roleproposal SET approved = NULL",
        "DELETE FROM organizations_roleproposal",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


# --- the pages -------------------------------------------------------------------------------------------------------


def test_from_the_form_to_the_role(cast: Cast, ge: Staff) -> None:
    form = {"role": "auditor", "unit": cast.body.code, "valid_from": str(timezone.localdate())}
    add = reverse("structure-role-add", args=["wei"])
    refused = client_of(cast.gu).post(add, form).content.decode()
    assert "请写明授予的理由" in refused
    answer = client_of(cast.gu).post(add, {**form, "note": "负责审计"}, follow=True)
    assert "已提名,等待另一位管理员确认" in answer.content.decode()
    proposal = RoleProposal.objects.get()
    mine, theirs = (client_of(one).get(PROPOSALS).content.decode() for one in (cast.gu, ge))
    address = reverse("structure-proposal", args=[proposal.pk])
    assert address not in mine
    assert "等另一位管理员" in mine
    assert address in theirs
    page = client_of(ge).get(address).content.decode()
    assert [word for word in ("负责审计", "顾安全(gu)", "审计员") if word not in page] == []
    own = client_of(cast.gu).post(address, {"approved": "yes"}).content.decode()
    assert "提名人和被提名人不能确认" in own
    short = client_of(cast.meng).post(address, {"approved": "no", "note": " "}).content.decode()
    assert "不同意时请写明理由" in short
    assert client_of(cast.meng).post(address, {"approved": "yes"}).url == PROPOSALS
    assert Membership.objects.filter(staff=cast.wei, role=Role.AUDITOR).exists()
    assert "已经处理过" in client_of(ge).get(address).content.decode()
    assert "孟审管(meng)" in client_of(cast.gu).get(PROPOSALS).content.decode()
    assert client_of(cast.meng).get(reverse("structure-proposal", args=[0])).status_code == 404


def test_who_reads_proposals(cast: Cast) -> None:
    proposal = proposed(cast)
    for name, person in cast.everybody.items():
        expected = 200 if name in ("gu", "meng") else 403
        assert client_of(person).get(PROPOSALS).status_code == expected, name
        one = client_of(person).get(reverse("structure-proposal", args=[proposal.pk]))
        assert one.status_code == expected, name


def grid(cast: Cast, **chosen: str) -> set[str]:
    found = client_of(cast.gu).get(reverse("structure-roles"), chosen).context["rows"]
    return {person.username for person, _cells in found}


def test_the_grid_finds_several_roles_and_those_that_end(cast: Cast) -> None:
    today = timezone.localdate()
    actions.add_membership(cast.wu, role=Role.CALLBACK, unit=cast.body, valid_from=today, by=SYSTEM, at=timezone.now())
    assert grid(cast, attention="several") == {"wu"}
    actions.add_membership(cast.wei, role=Role.WINDOW, unit=cast.other_unit, valid_from=today, by=SYSTEM, at=NOW)
    assert grid(cast, attention="several") == {"wu"}  # twice the same
    Membership.objects.filter(staff=cast.sun).update(valid_to=today + timedelta(days=30))
    Membership.objects.filter(staff=cast.song).update(valid_to=today + timedelta(days=31))
    Membership.objects.filter(staff=cast.he).update(valid_to=today - timedelta(days=1))
    assert grid(cast, attention="ending") == {"sun"}
    assert with_security(Staff.objects.filter(pk=cast.he.pk), timezone.now()).get().roles == 0


def test_idle_is_what_the_setting_says(cast: Cast, settings: Any) -> None:
    Staff.objects.filter(pk=cast.wei.pk).update(last_login=timezone.now() - timedelta(days=31))
    assert grid(cast, attention="idle") == set()
    settings.IDLE_DAYS = 30
    assert grid(cast, attention="idle") == {"wei"}
    assert "30 天未登录" in client_of(cast.gu).get(reverse("structure-roles"), {"q": "wei"}).content.decode()


def test_the_grid_as_a_file_is_on_the_trail(cast: Cast) -> None:
    Authenticator.objects.create(user=cast.zhou, type=Authenticator.Type.TOTP, data={"secret": "x"})
    Staff.objects.filter(pk=cast.wei.pk).update(name="=1+1")
    address = reverse("structure-roles-file")
    assert client_of(cast.gu).get(address).status_code == 405
    assert client_of(cast.xu).post(address).status_code == 403
    answer = client_of(cast.gu).post(address)
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(lines) == len(cast.everybody)
    by_number = {line["工号"]: line for line in lines}
    assert (by_number["zhou"]["角色"], by_number["zhou"]["两步验证"], by_number["zhou"]["起"]) == (
        "审计员",
        "是",
        "2026-01-01",
    )
    assert by_number["wei"]["姓名"] == "'=1+1"
    entry = AuditEntry.objects.get(action="staff.take_file")
    assert (entry.actor, entry.after) == (cast.gu, {"rows": len(cast.everybody)})
    few = client_of(cast.gu).post(f"{address}?q=zhou").content.decode("utf-8-sig")
    assert few.count("\n") == 2


def test_the_grid_is_printed_whole(cast: Cast) -> None:
    for n in range(60):
        staff(f"many{n:02d}", f"众{n}")
    address = reverse("structure-roles")
    assert len(client_of(cast.gu).get(address).context["rows"]) == 50
    assert len(client_of(cast.gu).get(address, {"print": "1"}).context["rows"]) == 60 + len(cast.everybody)
