"""会议纪要 read: by each unit that was to attend, once, with history; asked for again until it is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from common.models import Notice
from organizations.actions import Refused
from organizations.models import Staff
from oversight import actions
from oversight.enums import MeetingAct
from oversight.models import MinutesRead
from oversight.queries.meetings import readings_of
from tests.factories import Cast
from tests.oversight.meeting_desk import SAT, held, issued

SignIn = Callable[[Staff], Client]
LATER = SAT + timedelta(hours=1)


def read_by(row: Any) -> dict[str, str]:
    return {unit.code: read.by.name for unit, read in readings_of(row) if read}


def test_a_unit_says_so_once_and_the_first_one_stands(cast: Cast) -> None:
    row = issued(cast)
    assert actions.read_minutes(row, by=cast.zheng, at=LATER) == 1
    assert actions.read_minutes(row, by=cast.zheng, at=LATER + timedelta(days=1)) == 0
    assert read_by(row) == {cast.unit.code: cast.zheng.name}
    event = row.events.get(act=MeetingAct.READ_MINUTES)
    assert (event.data, event.actor_id) == ({"unit": cast.unit.code}, cast.zheng.pk)
    assert MinutesRead.objects.get().at == LATER
    with pytest.raises(DatabaseError), transaction.atomic():
        MinutesRead.objects.update(at=SAT)
    with pytest.raises(DatabaseError), transaction.atomic():
        MinutesRead.objects.all().delete()


@pytest.mark.parametrize("who", ["wu", "qian", "he", "lin", "zhou"])
def test_nobody_says_so_for_a_unit_they_do_not_supervise(cast: Cast, who: str) -> None:
    row = issued(cast)
    with pytest.raises(PermissionDenied):
        actions.read_minutes(row, by=getattr(cast, who), at=LATER)
    assert not MinutesRead.objects.exists()


def test_what_is_not_issued_is_not_read(cast: Cast) -> None:
    with pytest.raises(Refused, match="还没有印发"):
        actions.read_minutes(held(cast), by=cast.zheng, at=LATER)


def test_who_has_not_said_so_is_asked_again_each_time_once(cast: Cast, settings: Any) -> None:
    settings.NOTICE_REMIND_DAYS = 3
    row = issued(cast)
    actions.read_minutes(row, by=cast.song, at=LATER)

    def reminded() -> list[tuple[str, str]]:
        return sorted(Notice.objects.filter(kind="meeting.remind").values_list("staff__username", "key"))

    assert actions.remind_minutes(at=SAT + timedelta(days=2)) == 0
    assert [actions.remind_minutes(at=SAT + timedelta(days=3)) for _again in range(2)] == [1, 0]
    event = row.events.get(act=MeetingAct.REMIND_MINUTES)
    assert event.data == {"time": 1, "units": [cast.unit.code]}
    assert reminded() == [("zheng", f"meeting:{row.pk}:remind:1")]
    actions.remind_minutes(at=SAT + timedelta(days=7))
    assert [key[-1] for _who, key in reminded()] == ["1", "2"]
    actions.read_minutes(row, by=cast.zheng, at=SAT + timedelta(days=8))
    assert actions.remind_minutes(at=SAT + timedelta(days=20)) == 0
    assert len(reminded()) == 2


def test_the_page_offers_it_to_whom_it_concerns_and_shows_who_has(cast: Cast, sign_in: SignIn) -> None:
    row = issued(cast)
    zheng, qian = sign_in(cast.zheng), sign_in(cast.qian)
    page, press = reverse("meeting-minutes", args=[row.number]), reverse("meeting-read", args=[row.number])
    assert press not in qian.get(page).content.decode()
    assert press in zheng.get(page).content.decode()
    answer = zheng.post(press, follow=True).content.decode()
    assert press not in answer
    assert cast.zheng.name in answer
    assert cast.zheng.name in qian.get(page).content.decode()
    assert qian.post(press).status_code == 403
    assert zheng.get(press).status_code == 405
