"""The pages of the notice: who sees what, and every act through its form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from organizations.models import Staff
from oversight import actions
from oversight.enums import Stage
from oversight.models import QuarterNotice, Receipt
from oversight.paper import load
from tests.factories import NOW, Cast
from tests.oversight.conftest import QUARTER, issued

SignIn = Callable[[Staff], Client]
pytestmark = pytest.mark.django_db


def text(response: Any) -> str:
    return response.content.decode()


def act(client: Client, notice: QuarterNotice, name: str, **data: str) -> Any:
    return client.post(reverse("circular-act", args=[notice.pk, name]), data, follow=True)


def test_the_whole_way_by_pages(quarter: Cast, sign_in: SignIn) -> None:
    lin, qian, zheng = (sign_in(person) for person in (quarter.lin, quarter.qian, quarter.zheng))
    assert "已起草" in text(lin.post(reverse("circular-new"), {"quarter": "2026-Q3"}, follow=True))
    notice = QuarterNotice.objects.get()
    assert "已保存" in text(act(lin, notice, "write", demands="市公安局限期整改。", seen="0"))
    assert "刚刚被别人改过" in text(act(lin, notice, "write", demands="改了", seen="0"))
    act(lin, notice, "submit")
    assert "起草人不能自己" in text(act(lin, notice, "approve"))
    act(qian, notice, "approve")
    page = text(qian.get(reverse("circular", args=[notice.pk])))
    assert "草稿,未签发" in page
    assert zheng.get(reverse("circular", args=[notice.pk])).status_code == 404
    act(qian, notice, "issue")
    notice.refresh_from_db()
    assert notice.stage == Stage.ISSUED
    page = text(zheng.get(reverse("circular", args=[notice.pk])))
    assert notice.number in page
    assert "市公安局限期整改。" in page
    receipt = Receipt.objects.get(unit=quarter.unit)
    assert "已记录" in text(zheng.post(reverse("circular-read", args=[notice.pk, receipt.pk]), follow=True))
    receipt.refresh_from_db()
    assert receipt.read_by == quarter.zheng


def test_the_page_says_the_figures_of_the_paper(quarter: Cast, sign_in: SignIn) -> None:
    notice = issued(quarter)
    page = text(sign_in(quarter.zheng).get(reverse("circular", args=[notice.pk])))
    place = page.index('class="paper"')
    for figure in load(notice.content).figures():
        assert str(figure) in page[place:]
        place = page.index(str(figure), place)


def test_files_are_for_those_who_may_read(quarter: Cast, sign_in: SignIn) -> None:
    notice = issued(quarter)
    for kind, start in (("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")):
        answer = sign_in(quarter.zheng).get(reverse("circular-file", args=[notice.pk, kind]))
        assert b"".join(answer.streaming_content).startswith(start)  # type: ignore[attr-defined]
        assert "attachment" in answer["Content-Disposition"]
    assert sign_in(quarter.zheng).get(reverse("circular-file", args=[notice.pk, "exe"])).status_code == 404
    assert sign_in(quarter.wu).get(reverse("circular-file", args=[notice.pk, "pdf"])).status_code == 403
    draft = actions.draft_notice(QUARTER, by=quarter.lin, at=NOW)
    assert sign_in(quarter.lin).get(reverse("circular-file", args=[draft.pk, "pdf"])).status_code == 404


def test_a_unit_sees_its_own_receipt_only(quarter: Cast, sign_in: SignIn) -> None:
    notice = issued(quarter)
    page = text(sign_in(quarter.zheng).get(reverse("circular", args=[notice.pk])))
    receipts = page[page.index("送达和已阅") :]
    assert quarter.unit.name in receipts
    assert quarter.other_unit.name not in receipts
    other = Receipt.objects.get(unit=quarter.other_unit)
    assert sign_in(quarter.zheng).post(reverse("circular-read", args=[notice.pk, other.pk])).status_code == 403


def test_acts_that_are_none_and_people_who_may_not(quarter: Cast, sign_in: SignIn) -> None:
    notice = actions.draft_notice(QUARTER, by=quarter.lin, at=NOW)
    assert sign_in(quarter.qian).get(reverse("circular-act", args=[notice.pk, "read"])).status_code == 404
    assert sign_in(quarter.lin).get(reverse("circular-act", args=[notice.pk, "issue"])).status_code == 403
    assert sign_in(quarter.zheng).get(reverse("circular-act", args=[notice.pk, "write"])).status_code == 403
    assert "现在是“起草中”" in text(
        sign_in(quarter.qian).get(reverse("circular-act", args=[notice.pk, "issue"]), follow=True)
    )
    answer = sign_in(quarter.lin).post(reverse("circular-new"), {"quarter": "2099-Q1"})
    assert 'aria-invalid="true"' in text(answer)
    assert QuarterNotice.objects.count() == 1
