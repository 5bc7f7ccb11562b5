"""The seal: who is let in and shown out, each look with its purpose, and not a word of it anywhere else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from common.models import AuditEntry, Notice, OutboxMessage
from organizations.actions import Refused
from organizations.models import Staff
from oversight import actions
from oversight.enums import Level
from oversight.models import Dossier, Insider, SealedLook, Statement
from tests.factories import NOW, Cast
from tests.oversight.clues import ANSWER, HOUR, QUESTION, SECRET, asked, final, raised, second
from tests.oversight.desk import jpeg

SignIn = Callable[[Staff], Client]
LATER = NOW + 3 * HOUR


def text(response: Any) -> str:
    return str(response.content.decode())


def at(row: Dossier, name: str = "dossier", *more: object) -> str:
    return reverse(name, args=[row.number, *more])


def look(client: Client, row: Dossier, why: str = "办理线索") -> Any:
    return client.post(at(row, "dossier-look"), {"why": why}, follow=True)


# --- who is let in --------------------------------------------------------------------------------------------


def test_letting_in_needs_a_reason_and_is_history(cast: Cast) -> None:
    row = raised(cast)
    with pytest.raises(Refused, match="理由"):
        actions.let_in(row, cast.zhou, " ", by=cast.qian, at=LATER)
    actions.let_in(row, cast.zhou, "专项审计", by=cast.qian, at=LATER)
    assert row in Dossier.objects.visible_to(cast.zhou)
    assert Notice.objects.get(staff=cast.zhou).kind == "clue.let_in"
    event = row.events.last()
    assert event is not None
    assert (event.act, event.note, event.data) == ("let_in", "专项审计", {"insider": "zhou"})
    with pytest.raises(Refused, match="已经可以"):
        actions.let_in(row, cast.zhou, "再来", by=cast.qian, at=LATER)


def test_who_is_of_the_unit_or_reads_no_dossiers_is_not_let_in(cast: Cast) -> None:
    row = raised(cast)
    for person, words in ((cast.zheng, "所涉单位"), (cast.wu, "所涉单位"), (cast.xu, "角色")):
        with pytest.raises(Refused, match=words):
            actions.let_in(row, person, "看看", by=cast.qian, at=LATER)


def test_who_was_let_in_to_read_lets_nobody_in(cast: Cast) -> None:
    row = raised(cast)
    actions.let_in(row, cast.zhou, "专项审计", by=cast.qian, at=LATER)
    with pytest.raises(PermissionDenied):
        actions.let_in(row, cast.lin, "同去", by=cast.zhou, at=LATER)


def test_who_is_shown_out_meets_nothing_and_stays_on_the_list(cast: Cast) -> None:
    row = raised(cast)
    made = actions.let_in(row, cast.zhou, "专项审计", by=cast.qian, at=LATER)
    actions.end_insider(row, made, "审计结束", by=cast.qian, at=LATER)
    assert row not in Dossier.objects.visible_to(cast.zhou)
    assert not Notice.objects.filter(staff=cast.zhou).exists()
    assert Insider.objects.get(pk=made.pk).ended_at == LATER
    with pytest.raises(Refused, match="至少"):
        actions.end_insider(row, row.insiders.get(staff=cast.qian), "走了", by=cast.qian, at=LATER)
    with pytest.raises(DatabaseError), transaction.atomic():
        made.delete()


def test_a_clue_whose_readers_have_left_is_put_before_others(cast: Cast) -> None:
    row, pei = raised(cast), second(cast)
    actions.let_in(row, cast.zhou, "专项审计", by=cast.qian, at=LATER)
    assert actions.keep_readers(at=LATER) == 0
    cast.qian.memberships.update(valid_to=NOW.date() - timedelta(days=1))
    assert actions.keep_readers(at=LATER) == 1
    assert actions.keep_readers(at=LATER) == 0
    assert row in Dossier.objects.visible_to(pei)
    assert "不能办理" in row.insiders.get(staff=pei).why
    assert Notice.objects.filter(staff=pei, kind="clue.let_in").exists()


# --- each look ------------------------------------------------------------------------------------------------


def test_the_purpose_is_asked_for_once_a_day(cast: Cast, sign_in: SignIn, monday: time_machine.Traveller) -> None:
    row, qian = raised(cast), sign_in(cast.qian)
    answer = qian.get(at(row))
    assert (answer.status_code, answer.url) == (302, at(row, "dossier-look"))
    assert SECRET not in text(qian.get(at(row), follow=True))
    assert SECRET in text(look(qian, row))
    qian.get(at(row))
    assert list(SealedLook.objects.values_list("page", "why")) == [
        ("purpose", "办理线索"),
        ("dossier", "办理线索"),
        ("dossier", "办理线索"),
    ]
    monday.shift(timedelta(days=1))
    assert qian.get(at(row)).status_code == 302
    first = SealedLook.objects.first()
    assert first is not None
    assert (first.staff, first.address) == (cast.qian, "127.0.0.1")
    assert AuditEntry.objects.filter(action="sealed.look", actor=cast.qian).count() == 3


@pytest.mark.parametrize("name", ["dossier-ledger", "dossier-file", "dossier-act"])
def test_every_page_asks_first(cast: Cast, sign_in: SignIn, name: str) -> None:
    row, qian = raised(cast), sign_in(cast.qian)
    more = ["ask"] if name == "dossier-act" else []
    assert qian.get(at(row, name, *more)).url == at(row, "dossier-look")
    look(qian, row)
    assert qian.get(at(row, name, *more)).status_code == 200
    last = SealedLook.objects.last()
    assert last is not None
    assert last.page == name


def test_a_picture_and_a_paper_are_looked_at_as_well(cast: Cast, sign_in: SignIn) -> None:
    row, qian = final(cast, Level.CIRCULAR), sign_in(cast.qian)
    actions.add_pictures(row, [jpeg()], by=cast.qian, at=LATER)
    picture = row.pictures.get()
    paper = actions.write_letter(row, "主要领导", by=cast.qian, at=LATER)
    pages = [reverse("dossier-picture", args=[picture.pk]), at(row, "clue-paper", paper.pk)]
    for page in pages:
        assert qian.get(page).url == at(row, "dossier-look")
    look(qian, row)
    for page in pages:
        answer = qian.get(page)
        assert b"".join(answer.streaming_content)[:3] in (b"%PD", b"\xff\xd8\xff")
        assert sign_in(cast.lin).get(page).status_code == 404
    assert list(SealedLook.objects.values_list("page", flat=True))[-2:] == ["dossier-picture", "clue-paper"]


def test_a_purpose_is_words(cast: Cast, sign_in: SignIn) -> None:
    row, qian = raised(cast), sign_in(cast.qian)
    assert "查阅用途" in text(look(qian, row, ""))
    assert not SealedLook.objects.exists()
    with pytest.raises(Refused, match="用途"):
        actions.note_look(row, "dossier", " ", by=cast.qian, at=NOW)


def test_looks_are_not_rewritten(cast: Cast, sign_in: SignIn) -> None:
    look(sign_in(cast.qian), raised(cast))
    for change in (lambda: SealedLook.objects.update(why="别的用途"), lambda: SealedLook.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(IntegrityError), transaction.atomic():
        SealedLook.objects.create(dossier=Dossier.objects.get(), staff=cast.qian, page="x", why="", at=NOW)


def test_a_form_of_yesterday_is_still_taken(cast: Cast, sign_in: SignIn, monday: time_machine.Traveller) -> None:
    row, qian = raised(cast), sign_in(cast.qian)
    look(qian, row)
    monday.shift(timedelta(days=1))
    qian = sign_in(cast.qian)
    qian.post(at(row, "dossier-act", "ask"), {"question": QUESTION, "with_cases": "yes", "days": "3", "seen": ""})
    assert Statement.objects.get().question == QUESTION


# --- by pages -------------------------------------------------------------------------------------------------


def test_the_whole_way_by_pages(cast: Cast, sign_in: SignIn) -> None:
    qian, zheng, pei = sign_in(cast.qian), sign_in(cast.zheng), sign_in(second(cast))
    said = {"unit": cast.unit.name, "sort": "repeat", "about": SECRET, "cases": ""}
    qian.post(reverse("dossier-new", args=["clues"]), said)
    row = Dossier.objects.get()
    look(qian, row)

    def act(client: Client, name: str, **data: str) -> str:
        return text(client.post(at(row, "dossier-act", name), {"seen": "", **data}, follow=True))

    act(qian, "ask", question=QUESTION, with_cases="no", days="")
    one = Statement.objects.get()
    page = text(zheng.get(reverse("statement", args=[one.pk])))
    assert QUESTION in page
    assert SECRET not in page
    assert QUESTION in text(zheng.get(reverse("statements")))
    assert QUESTION[:20] in text(zheng.get(reverse("supervision")))
    assert "已提交" in text(zheng.post(reverse("statement-answer", args=[one.pk]), {"text": ANSWER}, follow=True))
    assert ANSWER in text(zheng.get(reverse("statement", args=[one.pk])))
    level = {"facts": "三次", "document": "办法", "article": "第八条", "clause": "条文"}
    assert "按层级递进" in act(qian, "propose_level", level="talk", **level)
    act(qian, "propose_level", level="reminder", **level)
    assert reverse("dossier-act", args=[row.number, "confirm"]) not in text(qian.get(at(row)))
    assert "自己复核" in act(qian, "confirm")
    act(qian, "let_in", person="pei", reason="复核")
    assert reverse("dossier-act", args=[row.number, "confirm"]) in text(look(pei, row, "复核处理层级"))
    act(pei, "confirm")
    assert "依据" in act(qian, "close", outcome="已提醒")
    act(qian, "close", outcome="已提醒", reference="谈话记录存档")
    row.refresh_from_db()
    assert row.stage == "closed"
    page = text(qian.get(at(row)))
    for words in (ANSWER, "第八条", "裴督导", "谈话记录存档", "认定有误"):
        assert words in page
    assert "上级" in act(qian, "withdraw", reason="上级认定不成立")


def test_an_answer_takes_pictures_that_its_unit_and_the_insiders_see(cast: Cast, sign_in: SignIn) -> None:
    row = raised(cast)
    one = asked(cast, row)
    zheng, address = sign_in(cast.zheng), reverse("statement-answer", args=[one.pk])
    bad = zheng.post(address, {"text": ANSWER, "pictures": ContentFile(b"no picture", "x.jpg")})
    assert ANSWER in bad.content.decode()
    assert Statement.objects.get(pk=one.pk).answered_at is None
    zheng.post(address, {"text": ANSWER, "pictures": ContentFile(jpeg().read(), "现场.jpg")})
    picture = one.pictures.get()
    assert row.events.get(act="answer").data == {"pictures": [picture.sha256]}
    kept = reverse("statement-picture", args=[one.pk, picture.pk])
    assert kept in text(zheng.get(reverse("statement", args=[one.pk])))
    answer = zheng.get(kept)
    assert (answer["Content-Type"], answer.getvalue()[:2]) == ("image/jpeg", b"\xff\xd8")
    qian = sign_in(cast.qian)
    look(qian, row)
    assert reverse("dossier-picture", args=[picture.pk]) in text(qian.get(reverse("dossier", args=[row.number])))
    assert zheng.get(reverse("dossier-picture", args=[picture.pk])).status_code == 404
    assert {sign_in(who).get(kept).status_code for who in (cast.song, cast.qian, cast.wu)} <= {403, 404}


def test_a_window_clerk_and_strangers_meet_no_question(cast: Cast, sign_in: SignIn) -> None:
    one = asked(cast, raised(cast))
    for person, code in ((cast.wu, 403), (cast.song, 404), (cast.he, 404), (cast.qian, 403)):
        assert sign_in(person).get(reverse("statement", args=[one.pk])).status_code == code
        assert sign_in(person).post(reverse("statement-answer", args=[one.pk]), {"text": "x"}).status_code == code


# --- nowhere else ---------------------------------------------------------------------------------------------

ABOUT = ["dossier", "dossier-ledger", "dossier-file", "dossier-look", "task-new"]
LISTS = [
    ("supervision", []),
    ("dossiers", ["clues"]),
    ("dossiers", ["follow-ups"]),
    ("desk", []),
    ("notices", []),
    ("overview", []),
    ("audit", []),
    ("circulars", []),
    ("scores", []),
]


def test_not_a_word_of_it_is_anywhere_for_anybody_else(cast: Cast, sign_in: SignIn) -> None:
    case = cast.rate(1, at=NOW - timedelta(days=2))
    row = final(cast, Level.TRANSFER)
    actions.hand_over(row, "演示纪检组", "综合室", NOW.date(), "密回执77", by=cast.qian, at=LATER)
    hidden = [row.number, SECRET, "密回执77", "演示纪检组", "同类问题一季度内出现三次", "情节较重"]
    second(cast)
    for name, person in cast.everybody.items():
        if name == "qian":
            continue
        client = sign_in(person)
        for route in ABOUT:
            page = client.get(at(row, route))
            assert page.status_code in (403, 404), f"{name} {route}"
        addresses = [reverse(route, args=more) for route, more in LISTS] + [reverse("case", args=[case.number])]
        for address in addresses:
            page = client.get(address, follow=True)
            for words in hidden:
                assert words not in text(page), f"{name} {address}: {words}"
    kept = [str(one) for one in AuditEntry.objects.values_list("object_id", "reason", "before", "after", "action")]
    kept += [str(one) for one in OutboxMessage.objects.values_list("subject", "body", "about")]
    outsiders = Notice.objects.exclude(staff__in=[one.staff_id for one in row.insiders.all()])
    kept += [str(one) for one in outsiders.values_list("text", "url")]
    for words in (*hidden, ANSWER, QUESTION):
        assert not [one for one in kept if words in one], words
