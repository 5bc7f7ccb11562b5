"""After the vote: the ruling looked over, served, read by unit, person and citizen, reviewed; withdrawal; the link."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from appeals import actions
from appeals.enums import Proof, Stage, Vote
from appeals.models import Appeal, CitizenFact, Service
from organizations.models import Staff
from rectification.enums import State
from rectification.models import Case
from tests.appeals.court import Court
from tests.factories import NOW

SignIn = Callable[[Staff], Client]


def text(response: Any) -> str:
    return response.content.decode()


def page_of(client: Client, appeal: Appeal) -> str:
    return text(client.get(reverse("appeal", args=[appeal.number])))


# --- service ----------------------------------------------------------------------------------------------------------


def test_the_generated_words_are_looked_over_and_served(court: Court, sign_in: SignIn) -> None:
    appeal = court.decide(court.file("W8"), Vote.UPHOLD)
    client = sign_in(court.cast.lin)
    assert reverse("appeal-serve", args=[appeal.number]) in page_of(client, appeal)
    assert "裁定待送达" in text(client.get(reverse("desk")))
    address = reverse("appeal-serve", args=[appeal.number])
    form = text(client.get(address))
    assert "评审小组逐人表决: 成立 3 票" in form
    assert "单位: 减半计入考核" in form
    page = text(client.post(address, {"text": "改过的裁定书", "plain": " "}))
    assert "请填写“给评价人的说明”" in page
    assert "改过的裁定书" in page
    client.post(address, {"text": "改过的裁定书", "plain": "说给您听"})
    assert Service.objects.get().text == "改过的裁定书"
    again = client.post(address, {"text": "再改一次", "plain": "x"})
    assert again.status_code == 409
    assert "再改一次" in text(again)
    for reader in (court.cast.zheng, court.cast.rated):
        assert "改过的裁定书" in page_of(sign_in(reader), appeal)
    for other in (court.cast.zheng, court.cast.zhou, court.panel(appeal)[0]):
        assert sign_in(other).get(address).status_code == 403


def test_before_there_is_a_ruling_there_is_nothing_to_serve(court: Court, sign_in: SignIn) -> None:
    appeal = court.file("W8")
    assert sign_in(court.cast.lin).get(reverse("appeal-serve", args=[appeal.number])).status_code == 409


# --- the evaluator ----------------------------------------------------------------------------------------------------


def test_the_evaluator_reads_it_in_plain_words(court: Court, client: Client) -> None:
    receipt = court.cast.submit(1, text="等了三个小时")
    assert receipt.case is not None
    case = court.cast.upto(receipt.case, State.RECTIFYING)
    client.post(reverse("track"), {"number": case.number, "code": receipt.code})
    address = reverse("tracking", args=[case.number])
    assert "评审小组" not in text(client.get(address))
    appeal = court.file("W6", case)
    page = text(client.get(address))
    assert "评审小组正在核查" in page
    assert appeal.number not in page
    court.answer(appeal)
    court.decide(appeal, Vote.UPHOLD)
    assert "正在核对文字" in text(client.get(address))
    actions.serve_ruling(appeal, by=court.cast.lin, at=NOW, text="裁定书", plain="经核,与记录不一致。")
    page = text(client.get(address))
    assert "经核,与记录不一致。" in page
    for secret in ("裁定书", appeal.statement, *(person.name for person in court.pool)):
        assert secret not in page


def test_the_link_asks_once_and_takes_one_answer(court: Court, client: Client) -> None:
    appeal = court.file("W6")
    address = reverse("appeal-facts", args=[court.token(appeal)])
    page = client.get(address)
    assert page["Cache-Control"] == "no-store"
    assert "等了三个小时" in text(page)
    assert appeal.statement not in text(page)
    assert "或勾选" in text(client.post(address, {"text": ""}))
    client.post(address, {"text": "我有取号纸。"})
    assert CitizenFact.objects.get().text == "我有取号纸。"
    assert "我有取号纸。" in text(client.get(address))
    client.post(address, {"text": "再说一次"})
    assert CitizenFact.objects.get().text == "我有取号纸。"


def test_nothing_to_add_is_an_answer(court: Court, client: Client, sign_in: SignIn) -> None:
    appeal = court.file("W7")
    client.post(reverse("appeal-facts", args=[court.token(appeal)]), {"nothing": "on"})
    fact = CitizenFact.objects.get()
    assert (fact.text, fact.said_at is not None) == ("", True)
    member = sign_in(court.panel(appeal)[0])
    assert "没有要补充的" in page_of(member, appeal)
    assert "提交表决" in page_of(member, appeal)


def test_a_late_word_is_kept_for_its_writer(court: Court, client: Client, monday: time_machine.Traveller) -> None:
    appeal = court.file("W6")
    address = reverse("appeal-facts", args=[court.token(appeal)])
    monday.move_to(NOW + timedelta(days=3))
    answer = client.post(address, {"text": "写得太晚"})
    assert answer.status_code == 409
    assert "补充事实的时间已过" in text(answer)
    assert "写得太晚" in text(answer)
    assert CitizenFact.objects.get().said_at is None


def test_a_link_nobody_sent_leads_to_the_page_for_all_such(court: Court, client: Client) -> None:
    answer = client.get(reverse("appeal-facts", args=["nothing"]))
    assert answer.status_code == 404
    assert "这个链接不能用了" in text(answer)


# --- withdrawal and review --------------------------------------------------------------------------------------------


def test_the_appellant_withdraws(court: Court, sign_in: SignIn) -> None:
    appeal = court.file("W8")
    address = reverse("appeal-withdraw", args=[appeal.number])
    assert sign_in(court.cast.rated).post(address, {"note": ""}).status_code == 403
    assert sign_in(court.cast.qian).post(address, {"note": ""}).status_code == 403
    client = sign_in(court.cast.zheng)
    client.post(address, {"note": "已核实属实"})
    appeal.refresh_from_db()
    assert appeal.stage == Stage.WITHDRAWN
    assert Case.objects.get(pk=appeal.case_id).state == State.RECTIFYING
    assert client.post(address, {"note": ""}).status_code == 409


def test_a_review_is_begun_on_new_evidence_and_reverses(court: Court, sign_in: SignIn) -> None:
    first = court.ruled("W8", Vote.REJECT)
    client = sign_in(court.cast.zheng)
    address = reverse("appeal-review", args=[first.number])
    assert address in page_of(client, first)
    begun = client.post(address)
    draft = Appeal.objects.get(reviews=first)
    assert begun["Location"] == reverse("appeal-draft", args=[draft.pk])
    assert client.get(address)["Location"] == begun["Location"]
    sent = {"statement": "找到了文件原件", "file_it": "1"}
    refused = client.post(begun["Location"], sent)
    assert "复核只凭新证据" in text(client.get(refused["Location"]))
    client.post(begun["Location"], {**sent, "kind": Proof.LEGAL_BASIS, "text": "省条例第九条"})
    draft.refresh_from_db()
    assert (draft.stage, draft.seats) == (Stage.VOTING, 5)
    assert draft.number in page_of(client, first)
    later = NOW + timedelta(hours=1)
    court.serve(court.decide(draft, Vote.UPHOLD, at=later), at=later)
    assert "裁定: 成立" in page_of(client, draft)
    assert "裁定: 不成立" in page_of(client, first)
    lin = sign_in(court.cast.lin)
    rows = text(lin.get(reverse("appeals") + "?view=all"))
    assert rows.count(f">{first.number}<") == 1
    assert draft.number in rows


@pytest.mark.parametrize(("vote", "who"), [(Vote.REJECT, "qian"), (Vote.UPHOLD, "zheng")])
def test_a_review_is_not_for_the_other_side(court: Court, sign_in: SignIn, vote: Vote, who: str) -> None:
    first = court.ruled("W8", vote)
    client = sign_in(court.cast.everybody[who])
    assert reverse("appeal-review", args=[first.number]) not in page_of(client, first)
    assert client.post(reverse("appeal-review", args=[first.number])).status_code == 403
    assert not Appeal.objects.filter(reviews=first).exists()
