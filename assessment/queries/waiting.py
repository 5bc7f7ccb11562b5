"""What waits for somebody in the close of a quarter, as the desk's first page shows it."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appeals.lists import Task
from assessment.access import CLOSES_QUARTERS, KEEPS_SCHEMES, OBJECTS
from assessment.enums import Found, QuarterState, SchemeState
from assessment.models import Objection, Quarter, Scheme, UnitScore
from organizations.models import Staff


def tasks_for(user: Staff, at: datetime) -> list[Task]:
    """Objections to answer, versions to adopt, checks to settle; for a unit the scores it may contest."""
    tasks = []
    if user.has_role(*CLOSES_QUARTERS):
        waiting = Objection.objects.filter(answered_at=None, quarter__frozen_at=None).count()
        tasks.append(Task(_("待答复的考核异议"), waiting, reverse("scores")))
        stuck = Quarter.objects.filter(checks__found=Found.BAD, confirmed_at=None, frozen_at=None).distinct().count()
        tasks.append(Task(_("季度考核有问题待处理"), stuck, reverse("quarters")))
    if user.has_role(*KEEPS_SCHEMES):
        others = Scheme.objects.filter(state=SchemeState.PROPOSED).exclude(proposed_by=user).count()
        tasks.append(Task(_("待审定的考核办法"), others, reverse("schemes")))
    if user.has_role(*OBJECTS):
        running = {"quarter__state": QuarterState.OBJECTING, "quarter__objections_until__gte": at}
        mine = UnitScore.objects.visible_to(user).filter(**running).count()
        tasks.append(Task(_("异议期内的考核得分"), mine, reverse("scores")))
    return [task for task in tasks if task.count]
