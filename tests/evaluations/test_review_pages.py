"""The sheet as citizens meet it, and the desk's questionnaires: weight, fairness, kept answers, refusals."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from common.models import OutboxMessage
from evaluations.actions import Words
from evaluations.actions.questionnaires import close_questionnaire, revise_questionnaire, start_questionnaire
from evaluations.actions.reviews import invite_reviews, start_wave, submit_review
from evaluations.models import AnswerSheet, Evaluation, Questionnaire, ReviewWave
from organizations.enums import Topic
from organizations.models import ServiceItem, Staff
from rectification.models import Case
from tests.evaluations.test_reviews import served
from tests.factories import NOW, Cast
from tests.support.listening import DAY, TODAY, questionnaire, questions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SignIn = Callable[[Staff], Client]
NONCE = "n" * 27
PAGE = "/review/one-go/"


@pytest.fixture
def made(cast: Cast) -> Questionnaire:
    ServiceItem.objects.filter(pk=cast.item.pk).update(topics=[Topic.ONE_GO])
    return questionnaire(cast)


def text_of(response: Any) -> str:
    return response.content.decode()


def send(client: Client, address: str = PAGE, level: int = 5, **data: Any) -> Any:
    return client.post(address, {"level": level, "nonce": NONCE, "version": 1, **data})


def link(cast: Cast, made: Questionnaire) -> str:
    served(cast)
    start_wave(made, first_day=TODAY - 5 * DAY, last_day=TODAY, most=5, by=cast.qian, at=NOW)
    assert invite_reviews(at=NOW) == 1
    return "/v/" + OutboxMessage.objects.get(kind="citizen.review").body.rsplit("/v/", 1)[1] + "/"


def test_one_request_of_20_kb_and_nothing_chosen(client: Client, made: Questionnaire) -> None:
    page = client.get(PAGE).content
    assert len(gzip.compress(page)) <= 20_000
    for forbidden in (b"<script", b'<link rel="stylesheet"', b"<img", b" checked", b"required"):
        assert forbidden not in page
    assert re.findall(rb'value="([^"]*)" selected', page) == [b""], "not to say where is no answer"
    assert b"<form" in page


def test_one_press_of_one_level_is_enough(client: Client, cast: Cast, made: Questionnaire) -> None:
    response = send(client)
    assert "已收到。" in text_of(client.get(response["Location"]))
    assert AnswerSheet.objects.get().level == 5


def test_every_answer_arrives(client: Client, cast: Cast, made: Questionnaire) -> None:
    scale, yes_no, text = questions(made)
    given = {f"q{scale.pk}": "2", f"q{yes_no.pk}": "0", f"q{text.pk}": "扫码打不开"}
    send(client, level=2, tags=["211"], text="来回跑", unit=cast.unit.code, phone="13800000001", **given)
    sheet = AnswerSheet.objects.get()
    assert {(a.question_id, a.value, a.text) for a in sheet.answers.all()} == {
        (scale.pk, 2, ""),
        (yes_no.pk, 0, ""),
        (text.pk, None, "扫码打不开"),
    }
    case = Case.objects.get()
    assert (case.text, case.rated_unit, case.reachable) == ("来回跑\n扫码打不开", cast.unit, True)
    assert [tag["code"] for tag in case.tags] == ["211"]


def test_an_answer_can_be_taken_back(client: Client, made: Questionnaire) -> None:
    send(client, **{f"q{questions(made)[0].pk}": "skip"})
    assert AnswerSheet.objects.get().answers.count() == 0


def test_what_is_missing_is_said_and_everything_kept(client: Client, cast: Cast, made: Questionnaire) -> None:
    scale, _yes_no, text = questions(made)
    page = text_of(
        send(client, level=1, unit=cast.unit.code, **{f"q{scale.pk}": "3", f"q{text.pk}": ""}, phone="打给我")
    )
    assert "请选一个原因或写一句话" in page
    assert "请填写能接通的电话号码" in page
    assert re.search(rf'name="q{scale.pk}" value="3"[^>]* checked', page)
    assert re.search(rf'value="{cast.unit.code}" selected', page)
    assert not Evaluation.objects.exists()


@pytest.mark.parametrize("value", ["9", "0", "x", "1.0", "²", "-1"])
def test_answers_nobody_was_offered_are_refused(client: Client, made: Questionnaire, value: str) -> None:
    assert "请从列出的选项里选" in text_of(send(client, **{f"q{questions(made)[0].pk}": value}))
    assert not AnswerSheet.objects.exists()


def test_only_units_of_the_topic_are_offered(client: Client, cast: Cast, made: Questionnaire) -> None:
    assert cast.unit.name in text_of(client.get(PAGE))
    ServiceItem.objects.filter(unit=cast.other_unit).update(topics=[])
    assert "请从列出的选项里选" in text_of(send(client, unit=cast.other_unit.code))


def test_what_is_not_open_is_the_page_of_dead_links(client: Client, cast: Cast, made: Questionnaire) -> None:
    assert client.get("/review/nothing/").status_code == 404
    questionnaire(cast, "draft", started=False)
    questionnaire(cast, "phone2", purpose="survey")
    assert client.get("/review/draft/").status_code == client.get("/review/phone2/").status_code == 404
    close_questionnaire(made, by=cast.qian, at=NOW - DAY)
    assert send(client).status_code == 404


def test_who_had_begun_before_a_revision_may_finish(client: Client, cast: Cast, made: Questionnaire) -> None:
    given = {f"q{questions(made)[2].pk}": "旧问题的回答"}
    start_questionnaire(revise_questionnaire(made, by=cast.qian, at=NOW), by=cast.qian, at=NOW)
    assert send(client, **given).status_code == 302
    assert AnswerSheet.objects.get().questionnaire == made


def test_an_invitation_knows_the_matter_and_is_answered_once(client: Client, cast: Cast, made: Questionnaire) -> None:
    address = link(cast, made)
    page = client.get(address)
    assert cast.item.name in text_of(page)
    assert 'name="unit"' not in text_of(page)
    assert page["Cache-Control"] == "no-store"
    assert send(client, address).status_code == 302
    assert send(client, address).status_code == 302, "the same press again"
    assert "评议过" in text_of(client.get(address))
    again = send(client, address, nonce="m" * 27)
    assert again.status_code == 409
    assert AnswerSheet.objects.count() == 1


def test_looking_at_an_invitation_spends_nothing(client: Client, cast: Cast, made: Questionnaire) -> None:
    address = link(cast, made)
    for _look in range(3):
        assert client.get(address).status_code == client.head(address).status_code == 200
    assert not Evaluation.objects.exists()
    assert client.get("/v/nothing/").status_code == 404


def test_one_press_stops_invitations(client: Client, cast: Cast, made: Questionnaire) -> None:
    address = link(cast, made)
    assert "已退订" in text_of(client.post(address, {"stop": "1"}))
    assert not Evaluation.objects.exists()
    served(cast, at=NOW - DAY)
    start_wave(made, first_day=TODAY, last_day=TODAY + 90 * DAY, most=5, by=cast.qian, at=NOW)
    assert invite_reviews(at=NOW + 30 * DAY) == 0


# --- the desk -------------------------------------------------------------------------------------------------------


def test_a_questionnaire_from_draft_to_results(sign_in: SignIn, cast: Cast, client: Client) -> None:
    desk, base = sign_in(cast.qian), "/desk/reviews/fast/1/"
    said = {"purpose": "review", "code": "fast", "title": "秒批秒办", "topic": "instant", "intro": ""}
    assert desk.post("/desk/reviews/add/", said)["Location"] == base
    desk.post(base + "questions/", {"text": "够快吗?", "dimension": "convenience", "kind": "scale"})
    desk.post(base + "questions/", {"text": "多余的", "dimension": "other", "kind": "text"})
    made = Questionnaire.objects.get()
    desk.post(f"{base}questions/{questions(made)[1].pk}/remove/")
    desk.post(base + "edit/", {"title": "秒批秒办好不好", "topic": "instant", "intro": "请说说"})
    desk.post(base + "start/")
    assert "秒批秒办好不好" in text_of(client.get("/review/fast/"))
    only = questions(made)[0]
    submit_review(Questionnaire.objects.get(), Words(4), [(only, 5)], nonce=NONCE, at=NOW)
    page = text_of(desk.get(base + "results/"))
    assert "100.00%" in page
    assert "20.65% – 100.00%" in page, "one of one is not certainty"
    assert "没有说明" in page
    desk.post(base + "revise/")
    assert "草稿" in text_of(desk.get("/desk/reviews/fast/2/"))
    assert "启用以后不能再改" in text_of(desk.get("/desk/reviews/fast/2/"))


def test_what_a_started_one_refuses_is_said(sign_in: SignIn, cast: Cast, made: Questionnaire) -> None:
    desk, base = sign_in(cast.qian), "/desk/reviews/one-go/1/"
    for door, said in (
        ("questions/", {"text": "又一个", "dimension": "other", "kind": "text"}),
        ("edit/", {"title": "改", "topic": "instant"}),
    ):
        page = text_of(desk.post(base + door, said))
        assert "已启用的问卷不能改" in page
    assert "已启用的问卷不能改" in text_of(desk.post(base + "start/", follow=True))
    removed = desk.post(f"{base}questions/{questions(made)[0].pk}/remove/", follow=True)
    assert "已启用的问卷不能改" in text_of(removed)
    assert len(questions(made)) == 3


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"purpose": "review", "code": "x", "title": "t", "topic": ""}, "问的是哪项改革"),
        ({"purpose": "", "code": "x", "title": "t"}, "请选择“用途”"),
        ({"purpose": "review", "code": "A B", "title": "t", "topic": "instant"}, "error-summary"),
        ({"purpose": "review", "code": "ABC", "title": "t", "topic": "instant"}, "请用小写字母"),
        ({"purpose": "review", "code": "one-go", "title": "t", "topic": "instant"}, "已有这个编码"),
    ],
)
def test_a_new_questionnaire_says_what_is_wrong(
    sign_in: SignIn, cast: Cast, made: Questionnaire, said: dict[str, str], words: str
) -> None:
    assert words in text_of(sign_in(cast.qian).post("/desk/reviews/add/", said))
    assert Questionnaire.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"first_day": "2026-11-23", "last_day": "2026-11-01", "most": "5"}, "止日不能早于起日"),
        ({"first_day": "0001-01-01", "last_day": "9999-12-31", "most": "5"}, "2000 年到 2099 年"),
        ({"first_day": "2026-11-01", "last_day": "2026-11-23", "most": "0"}, "error-summary"),
    ],
)
def test_a_wave_says_what_is_wrong(
    sign_in: SignIn, cast: Cast, made: Questionnaire, said: dict[str, str], words: str
) -> None:
    assert words in text_of(sign_in(cast.qian).post("/desk/reviews/one-go/1/waves/", said))
    assert not ReviewWave.objects.exists()


def test_results_of_one_unit(sign_in: SignIn, cast: Cast, made: Questionnaire) -> None:
    submit_review(made, Words(5), [(questions(made)[2], "甲")], nonce=NONCE, at=NOW, unit=cast.unit)
    submit_review(made, Words(2, text="x"), [(questions(made)[2], "乙")], nonce="m" * 20, at=NOW)
    base = reverse("review-results", args=["one-go", 1])
    desk = sign_in(cast.zhou)
    page = text_of(desk.get(base))
    assert "甲" in page
    assert "50.00%" in page
    mine = text_of(desk.get(f"{base}?unit={cast.unit.code}"))
    assert ("甲" in mine, "乙" in mine) == (True, False)
