"""The sweep follows the cases; no word goes out by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from disclosure.actions import Conflict, publish_disclosure, take_down_disclosure
from disclosure.enums import DateGrain, DisclosureAct, Reason, Result, Standing
from disclosure.models import Disclosure, PublicCase
from organizations.actions import add_test_window
from organizations.models import Hall
from rectification import actions as cases
from rectification.enums import Source, Stage, State, Verdict
from tests.disclosure.press import SAID, Press
from tests.factories import NOW, Cast

pytestmark = pytest.mark.django_db


def test_a_case_that_nobody_has_prechecked_is_not_followed(press: Press, cast: Cast) -> None:
    cast.rate(1)
    assert press.follow() == 0


def test_a_dispatched_case_has_a_draft_at_once_and_nothing_is_public(press: Press) -> None:
    one = press.draft()
    assert one.standing == Standing.WAITING
    assert one.waiting_since == NOW
    assert not PublicCase.objects.exists()


def test_what_the_portal_says_to_itself_is_nobodys_business(press: Press, cast: Cast) -> None:
    hall = Hall.objects.select_related("unit").order_by("pk")[0]
    cast.window = add_test_window(hall, by=cast.xu, at=NOW)
    case = cast.rate(1)
    assert case.source == Source.TEST
    assert press.follow() == 0


def test_a_second_sweep_moves_nothing(press: Press) -> None:
    one = press.draft()
    assert press.follow() == 0
    one.refresh_from_db()
    assert one.events.count() == 1


def test_the_rules_find_a_telephone_and_the_draft_is_not_clear(press: Press) -> None:
    one = press.draft("给我打13800138000,窗口态度不好")
    assert not one.clear
    assert one.finds["problem"] == [[3, 14, "mobile"]]


def test_a_text_without_anything_is_clear(press: Press) -> None:
    assert press.draft("窗口不收现金").clear


def test_a_case_without_words_waits_too(press: Press) -> None:
    one = press.draft("")
    assert one.waiting_since is not None
    assert one.clear


def test_status_goes_on_by_itself_and_a_reply_waits_for_a_look(press: Press, cast: Cast) -> None:
    public = press.public()
    assert (public.stage, public.result) == (Stage.DISPATCHED, Result.HANDLING)
    case = Disclosure.objects.get(number=public.number).case
    later = NOW + timedelta(days=2)
    cast.upto(case, State.CLOSED, at=later)
    press.follow(at=later)
    public.refresh_from_db()
    assert (public.stage, public.result, public.verdict) == (Stage.REPLIED, Result.RECTIFIED, Verdict.SATISFIED)
    assert public.working_days == 2
    assert public.reply == "", "nobody has looked at the reply yet"
    one = press.of(case)
    assert one.waiting_since == later
    assert [event.act for event in one.events.all()] == ["prepare", "publish", "prepare", "refresh"]
    public = press.publish(one)
    assert public.reply == "您反映的问题已经改正,感谢监督。"
    assert public.changed == "补齐样本并上墙"


def test_what_was_hidden_in_the_problem_stays_hidden_when_the_reply_goes_out(press: Press, cast: Cast) -> None:
    public = press.public("给我打13800138000,窗口态度不好")
    case = Disclosure.objects.get(number=public.number).case
    cast.upto(case, State.REPLIED)
    press.follow()
    public = press.publish(press.of(case))
    assert public.problem == "给我打〔手机号〕,窗口态度不好"


def test_words_leave_when_the_evaluator_asks_and_come_back_as_they_were_looked_at(press: Press) -> None:
    public = press.public("给我打13800138000,窗口态度不好")
    case = Disclosure.objects.get(number=public.number).case
    cases.hide_text(case, at=NOW, hidden=True)
    press.follow()
    public.refresh_from_db()
    assert public.hidden
    assert public.problem == ""
    assert "态度" not in public.words
    assert PublicCase.objects.shown().count() == 1, "it still counts"
    cases.hide_text(case, at=NOW, hidden=False)
    press.follow()
    public.refresh_from_db()
    assert public.problem == "给我打〔手机号〕,窗口态度不好"
    acts = [event.act for event in press.of(case).events.all()]
    assert acts[-2:] == [DisclosureAct.HIDE, DisclosureAct.SHOW]


def test_what_was_taken_down_stays_down_whatever_the_case_does(press: Press, cast: Cast) -> None:
    public = press.public()
    one = Disclosure.objects.get(number=public.number)
    take_down_disclosure(one, by=cast.lin, at=NOW, reason=Reason.PRIVACY, note="认得出")
    cast.upto(one.case, State.REPLIED)
    press.follow()
    public.refresh_from_db()
    one.refresh_from_db()
    assert not public.shown
    assert one.waiting_since is None


def test_a_reopened_case_says_so(press: Press, cast: Cast) -> None:
    public = press.public(state=State.REPLIED)
    case = Disclosure.objects.get(number=public.number).case
    cases.reopen_case(case, at=NOW, reason="没有改", within=timedelta(days=30), reworks_max=2)
    press.follow()
    public.refresh_from_db()
    assert public.reopened
    assert public.result == Result.HANDLING
    assert public.stage == Stage.RECTIFYING


def test_a_rare_matter_is_told_without_its_name_and_by_the_quarter(press: Press) -> None:
    public = press.public()
    assert public.rated_grain == DateGrain.QUARTER
    assert public.rated_on.isoformat() == "2026-10-01"
    assert public.item != ""
    assert public.item != press.cast.item.name


def test_no_public_column_leads_to_the_case(press: Press) -> None:
    public = press.public()
    case = Disclosure.objects.get(number=public.number).case
    values = [str(getattr(public, field.attname)) for field in public._meta.concrete_fields]
    assert not any(case.number in value or case.tracking_hash in value for value in values)
    assert public.problem == SAID


def test_publishing_is_refused_while_the_case_has_newer_words(press: Press, cast: Cast) -> None:
    one = press.draft()
    cast.upto(one.case, State.REPLIED)
    with pytest.raises(Conflict):
        publish_disclosure(one, by=cast.lin, at=NOW)
