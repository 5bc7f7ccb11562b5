"""The ledger with its filters, figures that equal their lists, and the pool with its ties."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from appeals import actions
from appeals.enums import Vote
from appeals.lists import tasks_for
from appeals.models import PanelMember, Relation
from organizations.models import Staff
from tests.appeals.court import Court
from tests.factories import NOW

SignIn = Callable[[Staff], Client]


def text(response: Any) -> str:
    return response.content.decode()


def numbers(html: str) -> set[str]:
    return set(re.findall(r'class="number" href="/desk/appeals/(A-[0-9A-Z-]+)/"', html))


@pytest.fixture
def told(court: Court) -> dict[str, str]:
    """One upheld, one rejected and not yet served, one by the rated person in the panel's hands."""
    upheld = court.ruled("W8", Vote.UPHOLD)
    rejected = court.decide(court.file("W5"), Vote.REJECT)
    mine = court.file("W6", by=court.cast.rated)
    return {"upheld": str(upheld.number), "rejected": str(rejected.number), "mine": str(mine.number)}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("view=all", "upheld rejected mine"),
        ("view=open", "mine"),
        ("view=serve", "rejected"),
        ("view=waiting", ""),
        ("view=all&ground=W5", "rejected"),
        ("view=all&side=person", "mine"),
        ("view=all&outcome=ruled", "upheld rejected"),
        ("view=all&outcome=upheld", "upheld"),
        ("view=all&outcome=reject", "rejected"),
        ("view=all&outcome=rejected", "rejected"),
        ("view=all&since=2026-11-24", ""),
        ("view=all&until=2026-11-23&unit=370600-GAJ", "upheld rejected mine"),
    ],
)
def test_filters_stand_in_the_address(
    court: Court, sign_in: SignIn, told: dict[str, str], query: str, names: str
) -> None:
    found = numbers(text(sign_in(court.cast.qian).get(reverse("appeals") + f"?{query}")))
    assert found == {told[name] for name in names.split()}


def test_it_is_found_by_its_number_and_by_the_cases(court: Court, sign_in: SignIn, told: dict[str, str]) -> None:
    client = sign_in(court.cast.qian)
    assert numbers(text(client.get(reverse("appeals") + f"?q={told['mine'].lower()}"))) == {told["mine"]}
    assert "请写成" in text(client.get(reverse("appeals") + "?since=soon&view=all"))
    assert client.get(reverse("appeals") + "?view=nonsense").status_code == 404


def test_everybody_finds_their_own(court: Court, sign_in: SignIn, told: dict[str, str]) -> None:
    address = reverse("appeals") + "?view=all"
    cast = court.cast
    for person, names in (
        (cast.zheng, "upheld rejected mine"),
        (cast.rated, "upheld rejected mine"),
        (cast.zhou, "upheld rejected mine"),
        (cast.sun, ""),
        (cast.he, ""),
    ):
        assert numbers(text(sign_in(person).get(address))) == {told[name] for name in names.split()}, person.username


def test_every_figure_is_the_list_behind_it(court: Court, sign_in: SignIn, told: dict[str, str]) -> None:
    client = sign_in(court.cast.qian)
    page = text(client.get(reverse("appeal-figures")))
    links = re.findall(r'href="/desk/appeals/(\?[^"]+)">(\d+)</a>', page)
    assert len(links) == 4 * (1 + 3)
    for query, count in links:
        found = numbers(text(client.get(reverse("appeals") + query.replace("&amp;", "&"))))
        assert len(found) == int(count), query
    assert sign_in(court.cast.zheng).get(reverse("appeal-figures")).status_code == 403


def test_the_ledger_asks_as_much_for_one_as_for_three(
    court: Court, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = sign_in(court.cast.qian)
    court.file("W8")
    client.get(reverse("appeals"))
    with django_assert_max_num_queries(30) as first:
        client.get(reverse("appeals") + "?view=all")
    court.file("W8")
    court.ruled("W5", Vote.REJECT)
    with django_assert_max_num_queries(len(first)):
        assert client.get(reverse("appeals") + "?view=all").status_code == 200


# --- the pool ---------------------------------------------------------------------------------------------------------


def test_the_supervisor_keeps_the_list(court: Court, sign_in: SignIn) -> None:
    client, member = sign_in(court.cast.qian), court.pool[0]
    page = text(client.get(reverse("panel-pool")))
    assert member.name in page
    client.post(reverse("panel-member", args=[member.username]), {"expertise": "行政复议"})
    found = PanelMember.objects.get(staff=member)
    assert (found.expertise, found.active) == ("行政复议", False)
    assert "不在册" in text(client.get(reverse("panel-pool")))


def test_only_who_holds_the_role_can_be_listed(court: Court, sign_in: SignIn) -> None:
    from organizations.enums import Role
    from tests.factories import staff

    newcomer = staff("newcomer", "新评审", (Role.PANEL, court.cast.other_unit))
    client, address = sign_in(court.cast.qian), reverse("panel-member-add")
    assert "newcomer" in text(client.get(address))
    for odd in ("wu", "nobody", court.pool[0].username):
        assert "不能选" in text(client.post(address, {"staff": odd})), odd
    client.post(address, {"staff": "newcomer", "expertise": "医保"})
    assert PanelMember.objects.get(staff=newcomer).active
    for other in (court.cast.zhou, court.cast.he, court.pool[0]):
        assert sign_in(other).post(address, {"staff": "newcomer"}).status_code == 403


def test_a_member_declares_and_only_a_supervisor_ends(court: Court, sign_in: SignIn) -> None:
    member = court.pool[0]
    client, address = sign_in(member), reverse("panel-relation-add", args=[member.username])
    assert address in text(client.get(reverse("panel")))
    for sent, words in (
        ({"note": "曾在此工作"}, "只填一项"),
        ({"unit": "370600-GAJ", "staff": "wu", "note": "x"}, "只填一项"),
        ({"staff": "nobody", "note": "x"}, "没有工号“nobody”"),
        ({"unit": "370600-GAJ", "note": ""}, "请填写“什么关系”"),
    ):
        assert words in text(client.post(address, sent))
    client.post(address, {"unit": "370600-GAJ", "note": "曾在此工作"})
    client.post(address, {"staff": "wu", "note": "同学"})
    assert Relation.objects.filter(member__staff=member).count() == 2
    assert "曾在此工作" in text(client.get(reverse("panel")))
    one = Relation.objects.earliest("pk")
    end = reverse("panel-relation-end", args=[one.pk])
    assert client.post(end, {"note": "已调走"}).status_code == 403
    sign_in(court.cast.qian).post(end, {"note": "已调走"})
    one.refresh_from_db()
    assert one.ended_at is not None
    assert client.get(reverse("panel-relation-add", args=[court.pool[1].username])).status_code == 403


# --- what waits -------------------------------------------------------------------------------------------------------


def test_every_task_is_as_long_as_its_list(court: Court, sign_in: SignIn, told: dict[str, str]) -> None:
    court.draft("W1", proven=False)
    court.draft("W8")
    cast = court.cast
    expected = {
        cast.qian: {"裁定待送达": 1, "待记录的评价人确认": 1},
        cast.lin: {"裁定待送达": 1},
        cast.zhao: {"待记录的评价人确认": 1},
        cast.zheng: {"申诉草稿": 2},
        cast.rated: {"评价到我、可以申诉的件": 4},
        cast.zhou: {},
        cast.sun: {},
    }
    for person, tasks in expected.items():
        found = {str(task.label): task.count for task in tasks_for(person, NOW)}
        assert found == tasks, person.username
    serve = numbers(text(sign_in(cast.qian).get(reverse("appeals") + "?view=serve")))
    assert len(serve) == expected[cast.qian]["裁定待送达"]
    assert text(sign_in(cast.rated).get(reverse("appeals"))).count("我要申诉") == 4


def test_a_panel_that_lacks_people_is_counted_once(court: Court, sign_in: SignIn) -> None:
    for person in court.pool:
        actions.list_member(person, by=court.cast.qian, at=NOW, active=False)
    appeal = court.file("W8")
    found = {str(task.label): task.count for task in tasks_for(court.cast.qian, NOW)}
    assert found == {"申诉缺评审员": 1}
    assert numbers(text(sign_in(court.cast.qian).get(reverse("appeals") + "?view=waiting"))) == {appeal.number}
