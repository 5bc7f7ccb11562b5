"""局长走流程: what only a walk knows: who walked which matter as whom, and step by step how it went."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import no_truncate
from organizations.models import Hall, ServiceItem
from oversight.enums import WalkRole
from oversight.models.dossiers import Dossier
from oversight.models.tasks import Task


class Walk(models.Model):
    """One walk of a leader of a department through one of its matters.

    Attributes:
        leader, post: who walks. What is public names the post alone.
        place: the window or counter, as the sign has it.
        planned_on, walked_on: the day agreed, and the day it was.
    """

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, primary_key=True, related_name="walk")
    leader = models.CharField(_("带队领导"), max_length=60)
    post = models.CharField(_("职务"), max_length=60)
    role = models.CharField(_("身份"), max_length=12, choices=WalkRole)
    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, related_name="+", verbose_name=_("事项"))
    hall = models.ForeignKey(
        Hall, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("大厅")
    )
    place = models.CharField(_("窗口"), max_length=120, blank=True)
    planned_on = models.DateField(_("计划日期"), db_index=True)
    walked_on = models.DateField(_("走流程日期"), null=True, blank=True, db_index=True)

    class Meta:
        triggers = [
            pgtrigger.Protect(name="walk_no_delete", operation=pgtrigger.Delete),
            no_truncate("walk"),
        ]

    def __str__(self) -> str:
        return str(self.dossier)


class WalkStep(models.Model):
    """环节: one step of a walk, with its time and what stood in the way.

    Attributes:
        minutes: how long it took. begins, ends: from when to when, where that was noted.
        materials: how many were asked for. promised_minutes, promised_days: how long it should take, if that is said.
        task: what was made of the obstacle; from then on the step stands.
    """

    walk = models.ForeignKey(Walk, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField(_("序号"))
    what = models.CharField(_("环节"), max_length=120)
    begins = models.TimeField(_("起"), null=True, blank=True)
    ends = models.TimeField(_("止"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("用时(分钟)"), null=True, blank=True)
    materials = models.PositiveSmallIntegerField(_("材料份数"), null=True, blank=True)
    obstacle = models.CharField(_("堵点"), max_length=500, blank=True)
    promised_minutes = models.PositiveSmallIntegerField(_("承诺分钟"), null=True, blank=True)
    promised_days = models.PositiveSmallIntegerField(_("承诺工作日"), null=True, blank=True)
    task = models.OneToOneField(Task, on_delete=models.PROTECT, null=True, blank=True, related_name="walk_step")

    class Meta:
        ordering = ["walk", "number"]
        constraints = [
            models.UniqueConstraint(fields=["walk", "number"], name="walk_step_once"),
            models.CheckConstraint(
                condition=Q(begins=None) | Q(ends=None) | Q(ends__gte=models.F("begins")), name="walk_step_in_order"
            ),
            models.CheckConstraint(condition=Q(task=None) | ~Q(obstacle=""), name="task_of_an_obstacle"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="step_stands_with_its_task",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.task_id IS NOT NULL"),
            ),
            no_truncate("walk_step"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.what}"
