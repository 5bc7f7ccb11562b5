"""What waits for somebody in the close of a quarter, as the desk's first page shows it: one question, whoever asks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import CharField, Count, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appeals.lists import Task
from assessment.access import CLOSES_QUARTERS, KEEPS_SCHEMES, OBJECTS
from assessment.enums import Found, QuarterState, SchemeState
from assessment.models import Objection, Quarter, Scheme, UnitScore
from organizations.models import Staff

WORDS = {
    "answer": (_("待答复的考核异议"), "scores"),
    "stuck": (_("季度考核有问题待处理"), "quarters"),
    "adopt": (_("待审定的考核办法"), "schemes"),
    "object": (_("异议期内的考核得分"), "scores"),
}


def tasks_for(user: Staff, at: datetime) -> list[Task]:
    """Objections to answer, versions to adopt, checks to settle; for a unit the scores it may contest."""
    waiting: dict[str, QuerySet[Any]] = {}
    if user.has_role(*CLOSES_QUARTERS):
        waiting["answer"] = Objection.objects.filter(answered_at=None, quarter__frozen_at=None)
        waiting["stuck"] = Quarter.objects.filter(checks__found=Found.BAD, confirmed_at=None, frozen_at=None)
    if user.has_role(*KEEPS_SCHEMES):
        waiting["adopt"] = Scheme.objects.filter(state=SchemeState.PROPOSED).exclude(proposed_by=user)
    if user.has_role(*OBJECTS):
        running = {"quarter__state": QuarterState.OBJECTING, "quarter__objections_until__gte": at}
        waiting["object"] = UnitScore.objects.visible_to(user).filter(**running)
    if not waiting:
        return []
    first, *others = [_counted(name, rows) for name, rows in waiting.items()]
    numbers = dict(first.union(*others, all=True) if others else first)
    return [Task(WORDS[name][0], numbers[name], reverse(WORDS[name][1])) for name in waiting if numbers.get(name)]


def _counted(name: str, rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    """How many rows there are, under a name; no row at all where there is none."""
    named = rows.order_by().annotate(waits=Value(name, output_field=CharField()))
    return named.values("waits").annotate(n=Count("pk", distinct=True)).values_list("waits", "n")
