"""期限: how many days a duty has (a rule, versioned) and when one case's duty is due (a row per duty)."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organizations.models import Unit
from rectification.enums import MAY_RUN_AGAIN, Complexity, Duty, TimeUnit
from rectification.models.case import Case, CoHandling


class DutyRule(models.Model):
    """办理时限规则 (domain.md §5.1). Never edited in place: a change is a new version with a date."""

    preset = models.CharField(_("方案"), max_length=20)
    duty = models.CharField(_("环节"), max_length=12, choices=Duty)
    complexity = models.CharField(_("分类"), max_length=8, choices=Complexity, blank=True)
    amount = models.PositiveSmallIntegerField(_("时限"))
    time_unit = models.CharField(_("单位"), max_length=2, choices=TimeUnit)
    extension_max = models.PositiveSmallIntegerField(_("可延长"), default=0)
    valid_from = models.DateField(_("起用日期"))
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    source = models.CharField(_("依据"), max_length=200, blank=True)

    class Meta:
        ordering = ["preset", "duty", "complexity", "version"]
        constraints = [
            models.UniqueConstraint(fields=["preset", "duty", "complexity", "version"], name="duty_rule_version")
        ]

    def __str__(self) -> str:
        return f"{self.preset}/{self.duty}/{self.complexity} v{self.version}"


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def running(self) -> DeadlineQuerySet:
        """Neither met, nor withdrawn, nor paused."""
        return self.filter(met_at=None, withdrawn_at=None, paused_at=None)

    def unmet(self) -> DeadlineQuerySet:
        return self.filter(met_at=None, withdrawn_at=None)

    def overdue(self, at: datetime) -> DeadlineQuerySet:
        """Of the case: that a ruling on its appeal is late is not its fault."""
        return self.running().filter(due_at__lt=at).exclude(duty=Duty.APPEAL)


class Timed(models.Model):
    """期限: what is due, with the way its due time was reached, and the next moment at which somebody is warned of it.

    Whatever waits for somebody is one of these, so that all due times are counted, warned of and shown alike.
    """

    time_unit = models.CharField(max_length=2, choices=TimeUnit)
    started_at = models.DateTimeField(_("起算"))
    due_at = models.DateTimeField(_("期限"))
    provisional = models.BooleanField(_("暂定"), default=False)
    calendar_version = models.CharField(max_length=60)
    warned = models.CharField(_("已提醒"), max_length=12, blank=True)
    next_warning_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class Deadline(Timed):
    """One duty of one case, with the way its due time was reached, so that it can be explained years later."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="deadlines")
    duty = models.CharField(_("环节"), max_length=12, choices=Duty)
    round = models.PositiveSmallIntegerField(default=0)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    co_handling = models.OneToOneField(CoHandling, on_delete=models.PROTECT, null=True, blank=True)
    rule = models.ForeignKey(DutyRule, on_delete=models.PROTECT, related_name="+")
    amount = models.PositiveSmallIntegerField()
    extended_to = models.DateField(_("延期至"), null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    pauses = models.JSONField(default=list)  # [["from", "to"], …] as ISO times
    met_at = models.DateTimeField(_("完成"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(
                fields=["case", "due_at"],
                condition=Q(met_at=None, withdrawn_at=None),
                name="deadline_unmet",
            ),
            models.Index(
                fields=["unit", "due_at", "case"],
                condition=Q(met_at=None, withdrawn_at=None),
                name="deadline_unit_unmet",
            ),
            models.Index(
                fields=["next_warning_at"],
                condition=Q(met_at=None, withdrawn_at=None, paused_at=None),
                name="deadline_to_warn",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "duty", "round", "unit"],
                condition=Q(withdrawn_at=None, co_handling=None) & ~Q(duty__in=sorted(MAY_RUN_AGAIN)),
                name="duty_runs_once",
            ),
            models.CheckConstraint(condition=Q(due_at__gte=F("started_at")), name="due_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.duty} {self.due_at:%F %H:%M}"
