"""The panel's page and home: three sides, one vote, nothing of the others before the end, nothing after recusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from appeals import actions
from appeals.enums import Proof, Recusal, Stage, Vote
from appeals.models import Appeal, Ballot, Place
from common.models import AuditEntry
from organizations.models import Staff
from rectification import actions as cases
from tests.appeals.court import REASON, Court
from tests.factories import NOW

SignIn = Callable[[Staff], Client]


def text(response: Any) -> str:
    return response.content.decode()


def page_of(client: Client, appeal: Appeal) -> str:
    response = client.get(reverse("appeal", args=[appeal.number]))
    assert response.status_code == 200
    return text(response)


def vote(client: Client, appeal: Appeal, vote: Vote = Vote.UPHOLD, reason: str = REASON, **more: str) -> Any:
    return client.post(reverse("appeal-vote", args=[appeal.number]), {"vote": vote, "reason": reason, **more})


# --- the page ---------------------------------------------------------------------------------------------------------


def test_three_sides_over_one_time_line(court: Court, sign_in: SignIn) -> None:
    case = court.case()
    cases.add_statement(case, at=NOW, text="我有取号纸,电话 13800000001")
    appeal = court.file("W6", case)
    court.answer(appeal, text="窗口当时没有人")
    page = page_of(sign_in(court.panel(appeal)[0]), appeal)
    for words in ("评价人说", "单位说", "系统记录", "并列时间轴", "身份: 已隐藏", "等了三个小时", "窗口当时没有人"):
        assert words in page
    assert "13800000001" not in page
    assert str(case.evaluator_id) not in page
    assert "提交表决" in page


def test_a_vote_needs_a_choice_and_a_reason(court: Court, sign_in: SignIn) -> None:
    appeal = court.file("W8")
    client = sign_in(court.panel(appeal)[0])
    page = text(vote(client, appeal, reason="太短", lenient_basis="依规尽责"))
    assert "至少写 20 个字,现在是 2 个字" in page
    assert "太短" in page
    assert "依规尽责" in page
    assert "请选择“表决”" in text(client.post(reverse("appeal-vote", args=[appeal.number]), {"reason": REASON}))
    assert not Ballot.objects.exists()


def test_votes_are_hidden_until_all_are_in(court: Court, sign_in: SignIn) -> None:
    appeal = court.file("W8")
    first, second, third = (sign_in(person) for person in court.panel(appeal))
    words = ["第一位评审员认为依据充分,应当认定成立。", "第二位评审员认为依据充分,应当认定成立。"]
    assert vote(first, appeal, reason=words[0]).status_code == 302
    assert "您已表决" in page_of(first, appeal)
    assert words[0] in page_of(first, appeal)
    vote(second, appeal, Vote.REJECT, words[1])
    for client in (third, sign_in(court.cast.qian), sign_in(court.cast.zheng)):
        page = page_of(client, appeal)
        assert "已表决 2 / 3" in page
        assert words[0] not in page
        assert words[1] not in page
    assert "已表决" in text(vote(first, appeal, Vote.REJECT))
    answer = vote(third, appeal)
    appeal.refresh_from_db()
    assert appeal.stage == Stage.RULED
    page = page_of(third, appeal)
    assert words[0] in page
    assert words[1] in page
    assert answer.status_code == 302


def test_while_the_evaluator_is_heard_nobody_votes(court: Court, sign_in: SignIn) -> None:
    appeal = court.file("W6")
    client = sign_in(court.panel(appeal)[0])
    assert "正在等评价人补充事实" in page_of(client, appeal)
    assert "提交表决" not in page_of(client, appeal)
    assert "正在等评价人补充事实,期满后再表决" in text(vote(client, appeal))
    assert not Ballot.objects.exists()


def test_the_parties_read_no_names(court: Court, sign_in: SignIn) -> None:
    appeal = court.decide(court.file("W8"), Vote.REJECT)
    court.serve(appeal)
    names = [person.name for person in court.panel(appeal)]
    for party in (court.cast.zheng, court.cast.rated, court.cast.wu):
        page = page_of(sign_in(party), appeal)
        assert "裁定: 不成立" in page
        assert not [name for name in names if name in page], party.username
    assert names[0] in page_of(sign_in(court.cast.qian), appeal)


def test_before_it_is_served_the_parties_read_no_ruling(court: Court, sign_in: SignIn) -> None:
    appeal = court.decide(court.file("W8"), Vote.REJECT, Vote.REJECT, Vote.UPHOLD)
    page = page_of(sign_in(court.cast.zheng), appeal)
    assert "裁定已作出,核对后送达" in page
    assert "不同意见" not in page
    assert "裁定: 不成立" not in page
    assert REASON not in page


# --- recusal ----------------------------------------------------------------------------------------------------------


def test_whoever_has_left_reads_that_and_nothing_else(court: Court, sign_in: SignIn) -> None:
    appeal = court.file("W5")
    member, number = court.panel(appeal)[0], appeal.number
    client = sign_in(member)
    assert "请填写“回避理由”" in text(client.post(reverse("appeal-recuse", args=[number]), {"note": " "}))
    client.post(reverse("appeal-recuse", args=[number]), {"note": "我弟弟在该单位"})
    assert Place.objects.get(appeal=appeal, staff=member).left_for == Recusal.ASKED
    exhibit = appeal.exhibits.get()
    addresses = [reverse("appeal", args=[number]), reverse("appeal-exhibit", args=[exhibit.pk])]
    addresses += [reverse(f"appeal-{act}", args=[number]) for act in ("recuse", "withdraw", "serve", "review", "vote")]
    for address in addresses:
        for answer in (client.get(address), client.post(address, {"vote": "uphold", "reason": REASON})):
            assert answer.status_code in (403, 405), address
            assert appeal.statement not in text(answer)
            assert number not in text(answer).replace(address, "")
    assert "您已回避本件" in text(client.get(addresses[0]))
    assert number not in text(client.get(reverse("notices")))
    assert number not in text(client.get(reverse("panel")))
    assert number not in text(client.get(reverse("appeals") + "?view=all"))
    assert "没有符合条件的申诉" in text(client.get(reverse("appeals") + f"?view=all&q={number}"))
    assert not Ballot.objects.exists()


def test_who_has_become_barred_sees_nothing_from_that_moment_on(court: Court, sign_in: SignIn) -> None:
    """Before any sweep has looked; and their vote is not taken."""
    appeal = court.file("W5")
    member = court.panel(appeal)[0]
    court.joins(member, court.cast.unit)
    client = sign_in(member)
    answer = client.get(reverse("appeal", args=[appeal.number]))
    assert answer.status_code == 403
    assert appeal.statement not in text(answer)
    assert vote(client, appeal).status_code == 403
    assert client.get(reverse("appeal-exhibit", args=[appeal.exhibits.get().pk])).status_code == 403
    assert not Ballot.objects.exists()


def test_a_stranger_and_somebody_of_the_pool_find_nothing(court: Court, sign_in: SignIn) -> None:
    appeal = court.file("W5")
    drawn = set(appeal.places.values_list("staff_id", flat=True))
    idle = next(person for person in court.pool if person.pk not in drawn)
    for person in (court.cast.sun, court.cast.song, idle, court.cast.xu):
        client = sign_in(person)
        assert client.get(reverse("appeal", args=[appeal.number])).status_code == 404
        assert vote(client, appeal).status_code == 404
        assert client.get(reverse("appeal-exhibit", args=[appeal.exhibits.get().pk])).status_code == 404


def test_who_sees_it_and_does_not_sit_has_no_vote(court: Court, sign_in: SignIn) -> None:
    appeal = court.file("W5")
    for person in (court.cast.qian, court.cast.zheng, court.cast.zhou):
        assert vote(sign_in(person), appeal).status_code == 403
    assert not Ballot.objects.exists()
    assert AuditEntry.objects.filter(success=False).count() == 3


# --- evidence ---------------------------------------------------------------------------------------------------------


def recorded(court: Court) -> Appeal:
    """An appeal with a recording, which is kept apart until somebody has looked at it."""
    draft = court.draft("W6", proven=False)
    court.prove(draft, Proof.RECORDING, by=court.cast.zheng)
    appeal = actions.file_appeal(draft, by=court.cast.zheng, at=NOW)
    court.answer(appeal)
    return appeal


def test_a_file_is_opened_by_nobody_before_it_was_looked_at(court: Court, sign_in: SignIn) -> None:
    appeal = recorded(court)
    address = reverse("appeal-exhibit", args=[appeal.exhibits.get().pk])
    for reader in (court.panel(appeal)[0], court.cast.zheng, court.cast.qian):
        client = sign_in(reader)
        assert client.get(address).status_code == 404
        page = page_of(client, appeal)
        assert "文件正在检查" in page
        assert address not in page
    actions.screen_exhibits(at=NOW)
    client = sign_in(court.cast.qian)
    assert f"{address}#t=192" in page_of(client, appeal)
    answer = client.get(address)
    assert (answer.status_code, bool(b"".join(answer.streaming_content))) == (200, True)


def test_evidence_comes_as_an_attachment_and_in_parts(court: Court, sign_in: SignIn) -> None:
    appeal = recorded(court)
    actions.screen_exhibits(at=NOW)
    client = sign_in(court.panel(appeal)[0])
    address = reverse("appeal-exhibit", args=[appeal.exhibits.get().pk])
    whole = client.get(address)
    data = b"".join(whole.streaming_content)
    assert whole["Content-Disposition"].startswith("attachment;")
    assert whole["X-Content-Type-Options"] == "nosniff"
    assert whole["Cache-Control"] == "no-store"
    part = client.get(address, headers={"range": "bytes=2-5"})
    assert (part.status_code, part.content) == (206, data[2:6])
    assert part["Content-Range"] == f"bytes 2-5/{len(data)}"
    for odd in ("bytes=5-2", "bytes=99999999-", "bytes=-5", "lines=1-2", "bytes=0-1,3-4"):
        answer = client.get(address, headers={"range": odd})
        assert (answer.status_code, b"".join(answer.streaming_content)) == (200, data), odd


# --- the home ---------------------------------------------------------------------------------------------------------


def test_home_shows_open_votes_and_how_units_fare(court: Court, sign_in: SignIn) -> None:
    idle = sign_in(court.pool[0])
    assert "没有待表决的申诉" in text(idle.get(reverse("panel")))
    appeal = court.file("W8")
    client = sign_in(court.panel(appeal)[0])
    page = text(client.get(reverse("panel")))
    assert f'href="{reverse("appeal", args=[appeal.number])}"' in page
    assert "等您表决" in page
    assert "待表决的申诉" in text(client.get(reverse("tools")))
    vote(client, appeal)
    assert "没有待表决的申诉" in text(client.get(reverse("panel")))
    assert "已表决,等其他人" in text(client.get(reverse("panel")))
    assert sign_in(court.cast.zheng).get(reverse("panel")).status_code == 403


def test_home_asks_as_much_for_one_appeal_as_for_three(
    court: Court, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    for person in court.pool[3:]:
        actions.list_member(person, by=court.cast.qian, at=NOW, active=False)
    client = sign_in(court.pool[0])
    court.file("W8")
    with django_assert_max_num_queries(30) as first:
        client.get(reverse("panel"))
    court.file("W9")
    court.file("W5")
    with django_assert_max_num_queries(len(first)):
        assert client.get(reverse("panel")).status_code == 200
