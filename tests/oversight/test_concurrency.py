"""Many hands at once: one draft of a quarter, and each signed notice with a number of its own."""

from __future__ import annotations

from datetime import date

import pytest

from oversight import actions
from oversight.models import QuarterNotice
from tests.appeals.test_concurrency import all_at_once, split
from tests.factories import NOW, Cast

pytestmark = pytest.mark.django_db(transaction=True)
QUARTERS = (date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1))


def test_a_quarter_is_drafted_once(live_cast: Cast) -> None:
    made, refused = split(all_at_once(lambda _n: actions.draft_notice(QUARTERS[0], by=live_cast.lin, at=NOW), 8))
    assert (len({notice.pk for notice in made}), refused) == (1, [])
    assert QuarterNotice.objects.count() == 1


def test_notices_signed_at_once_have_numbers_of_their_own(live_cast: Cast) -> None:
    notices = [actions.draft_notice(quarter, by=live_cast.lin, at=NOW) for quarter in QUARTERS]
    for notice in notices:
        actions.submit_notice(notice, by=live_cast.lin, at=NOW)
        actions.approve_notice(notice, by=live_cast.qian, at=NOW)
    signed, refused = split(all_at_once(lambda n: actions.issue_notice(notices[n], by=live_cast.qian, at=NOW), 3))
    assert refused == []
    assert sorted(notice.serial for notice in signed) == [1, 2, 3]
