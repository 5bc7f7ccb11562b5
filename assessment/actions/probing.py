"""自检: the proof that a bad rating gets in, has its case and is counted. The worst failure would be a silent one."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import requests
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment import gateways, queries
from assessment.models import Probe
from common.actions import NoticeText, notify
from common.gateways import GatewayError
from evaluations.queries import rating_of_form
from organizations.models import Window
from organizations.queries import system_administrators

KEPT = timedelta(days=90)
log = logging.getLogger(__name__)


def probe(*, at: datetime) -> Probe | None:
    """Rates the window for testing badly, through the public door (reliability.md §4.3).

    Args:
        at: now.

    Returns:
        What came of it so far; None where there is nothing to rate (setting PROBE_RATINGS, docs/operations.md).
    """
    window = Window.objects.probed()
    if not settings.PROBE_RATINGS or window is None:
        return None
    made = Probe.objects.create(at=at, window=window)
    try:
        nonce, seconds = gateways.rate_badly(window)
    except (GatewayError, requests.RequestException) as error:
        return _fail(made, _("没有送达: %(why)s") % {"why": str(error)[:120] or type(error).__name__}, at)
    rating = rating_of_form(nonce)
    if rating is None or rating.case_id is None:
        return _fail(made, _("收到了回执,却没有评价和差评件"), at)
    made.evaluation, made.taken = rating, timedelta(seconds=seconds)
    made.save(update_fields=["evaluation", "taken"])
    return made


def watch_probes(*, at: datetime) -> int:
    """Notes which probes have come into the figures, and reports those that have not in time.

    Returns:
        How many were settled.
    """
    settled = 0
    for made in Probe.objects.filter(counted=None, failure="").select_related("evaluation"):
        if made.evaluation is not None and queries.is_counted(made.evaluation):
            made.counted = at - made.at
            made.save(update_fields=["counted"])
        elif at - made.at > timedelta(seconds=settings.PROBE_SECONDS):
            _fail(made, _("%(seconds)d 秒后仍未进入统计") % {"seconds": (at - made.at).total_seconds()}, at)
        else:
            continue
        settled += 1
    Probe.objects.filter(at__lt=at - KEPT).delete()
    return settled


@transaction.atomic
def _fail(made: Probe, why: str, at: datetime) -> Probe:
    """Keeps the reason. Of failures in a row the first is told to the administrators, every one to the log."""
    made.failure = why[:200]
    made.save(update_fields=["failure"])
    log.error("probe of %s: %s", made.at.isoformat(), why)
    before = Probe.objects.filter(pk__lt=made.pk).order_by("-pk").first()
    if before is None or not before.failure:
        told = NoticeText(key=f"probe:{made.pk}", kind="probe.failed", text=why)
        notify(system_administrators(timezone.localdate(at)), told, at=at)
    return made
