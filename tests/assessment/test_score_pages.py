"""The pages of scores, schemes and quarters: who sees what, nothing typed is lost, and a whole close by hand."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from assessment import actions
from assessment.enums import QuarterState, SchemeKind, SchemeState, Unranked
from assessment.models import Exemption, Objection, Quarter, Scheme, SourceTotal, UnitScore
from assessment.queries.sheets import LINE_COLUMNS, SCORE_COLUMNS, csv_of
from organizations.models import Staff
from tests.assessment.quarters import BEFORE, FROZEN, Q3, Close
from tests.factories import NOW, Cast

SignIn = Callable[[Staff], Client]
pytestmark = pytest.mark.usefixtures("monday")
SHOWN = NOW - timedelta(days=3)


@pytest.fixture
def close(cast: Cast) -> Close:
    made = Close(cast)
    made.adopt_both()
    made.praise()
    made.late_case()
    return made


def text(client: Client, name: str, *args: object, status: int = 200) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def ours(close: Close) -> tuple[str, str, str]:
    return "2026-Q3", "city", f"unit:{close.cast.unit.code}"


def press(client: Client, verb: str, **typed: str) -> str:
    answer = client.post(reverse("quarter-act", args=["2026-Q3", verb]), typed, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_city_supervisor_closes_a_quarter_by_hand(close: Close, sign_in: SignIn) -> None:
    city, unit = sign_in(close.cast.qian), sign_in(close.cast.zheng)
    assert "未开始" in text(city, "quarters")
    actions.refresh(at=SHOWN)
    press(city, "check")
    press(city, "total", source="hall", ratings="41", services="")
    assert SourceTotal.objects.get().ratings == 41
    press(city, "check")
    press(city, "preview")
    assert "预览得分" in text(city, "scores-quarter", "2026-Q3")
    text(unit, "scores-quarter", "2026-Q3", status=404)
    press(city, "objections")
    page = text(unit, "score", *ours(close))
    assert "签收和首次联系及时" in page
    assert f"/desk/cases/{close.cast.unit.cases.get().number}/" in page
    [at] = {part.split('"')[0] for part in page.split("?line=")[1:2]}
    answer = unit.post(
        f"{reverse('score-object', args=ours(close))}?line={at}", {"text": "这一件当天已经签收,请核对系统记录"}
    )
    assert answer.status_code == 302
    objection = Objection.objects.get()
    assert "等待答复" in text(unit, "score", *ours(close))
    before = close.score().total
    reply = {"upheld": "yes", "answer": "经核对系统当日中断,不扣分"}
    assert city.post(reverse("objection-answer", args=[objection.pk]), reply).status_code == 302
    press(city, "preview")
    assert close.score().total == before + Decimal("0.50")
    assert "还没有结束" in press(city, "freeze")
    assert Quarter.objects.get().state == QuarterState.OBJECTING


def test_a_unit_reads_its_own_and_a_county_its_county(close: Close, sign_in: SignIn) -> None:
    close.upto_objections(SHOWN)
    seen = text(sign_in(close.cast.zheng), "scores-quarter", "2026-Q3")
    assert close.cast.unit.name in seen
    assert close.cast.other_unit.name not in seen
    text(sign_in(close.cast.song), "score", *ours(close), status=404)
    county = text(sign_in(close.cast.he), "scores-quarter", "2026-Q3")
    assert "芝罘区公安局" in county
    assert "福山区公安局" not in county
    assert close.cast.other_unit.name not in county
    for person in (close.cast.wu, close.cast.lin, close.cast.xu):
        text(sign_in(person), "scores-quarter", "2026-Q3", status=403)


def test_who_has_nothing_to_assess_is_named_and_fills_no_table(close: Close, sign_in: SignIn) -> None:
    close.upto_objections(SHOWN)
    page = text(sign_in(close.cast.qian), "scores-quarter", "2026-Q3")
    rows = UnitScore.objects.filter(quarter__begins=Q3.begins)
    for row in rows.filter(unranked=Unranked.NOTHING):
        assert f">{row.name}</a></th>" not in page
        assert f">{row.name}</a>" in page
    assert rows.filter(unranked=Unranked.NOTHING).exists()
    for row in rows.exclude(unranked=Unranked.NOTHING):
        assert f">{row.name}</a></th>" in page


@pytest.mark.parametrize("name", ["2026", "2026-11", "2026-Q9", "nonsense", "2025-Q3"])
def test_a_quarter_that_is_none_is_not_found(close: Close, sign_in: SignIn, name: str) -> None:
    city = sign_in(close.cast.qian)
    text(city, "scores-quarter", name, status=404)
    if name != "2025-Q3":
        text(city, "quarter", name, status=404)


def test_files_keep_their_format(close: Close, sign_in: SignIn) -> None:
    close.freeze(close.upto_objections())
    city = sign_in(close.cast.qian)
    answer = city.get(reverse("scores-export", args=["2026-Q3", "scores.csv"]))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert list(rows[0]) == list(SCORE_COLUMNS)
    [row] = [row for row in rows if row["subject"] == f"unit:{close.cast.unit.code}" and row["kind"] == "city"]
    assert (row["format"], row["score"], row["rank"]) == ("scores/1", str(close.score().total), "1")
    assert row["fingerprint"] == close.score().fingerprint
    told = json.loads(city.get(reverse("scores-export", args=["2026-Q3", "scores.json"])).content)
    lines = [line for line in told["lines"] if line["subject"] == row["subject"] and line["kind"] == "city"]
    assert sum(Decimal(line["points"]) for line in lines) == close.score().total
    assert {name for line in told["lines"] for name in line} == set(LINE_COLUMNS)
    assert close.cast.unit.cases.get().number in "".join(line["references"] for line in lines)
    text(city, "scores-export", "2026-Q3", "scores.exe", status=404)


def test_no_cell_begins_a_formula() -> None:
    assert csv_of(["a"], [{"a": "=1+1"}]).splitlines()[1] == "'=1+1"


def test_somebody_is_exempted_on_the_page_and_taken_back(close: Close, sign_in: SignIn) -> None:
    city = sign_in(close.cast.qian)
    typed = {"kind": "city", "subject": f"unit:{close.cast.unit.code}", "item": "", "reason": "机构改革过渡期"}
    assert city.post(reverse("quarter-exempt", args=["2026-Q3"]), typed).status_code == 302
    row = Exemption.objects.get()
    assert "机构改革过渡期" in text(city, "quarter", "2026-Q3")
    assert city.post(reverse("exemption-lift", args=[row.pk]), {}).status_code == 302
    assert "机构改革过渡期" not in text(city, "quarter", "2026-Q3")
    text(city, "exemption-lift", row.pk, status=404)


# --- schemes ----------------------------------------------------------------------------------------------------------


def fields_of(client: Client, pk: int) -> dict[str, object]:
    """What the editor shows, as a browser would send it back."""
    form = client.get(reverse("scheme-edit", args=[pk])).context["form"]
    shown = {field.html_name: field.value() for field in form}
    return {name: value for name, value in shown.items() if value not in (None, "")}


@pytest.fixture
def draft(close: Close) -> Scheme:
    base = Scheme.objects.get(kind=SchemeKind.CITY)
    return actions.draft_scheme(SchemeKind.CITY, by=close.cast.qian, at=FROZEN, valid_from=Q3.after, base=base)


def test_the_editor_gives_back_what_it_was_given(close: Close, sign_in: SignIn, draft: Scheme) -> None:
    city = sign_in(close.cast.qian)
    answer = city.post(reverse("scheme-edit", args=[draft.pk]), fields_of(city, draft.pk))
    assert answer.status_code == 302, answer.context["form"].errors
    content = Scheme.objects.get(pk=draft.pk).content
    assert content == draft.content


def test_what_is_typed_is_kept_although_it_does_not_add_up(close: Close, sign_in: SignIn, draft: Scheme) -> None:
    city = sign_in(close.cast.qian)
    typed = {**fields_of(city, draft.pk), "i0_weight": "12.5", "note": "降低主动评价的权重"}
    answer = city.post(reverse("scheme-edit", args=[draft.pk]), typed, follow=True)
    assert "现在是97.5分" in answer.content.decode()
    bad = {**typed, "i0_weight": "很多"}
    page = city.post(reverse("scheme-edit", args=[draft.pk]), bad)
    assert page.status_code == 200
    assert 'value="很多"' in page.content.decode()
    assert "降低主动评价的权重" in page.content.decode()
    assert Scheme.objects.get(pk=draft.pk).content["items"][0]["weight"] == "12.5"


def test_an_item_is_added_and_removed(close: Close, sign_in: SignIn, draft: Scheme) -> None:
    city = sign_in(close.cast.qian)
    typed = {**fields_of(city, draft.pk), "i6_name": "", "i7_name": "回复率", "i7_weight": "10", "i7_rule": "share"}
    city.post(reverse("scheme-edit", args=[draft.pk]), {**typed, "i7_metric": "reply"})
    items = Scheme.objects.get(pk=draft.pk).content["items"]
    assert [item["name"] for item in items[-2:]] == ["整改满意", "回复率"]
    assert items[-1]["metric"] == "reply"


def test_a_version_goes_its_way_on_the_pages(close: Close, sign_in: SignIn, draft: Scheme) -> None:
    qian, fang = sign_in(close.cast.qian), sign_in(close.fang)
    act = lambda client, verb: client.post(reverse("scheme-act", args=[draft.pk, verb]), {}, follow=True)  # noqa: E731
    assert "请先用往季数据模拟" in act(qian, "propose").content.decode()
    assert "往季模拟" in act(qian, "simulate").content.decode()
    act(qian, "propose")
    assert "提请的人不能审定" in act(qian, "adopt").content.decode()
    assert "审定施行" not in text(qian, "scheme", draft.pk)
    act(fang, "adopt")
    draft.refresh_from_db()
    assert (draft.state, draft.adopted_by) == (SchemeState.ADOPTED, close.fang)
    assert qian.get(reverse("scheme-edit", args=[draft.pk])).status_code == 302
    assert qian.post(reverse("scheme-act", args=[draft.pk, "burn"]), {}).status_code == 404


def test_others_read_what_was_adopted_and_nothing_else(close: Close, sign_in: SignIn, draft: Scheme) -> None:
    unit, adopted = sign_in(close.cast.zheng), Scheme.objects.filter(state=SchemeState.ADOPTED).first()
    assert adopted is not None
    assert "主动评价" in text(unit, "scheme", adopted.pk)
    text(unit, "scheme", draft.pk, status=404)
    text(unit, "scheme-edit", draft.pk, status=403)
    assert "起草" not in text(unit, "schemes")


def test_a_draft_is_begun_on_the_page(close: Close, sign_in: SignIn) -> None:
    city = sign_in(close.cast.qian)
    typed = {"kind": "county", "valid_from": "2026-10-01"}
    assert city.post(reverse("scheme-add"), typed).status_code == 302
    assert Scheme.objects.filter(kind="county", state="draft", version=2).exists()
    again = city.post(reverse("scheme-add"), typed)
    assert "未审定的版本" in again.content.decode()
    assert BEFORE < FROZEN
