"""抽访: the plan, whom the lot fell on, and every call that was made."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.models import append_only
from evaluations.enums import Level
from evaluations.enums.surveys import CallOutcome, CallStage, PlanStage, SampleBasis, SampleMethod
from evaluations.models.rating import Evaluation, Service
from evaluations.models.reviews import Questionnaire
from identity.models import Evaluator
from organizations.models import ServiceItem, Unit
from rectification.models import Case

STAFF = settings.AUTH_USER_MODEL


class SamplingPlan(models.Model):
    """抽样方案. Its seed and its period are kept, so that the draw can be repeated and checked by anybody."""

    name = models.CharField(_("名称"), max_length=60)
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="plans")
    basis = models.CharField(_("抽样范围"), max_length=10, choices=SampleBasis)
    first_day = models.DateField(_("日期起"))
    last_day = models.DateField(_("日期止"))
    size = models.PositiveIntegerField(_("样本量"))
    method = models.CharField(_("抽样方法"), max_length=10, choices=SampleMethod)
    minimum = models.PositiveIntegerField(_("每个单位至少"), default=0)
    seed = models.BigIntegerField(_("随机种子"))
    stage = models.CharField(_("状态"), max_length=8, choices=PlanStage, default=PlanStage.ORDERED)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(_("抽取时间"), null=True, blank=True)
    population = models.PositiveIntegerField(_("可抽人数"), default=0)
    drawn = models.PositiveIntegerField(_("抽中人数"), default=0)
    fault = models.CharField(_("没有抽取的原因"), max_length=200, blank=True)
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="plan_days_in_order"),
            models.CheckConstraint(condition=Q(size__gte=1), name="plan_draws_somebody"),
            models.CheckConstraint(
                condition=Q(stage=PlanStage.OPEN, drawn_at__isnull=False) | ~Q(stage=PlanStage.OPEN),
                name="an_open_plan_was_drawn",
            ),
            models.CheckConstraint(condition=Q(drawn__lte=F("population")), name="nobody_is_drawn_twice"),
        ]

    def __str__(self) -> str:
        return self.name


class SampleStratum(models.Model):
    """层: how many people of a unit could have been drawn, and how many were. What a weighted figure needs."""

    plan = models.ForeignKey(SamplingPlan, on_delete=models.CASCADE, related_name="strata")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    population = models.PositiveIntegerField()
    drawn = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "unit"], name="stratum_once"),
            models.CheckConstraint(condition=Q(drawn__lte=F("population")), name="stratum_holds_its_sample"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.drawn}/{self.population}"


class SampledCall(models.Model):
    """抽中的人: one call to make. Who it is only the vault knows; the caller sees what the talk is about."""

    plan = models.ForeignKey(SamplingPlan, on_delete=models.PROTECT, related_name="calls", db_index=False)
    position = models.PositiveIntegerField(_("序号"))
    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    evaluator = models.ForeignKey(Evaluator, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    item = models.ForeignKey(
        ServiceItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    happened_at = models.DateTimeField(_("办事时间"))
    rated_level = models.PositiveSmallIntegerField(_("当时评价"), choices=Level, null=True, blank=True)
    stage = models.CharField(_("状态"), max_length=12, choices=CallStage, default=CallStage.WAITING)
    tries = models.PositiveSmallIntegerField(_("已拨"), default=0)
    next_from = models.DateTimeField(_("最早再拨"))
    taken_by = models.ForeignKey(
        STAFF, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    taken_until = models.DateTimeField(null=True, blank=True)
    call_reference = models.CharField(_("通话编号"), max_length=60, blank=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="sampled_call")
    consented = models.BooleanField(_("同意立案"), default=False)

    class Meta:
        ordering = ["position"]
        indexes = [
            models.Index(
                fields=["plan", "next_from", "position"], condition=Q(stage=CallStage.WAITING), name="call_waiting"
            ),
            models.Index(
                fields=["taken_by"], condition=Q(stage=CallStage.WAITING, taken_by__isnull=False), name="call_taken"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="call_position_once"),
            models.CheckConstraint(
                condition=Q(evaluation__isnull=False, service=None) | Q(evaluation=None, service__isnull=False),
                name="call_is_about_a_rating_or_a_service",
            ),
            models.CheckConstraint(
                condition=Q(stage=CallStage.WAITING, finished_at=None)
                | (~Q(stage=CallStage.WAITING) & Q(finished_at__isnull=False, taken_by=None)),
                name="call_that_ended_has_its_moment",
            ),
            models.CheckConstraint(condition=Q(case=None) | Q(consented=True), name="no_case_without_consent"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """How the call is named where its person must not be: in the trail and at the switchboard."""
        return f"S{self.plan_id}-{self.position}"


class CallAttempt(models.Model):
    """拨打记录: one try, whatever came of it. The database refuses a caller of the rated unit (domain.md §8)."""

    call = models.ForeignKey(SampledCall, on_delete=models.PROTECT, related_name="attempts")
    outcome = models.CharField(_("结果"), max_length=12, choices=CallOutcome)
    note = models.TextField(_("备注"), blank=True)
    call_reference = models.CharField(_("通话编号"), max_length=60, blank=True)
    by = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")
    by_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    rated_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(by_unit=F("rated_unit")), name="no_unit_surveys_its_own_people")
        ]
        triggers = append_only("call_attempt")

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.get_outcome_display()}"
