"""POST /api/v1/intake/services, /ratings, /batches."""

from __future__ import annotations

import re
from typing import Any

from django.http import JsonResponse
from django.utils.translation import gettext as _

from evaluations.actions.messages import Taken, take_batch, take_rating, take_service
from evaluations.api.guard import Asked, Denied, door, named, opened
from evaluations.enums import BatchKind, Origin, Scope
from evaluations.models import Batch
from evaluations.queries import left_of

REFERENCE = re.compile(r"[A-Za-z0-9_.:-]{1,60}")
STATUS = {"stored": 201, "duplicate": 200, "held": 202, "quarantined": 202, "refused": 422}
MOST = 5000


@door(Scope.RATINGS)
def ratings(asked: Asked) -> JsonResponse:
    """Takes one rating."""
    return _answer(take_rating(asked.partner.source, opened(asked, asked.message), origin=Origin.IMPORTED, at=asked.at))


@door(Scope.SERVICES)
def services(asked: Asked) -> JsonResponse:
    """Takes one service."""
    return _answer(take_service(asked.partner.source, opened(asked, asked.message), at=asked.at))


def _answer(taken: Taken) -> JsonResponse:
    said: dict[str, Any] = {"outcome": taken.outcome}
    if taken.identifier:
        said["id"] = taken.identifier
    if taken.number:
        said["case"] = taken.number
    if taken.faults:
        said["warnings" if taken.outcome == "stored" else "errors"] = named(taken.faults)
    return JsonResponse(said, status=STATUS[taken.outcome])


@door(Scope.BATCHES)
def batches(asked: Asked) -> JsonResponse:
    """Takes many services and ratings at once, services first; the same batch again changes nothing."""
    reference = asked.message.get("batch")
    if not isinstance(reference, str) or not REFERENCE.fullmatch(reference):
        raise Denied(422, "bad_batch", _("batch 必须是 1 到 60 个字母、数字或 _ . : -"))
    answer: dict[str, Any] = {"batch": reference}
    for kind in (BatchKind.SERVICES, BatchKind.RATINGS):
        messages = asked.message.get(kind.value, [])
        if not isinstance(messages, list) or len(messages) > MOST:
            words = _("%(name)s 必须是列表,最多 %(most)d 条") % {"name": kind.value, "most": MOST}
            raise Denied(422, "bad_batch", words)
        if messages:
            plain = [opened(asked, message) for message in messages]
            done = take_batch(asked.partner, f"{asked.partner.pk}:{reference}", kind, plain, at=asked.at)
            answer[kind.value] = _counts(done)
    return JsonResponse(answer)


def _counts(batch: Batch) -> dict[str, Any]:
    counts = {
        name: getattr(batch, name)
        for name in ("received", "stored", "duplicates", "quarantined", "held", "refused", "cases")
    }
    left = [{"row": row.line, "outcome": row.outcome, "errors": named(faults)} for row, faults in left_of(batch)]
    return {**counts, "errors": left}
