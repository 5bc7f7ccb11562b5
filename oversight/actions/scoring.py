"""What oversight tells the assessment, called left: the share of campaign tasks signed off (domain.md §11.2)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode

from assessment.actions import record_score_event
from assessment.enums import EventKind, Grain
from assessment.periods import Period, period_of
from common.actors import SYSTEM
from oversight.enums import Kind
from oversight.queries.campaigns import SignedOff, signed_off_in


def tell_campaign_shares(*, at: datetime) -> int:
    """Records, for the quarter that is over, how much of its campaign tasks each unit has signed off.

    Some days after the quarter's end (setting CAMPAIGN_SHARE_DAYS), so that what was reported in time can be looked at,
    and before its scores are shown. Once a unit and quarter; safe to repeat.

    Returns:
        How many units have one by now.
    """
    period = period_of(timezone.localdate(at), Grain.QUARTER).before()
    if timezone.localdate(at) < period.after + timedelta(days=settings.CAMPAIGN_SHARE_DAYS):
        return 0
    rows = signed_off_in(period)
    with translation.override(settings.LANGUAGE_CODE):
        for row in rows:
            _tell(period, row, at)
    return len(rows)


def _tell(period: Period, row: SignedOff, at: datetime) -> None:
    asked = urlencode({"kind": Kind.CAMPAIGN, "unit": row.unit.code, "quarter": period.name})
    record_score_event(
        row.unit,
        period,
        EventKind.CAMPAIGN,
        row.share,
        f"专项整治任务 {row.tasks} 项,销号 {row.done} 项",
        key=f"campaign-share:{period.name}:{row.unit.code}",
        by=SYSTEM,
        at=at,
        url=f"{reverse('supervision-tasks')}?{asked}",
    )
