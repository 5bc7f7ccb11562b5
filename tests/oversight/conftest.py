"""A quarter that is over, with ratings, a case that was closed and one that is late; it is a Monday after it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from assessment.actions import refresh
from oversight import actions
from oversight.models import QuarterNotice
from rectification.enums import State
from tests.factories import NOW, Cast
from tests.rectification.conftest import monday, sign_in

__all__ = ["monday", "sign_in"]
SEPTEMBER = timezone.make_aware(datetime(2026, 9, 10, 10, 0))
QUARTER = date(2026, 7, 1)


@pytest.fixture(autouse=True)
def media(settings: object, tmp_path: object) -> None:
    """Files of a test go where the test ends."""
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    settings.NOTICE_REQUIRES_FREEZE = False  # type: ignore[attr-defined]


@pytest.fixture
def quarter(cast: Cast, monday: object) -> Cast:
    """The third quarter: twelve good ratings, three bad ones, one of them put right and one not begun."""
    for n in range(12):
        cast.submit(5, at=SEPTEMBER + timedelta(hours=n))
    for n in range(3):
        case = cast.rate(1, at=SEPTEMBER + timedelta(days=n))
        if n == 0:
            cast.upto(case, State.CLOSED, at=SEPTEMBER + timedelta(days=n, hours=1))
        if n == 1:
            cast.upto(case, State.DISPATCHED, at=SEPTEMBER + timedelta(days=n, hours=1))
    refresh(at=NOW)
    return cast


def issued(cast: Cast, *, at: datetime = NOW, **written: str) -> QuarterNotice:
    """A notice on its whole way: drafted by Lin, reviewed and signed by Qian."""
    notice = actions.draft_notice(QUARTER, by=cast.lin, at=at)
    if written:
        actions.write_notice(notice, written, by=cast.lin, at=at)
    actions.submit_notice(notice, by=cast.lin, at=at)
    actions.approve_notice(notice, by=cast.qian, at=at)
    return actions.issue_notice(notice, by=cast.qian, at=at)
