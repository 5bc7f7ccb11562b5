"""The pages of a follow-up: what the unit fills in, what its supervisors do, and what the unit does not see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import time_machine
from django.test import Client
from django.urls import reverse

from organizations.models import Staff
from oversight.enums import Kind, TaskState
from oversight.models import Dossier, RungRecord
from tests.factories import Cast
from tests.oversight.lowly import Ranks, only

SignIn = Callable[[Staff], Client]
VISIT = {
    "held_on": "2026-07-11",
    "who": "分管副局长",
    "place": "3 号窗口",
    "findings": "叫号机坏",
    "measures": "已报修",
    "result": "当日修复",
    "seen": "",
}


def text(response: Any) -> str:
    return str(response.content.decode())


def do(name: str) -> str:
    return reverse("dossier-act", args=[only().number, name])


def test_a_visit_by_its_form(cast: Cast, sign_in: SignIn, monday: time_machine.Traveller) -> None:
    monday.move_to(Ranks(cast).low(times=2))
    row = only()
    zheng, qian = sign_in(cast.zheng), sign_in(cast.qian)
    page = text(zheng.get(reverse("dossier", args=[row.number])))
    assert do("record_visit") in page
    assert do("record_letter") not in page  # nothing of the kind is asked
    answer = zheng.post(do("record_visit"), {**VISIT, "held_on": "2027-01-01"})
    assert "不能晚于今天" in text(answer)
    assert "叫号机坏" in text(answer)
    zheng.post(do("record_visit"), VISIT)
    assert RungRecord.objects.get().who == "分管副局长"
    task = row.tasks.get()
    assert task.state == TaskState.REPORTED
    qian.post(reverse("task-act", args=[task.pk, "sign_off_task"]), {"note": "", "seen": ""})
    page = text(qian.get(reverse("dossier", args=[row.number])))
    assert "叫号机坏" in page
    assert "已销号" in page
    assert do("record_visit") not in page
    assert "叫号机坏" in text(qian.get(reverse("dossier-ledger", args=[row.number])))


def test_that_the_last_rung_is_a_clue_is_not_for_the_unit(cast: Cast, sign_in: SignIn) -> None:
    Ranks(cast).low(times=5)
    number = Dossier.objects.get(kind=Kind.FOLLOW_UP).number
    page = text(sign_in(cast.qian).get(reverse("dossier", args=[number])))
    assert "已转入另卷办理" in page
    page = text(sign_in(cast.zheng).get(reverse("dossier", args=[number])))
    assert "书面检讨" in page
    for hidden in ("问责线索</strong>", "已转入另卷办理", "WZ-"):
        assert hidden not in page


def test_a_stranger_meets_nothing(cast: Cast, sign_in: SignIn, monday: time_machine.Traveller) -> None:
    monday.move_to(Ranks(cast).low(times=2))
    for person in (cast.song, cast.he):
        assert sign_in(person).get(reverse("dossier", args=[only().number])).status_code == 404
