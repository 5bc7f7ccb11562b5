"""走流程公示: let out by a supervisor, without anybody's name, gone when it is taken down."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from common.memory import forget_everything
from disclosure import actions
from disclosure.actions import WalkWords
from disclosure.models import PublicWalk, PublicWalkEvent
from organizations.actions import Refused
from organizations.models import Staff
from oversight import actions as oversight
from oversight.models import Dossier
from tests.factories import Cast
from tests.oversight.desk import LATER, signed_off
from tests.oversight.fieldwork import assigned, walk
from tests.rectification.conftest import monday, sign_in

__all__ = ["monday", "sign_in"]
pytestmark = pytest.mark.django_db
WORDS = WalkWords("两个堵点已解决。", [("复印件要自己去打印", "加装打印机"), ("只能扫码", "恢复收现金")])


@pytest.fixture
def closed(cast: Cast) -> Dossier:
    """A walk whose two obstacles are gone."""
    row = assigned(cast, walk(cast))
    for one in row.tasks.all():
        signed_off(cast, one)
    return oversight.close_walk(row, "两个堵点已解决。", by=cast.qian, at=LATER)


def read(address: str) -> tuple[int, str]:
    """What somebody without any right gets, not what a process has kept."""
    forget_everything()
    answer = Client().get(address)
    return answer.status_code, answer.content.decode()


def test_it_is_public_once_somebody_has_let_it_out(cast: Cast, closed: Dossier) -> None:
    address = reverse("public-walk", args=[closed.number])
    assert read(address)[0] == 404
    assert closed.number not in read(reverse("public-walks"))[1]
    actions.publish_walk(closed, WORDS, by=cast.qian, at=LATER)
    status, page = read(address)
    assert status == 200
    for said in ("副局长", "加装打印机", cast.unit.name, "57 分钟"):
        assert said in page
    for nobody in ("马演示", "郑主管", "吴经办", "钱督导"):
        assert nobody not in page
    for listing in (reverse("public-walks"), reverse("sitemap-part", args=["walks"])):
        assert address in read(listing)[1]


def test_what_is_taken_down_is_gone_and_stays_in_the_history(cast: Cast, closed: Dossier) -> None:
    actions.publish_walk(closed, WORDS, by=cast.qian, at=LATER)
    with pytest.raises(Refused, match="理由"):
        actions.take_down_walk(closed, " ", by=cast.qian, at=LATER)
    actions.take_down_walk(closed, "内容有误", by=cast.qian, at=LATER)
    assert read(reverse("public-walk", args=[closed.number]))[0] == 404
    kept = PublicWalk.objects.get()
    assert (kept.shown, kept.summary, kept.problems) == (False, "", [])
    first = PublicWalkEvent.objects.order_by("pk")[0]
    assert first.texts["problems"][1] == ["只能扫码", "恢复收现金"]
    with pytest.raises(Refused, match="还没有公示"):
        actions.take_down_walk(closed, "再撤", by=cast.qian, at=LATER)
    actions.publish_walk(closed, WORDS, by=cast.qian, at=LATER)
    assert read(reverse("public-walk", args=[closed.number]))[0] == 200


@pytest.mark.parametrize(
    "words",
    ["吴经办改了流程。", "群众电话13812345678。", "马演示现场拍板。"],
    ids=["staff", "a telephone", "the leader"],
)
def test_who_can_be_recognised_stops_it(cast: Cast, closed: Dossier, words: str) -> None:
    for wrong in (WalkWords(words), WalkWords("好", [(words, "")]), WalkWords("好", [("排队", words)])):
        with pytest.raises(Refused, match="认出个人"):
            actions.publish_walk(closed, wrong, by=cast.qian, at=LATER)
    assert not PublicWalk.objects.exists()


def test_only_a_closed_walk(cast: Cast) -> None:
    with pytest.raises(Refused, match="办结以后"):
        actions.publish_walk(walk(cast), WORDS, by=cast.qian, at=LATER)


@pytest.mark.parametrize("who", ["lin", "zheng", "he", "zhou", "zhao"])
def test_only_who_leads(cast: Cast, closed: Dossier, who: str) -> None:
    with pytest.raises(PermissionDenied):
        actions.publish_walk(closed, WORDS, by=getattr(cast, who), at=LATER)
    actions.publish_walk(closed, WORDS, by=cast.qian, at=LATER)
    with pytest.raises(PermissionDenied):
        actions.take_down_walk(closed, "撤", by=getattr(cast, who), at=LATER)


def test_who_looked_at_an_older_version_is_told(cast: Cast, closed: Dossier) -> None:
    actions.publish_walk(closed, WORDS, by=cast.qian, at=LATER, seen=0)
    with pytest.raises(Refused, match="刚刚被别人改过"):
        actions.publish_walk(closed, WORDS, by=cast.qian, at=LATER, seen=0)


def test_the_database_keeps_no_words_of_what_is_down(cast: Cast, closed: Dossier) -> None:
    actions.publish_walk(closed, WORDS, by=cast.qian, at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicWalk.objects.update(shown=False)
    with pytest.raises(DatabaseError), transaction.atomic():
        PublicWalkEvent.objects.update(note="别的")


def test_by_pages(cast: Cast, closed: Dossier, sign_in: Callable[[Staff], Client]) -> None:
    qian = sign_in(cast.qian)
    address = reverse("walk-disclosure", args=[closed.number])
    assert address in qian.get(reverse("walk-disclosures")).content.decode()
    page = qian.get(address).content.decode()
    assert "复印件要自己去楼下打印" in page
    assert "告示已撤,备零钱 500 元" in page
    said = {
        "seen": "0",
        "summary": "已解决。",
        "problem_0": "要去楼下打印",
        "fix_0": "加装打印机",
        "problem_1": "",
        "fix_1": "",
    }
    stopped = qian.post(address, {**said, "summary": "吴经办已解决。"}).content.decode()
    assert "认出个人" in stopped
    assert "吴经办已解决。" in stopped
    assert qian.post(address, said).status_code == 302
    assert PublicWalk.objects.get().problems == [["要去楼下打印", "加装打印机"]]
    assert sign_in(cast.zheng).get(address).status_code == 403
    qian.post(reverse("walk-take-down", args=[closed.number]), {"seen": "1", "reason": "有误"})
    assert not PublicWalk.objects.get().shown
