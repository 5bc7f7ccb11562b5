"""A person decides: what is hidden, what is shown, what is not; nobody of the unit, nobody unread."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from common.models import AuditEntry
from disclosure.actions import (
    Choice,
    Conflict,
    publish_clear,
    publish_disclosure,
    take_down_disclosure,
    withhold_disclosure,
)
from disclosure.enums import DisclosureAct, Part, Reason, Standing
from disclosure.masking import finds_of
from disclosure.models import Disclosure, PublicCase
from organizations.actions import Refused
from rectification import actions as cases
from rectification.enums import State
from tests.disclosure.press import Press
from tests.factories import NOW, Cast

pytestmark = pytest.mark.django_db
CALLED = "给我打13800138000,问窗口的事"


def test_it_goes_out_with_every_find_hidden(press: Press) -> None:
    assert press.publish(press.draft(CALLED)).problem == "给我打〔手机号〕,问窗口的事"


def test_what_identifies_nobody_is_kept_and_that_is_on_record(press: Press) -> None:
    one = press.draft(CALLED)
    finds = finds_of(one.finds, Part.PROBLEM)
    public = press.publish(one, choices={Part.PROBLEM: Choice(kept=finds)})
    assert public.problem == CALLED
    event = one.events.get(act=DisclosureAct.PUBLISH)
    assert event.data["kept"] == {"problem": ["13800138000"]}
    assert event.actor == press.cast.lin


def test_what_the_rules_missed_is_hidden_wherever_it_stands(press: Press) -> None:
    one = press.draft("大壮说不行,我问大壮为什么")
    public = press.publish(one, choices={Part.PROBLEM: Choice(phrases=["大壮"])})
    assert public.problem == "〔隐去〕说不行,我问〔隐去〕为什么"


def test_a_phrase_that_stands_nowhere_is_refused(press: Press) -> None:
    with pytest.raises(Refused, match="小强"):
        press.publish(press.draft(), choices={Part.PROBLEM: Choice(phrases=["小强"])})
    assert not PublicCase.objects.exists()


@pytest.mark.parametrize("name", ["wu", "zheng", "sun", "song", "zhao", "zhou", "xu", "gu", "meng", "rated"])
def test_only_the_management_body_decides(press: Press, cast: Cast, name: str) -> None:
    one = press.draft()
    for act in (
        lambda by: publish_disclosure(one, by=by, at=NOW),
        lambda by: withhold_disclosure(one, by=by, at=NOW, reason=Reason.SECRET, note="x"),
    ):
        with pytest.raises(PermissionDenied):
            act(getattr(cast, name))
    one.refresh_from_db()
    assert one.standing == Standing.WAITING


@pytest.mark.parametrize("name", ["lin", "qian"])
def test_dispatcher_and_supervisor_may(press: Press, cast: Cast, name: str) -> None:
    assert press.publish(press.draft(), by=getattr(cast, name)).shown


def test_somebody_was_faster(press: Press) -> None:
    one = press.draft()
    seen = one.version
    press.publish(one, seen=seen)
    with pytest.raises(Conflict):
        press.publish(one, seen=seen)


def test_withheld_says_nothing_and_is_counted_by_its_reason(press: Press, cast: Cast) -> None:
    one = press.draft(CALLED)
    withhold_disclosure(one, by=cast.lin, at=NOW, reason=Reason.PRIVACY, note="小镇上只有一家")
    public = PublicCase.objects.get(number=one.number)
    assert (public.shown, public.reason) == (False, Reason.PRIVACY)
    assert (public.problem, public.words, public.item, public.tags) == ("", "", "", [])
    assert "小镇" not in str(vars(public))
    assert AuditEntry.objects.filter(action="disclosure.withhold").exists()


def test_what_is_public_is_taken_down_and_its_versions_stay(press: Press, cast: Cast) -> None:
    public = press.public(CALLED)
    one = Disclosure.objects.get(number=public.number)
    with pytest.raises(Refused):
        withhold_disclosure(one, by=cast.lin, at=NOW, reason=Reason.PRIVACY, note="x")
    take_down_disclosure(one, by=cast.qian, at=NOW, reason=Reason.MISTAKE, note="漏了一个名字")
    public.refresh_from_db()
    assert not public.shown
    assert public.problem == ""
    assert one.events.get(act=DisclosureAct.PUBLISH).texts["problem"] == "给我打〔手机号〕,问窗口的事"
    one.refresh_from_db()
    with pytest.raises(Refused):
        take_down_disclosure(one, by=cast.qian, at=NOW, reason=Reason.MISTAKE, note="x")
    again = press.publish(one, choices={Part.PROBLEM: Choice(phrases=["窗口"])})
    assert again.pk == public.pk, "one row for one case, whatever happens to it"
    assert again.problem == "给我打〔手机号〕,问〔隐去〕的事"


def test_a_withheld_draft_may_still_be_shown_later(press: Press, cast: Cast) -> None:
    one = press.draft()
    withhold_disclosure(one, by=cast.lin, at=NOW, reason=Reason.PROCEEDINGS, note="监察中")
    one.refresh_from_db()
    assert press.publish(one).shown


def test_the_database_lets_nothing_unshown_speak(press: Press) -> None:
    public = press.public()
    for wrong in ({"shown": False, "reason": "privacy"}, {"hidden": True}, {"shown": False}, {"reason": "privacy"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PublicCase.objects.filter(pk=public.pk).update(**wrong)


def test_an_evaluator_who_hid_the_text_before_is_heard(press: Press) -> None:
    one = press.draft()
    cases.hide_text(one.case, at=NOW, hidden=True)
    press.follow()
    one.refresh_from_db()
    public = press.publish(one)
    assert public.hidden
    assert public.problem == ""


def test_many_clear_ones_at_once_each_as_it_stood(press: Press) -> None:
    first, second, third = press.draft("窗口不收现金"), press.draft("排队太久"), press.draft(CALLED)
    stale = second.version
    cases.hide_text(second.case, at=NOW, hidden=True)
    Disclosure.objects.filter(pk=second.pk).update(version=stale + 1)
    batch = [(first, first.version), (second, stale), (third, third.version)]
    done = publish_clear(batch, by=press.cast.lin, at=NOW)
    assert (done.published, done.left) == (1, 2), "changed since, and not clear"
    assert [public.problem for public in PublicCase.objects.all()] == ["窗口不收现金"]


def test_a_case_of_the_body_itself_is_looked_at_by_somebody_else(press: Press, cast: Cast) -> None:
    case = cast.rate(1, text="窗口不收现金")
    cases.precheck_case(case, by=cast.lin, at=NOW, true="yes", reasonable="yes", malicious="no")
    cases.dispatch_case(case, by=cast.lin, at=NOW, unit=cast.body)
    press.follow()
    with pytest.raises(PermissionDenied):
        press.publish(press.of(case), by=cast.qian)


def test_a_public_case_follows_to_another_unit(press: Press, cast: Cast) -> None:
    public = press.public()
    case = Disclosure.objects.get(number=public.number).case
    cases.refuse_case(case, by=cast.wu, at=NOW, reason="不是我们的事", limit=1)
    cases.accept_refusal(case, by=cast.qian, at=NOW, note="同意")
    cases.dispatch_case(case, by=cast.lin, at=NOW, unit=cast.other_unit)
    press.follow()
    public.refresh_from_db()
    assert public.unit == cast.other_unit
    assert case.__class__.objects.get(pk=case.pk).state == State.DISPATCHED
