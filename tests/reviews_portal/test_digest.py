"""每日摘要: once a day to each person with something unread, in the morning, and short."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection

from common.actions import NoticeText, notify, read_notices
from common.enums import Channel
from common.models import OutboxMessage
from organizations.models import Staff
from reviews_portal.digest import send_digests
from tests.factories import NOW, Cast


def tell(*people: Staff, count: int = 1, at: datetime = NOW, kind: str = "case.dispatch") -> None:
    for n in range(count):
        notify([person.pk for person in people], NoticeText(key=f"{kind}:{at}:{n}", kind=kind, text=f"第{n}件"), at=at)


def letters(person: Staff) -> list[str]:
    """The digests posted for a person."""
    found = OutboxMessage.objects.filter(kind="digest", channel=Channel.MAIL, address_id=str(person.pk))
    return list(found.order_by("pk").values_list("body", flat=True))


def test_one_digest_a_day_each(cast: Cast) -> None:
    tell(cast.wu, cast.wei)
    for minutes in (0, 10, 20, 400):
        send_digests(at=NOW + timedelta(minutes=minutes))
    assert (len(letters(cast.wu)), len(letters(cast.wei)), len(letters(cast.sun))) == (1, 1, 0)
    tomorrow = NOW + timedelta(days=1)
    tell(cast.wu, at=tomorrow - timedelta(hours=2))
    assert send_digests(at=tomorrow) == 2
    assert len(letters(cast.wu)) == 2


def test_nothing_before_half_past_eight_and_nothing_read_or_old(cast: Cast) -> None:
    tell(cast.wu, at=NOW.replace(hour=8, minute=0))
    assert send_digests(at=NOW.replace(hour=8, minute=29)) == 0
    assert send_digests(at=NOW.replace(hour=8, minute=30)) == 1
    tell(cast.wei, at=NOW)
    read_notices(cast.wei.pk, at=NOW)
    tell(cast.sun, at=NOW - timedelta(days=2))
    Staff.objects.filter(pk=cast.song.pk).update(is_active=False)
    Staff.objects.filter(pk=cast.lin.pk).update(email="")
    tell(cast.song, cast.lin, kind="case.close")
    send_digests(at=NOW + timedelta(minutes=1))
    assert [letters(person) for person in (cast.wei, cast.sun, cast.song, cast.lin)] == [[], [], [], []]


def test_many_of_a_kind_become_one_line(cast: Cast) -> None:
    tell(cast.wu, count=5, kind="case.dispatch")
    tell(cast.wu, count=6, kind="due.half.rectify")
    send_digests(at=NOW)
    [body] = letters(cast.wu)
    lines = body.splitlines()
    assert [line for line in lines if line.startswith("转办: ")] == [f"转办: 第{n}件" for n in range(5)]
    assert "整改答复: 时间过半:6 件" in lines
    assert lines[-2].endswith("/desk/")


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_post_one(live_cast: Cast) -> None:
    tell(live_cast.wu, live_cast.wei)

    def sweep(_hand: int) -> int:
        try:
            return send_digests(at=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as hands:
        assert list(hands.map(sweep, range(4))) == [2, 2, 2, 2]
    assert OutboxMessage.objects.filter(kind="digest").count() == 2
