"""任务: one thing that one unit has to do by a day, whatever the dossier; somebody else signs it off."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.models import no_truncate
from organizations.enums import UNIT_ROLES
from organizations.models import Unit, any_prefix
from oversight.access import READS_DOSSIERS
from oversight.enums import OPEN_TASKS, TaskState
from oversight.models.dossiers import Dossier
from rectification.models import Case, Timed

if TYPE_CHECKING:
    from organizations.models import Staff

STAFF = settings.AUTH_USER_MODEL


class TaskQuerySet(models.QuerySet["Task"]):
    def open(self) -> TaskQuerySet:
        """Neither signed off nor dropped."""
        return self.filter(state__in=OPEN_TASKS)

    def overdue(self, at: datetime) -> TaskQuerySet:
        """Not reported by the due time."""
        return self.filter(state=TaskState.OPEN, due_at__lt=at)

    def visible_to(self, user: Staff) -> TaskQuerySet:
        """Of the dossiers somebody may see: a division's body all, a unit its own."""
        regions = [held.region_prefix for held in user.duties if held.role in READS_DOSSIERS and held.region_prefix]
        paths = [held.unit.path for held in user.duties if held.role in UNIT_ROLES]
        inside = any_prefix("dossier__region__code", regions) | any_prefix("unit__region__code", regions)
        return self.filter(inside | any_prefix("unit__path", paths), dossier__in=Dossier.objects.visible_to(user))


class Task(Timed):
    """One task.

    Attributes:
        number: within its dossier.
        place, finding, wanted: where, what was found, what is to be done.
        owner: who answers for it; without one, whoever supervises the unit.
        amount: working days, or None where somebody set the day.
        fix: what was done, as the unit reports it. returns: how often that was not enough.
        case: the case it came from, or became.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="tasks")
    number = models.PositiveSmallIntegerField(_("序号"))
    place = models.CharField(_("地点"), max_length=120, blank=True)
    finding = models.TextField(_("发现的问题"), blank=True)
    wanted = models.TextField(_("要求"))
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("责任单位"))
    owner = models.ForeignKey(
        STAFF, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("责任人")
    )
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    amount = models.PositiveSmallIntegerField(_("工作日"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=TaskState, default=TaskState.OPEN)
    fix = models.TextField(_("整改情况"), blank=True)
    returns = models.PositiveSmallIntegerField(_("退回次数"), default=0)
    reported_at = models.DateTimeField(_("报结时间"), null=True, blank=True)
    reported_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(_("销号时间"), null=True, blank=True)
    checked_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=0)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["dossier", "number"]
        indexes = [
            models.Index(fields=["unit", "due_at"], condition=Q(state__in=sorted(OPEN_TASKS)), name="task_open"),
            models.Index(fields=["next_warning_at"], condition=Q(state=TaskState.OPEN), name="task_to_warn"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "number"], name="task_number_once"),
            models.CheckConstraint(condition=Q(due_at__gte=F("started_at")), name="task_due_after_start"),
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=F("reported_by")), name="checker_is_not_the_doer"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[TaskState.REPORTED, TaskState.DONE])
                | (Q(reported_at__isnull=False, reported_by__isnull=False) & ~Q(fix="")),
                name="reported_with_what_was_done",
            ),
            models.CheckConstraint(
                condition=~Q(state=TaskState.DONE) | Q(checked_at__isnull=False, checked_by__isnull=False),
                name="signed_off_by_somebody",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="task_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.state IN ('done', 'dropped')"),
            ),
            pgtrigger.Protect(name="task_no_delete", operation=pgtrigger.Delete),
            no_truncate("task"),
        ]

    def __str__(self) -> str:
        return f"{self.dossier.number}-{self.number}"

    @property
    def open(self) -> bool:
        return self.state in OPEN_TASKS

    def late(self, at: datetime) -> bool:
        """Whether it was reported after its due time, or is overdue."""
        return (self.reported_at or at) > self.due_at
