"""Suggesting, following, deciding and reading what became of it: the pages, and what they refuse."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from common.models import TokenBucket
from evaluations.actions import make_rating_link
from evaluations.actions.suggestions import (
    PublicWords,
    answer_suggestion,
    code_of,
    merge_suggestion,
    publish_suggestion,
    set_aside_suggestion,
    sort_suggestion,
)
from evaluations.enums import LinkKind
from evaluations.enums.suggestions import SuggestionStage, SuggestionVerdict
from evaluations.models import Suggestion
from organizations.models import Staff
from tests.factories import NOW, Cast
from tests.support.listening import DAY, TODAY, suggestion

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SignIn = Callable[[Staff], Client]
SAID = {"text": "表单范本看不懂", "dimension": "online", "topic": "one_go"}
NONCE = "n" * 27


def text_of(response: Any) -> str:
    return response.content.decode()


def send(client: Client, address: str = "/suggest/", **data: str) -> Any:
    return client.post(address, {**SAID, "nonce": NONCE, **data})


def admitted(client: Client, one: Suggestion, nonce: str = NONCE) -> Any:
    return client.post(reverse("track"), {"number": one.number, "code": code_of(nonce)})


def test_suggesting_gives_number_and_code(client: Client, cast: Cast) -> None:
    response = send(client, phone="13800000001")
    page = text_of(client.get(response["Location"]))
    one = Suggestion.objects.get()
    assert one.number in page
    [code] = re.findall(r"\d{3} \d{3}", page)
    assert "11月26日(周四)前交给负责的单位" in page
    answer = client.post(reverse("track"), {"number": one.number.lower(), "code": code})
    assert answer["Location"] == reverse("suggestion-status", args=[one.number])
    assert "表单范本看不懂" in text_of(client.get(answer["Location"]))
    again = send(client, phone="13800000001")
    assert code in text_of(client.get(again["Location"]))
    assert Suggestion.objects.count() == 1


def test_where_somebody_came_from_goes_with_it(client: Client, cast: Cast) -> None:
    send(client, f"/suggest/?from=rating&unit={cast.unit.code}")
    one = Suggestion.objects.get()
    assert (one.origin, one.about_unit) == ("rating", cast.unit)
    assert 'value="one_go" selected' in text_of(client.get("/suggest/?topic=one_go&unit=nowhere"))


def test_the_page_after_a_rating_leads_there(client: Client, cast: Cast) -> None:
    token = make_rating_link(cast.service(), kind=LinkKind.SLIP, at=NOW)
    receipt = client.post(reverse("rate-link", args=[token]), {"level": 5, "nonce": NONCE})["Location"]
    assert f"/suggest/?from=rating&amp;unit={cast.unit.code}" in text_of(client.get(receipt))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"text": ""}, "请写下您的建议"),
        ({"text": "字" * 1001}, "最多 1000 个字"),
        ({"dimension": ""}, "请选一个方面"),
        ({"dimension": "x"}, "请从列出的选项里选"),
        ({"phone": "打给我"}, "请填写能接通的电话号码"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_lost(client: Client, cast: Cast, data: dict[str, str], words: str) -> None:
    page = text_of(send(client, **data))
    assert words in page
    assert ({**SAID, **data}["text"][:20] or 'value="one_go" selected') in page
    assert data.get("phone", "") in page
    assert not Suggestion.objects.exists()


def test_too_many_are_asked_to_wait(client: Client, cast: Cast, settings: Any) -> None:
    settings.SUGGESTIONS_PER_ADDRESS_HOUR = 2
    for number in range(2):
        assert send(client, nonce=f"{number:027d}").status_code == 302
    refused = send(client, nonce="z" * 27)
    assert refused.status_code == 429
    assert SAID["text"] in text_of(refused)
    TokenBucket.objects.all().delete()


def test_a_status_is_shown_to_whoever_has_the_code(client: Client, cast: Cast) -> None:
    one, other = suggestion(nonce=NONCE), suggestion()
    address = reverse("suggestion-status", args=[one.number])
    assert client.get(address)["Location"].startswith("/t/")
    wrong = client.post(reverse("track"), {"number": one.number, "code": "000000"})
    unknown = client.post(reverse("track"), {"number": "2222-2222", "code": "000000"})
    assert "编号或查询码不对" in text_of(wrong)
    assert "编号或查询码不对" in text_of(unknown)
    admitted(client, one)
    assert client.get(address)["Cache-Control"] == "no-store"
    assert client.get(reverse("suggestion-status", args=[other.number])).status_code == 302


def test_the_status_tells_every_turn(client: Client, cast: Cast) -> None:
    one = suggestion(nonce=NONCE)
    admitted(client, one)
    address = reverse("suggestion-status", args=[one.number])
    assert "分办期限" in text_of(client.get(address))
    sort_suggestion(one, by=cast.lin, at=NOW, unit=cast.unit)
    page = text_of(client.get(address))
    assert cast.unit.name in page
    assert "12月14日(周一)" in page
    answer_suggestion(
        one,
        by=cast.zheng,
        at=NOW,
        verdict=SuggestionVerdict.ADOPTED,
        reasons="有道理",
        planned_on=TODAY + 30 * DAY,
    )
    page = text_of(client.get(address))
    assert "有道理" in page
    assert "12月23日(周三)" in page


def test_a_merged_one_shows_the_answer_of_the_main_one(client: Client, cast: Cast) -> None:
    one, main = suggestion(nonce=NONCE), sort_suggestion(suggestion(), by=cast.lin, at=NOW, unit=cast.unit)
    merge_suggestion(one, by=cast.lin, at=NOW, main=main)
    answer_suggestion(main, by=cast.zheng, at=NOW, verdict=SuggestionVerdict.DECLINED, reasons="法规不允许")
    admitted(client, one)
    page = text_of(client.get(reverse("suggestion-status", args=[one.number])))
    assert "合并在一起答复" in page
    assert "法规不允许" in page
    assert main.number not in page


def test_one_that_was_set_aside_says_why(client: Client, cast: Cast) -> None:
    one = suggestion(nonce=NONCE)
    set_aside_suggestion(one, by=cast.lin, at=NOW, note="请打 12345")
    admitted(client, one)
    assert "请打 12345" in text_of(client.get(reverse("suggestion-status", args=[one.number])))


def test_the_public_reads_only_what_was_looked_at(client: Client, cast: Cast) -> None:
    one = sort_suggestion(suggestion("原话:张三电话13800000001"), by=cast.lin, at=NOW, unit=cast.unit)
    one = answer_suggestion(
        one,
        by=cast.zheng,
        at=NOW,
        verdict=SuggestionVerdict.PARTLY,
        reasons="分步改",
        planned_on=TODAY + 30 * DAY,
    )
    page = text_of(client.get("/suggestions/"))
    assert "还没有公开的建议" in page
    assert "13800000001" not in page
    publish_suggestion(one, by=cast.lin, at=NOW, words=PublicWords("范本难懂", "分步改"))
    page = text_of(client.get("/suggestions/"))
    assert "范本难懂" in page
    assert "张三" not in page
    assert "范本难懂" not in text_of(client.get("/suggestions/?declined=1"))


def test_the_public_list_has_pages(client: Client, cast: Cast) -> None:
    for number in range(22):
        one = sort_suggestion(suggestion(), by=cast.lin, at=NOW, unit=cast.unit)
        one = answer_suggestion(one, by=cast.zheng, at=NOW, verdict=SuggestionVerdict.DECLINED, reasons="x")
        publish_suggestion(one, by=cast.lin, at=NOW, words=PublicWords(f"第{number:02d}条", "x"))
    first = text_of(client.get("/suggestions/?declined=1"))
    [more] = re.findall(r'rel="next" href="([^"]+)"', first)
    second = text_of(client.get("/suggestions/" + more.replace("&amp;", "&")))
    shown = re.findall(r"第(\d\d)条", first + second)
    assert shown == [f"{number:02d}" for number in reversed(range(22))]


# --- the desk -------------------------------------------------------------------------------------------------------


def act(client: Client, one: Suggestion, door: str, **data: Any) -> Any:
    one.refresh_from_db()
    return client.post(reverse("suggestion-act", args=[one.number, door]), {"seen": one.version, **data})


def test_from_the_list_to_the_public(sign_in: SignIn, client: Client, cast: Cast) -> None:
    one = suggestion("我叫王小明,电话13800000001。表单范本看不懂", phone="13800000001")
    lin, zheng = sign_in(cast.lin), sign_in(cast.zheng)
    assert one.number in text_of(lin.get("/desk/suggestions/"))
    assert one.number not in text_of(zheng.get("/desk/suggestions/"))
    assert act(lin, one, "sort", unit=cast.unit.name).status_code == 302
    assert one.number in text_of(zheng.get("/desk/suggestions/"))
    act(zheng, one, "answer", verdict="adopted", reasons="重新设计", planned_on="2026-12-20")
    act(zheng, one, "record_result", result="新范本上线", changed_on="2026-11-23")
    form = text_of(lin.get(reverse("suggestion-act", args=[one.number, "publish"])))
    assert "〔手机号〕" in form
    assert "我叫〔姓名〕" in form
    refused = act(lin, one, "publish", text="电话13800000001", reasons="x", result="y")
    assert "还有像是个人信息的内容" in text_of(refused)
    done = act(lin, one, "publish", text="表单范本看不懂", reasons="重新设计", result="新范本上线")
    assert done.status_code == 302
    page = text_of(client.get("/suggestions/"))
    for words in ("表单范本看不懂", "重新设计", "新范本上线", "2026年11月23日"):
        assert words in page


def test_a_find_that_is_none_is_ticked_and_stays(sign_in: SignIn, client: Client, cast: Cast) -> None:
    one = sort_suggestion(suggestion("值班电话0535-6000000,联系我13800000001"), by=cast.lin, at=NOW, unit=cast.unit)
    one = answer_suggestion(one, by=cast.zheng, at=NOW, verdict=SuggestionVerdict.DECLINED, reasons="不便")
    lin, address = sign_in(cast.lin), reverse("suggestion-act", args=[one.number, "publish"])
    page = text_of(lin.get(address))
    assert "值班电话〔电话号码〕,联系我〔手机号〕" in page
    assert ">0535-6000000</span>”(像是电话号码):这不是个人信息" in page
    assert page.count("这不是个人信息") == 2
    ticked = {"kept": "landline:0535-6000000"}
    again = text_of(act(lin, one, "publish", again="1", text="改过的", reasons="x", **ticked))
    assert "值班电话0535-6000000,联系我〔手机号〕" in again
    assert re.search(r'value="landline:0535-6000000"[^>]* checked', again)
    assert not re.search(r'value="mobile:13800000001"[^>]* checked', again)
    words = {"text": "值班电话0535-6000000", "reasons": "不便"}
    refused = text_of(act(lin, one, "publish", **words))
    assert "还有像是个人信息的内容" in refused
    assert act(lin, one, "publish", **words, kept="name:张三").status_code == 200
    assert act(lin, one, "publish", **words, **ticked).status_code == 302
    assert "0535-6000000" in text_of(client.get("/suggestions/?declined=1"))
    assert "保留:0535-6000000" in text_of(lin.get(reverse("suggestion", args=[one.number])))


def test_without_a_find_there_is_nothing_to_tick(sign_in: SignIn, cast: Cast) -> None:
    one = sort_suggestion(suggestion("范本难懂"), by=cast.lin, at=NOW, unit=cast.unit)
    answer_suggestion(one, by=cast.zheng, at=NOW, verdict=SuggestionVerdict.DECLINED, reasons="不便")
    page = text_of(sign_in(cast.lin).get(reverse("suggestion-act", args=[one.number, "publish"])))
    assert "这不是个人信息" not in page
    assert "按原文重新填" not in page


def test_a_unit_does_not_read_the_number(sign_in: SignIn, cast: Cast) -> None:
    one = sort_suggestion(suggestion(phone="13800000001"), by=cast.lin, at=NOW, unit=cast.unit)
    page = text_of(sign_in(cast.zheng).get(reverse("suggestion", args=[one.number])))
    assert "留了手机号" in page
    assert "13800000001" not in page
    assert str(one.contact_id) not in page


def test_every_button_is_an_act_that_is_allowed(sign_in: SignIn, cast: Cast) -> None:
    fresh = suggestion()
    mine = sort_suggestion(suggestion(), by=cast.lin, at=NOW, unit=cast.unit)
    for person in (cast.lin, cast.qian, cast.zheng, cast.zhou):
        client = sign_in(person)
        for one in (fresh, mine):
            response = client.get(reverse("suggestion", args=[one.number]))
            if response.status_code == 404:
                continue
            doors = re.findall(rf'href="/desk/suggestions/{one.number}/(\w+)/"', text_of(response))
            for door in ("sort", "merge", "set_aside", "hand_back", "answer", "record_result", "publish"):
                answer = client.get(reverse("suggestion-act", args=[one.number, door]))
                assert (answer.status_code == 200) == (door in doors), f"{person} {door}"


def test_strangers_find_nothing(sign_in: SignIn, cast: Cast) -> None:
    one = sort_suggestion(suggestion(), by=cast.lin, at=NOW, unit=cast.unit)
    for person in (cast.song, cast.he):
        assert sign_in(person).get(reverse("suggestion", args=[one.number])).status_code == 404
        assert act(sign_in(person), one, "sort", unit="x").status_code == 404
    assert sign_in(cast.wu).get("/desk/suggestions/").status_code == 403
    assert sign_in(cast.zheng).get("/desk/suggestions/?view=received").status_code == 404


def test_a_step_that_is_over_keeps_what_was_typed(sign_in: SignIn, cast: Cast) -> None:
    one = sort_suggestion(suggestion(), by=cast.lin, at=NOW, unit=cast.unit)
    act(sign_in(cast.zheng), one, "answer", verdict="declined", reasons="第一次")
    late = act(sign_in(cast.zheng), one, "answer", verdict="declined", reasons="第二个人写的")
    assert late.status_code == 409
    assert "第二个人写的" in text_of(late)


def test_somebody_who_was_slower_is_shown_the_form_again(sign_in: SignIn, cast: Cast) -> None:
    one, lin = suggestion(), sign_in(cast.lin)
    sort_suggestion(one, by=cast.qian, at=NOW, unit=cast.unit)
    address = reverse("suggestion-act", args=[one.number, "sort"])
    slower = lin.post(address, {"seen": 0, "unit": cast.other_unit.name, "note": "我写的"})
    assert slower.status_code == 409
    assert "有了变化" in text_of(slower)
    assert "我写的" in text_of(slower)
    one.refresh_from_db()
    assert one.unit == cast.unit


def test_merging_by_number(sign_in: SignIn, cast: Cast) -> None:
    one, main = suggestion(), suggestion()
    lin = sign_in(cast.lin)
    assert main.number in text_of(lin.get(reverse("suggestion-act", args=[one.number, "merge"])))
    assert "没有这个编号" in text_of(act(lin, one, "merge", main="2222-2222"))
    assert "另选一条" in text_of(act(lin, one, "merge", main=one.number))
    assert act(lin, one, "merge", main=main.number.lower().replace("-", "")).status_code == 302
    one.refresh_from_db()
    assert (one.stage, one.merged_into) == (SuggestionStage.MERGED, main)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"verdict": "adopted", "reasons": "好"}, "哪天前落实"),
        ({"verdict": "adopted", "reasons": "好", "planned_on": "2026-01-01"}, "不早于今天"),
        ({"verdict": "adopted", "reasons": "好", "planned_on": "9999-12-31"}, "2000 年到 2099 年"),
        ({"verdict": "", "reasons": "好"}, "采纳情况"),
        ({"verdict": "declined", "reasons": ""}, "请填写“给建议人的答复”"),
    ],
)
def test_an_answer_says_what_is_missing(sign_in: SignIn, cast: Cast, data: dict[str, str], words: str) -> None:
    one = sort_suggestion(suggestion(), by=cast.lin, at=NOW, unit=cast.unit)
    page = text_of(act(sign_in(cast.zheng), one, "answer", **data))
    assert "error-summary" in page
    assert words in page
    one.refresh_from_db()
    assert one.stage == SuggestionStage.SORTED


def test_the_list_asks_as_often_for_many_as_for_few(
    sign_in: SignIn, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    lin = sign_in(cast.lin)
    for _number in range(12):
        sort_suggestion(suggestion(), by=cast.lin, at=NOW, unit=cast.unit)
    with django_assert_max_num_queries(12):
        assert lin.get("/desk/suggestions/?view=sorted").status_code == 200
