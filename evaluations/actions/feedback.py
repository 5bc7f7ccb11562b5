"""结果回传: what became of a rating goes back to the system it came from (domain.md §13.3, §13.5 no. 5)."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from common.actions import post_message
from common.enums import Channel
from evaluations.models import Evaluation, Reported, Source
from evaluations.profiles import outgoing_result, parse_profile
from rectification.enums import FINAL_STATES, State
from rectification.models import Case


def report_results(*, at: datetime, limit: int = 200) -> int:
    """Puts into the outbox what sources have not been told yet: validity, rectification and answer of their ratings.

    Returns:
        How many messages were posted.
    """
    posted = 0
    for source in Source.objects.filter(active=True).exclude(feedback_url=""):
        told = Q(reported__isnull=False, reported__version=F("version"))
        known = Case.objects.filter(evaluations__source=source.code)
        due = known.filter(Q(replied_at__isnull=False) | Q(state__in=FINAL_STATES)).exclude(told)
        for pk in list(due.order_by("pk").values_list("pk", flat=True)[:limit]):
            posted += _report(source, pk, at)
    return posted


@transaction.atomic
def _report(source: Source, pk: int, at: datetime) -> bool:
    case = Case.objects.select_for_update(of=("self",)).get(pk=pk)
    evaluation = Evaluation.objects.filter(case=case, source=source.code).order_by("id").first()
    if evaluation is None:
        return False
    body = json.dumps(_message(source, evaluation, case), ensure_ascii=False, sort_keys=True)
    said = hashlib.sha256(body.encode()).hexdigest()
    before = Reported.objects.filter(case=case).first()
    Reported.objects.update_or_create(case=case, defaults={"version": case.version, "said": said, "at": at})
    if before is not None and before.said == said:
        return False
    post_message(
        f"source:{source.code}:{case.number}:{said[:16]}",
        channel=Channel.SOURCE,
        kind="source.result",
        address=("source", source.code),
        body=body,
        about=case.number,
        at=at,
    )
    return True


def _message(source: Source, evaluation: Evaluation, case: Case) -> dict[str, Any]:
    report = case.reports.filter(passed=True).order_by("-id").first() if case.replied_at else None
    number, times = evaluation.project_number, evaluation.service_number
    own = number.startswith("#")
    return outgoing_result(
        parse_profile(source.profile),
        project_number="" if own else number,
        service_number="" if own else str(times),
        assess_number=str(evaluation.assess_number),
        source_rating_id=number[1:] if own else "",
        valid=_validity(case),
        answer=report.reply if report else "",
        rectification=report.changed if report else "",
        answered_at=case.replied_at,
        answer_days=(case.replied_at.date() - evaluation.rated_at.date()).days if case.replied_at else None,
    )


def _validity(case: Case) -> bool | None:
    """Known only at the end: a case that was voided was no valid rating, one that was signed off was."""
    if case.state == State.INVALID:
        return False
    return True if case.state == State.CLOSED else None
