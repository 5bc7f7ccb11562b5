"""How current the figures are, what the portal finds when it tries itself, and the year others are compared with."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessment.models.tallies import refers
from evaluations.models import Evaluation
from organizations.models import Window


class AsOf(models.Model):
    """数据截至: the moment whose changes were all counted, when a sweep last left nothing to count. One row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="as_of_one_row")]

    def __str__(self) -> str:
        return f"{self.at:%F %T}"


class PastState(models.Model):
    """回看: the figures of a month as they were known at the end of a past day, counted from rows once and kept.

    What was known then does not change, so neither does this. Only what takes too long for a page is kept at all.
    figures: of each unit, by its identifier, as `scoring.record.kept_figures` writes them; items: those rated.
    """

    begins = models.DateField(_("月份"))
    day = models.DateField(_("回看到哪一天"))
    asked_at = models.DateTimeField(_("提出时间"))
    counted_at = models.DateTimeField(_("算好时间"), null=True, blank=True)
    figures = models.JSONField(default=dict)
    items = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["begins", "day"], name="past_state_once")]

    def __str__(self) -> str:
        return f"{self.begins:%Y-%m} {self.day}"


class Probe(models.Model):
    """自检: a bad rating that the portal gave itself through the public door, and how far it came."""

    at = models.DateTimeField(_("时间"))
    window = refers(Window)
    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    taken = models.DurationField(_("入库用时"), null=True, blank=True)
    counted = models.DurationField(_("进入统计用时"), null=True, blank=True)
    failure = models.CharField(_("失败原因"), max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["id"], condition=Q(counted=None, failure=""), name="probe_on_its_way")]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.failure}".strip()


class Baseline(models.Model):
    """基准: how many active ratings a month of the year of comparison had (the city's report compares with 2020)."""

    year = models.PositiveSmallIntegerField(_("年度"))
    month = models.PositiveSmallIntegerField(_("月份"))
    active = models.PositiveIntegerField(_("主动评价"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "month"], name="baseline_once"),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="baseline_month"),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d}: {self.active}"
