"""Contesting a rating on the desk: the way in, a draft that is left and continued, what is refused and where."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from appeals import actions
from appeals.enums import Proof, Stage
from appeals.models import Appeal, Exhibit
from organizations.models import Staff
from rectification.enums import State
from rectification.models import Case
from tests.appeals.court import STATEMENT, Court, film, pdf, picture
from tests.factories import NOW

SignIn = Callable[[Staff], Client]


def text(response: Any) -> str:
    return response.content.decode()


def draft_of(client: Client, case: Case, ground: str) -> Appeal:
    response = client.post(reverse("appeal-new", args=[case.number]), {"ground": ground})
    appeal = Appeal.objects.get(case=case, stage=Stage.DRAFT)
    assert response["Location"] == reverse("appeal-draft", args=[appeal.pk])
    return appeal


def send(client: Client, appeal: Appeal, **data: Any) -> Any:
    kept = {"ground": appeal.ground_id, "statement": STATEMENT}
    return client.post(reverse("appeal-draft", args=[appeal.pk]), {**kept, **data})


# --- the way in -------------------------------------------------------------------------------------------------------


def test_the_case_page_leads_the_unit_to_the_grounds(court: Court, sign_in: SignIn) -> None:
    case = court.case()
    client = sign_in(court.cast.zheng)
    way = reverse("appeal-new", args=[case.number])
    assert f'href="{way}"' in text(client.get(reverse("case", args=[case.number])))
    page = text(client.get(way))
    for words in (
        "您代表责任单位提出",
        "W6 与事实不符",
        "音视频 或 系统时间记录 或 书面材料",
        "公开: 照常计入,注明“经核不属实”",
        "个人: 不计入",
        "评价人没有留电话",
        "被评价单位联系后评价人改口或撤回",
    ):
        assert words in page


@pytest.mark.parametrize("name", ["lin", "qian", "zhou"])
def test_who_does_not_contest_is_not_led_there(court: Court, sign_in: SignIn, name: str) -> None:
    case = court.case()
    client = sign_in(court.cast.everybody[name])
    assert "appeals/new" not in text(client.get(reverse("case", args=[case.number])))
    assert client.post(reverse("appeal-new", args=[case.number]), {"ground": "W6"}).status_code == 403
    assert not Appeal.objects.exists()


def test_a_strangers_case_is_not_there(court: Court, sign_in: SignIn) -> None:
    case = court.case()
    assert sign_in(court.cast.sun).get(reverse("appeal-new", args=[case.number])).status_code == 404


def test_the_rated_person_finds_what_is_about_them(court: Court, sign_in: SignIn) -> None:
    case = court.case()
    client = sign_in(court.cast.rated)
    assert client.get(reverse("case", args=[case.number])).status_code == 404
    assert f'href="{reverse("appeal-new", args=[case.number])}"' in text(client.get(reverse("appeals")))
    assert "您以被评价人本人提出" in text(client.get(reverse("appeal-new", args=[case.number])))
    assert draft_of(client, case, "W6").side == "person"


def test_before_it_was_sent_to_a_unit_nobody_is_told(court: Court, sign_in: SignIn) -> None:
    case = court.case(State.PRECHECKED)
    assert sign_in(court.cast.rated).get(reverse("appeal-new", args=[case.number])).status_code == 404


def test_after_the_days_for_filing_the_page_says_so(
    court: Court, sign_in: SignIn, monday: time_machine.Traveller
) -> None:
    case = court.case()
    client = sign_in(court.cast.zheng)
    monday.move_to(NOW + timedelta(days=5))
    client = sign_in(court.cast.zheng)
    assert "本件现在不能申诉" in text(client.get(reverse("appeal-new", args=[case.number])))
    answer = client.post(reverse("appeal-new", args=[case.number]), {"ground": "W6"})
    assert answer.status_code == 409
    assert not Appeal.objects.exists()


@pytest.mark.parametrize(
    ("value", "words"), [("no_phone", "“评价人没有留电话”不能作为申诉理由"), ("W77", "不能选"), ("", "请选择")]
)
def test_what_is_no_ground_is_refused_by_name(court: Court, sign_in: SignIn, value: str, words: str) -> None:
    case = court.case()
    answer = sign_in(court.cast.zheng).post(reverse("appeal-new", args=[case.number]), {"ground": value})
    assert words in text(answer)
    assert not Appeal.objects.exists()


def test_a_ground_that_was_used_cannot_be_chosen_again(court: Court, sign_in: SignIn) -> None:
    first = court.ruled("W8", *["reject"])  # type: ignore[list-item]
    client = sign_in(court.cast.zheng)
    page = text(client.get(reverse("appeal-new", args=[first.case.number])))
    assert 'value="W8" disabled' in page
    assert "不能选" in text(client.post(reverse("appeal-new", args=[first.case.number]), {"ground": "W8"}))


def test_what_one_side_has_taken_back_is_used_up_for_it_alone(court: Court, sign_in: SignIn) -> None:
    appeal = court.file("W8")
    actions.withdraw_appeal(appeal, by=court.cast.zheng, at=NOW)
    way = reverse("appeal-new", args=[appeal.case.number])
    assert 'value="W8" disabled' in text(sign_in(court.cast.zheng).get(way))
    assert 'value="W8" disabled' not in text(sign_in(court.cast.rated).get(way))


# --- a draft ----------------------------------------------------------------------------------------------------------


def test_a_draft_is_left_and_continued(court: Court, sign_in: SignIn) -> None:
    client = sign_in(court.cast.zheng)
    appeal = draft_of(client, court.case(), "W6")
    send(client, appeal, save="1", statement="写到一半")
    address = reverse("appeal-draft", args=[appeal.pk])
    assert client.get(reverse("appeal-new", args=[appeal.case.number]))["Location"] == address
    assert "接着写申诉草稿" in text(client.get(reverse("case", args=[appeal.case.number])))
    assert "写到一半" in text(client.get(address))
    assert address in text(client.get(reverse("appeals")))


def test_the_return_key_saves_and_files_nothing(court: Court, sign_in: SignIn) -> None:
    client = sign_in(court.cast.zheng)
    appeal = draft_of(client, court.case(), "W6")
    page = text(client.get(reverse("appeal-draft", args=[appeal.pk])))
    form = page.index('enctype="multipart/form-data"')
    assert page.index('name="save"', form) < page.index('name="add"', form) < page.index('name="file_it"', form)


def test_evidence_is_added_and_taken_out_piece_by_piece(court: Court, sign_in: SignIn) -> None:
    client = sign_in(court.cast.zheng)
    appeal = draft_of(client, court.case(), "W6")
    send(client, appeal, add="1", kind=Proof.SYSTEM_TIMES, text="9:02 取号,9:04 叫号", happened_at="2026-11-23T09:02")
    send(client, appeal, add="1", kind=Proof.RECORDING, file=named(film(), "大厅.mp4"), second="3:12", masked="on")
    send(client, appeal, add="1", kind=Proof.PICTURE, file=named(picture(), "现场.png"), masked="on")
    times, recording, photo = Exhibit.objects.order_by("pk")
    assert (times.text, times.happened_at is not None) == ("9:02 取号,9:04 叫号", True)
    assert (recording.second, recording.media_type, photo.media_type) == (192, "video/mp4", "image/jpeg")
    actions.screen_exhibits(at=NOW)
    page = text(client.get(reverse("appeal-draft", args=[appeal.pk])))
    assert f"/desk/appeals/exhibits/{recording.pk}/#t=192" in page
    assert "从 3:12 看起" in page
    send(client, appeal, drop=str(photo.pk))
    assert not Exhibit.objects.filter(pk=photo.pk).exists()
    assert Appeal.objects.get().statement == STATEMENT


def named(file: Any, name: str) -> Any:
    file.name = name
    return file


@pytest.mark.parametrize(
    ("piece", "words"),
    [
        ({}, "请选这件证据的种类"),
        ({"kind": "document"}, "书面材料需要上传文件"),
        ({"kind": "system_times"}, "系统时间记录需要文字说明"),
        ({"kind": "recording", "file": "film"}, "请写明从第几秒看起"),
        ({"kind": "recording", "file": "film", "second": "soon"}, "请写成 3:12 这样的分和秒"),
        ({"kind": "recording", "file": "film", "second": "9"}, "请先遮住群众的面部和姓名"),
        ({"kind": "confirmation", "text": "他说的"}, "不能选"),
        ({"kind": "document", "file": "odd"}, "不能使用这种文件"),
    ],
)
def test_a_piece_that_is_not_whole_is_refused_and_nothing_is_lost(
    court: Court, sign_in: SignIn, piece: dict[str, Any], words: str
) -> None:
    client = sign_in(court.cast.zheng)
    appeal = draft_of(client, court.case(), "W6")
    files = {"film": named(film(), "a.mp4"), "odd": named(pdf(b""), "a.pdf")}
    files["odd"].seek(0)
    files["odd"].write(b"MZ not a document")
    files["odd"].seek(0)
    sent = {**piece, **({"file": files[piece["file"]]} if "file" in piece else {})}
    page = text(send(client, appeal, add="1", statement="我写了很久", **sent))
    assert words in page
    assert "我写了很久" in page
    assert not Exhibit.objects.exists()
    assert Appeal.objects.get().statement == ""


def test_an_incomplete_filing_is_refused_beside_the_field(court: Court, sign_in: SignIn) -> None:
    client = sign_in(court.cast.zheng)
    appeal = draft_of(client, court.case(), "W4")
    answer = client.post(
        reverse("appeal-draft", args=[appeal.pk]), {"ground": "W4", "statement": "", "other_unit": "", "file_it": "1"}
    )
    page = text(client.get(answer["Location"]))
    for words in ("请写明申诉理由和事实", "请写明应由哪个单位负责", "还缺: 应由哪个单位负责及依据"):
        assert words in page
    for field in ("id_statement_error", "id_other_unit_error", "id_kind_error"):
        assert f'id="{field}"' in page
    appeal.refresh_from_db()
    assert appeal.stage == Stage.DRAFT


def test_a_complete_filing_pauses_the_case_and_leads_to_the_appeal(court: Court, sign_in: SignIn) -> None:
    client = sign_in(court.cast.zheng)
    appeal = draft_of(client, court.case(), "W6")
    answer = send(client, appeal, file_it="1", kind=Proof.SYSTEM_TIMES, text="9:02 取号,9:04 叫号")
    appeal.refresh_from_db()
    assert answer["Location"] == reverse("appeal", args=[appeal.number])
    assert Case.objects.get(pk=appeal.case_id).state == State.SUSPENDED
    assert "已提出" in text(client.get(answer["Location"]))
    assert client.get(reverse("appeal-draft", args=[appeal.pk])).status_code == 404
    assert appeal.number in text(client.get(reverse("case", args=[appeal.case.number])))


def test_w4_names_the_unit_that_is_responsible(court: Court, sign_in: SignIn) -> None:
    client = sign_in(court.cast.zheng)
    appeal = draft_of(client, court.case(), "W4")
    other = court.cast.other_unit.name
    assert "没有找到“没有这个局”" in text(send(client, appeal, save="1", other_unit="没有这个局"))
    send(client, appeal, file_it="1", other_unit=other, kind=Proof.OTHER_UNIT, text="三定方案第五条")
    appeal.refresh_from_db()
    assert (appeal.stage, appeal.other_unit) == (Stage.VOTING, court.cast.other_unit)


def test_w4_may_name_another_person_of_the_unit(court: Court, sign_in: SignIn) -> None:
    client = sign_in(court.cast.zheng)
    appeal = draft_of(client, court.case(), "W4")
    page = text(client.get(reverse("appeal-draft", args=[appeal.pk])))
    assert 'value="wei"' in page
    assert 'value="ruan"' not in page, "who was rated cannot be the other one"
    assert 'value="sun"' not in page
    both = send(client, appeal, save="1", other_unit=court.cast.other_unit.name, other_staff="wei")
    assert "只填一项" in text(both)
    send(client, appeal, file_it="1", other_staff="wei", kind=Proof.OTHER_UNIT, text="当日由魏同事办理")
    appeal.refresh_from_db()
    assert (appeal.stage, appeal.other_staff, appeal.within_unit) == (Stage.VOTING, court.cast.wei, True)
    assert "魏同事" in text(client.get(reverse("appeal", args=[appeal.number])))


@pytest.mark.parametrize("name", ["wu", "sun", "lin", "rated"])
def test_a_draft_is_its_writers_alone(court: Court, sign_in: SignIn, name: str) -> None:
    appeal = draft_of(sign_in(court.cast.zheng), court.case(), "W6")
    other = sign_in(court.cast.everybody[name])
    assert other.get(reverse("appeal-draft", args=[appeal.pk])).status_code == 404
    assert send(other, appeal, save="1").status_code == 404


# --- W1: what the evaluator confirmed ---------------------------------------------------------------------------------


def test_the_evaluators_confirmation_is_recorded_by_a_callback_officer(court: Court, sign_in: SignIn) -> None:
    unit, officer = sign_in(court.cast.zheng), sign_in(court.cast.zhao)
    appeal = draft_of(unit, court.case(), "W1")
    address = reverse("appeal-confirm", args=[appeal.pk])
    assert address in text(officer.get(reverse("appeals")))
    assert officer.get(reverse("appeal-draft", args=[appeal.pk]))["Location"] == address
    assert "请填写" in text(officer.post(address, {"text": ""}))
    assert unit.post(address, {"text": "他说点错了"}).status_code == 403
    officer.post(address, {"text": "11月23日回访,评价人说手滑点错。"})
    assert Exhibit.objects.get().by == court.cast.zhao
    send(unit, appeal, file_it="1")
    appeal.refresh_from_db()
    assert appeal.stage == Stage.VOTING
