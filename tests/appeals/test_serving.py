"""A ruling is served in looked-over words, or as it was generated when nobody has looked in time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import InternalError, transaction
from django.utils import timezone

from appeals import actions
from appeals.enums import Vote
from appeals.models import Service
from common.models import AuditEntry, Notice, OutboxMessage
from rectification.actions.core import Refused
from tests.appeals.court import Court
from tests.factories import NOW

ZONE = timezone.get_default_timezone()
UNTIL = datetime(2026, 11, 24, 17, tzinfo=ZONE)


@pytest.mark.parametrize("name", ["lin", "qian"])
def test_it_is_served_in_the_words_of_who_looked_it_over(court: Court, name: str) -> None:
    appeal = court.decide(court.file("W8"), Vote.UPHOLD)
    server = court.cast.everybody[name]
    service = actions.serve_ruling(appeal, by=server, at=NOW, text=" 裁定书 ", plain="给评价人")
    assert (service.text, service.plain, service.by) == ("裁定书", "给评价人", server)
    assert service.review_until == datetime(2026, 11, 30, 17, tzinfo=ZONE), "five working days"
    told = set(Notice.objects.filter(kind="appeal.served").values_list("staff_id", flat=True))
    assert told == {court.cast.zheng.pk, court.cast.wu.pk, court.cast.rated.pk}
    message = OutboxMessage.objects.get(key=f"appeal-ruling:{appeal.number}")
    assert len(message.body) <= settings.SMS_MAX_CHARACTERS
    assert appeal.case.number in message.body
    with pytest.raises(Refused, match="没有等待送达"):
        actions.serve_ruling(appeal, by=server, at=NOW, text="x", plain="x")
    with pytest.raises(InternalError), transaction.atomic():
        Service.objects.update(text="另一种说法")


@pytest.mark.parametrize("name", ["zheng", "wu", "rated", "zhao", "he", "song", "zhou", "xu"])
def test_nobody_else_serves(court: Court, name: str) -> None:
    appeal = court.decide(court.file("W8"), Vote.UPHOLD)
    with pytest.raises(Refused, match="不能办理"):
        actions.serve_ruling(appeal, by=court.cast.everybody[name], at=NOW, text="x", plain="x")
    assert not Service.objects.exists()


def test_no_words_and_no_ruling(court: Court) -> None:
    appeal = court.file("W8")
    with pytest.raises(Refused, match="没有等待送达"):
        actions.serve_ruling(appeal, by=court.cast.lin, at=NOW, text="x", plain="x")
    appeal = court.decide(appeal, Vote.UPHOLD)
    for text, plain in (("", "x"), ("x", " ")):
        with pytest.raises(Refused, match="都要写"):
            actions.serve_ruling(appeal, by=court.cast.lin, at=NOW, text=text, plain=plain)


def test_silence_delays_nobody(court: Court) -> None:
    appeal = court.decide(court.file("W8"), Vote.UPHOLD)
    assert actions.serve_late(at=UNTIL) == 0
    assert actions.serve_late(at=UNTIL + timedelta(seconds=1)) == 1
    service = Service.objects.get()
    assert (service.by, service.text, service.plain) == (None, appeal.ruling.text, appeal.ruling.plain)
    assert actions.serve_late(at=UNTIL + timedelta(days=1)) == 0
    assert AuditEntry.objects.filter(action="appeal.serve", object_id=appeal.number).count() == 1
    assert OutboxMessage.objects.filter(kind="citizen.appeal_ruling").count() == 1


def test_at_night_nobody_is_woken(court: Court) -> None:
    appeal = court.decide(court.file("W8"), Vote.UPHOLD)
    court.serve(appeal, at=NOW.replace(hour=22))
    message = OutboxMessage.objects.get(kind="citizen.appeal_ruling")
    assert timezone.localtime(message.next_attempt_at).hour == 8
