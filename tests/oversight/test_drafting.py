"""Drafted by the clock: once for each frozen quarter, of figures, with nobody's words overwritten, and never signed
by whoever wrote last."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from common.models import Notice
from organizations.actions import Refused
from organizations.models import Staff
from oversight import actions
from oversight.enums import Act, Stage
from oversight.models import NoticeEvent, QuarterNotice
from oversight.paper import Figure, Paragraph, load
from oversight.queries import paper_of, proposed_of
from tests.assessment.quarters import FROZEN, Close
from tests.factories import NOW, Cast
from tests.oversight.conftest import QUARTER, issued

SignIn = Callable[[Staff], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def frozen(quarter: Cast) -> Close:
    """The same quarter with its scores frozen."""
    close = Close(quarter)
    close.adopt_both()
    close.freeze(close.upto_objections())
    return close


def drafted(frozen: Close) -> QuarterNotice:
    assert actions.draft_frozen(at=FROZEN) == 1
    return QuarterNotice.objects.get()


def test_a_frozen_quarter_is_drafted_once_by_the_portal_and_the_office_is_told(frozen: Close) -> None:
    notice = drafted(frozen)
    assert (notice.begins, notice.stage, notice.drafted_by, notice.written) == (QUARTER, Stage.DRAFT, None, {})
    assert actions.draft_frozen(at=FROZEN + timedelta(hours=1)) == 0
    event = NoticeEvent.objects.get()
    assert (event.act, event.actor_id) == (Act.DRAFT, None)
    told = set(Notice.objects.filter(kind="notice.drafted").values_list("staff__username", flat=True))
    assert told == {"lin", "qian", "fang"}


def test_nothing_is_drafted_before_the_freeze_or_with_the_schedule_off(quarter: Cast, settings: object) -> None:
    close = Close(quarter)
    close.adopt_both()
    objecting = close.upto_objections()
    assert actions.draft_frozen(at=FROZEN) == 0
    close.freeze(objecting)
    settings.NOTICE_DRAFTS = False  # type: ignore[attr-defined]
    assert actions.draft_frozen(at=FROZEN) == 0
    assert not QuarterNotice.objects.exists()


def test_what_people_began_dropped_or_issued_is_left_alone(frozen: Close) -> None:
    cast = frozen.cast
    mine = actions.draft_notice(QUARTER, by=cast.lin, at=NOW)
    actions.write_notice(mine, {"summary": "我写的"}, by=cast.lin, at=NOW)
    assert actions.draft_frozen(at=FROZEN) == 0
    actions.drop_notice(mine, by=cast.qian, at=NOW, note="不要了")
    assert actions.draft_frozen(at=FROZEN) == 0
    mine.refresh_from_db()
    assert mine.written == {"summary": "我写的"}
    issued(cast)
    assert actions.draft_frozen(at=FROZEN) == 0


def test_proposed_words_name_units_and_days_and_hold_the_figures_of_the_tables(frozen: Close) -> None:
    paper = paper_of(drafted(frozen), at=FROZEN)
    lines = [str(block) for block in paper.blocks if isinstance(block, Paragraph)]
    assert paper.summary[0].startswith("收到差评3件,有效差评3件")
    name = frozen.cast.unit.name
    assert any(line.startswith(f"{name}:整改逾期1件") for line in lines), lines
    # FROZEN is Monday 26 October: five working days later is Monday, 2 November.
    [demand] = [line for line in lines if line.startswith(f"{name}:逾期未办结的")]
    assert "在签发后5个工作日内(2026年11月2日前)办结并报送结果;整改逾期的1件," in demand
    named = [block for block in paper.blocks if isinstance(block, Paragraph) and str(block).startswith(f"{name}:")]
    assert all(any(isinstance(part, Figure) for part in block.parts) for block in named)


def test_days_of_demands_count_from_signing(frozen: Close) -> None:
    notice, cast = drafted(frozen), frozen.cast
    actions.submit_notice(notice, by=cast.lin, at=FROZEN)
    actions.approve_notice(notice, by=cast.qian, at=FROZEN)
    signed = actions.issue_notice(notice, by=cast.qian, at=FROZEN + timedelta(days=7))
    words = "".join(str(block) for block in load(signed.content).blocks)
    assert "签发后5个工作日内(2026年11月9日前)" in words
    assert "(2026年11月2日前)" not in words


def test_unchanged_proposals_stay_figures_and_changed_ones_are_kept(frozen: Close, sign_in: SignIn) -> None:
    notice, lin = drafted(frozen), frozen.cast.lin
    proposed = proposed_of(notice, at=FROZEN)
    client = sign_in(lin)
    address = reverse("circular-act", args=[notice.pk, "write"])
    form = client.get(address).context["form"]
    assert form["summary"].value().splitlines()[0] == proposed["summary"].splitlines()[0]
    fields = {name: form[name].value() for name in ("summary", "problems", "demands", "made", "seen")}
    fields["problems"] += "\n某局首次联系不及时。"
    fields["demands"] = fields["demands"].replace("\n", "\r\n")
    assert client.post(address, {**fields, "cases": ""}).status_code == 302
    notice.refresh_from_db()
    assert set(notice.written) == {"problems", "cases", "picked"}
    assert notice.written["problems"].endswith("某局首次联系不及时。")
    assert "problems" not in proposed_of(notice, at=FROZEN)


def test_what_somebody_empties_is_left_out(frozen: Close) -> None:
    notice = drafted(frozen)
    actions.write_notice(notice, {"summary": "", "problems": "", "demands": ""}, by=frozen.cast.lin, at=FROZEN)
    notice.refresh_from_db()
    paper = paper_of(notice, at=FROZEN)
    assert paper.summary == ()
    assert not any("下一步要求" in str(block) for block in paper.blocks)


# --- who signs ----------------------------------------------------------------------------------------------------


def test_who_submits_what_the_portal_drafted_answers_for_it(frozen: Close) -> None:
    notice, cast = drafted(frozen), frozen.cast
    actions.submit_notice(notice, by=cast.qian, at=FROZEN)
    notice.refresh_from_db()
    assert (notice.drafted_by, notice.written_by) == (None, cast.qian)
    with pytest.raises(Refused, match="起草人不能自己"):
        actions.approve_notice(notice, by=cast.qian, at=FROZEN)
    actions.approve_notice(notice, by=cast.lin, at=FROZEN)
    with pytest.raises(Refused, match="最后修改的人也不能"):
        actions.issue_notice(notice, by=cast.qian, at=FROZEN)
    assert actions.issue_notice(notice, by=frozen.fang, at=FROZEN).stage == Stage.ISSUED


def test_whoever_wrote_last_neither_reviews_nor_signs(frozen: Close) -> None:
    """Lin drafts, Qian changes a word: it is no longer Qian who may sign, and neither is it Lin."""
    cast = frozen.cast
    notice = actions.draft_notice(QUARTER, by=cast.lin, at=FROZEN)
    actions.write_notice(notice, {"summary": "一"}, by=cast.lin, at=FROZEN)
    actions.write_notice(notice, {"summary": "二"}, by=cast.qian, at=FROZEN)
    actions.submit_notice(notice, by=cast.lin, at=FROZEN)
    for person in (cast.lin, cast.qian):
        with pytest.raises(Refused, match="起草人不能自己"):
            actions.approve_notice(notice, by=person, at=FROZEN)
    actions.approve_notice(notice, by=frozen.fang, at=FROZEN)
    with pytest.raises(Refused, match="起草人不能自己"):
        actions.issue_notice(notice, by=cast.qian, at=FROZEN)
    assert actions.issue_notice(notice, by=frozen.fang, at=FROZEN).issued_by == frozen.fang


def test_the_database_holds_it_too(frozen: Close) -> None:
    notice, cast = drafted(frozen), frozen.cast
    signed = {"stage": Stage.ISSUED, "number": "x", "year": 2026, "serial": 9, "issued_at": FROZEN}
    for who, name in (
        ({"written_by": cast.qian, "issued_by": cast.qian}, "writer_never_signs"),
        ({"issued_by": cast.qian}, "somebody_answers_for_the_words"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            QuarterNotice.objects.filter(pk=notice.pk).update(**signed, **who)
