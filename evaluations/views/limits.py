"""Limits of ratings at the door: who is stopped, and how a person who is stopped goes on, with scripts or without."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.utils import timezone

from common.actions import take_each
from common.ids import keyed_hash
from evaluations import limits
from evaluations.enums import Limited
from evaluations.proof import is_proven, new_challenge
from evaluations.views.manners import asker

PATIENCE, PATIENCE_SECONDS = "patience", 20
LONGEST_PATIENCE = timedelta(hours=1)


@dataclass(frozen=True)
class Admission:
    """Which limits a rating exceeds, and whether it is stopped for that."""

    over: tuple[Limited, ...] = ()
    stopped: bool = False


def admitted(request: HttpRequest, nonce: str, counted: Mapping[Limited, str]) -> Admission:
    """Counts a rating and says whether it may come in. Whoever is over a limit may, once work or patience is shown.

    Args:
        nonce: of the form, to which both are bound.
        counted: whose bucket it is, of each limit that concerns this way in; the browser adds itself.
    """
    device = _browser(request) if Limited.TABLET not in counted else {}
    buckets = limits.in_force(settings.RATING_LIMITS, {**counted, **device})
    taken = take_each({name: (limit.most, limit.per) for name, (_kind, limit) in buckets.items()}, at=timezone.now())
    over, stopped = limits.over(buckets, taken)
    return Admission(over, stopped and not _shown(request, nonce))


def _browser(request: HttpRequest) -> dict[Limited, str]:
    """A browser by the random cookie that guards its forms: no other is set, and it says nothing of a person."""
    cookie = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    return {Limited.DEVICE: keyed_hash("device", cookie)[:32]} if cookie else {}


def _shown(request: HttpRequest, nonce: str) -> bool:
    return is_proven(request.POST.get("proof", ""), nonce) or _has_waited(request.POST.get("patience", ""), nonce)


def _has_waited(ticket: str, nonce: str) -> bool:
    """Whether this form was stopped long enough ago. One network has so many who wait, not more than who press."""
    if _age(ticket, nonce) < timedelta(seconds=PATIENCE_SECONDS):
        return False
    limit = limits.read_limit("RATING_LIMIT_ADDRESS", settings.RATING_LIMITS[Limited.ADDRESS])
    return bool(take_each({f"rate:patience:{asker()}": (limit.most, limit.per)}, at=timezone.now()))


def _age(ticket: str, nonce: str) -> timedelta:
    """How long ago a ticket of this form was given; nothing for one that is another's, too old or made up."""
    signer = signing.TimestampSigner(salt=PATIENCE)
    try:
        if signer.unsign(ticket, max_age=LONGEST_PATIENCE) != nonce:
            return timedelta(0)
    except signing.BadSignature:
        return timedelta(0)
    given = signing.b62_decode(ticket.rsplit(":", 2)[1])
    return timedelta(seconds=timezone.now().timestamp() - given)


def ways_on(request: HttpRequest, nonce: str) -> dict[str, Any]:
    """What the page of a stopped rating carries: a task for the browser, and a ticket for whoever waits instead."""
    known = request.POST.get("patience", "")
    ticket = known if _age(known, nonce) else signing.TimestampSigner(salt=PATIENCE).sign(nonce)
    minutes, steps = settings.PROOF_MINUTES, settings.PROOF_STEPS
    challenge = new_challenge(nonce, steps=steps, at=timezone.now(), minutes=minutes)
    return {"patience": ticket, "challenge": json.dumps(challenge), "steps": steps}
