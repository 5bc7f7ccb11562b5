"""The pages of problem classes: why a case is of its class, a correction, a version on its way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from assessment import actions
from assessment.models import ClassCorrection, ClassRules
from organizations.enums import Role
from organizations.models import Staff
from rectification.enums import State
from rectification.models import Case
from tests.factories import NOW, Cast, staff

SignIn = Callable[[Staff], Client]
PAGE = "/desk/classes/"
pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def case(cast: Cast) -> Case:
    return cast.upto(cast.rate(1, text="咨询电话忙音,王小明不接"), State.DISPATCHED)


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def test_the_page_tells_why(cast: Cast, case: Case, sign_in: SignIn) -> None:
    page = text(sign_in(cast.qian), f"{PAGE}cases/{case.number}/")
    assert "规则“咨询电话”(第 1 版),因为有:咨询电话、忙音" in page
    assert "王小明" not in page
    assert "没有人更正过" in page


def test_of_tags_and_of_nothing(cast: Cast, sign_in: SignIn) -> None:
    tagged = cast.rate(1, text="谢谢")
    plain = cast.submit(1, tags=False, text="谢谢").case
    assert plain
    actions.correct_class(tagged, "咨询与电话", "说的是电话", by=cast.qian, at=NOW)
    client = sign_in(cast.qian)
    assert "由人更正" in text(client, f"{PAGE}cases/{tagged.number}/")
    assert "说的是电话" in text(client, f"{PAGE}cases/{tagged.number}/")
    assert "没有符合的规则,也没选有类别的标签" not in text(client, f"{PAGE}cases/{plain.number}/")
    assert "未归类" in text(client, f"{PAGE}cases/{plain.number}/")


def test_a_supervisor_corrects(cast: Cast, case: Case, sign_in: SignIn) -> None:
    client, address = sign_in(cast.qian), f"{PAGE}cases/{case.number}/"
    assert "取消更正" not in text(client, f"{address}correct/")
    empty = client.post(f"{address}correct/", {"name": "服务态度", "reason": " "})
    assert "请填写“理由”" in empty.content.decode()
    assert 'value="服务态度" selected' in empty.content.decode()
    answer = client.post(f"{address}correct/", {"name": "服务态度", "reason": "看了全文"}, follow=True)
    assert "看了全文" in answer.content.decode()
    again = client.post(f"{address}correct/", {"name": "服务态度", "reason": "再来"})
    assert "没有改变" in again.content.decode()
    client.post(f"{address}correct/", {"name": "-", "reason": "按规则"}, follow=True)
    assert [one.name for one in ClassCorrection.objects.order_by("pk")] == ["服务态度", ""]


def test_who_reads_and_who_corrects(cast: Cast, case: Case, sign_in: SignIn) -> None:
    address = f"{PAGE}cases/{case.number}/"
    for person in (cast.zheng, cast.zhou):
        assert "correct/" not in text(sign_in(person), address)
    for person, status in ((cast.song, 404), (cast.he, 404), (cast.wu, 403), (cast.lin, 403), (cast.xu, 403)):
        assert sign_in(person).get(address).status_code == status
    for person, status in ((cast.zheng, 403), (cast.zhou, 403), (cast.he, 404)):
        answer = sign_in(person).post(f"{address}correct/", {"name": "服务态度", "reason": "理由"})
        assert answer.status_code == status
    assert not ClassCorrection.objects.exists()


def test_a_suggestion_is_shown_as_one(cast: Cast, case: Case, sign_in: SignIn, settings: Any) -> None:
    settings.CLASS_SUGGEST_CORRECTIONS = 2
    others = [cast.rate(1, text="电话总是忙音"), cast.rate(1, text="材料不全")]
    assert "建议" not in text(sign_in(cast.qian), f"{PAGE}cases/{case.number}/").split("<main")[1]
    for other, name in zip(others, ("咨询与电话", "办事指南与材料"), strict=True):
        actions.correct_class(other, name, "理由", by=cast.qian, at=NOW)
    page = text(sign_in(cast.qian), f"{PAGE}cases/{case.number}/").split("<main")[1]
    assert "不会自动采用" in page
    assert "忙音" in page
    assert "建议" not in text(sign_in(cast.zheng), f"{PAGE}cases/{case.number}/").split("<main")[1]


def test_a_version_by_hand(cast: Cast, case: Case, sign_in: SignIn) -> None:
    fang = staff("fang", "方督导", (Role.CITY_SUPERVISOR, cast.body))
    qian, other = sign_in(cast.qian), sign_in(fang)
    assert "起草新版本" in text(qian, PAGE)
    qian.post(f"{PAGE}add/", {"valid_from": "2026-10-01"})
    form = qian.get(f"{PAGE}2/edit/").context["form"]
    typed = {field.html_name: field.value() or "" for block in form.blocks() for field in block.fields}
    place = form.count - 1
    typed |= {f"r{place}_name": "忙音", f"r{place}_class": "电话忙音", f"r{place}_weight": "95"}
    typed |= {"valid_from": "2026-10-01", "note": "分出忙音"}
    qian.post(f"{PAGE}2/edit/", typed)
    page = text(qian, f"{PAGE}2/")
    assert "忙音:标签和词语至少写一样" in page
    refused = qian.post(f"{PAGE}2/propose/")
    assert "至少写一样" in refused.content.decode()
    qian.post(f"{PAGE}2/edit/", typed | {f"r{place}_words": "忙音、占线,  忙音\n一直不通"})
    assert ClassRules.objects.get(version=2).content["rules"][-1]["words"] == ["忙音", "占线", "一直不通"]
    for verb in ("try", "propose"):
        assert "已完成" in qian.post(f"{PAGE}2/{verb}/", follow=True).content.decode()
    page = text(qian, f"{PAGE}2/")
    assert "1 件,其中 1 件会换类别" in page
    assert case.number in page
    assert "审定施行" not in page.split("<main")[1]
    assert "另一位" in qian.post(f"{PAGE}2/adopt/").content.decode()
    other.post(f"{PAGE}2/adopt/")
    assert "电话忙音" in text(qian, f"{PAGE}cases/{case.number}/")
    assert qian.get(f"{PAGE}2/edit/").status_code == 302


def test_drafts_are_for_those_who_keep_rules(cast: Cast, sign_in: SignIn) -> None:
    from_date = NOW.date()
    actions.draft_class_rules(by=cast.qian, at=NOW, valid_from=from_date)
    for person in (cast.zheng, cast.he, cast.zhou):
        client = sign_in(person)
        assert ">v2<" not in text(client, PAGE)
        assert "起草新版本" not in text(client, PAGE)
        assert "规则名称" in text(client, f"{PAGE}1/")
        text(client, f"{PAGE}2/", 404)
        for address in ("add/", "2/edit/", "2/try/"):
            assert client.get(f"{PAGE}{address}").status_code == 403
    client = sign_in(cast.qian)
    for address in ("9/", "99999999999999999999/", "2/nonsense/", "cases/NOPE/"):
        text(client, f"{PAGE}{address}", 404)


def test_what_is_typed_wrong_is_kept(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.qian)
    actions.draft_class_rules(by=cast.qian, at=NOW, valid_from=NOW.date())
    answer = client.post(f"{PAGE}2/edit/", {"valid_from": "明天", "r0_name": "我的规则", "r0_weight": "很重"})
    page = answer.content.decode()
    assert "2026-11-27 这样的日期" in page
    assert "请填一个整数" in page
    assert "我的规则" in page


def test_the_sheet_of_the_ledger_says_whose_class_it_is(cast: Cast, case: Case, sign_in: SignIn) -> None:
    assert Case.objects.get(pk=case.pk).tags[0]["class"] == "违规增设条件"
    assert "违规增设条件" in text(sign_in(cast.qian), f"{PAGE}cases/{case.number}/")
