"""公示 in the demo city: most cases are public, one is withheld, some wait for a look."""

from __future__ import annotations

from datetime import datetime, timedelta

from disclosure.access import reviewer
from disclosure.actions import (
    prepare_disclosures,
    publish_clear,
    publish_disclosure,
    record_echo,
    refresh_figures,
    refresh_grounds,
    withhold_disclosure,
)
from disclosure.enums import Reason
from disclosure.models import Disclosure, PublicCase
from organizations.models import Staff

# Of the drafts in which the rules have found something, so many wait; of the clear ones every seventh.
DOUBTFUL_WAITING, CLEAR_WAITING = 3, 7


def publish(*, by: Staff, now: datetime) -> int:
    """Has the sweep follow every case, and a dispatcher decide about most; returns how many are public.

    Args:
        by: of the management body. What concerns that body itself is left to others.
    """
    refresh_grounds()
    refresh_figures(at=now)
    prepare_disclosures(at=now - timedelta(minutes=50))
    at = now - timedelta(minutes=20)
    drafts = Disclosure.objects.waiting().order_by("pk").select_related("case__unit__region")
    withheld, *others = [one for one in drafts if reviewer(by.duties, one.case)]
    note = "这项业务很少有人办,隐去文字后仍能认出。"
    withhold_disclosure(withheld, by=by, at=at, reason=Reason.PRIVACY, note=note)
    doubtful = [one for one in others if not one.clear]
    for one in doubtful[DOUBTFUL_WAITING:]:
        publish_disclosure(one, by=by, at=at, seen=one.version)
    clear = [(one, one.version) for one in others if one.clear]
    publish_clear([pair for number, pair in enumerate(clear) if number % CLEAR_WAITING], by=by, at=at)
    public = PublicCase.objects.shown().order_by("pk")
    for number, case in enumerate(public[:4]):
        for visitor in range(number * 3):
            record_echo(case, device=f"demo-{visitor}", at=now)
    return public.count()
