"""A quarter closed by its people, and its notice from draft to 已阅, page by page.

Told to the pages themselves and not to a browser: days pass between the acts, and the quarter needs ratings of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from appeals.enums import Vote
from assessment.actions import correct_quarters, refresh
from assessment.models import Correction, Objection, Quarter
from assessment.scoring.record import lines_of
from common.models import Notice
from organizations.models import Staff
from oversight import actions
from oversight.enums import Stage
from oversight.models import QuarterNotice, Receipt
from rectification.enums import State
from tests.appeals.court import Court
from tests.assessment.quarters import Close
from tests.factories import NOW, Cast
from tests.oversight.conftest import QUARTER, SEPTEMBER, issued
from tests.rectification.conftest import monday, sign_in

__all__ = ["monday", "sign_in"]
SignIn = Callable[[Staff], Client]
pytestmark = [pytest.mark.django_db, pytest.mark.walk, pytest.mark.timeout(240)]
NAME = "2026-Q3"
DAY = timedelta(days=1)


@pytest.fixture
def cast(db: None, settings: Any, tmp_path: Any) -> Cast:
    settings.MEDIA_ROOT, settings.QUARTER_OBJECTION_DAYS = tmp_path, 1
    return Cast()


@pytest.fixture
def close(cast: Cast, monday: time_machine.Traveller) -> Close:
    """The third quarter with praise, a late case, and schemes in force; it is a Monday in November."""
    made = Close(cast)
    made.adopt_both()
    made.praise(35, at=SEPTEMBER)
    made.late_case(at=SEPTEMBER)
    return made


def press(client: Client, verb: str, **typed: str) -> str:
    answer = client.post(reverse("quarter-act", args=[NAME, verb]), typed, follow=True)
    return answer.content.decode()


def page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def act(client: Client, notice: QuarterNotice, name: str, **typed: Any) -> str:
    answer = client.post(reverse("circular-act", args=[notice.pk, name]), typed, follow=True)
    return answer.content.decode()


def test_a_quarter_closed_by_its_people(close: Close, monday: time_machine.Traveller, sign_in: SignIn) -> None:
    """One open appeal is confirmed with a reason; a unit objects and is answered; what a review says comes too late."""
    cast, court = close.cast, Court(close.cast)
    disputed = cast.upto(cast.rate(1, at=SEPTEMBER + DAY, text="等了一上午"), State.RECTIFYING, at=NOW)
    appeal = court.file("W6", disputed)
    refresh(at=NOW)
    qian, zheng = sign_in(cast.qian), sign_in(cast.zheng)
    press(qian, "check")
    assert appeal.number in page(qian, "quarter", NAME)
    assert "请处理后再核对,或说明理由后继续" in press(qian, "preview")
    press(qian, "confirm", note="申诉尚在评审,裁定后重新预览")
    press(qian, "preview")
    press(qian, "objections")

    score = close.score()
    lost = next(n for n, line in enumerate(lines_of(score.lines)) if line.kind == "loss")
    ours = (NAME, "city", score.subject)
    said = {"text": "这一件当天已经签收,请核对系统记录"}
    assert zheng.post(f"{reverse('score-object', args=ours)}?line={lost}", said).status_code == 302
    objection = Objection.objects.get()
    reply = {"upheld": "", "answer": "系统记录显示次周才签收,扣分不变"}
    assert qian.post(reverse("objection-answer", args=[objection.pk]), {**reply, "upheld": "no"}).status_code == 302
    assert "扣分不变" in page(zheng, "score", *ours)

    court.answer(appeal)
    court.serve(court.decide(appeal, Vote.UPHOLD))
    refresh(at=NOW)
    monday.move_to(NOW + 3 * DAY)
    qian = sign_in(cast.qian)
    press(qian, "check")
    press(qian, "freeze")
    quarter = Quarter.objects.get()
    assert quarter.frozen, page(qian, "quarter", NAME)
    frozen = close.score()
    call_command("rebuild_quarter", NAME, check=True, verbosity=0)

    review = court.review(appeal, cast.qian, at=NOW + 4 * DAY)
    monday.move_to(NOW + 10 * DAY)
    court.decide(review, Vote.REJECT, at=NOW + 10 * DAY)
    court.serve(review, at=NOW + 10 * DAY)
    refresh(at=NOW + 10 * DAY)
    assert correct_quarters(at=NOW + 10 * DAY) > 0
    assert correct_quarters(at=NOW + 11 * DAY) == 0
    noted = Correction.objects.get(kind="city", subject=score.subject)
    assert noted.before == frozen.total
    assert close.score().fingerprint == frozen.fingerprint
    assert cast.unit.name in page(sign_in(cast.qian), "quarter", NAME)
    try:
        call_command("rebuild_quarter", NAME, check=True, verbosity=0)
    except (CommandError, SystemExit) as error:
        pytest.fail(f"a later ruling has changed a frozen quarter: {error}")


def test_a_notice_from_draft_to_read(close: Close, monday: time_machine.Traveller, sign_in: SignIn) -> None:
    """Drafted by the clock, written, reviewed, signed, served, reminded, read, and superseded by a new one."""
    cast = close.cast
    close.freeze(close.upto_objections(NOW), at=NOW + 3 * DAY)
    monday.move_to(NOW + 3 * DAY)
    actions.draft_frozen(at=NOW + 3 * DAY)
    notice = QuarterNotice.objects.get(begins=QUARTER)
    lin, qian, zheng = (sign_in(person) for person in (cast.lin, cast.qian, cast.zheng))
    assert Notice.objects.filter(kind="notice.drafted", staff=cast.lin).exists()
    assert "在签发后5个工作日内" in page(lin, "circular", notice.pk) or "各单位" in page(lin, "circular", notice.pk)

    form = lin.get(reverse("circular-act", args=[notice.pk, "write"])).context["form"]
    fields = {name: form[name].value() for name in ("summary", "problems", "demands", "made", "seen")}
    act(lin, notice, "write", **{**fields, "demands": f"{cast.unit.name}年底前整改到位。", "cases": ""})
    act(lin, notice, "submit")
    assert "请另一位同事" in act(lin, notice, "approve")
    act(qian, notice, "return", note="请加上全体单位的要求")
    both = f"{cast.unit.name}年底前整改到位。\n各单位举一反三。"
    notice.refresh_from_db()
    act(lin, notice, "write", **{**fields, "seen": notice.version, "demands": both, "cases": ""})
    act(lin, notice, "submit")
    act(qian, notice, "approve")
    act(qian, notice, "issue")
    notice.refresh_from_db()
    assert (notice.stage, notice.drafted_by, notice.written_by) == (Stage.ISSUED, None, cast.lin)

    monday.move_to(NOW + 7 * DAY)
    assert actions.remind_unread(at=NOW + 7 * DAY) == Receipt.objects.filter(notice=notice).count()
    assert Notice.objects.filter(kind="notice.remind", staff=cast.zheng).count() == 1
    zheng, song = sign_in(cast.zheng), sign_in(cast.song)
    receipt = Receipt.objects.get(notice=notice, unit=cast.unit)
    answer = zheng.post(reverse("circular-read", args=[notice.pk, receipt.pk]), follow=True)
    assert "已记录" in answer.content.decode()

    own = page(zheng, "circular-extract", notice.pk, cast.unit.code)
    assert f"{cast.unit.name}年底前整改到位。" in own
    assert cast.unit.cases.order_by("received_at")[0].number in own
    others = page(song, "circular-extract", notice.pk, cast.other_unit.code)
    assert "各单位举一反三。" in others
    assert f"{cast.unit.name}年底前" not in others
    for name, more in (("circular-extract", ()), ("circular-extract-file", ("pdf",))):
        assert song.get(reverse(name, args=[notice.pk, cast.unit.code, *more])).status_code == 404

    second = issued(cast, at=NOW + 8 * DAY)
    notice.refresh_from_db()
    assert (notice.stage, second.replaces_id, second.serial) == (Stage.SUPERSEDED, notice.pk, notice.serial + 1)
    assert "已被新通报替代" in page(zheng, "circular", notice.pk)
    assert reverse("circular", args=[notice.pk]) in page(zheng, "circular", second.pk)
    assert notice.receipts.get(unit=cast.unit).read_by == cast.zheng
