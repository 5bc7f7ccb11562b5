"""Questions of dossiers and tasks: what stands on a list, what happened, what waits for whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from organizations.enums import Role
from organizations.models import Staff, any_prefix
from organizations.queries import working_calendar
from oversight.access import MANAGES_DOSSIERS
from oversight.courses import label_of
from oversight.enums import OPEN_TASKS, DossierAct, TaskState
from oversight.models import Dossier, DossierEvent, DossierQuerySet, Task, TaskQuerySet
from rectification.deadlines import due_at
from rectification.enums import TimeUnit
from rectification.queries import clock_rules


def with_counts(dossiers: DossierQuerySet, at: datetime) -> DossierQuerySet:
    """Dossiers with how many tasks they have, how many are signed off or overdue, pictures, and the next due time."""
    counted = Q(tasks__state__in=[*OPEN_TASKS, TaskState.DONE])
    waiting = Q(tasks__state=TaskState.OPEN)
    return dossiers.annotate(
        n_tasks=Count("tasks", filter=counted, distinct=True),
        n_done=Count("tasks", filter=Q(tasks__state=TaskState.DONE), distinct=True),
        n_overdue=Count("tasks", filter=waiting & Q(tasks__due_at__lt=at), distinct=True),
        n_pictures=Count("pictures", distinct=True),
        next_due=Min("tasks__due_at", filter=waiting),
    )


def counts_by_kind(dossiers: DossierQuerySet) -> dict[str, int]:
    """How many of these dossiers there are of each kind, in one question."""
    rows = dossiers.order_by().values_list("kind").annotate(n=Count("pk"))
    return dict(rows)


CHECK_AHEAD = timedelta(days=90)


@dataclass(frozen=True)
class Line:
    """One line of a history, as components/timeline.html draws it."""

    at: datetime
    title: str
    who: str
    text: str


def history_of(dossier: Dossier, events: Iterable[DossierEvent] | None = None) -> list[Line]:
    """What happened to a dossier and its tasks, the oldest first.

    Args:
        events: some of it; everything if not given.
    """
    found = sorted(
        dossier.events.select_related("task") if events is None else events, key=lambda one: (one.at, one.pk)
    )
    return [Line(one.at, _title(dossier, one), f"{one.actor_name} {one.actor_unit}".strip(), one.note) for one in found]


def _title(dossier: Dossier, event: DossierEvent) -> str:
    words: str | Promise = label_of(dossier.kind, event.act)
    return _("%(act)s(任务 %(number)d)") % {"act": words, "number": event.task.number} if event.task else str(words)


def tasks_of(dossier: Dossier, user: Staff) -> TaskQuerySet:
    """The tasks of a dossier that somebody may see, with what a list shows of them."""
    rows: TaskQuerySet = dossier.tasks.visible_to(user).select_related("unit", "owner", "case", "dossier")
    return rows.annotate(n_pictures=Count("pictures")).order_by("number")


def to_do(user: Staff) -> TaskQuerySet:
    """The open tasks that wait for somebody: their own, and where nobody is named those of the units they supervise."""
    paths = [held.unit.path for held in user.duties if held.role == Role.UNIT_SUPERVISOR]
    mine = Q(owner=user) | (Q(owner=None) & any_prefix("unit__path", paths))
    return _shown(Task.objects.visible_to(user).filter(mine, state=TaskState.OPEN))


def to_check(user: Staff) -> TaskQuerySet:
    """The reported tasks that wait for somebody's 销号: never their own reports, nor those of the body they sit in."""
    held = [one for one in user.duties if one.role in MANAGES_DOSSIERS and one.region_prefix]
    reached = any_prefix("dossier__region__code", [one.region_prefix for one in held if one.region_prefix])
    own = [one.unit_id for one in held]
    rows = Task.objects.visible_to(user).filter(reached, state=TaskState.REPORTED)
    return _shown(rows.exclude(reported_by=user).exclude(unit__in=own))


def _shown(tasks: TaskQuerySet) -> TaskQuerySet:
    rows: TaskQuerySet = tasks.select_related("dossier", "unit", "owner").order_by("due_at", "pk")
    return rows


def late_tasks(user: Staff, at: datetime) -> TaskQuerySet:
    """The tasks somebody may see that were not reported by their due time, the latest first."""
    return _shown(Task.objects.visible_to(user).overdue(at))


@dataclass(frozen=True)
class HomeNumbers:
    """Tasks somebody may see; each number is a list of the same length."""

    running: int
    overdue: int
    check: int
    todo: int


def home_numbers(user: Staff, at: datetime) -> HomeNumbers:
    """In progress, overdue, to be signed off by them, to be done by them."""
    seen = Task.objects.visible_to(user)
    return HomeNumbers(seen.open().count(), seen.overdue(at).count(), to_check(user).count(), to_do(user).count())


@dataclass(frozen=True)
class Duty:
    """Something that waits for a person, as the inbox shows it.

    label: what is to be done. subject: with what. kind: of which part of the portal.
    """

    kind: str | Promise
    label: str | Promise
    subject: str
    url: str
    due_at: datetime | None


def duties_for(user: Staff, *, limit: int) -> list[Duty]:
    """The tasks that wait for somebody: to be done, and to be signed off; next due first."""
    doing = [_duty(DossierAct.REPORT_TASK.label, task, task.due_at) for task in to_do(user)[:limit]]
    return [*doing, *_checking(list(to_check(user)[:limit]))]


def _checking(tasks: Sequence[Task]) -> list[Duty]:
    """What was reported is looked at within some working days (setting TASK_CHECK_DAYS): its unit has done its part."""
    reported = [task.reported_at for task in tasks if task.reported_at]
    if not reported:
        return []
    days, unit = settings.TASK_CHECK_DAYS, TimeUnit.WORKING_DAYS
    calendar = working_calendar(timezone.localdate(min(reported)), timezone.localdate(max(reported)) + CHECK_AHEAD)
    return [
        _duty(DossierAct.SIGN_OFF_TASK.label, task, due_at(task.reported_at, days, unit, calendar, clock_rules()).at)
        for task in tasks
        if task.reported_at
    ]


def _duty(label: str | Promise, task: Task, due: datetime) -> Duty:
    kind = task.dossier.get_kind_display()
    return Duty(kind, label, f"{task} {task.wanted}", reverse("task", args=[task.pk]), due)
