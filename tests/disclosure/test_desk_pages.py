"""公示审核 in the browser of a dispatcher: side by side, preview, publish, batch, withhold, take down."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from disclosure.enums import Standing
from disclosure.models import Disclosure, PublicCase
from organizations.models import Staff
from rectification.enums import State
from tests.disclosure.press import Press
from tests.factories import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[Staff], Client]
CALLED = "给我打13800138000,问大壮的事"


@pytest.fixture
def lin(sign_in: SignIn, cast: Cast) -> Client:
    return sign_in(cast.lin)


def page(one: Disclosure) -> str:
    return f"/desk/disclosure/{one.number}/"


def test_the_list_has_what_must_be_looked_at(press: Press, lin: Client) -> None:
    one, clear = press.draft(CALLED), press.draft("排队太久")
    said = lin.get("/desk/disclosure/").content.decode()
    assert one.number in said
    assert clear.number not in said
    assert clear.number in lin.get("/desk/disclosure/?view=clear").content.decode()


def test_an_unknown_filter_is_a_404(lin: Client) -> None:
    assert lin.get("/desk/disclosure/?view=x").status_code == 404


def test_original_and_draft_side_by_side(press: Press, lin: Client) -> None:
    said = lin.get(page(press.draft(CALLED))).content.decode()
    assert '<mark title="手机号">13800138000</mark>' in said
    assert "给我打〔手机号〕,问大壮的事" in said


def test_a_preview_publishes_nothing(press: Press, lin: Client) -> None:
    one = press.draft(CALLED)
    typed = {"seen": one.version, "phrases_problem": "大壮", "preview": "1"}
    said = lin.post(page(one), typed).content.decode()
    assert "给我打〔手机号〕,问〔隐去〕的事" in said
    assert not PublicCase.objects.exists()


def test_publishing_hides_what_was_typed_and_keeps_what_was_ticked(press: Press, lin: Client) -> None:
    one = press.draft(CALLED)
    answer = lin.post(page(one), {"seen": one.version, "phrases_problem": "大壮\r\n", "kept_problem": ["0"]})
    assert answer.status_code == 302
    assert PublicCase.objects.get().problem == "给我打13800138000,问〔隐去〕的事"


def test_a_form_that_lost_its_boxes_hides_everything(press: Press, lin: Client) -> None:
    one = press.draft(CALLED)
    lin.post(page(one), {"seen": one.version})
    assert PublicCase.objects.get().problem == "给我打〔手机号〕,问大壮的事"


@pytest.mark.parametrize(
    "typed",
    [
        {"phrases_problem": "小强"},
        {"kept_problem": ["7"]},
        {"kept_problem": ["x"]},
        {"seen": ""},
        {"seen": "-1"},
        {"note": "长" * 501},
    ],
)
def test_a_wrong_form_publishes_nothing_and_keeps_what_was_typed(press: Press, lin: Client, typed: dict) -> None:
    one = press.draft(CALLED)
    answer = lin.post(page(one), {"seen": one.version, **typed})
    assert answer.status_code == 200
    assert "has-error" in answer.content.decode() or "请改正" in answer.content.decode()
    assert not PublicCase.objects.exists()


def test_somebody_was_faster(press: Press, lin: Client) -> None:
    one = press.draft(CALLED)
    press.publish(one)
    assert lin.post(page(one), {"seen": one.version}).status_code == 409


def test_only_those_ticked_in_the_batch_go_out(press: Press, lin: Client) -> None:
    one, two = press.draft("排队太久"), press.draft("窗口不收现金")
    answer = lin.post("/desk/disclosure/publish/", {"one": [f"{one.number}:{one.version}", "x", "x:y", "☃:1"]})
    assert answer.status_code == 302
    assert [public.number for public in PublicCase.objects.all()] == [one.number]
    two.refresh_from_db()
    assert two.standing == Standing.WAITING


@pytest.mark.parametrize(("door", "state"), [("withhold", Standing.WITHHELD), ("take-down", Standing.TAKEN_DOWN)])
def test_not_showing_asks_for_reason_and_note(press: Press, lin: Client, door: str, state: Standing) -> None:
    one = press.draft(CALLED)
    if door == "take-down":
        press.publish(one)
        one.refresh_from_db()
    address = f"{page(one)}{door}/"
    assert lin.get(address).status_code == 200
    assert lin.post(address, {"seen": one.version, "reason": "privacy"}).status_code == 200
    one.refresh_from_db()
    assert one.standing != state
    answer = lin.post(address, {"seen": one.version, "reason": "privacy", "note": "认得出"})
    assert answer.status_code == 302
    one.refresh_from_db()
    assert one.standing == state


def test_the_wrong_door_says_why(press: Press, lin: Client) -> None:
    one = press.draft(CALLED)
    answer = lin.post(f"{page(one)}take-down/", {"seen": one.version, "reason": "privacy", "note": "x"})
    assert answer.status_code == 200
    assert "没有公示" in answer.content.decode()
    assert lin.get(f"{page(one)}burn/").status_code == 404


def test_the_auditor_reads_and_decides_nothing(press: Press, sign_in: SignIn, cast: Cast) -> None:
    one, zhou = press.draft(CALLED), sign_in(cast.zhou)
    said = zhou.get(page(one)).content.decode()
    assert "本件不由您决定是否公示" in said
    assert zhou.post(page(one), {"seen": one.version}).status_code == 403
    assert zhou.post(f"{page(one)}withhold/", {"seen": one.version}).status_code == 403


@pytest.mark.parametrize("name", ["wu", "zheng", "zhao", "xu"])
def test_others_have_no_such_page(press: Press, sign_in: SignIn, cast: Cast, name: str) -> None:
    one = press.draft(CALLED)
    assert sign_in(getattr(cast, name)).get(page(one)).status_code == 403


def test_a_county_sees_its_own_only(press: Press, sign_in: SignIn, cast: Cast) -> None:
    assert sign_in(cast.he).get(page(press.draft(CALLED))).status_code == 404


def test_a_new_reply_waits_beside_what_is_public(press: Press, lin: Client, cast: Cast) -> None:
    public = press.public(CALLED)
    case = Disclosure.objects.get(number=public.number).case
    cast.upto(case, State.REPLIED)
    one = press.of(case)
    assert "差评件有了新的文字" in lin.get(page(one)).content.decode()
    press.follow()
    said = lin.get(page(press.of(case))).content.decode()
    assert "您反映的问题已经改正" in said
    assert "重新公示" in said
