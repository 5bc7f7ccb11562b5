"""What is counted of a day to compare it with others, and what was found: suspicions that only a person decides."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessment.access import finding_paths, finding_regions, reads_findings_of_no_unit
from assessment.enums import Direction, FindingAct, FindingState, SignalCode
from common.models import ActedBy, append_only
from evaluations.models import Evaluation
from organizations.models import Staff, Unit, Window, any_prefix

STAFF = settings.AUTH_USER_MODEL


class CountedDay(models.Model):
    """A day whose places are counted, and when it was last searched for findings (None: only counted, as a base)."""

    day = models.DateField(primary_key=True)
    working = models.BooleanField()
    looked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.day}"


class DayToLook(models.Model):
    """A day whose rows have changed since it was searched. Left by the sweep of tallies, claimed by the search.

    No key but its own, as with `ChangedDay`, so that the one never waits for the other.
    """

    day = models.DateField()

    def __str__(self) -> str:
        return f"{self.day}"


class PlaceDay(models.Model):
    """A window's day, or with window_id = 0 that of all ratings of a unit at no window. Counted again, never adjusted.

    usual: ratings that somebody gave on a device themselves, not read in from paper or by telephone; the columns
    after it are of these. repeats: ratings beyond the first of each device; again: those of the device with most.
    gap_expected: how many short intervals so many ratings would have by chance. hours: the ratings by the hour of the
    day in which they were given, from 0 to 23; empty where the day was counted before there were any.
    """

    day = models.DateField()
    unit_id = models.BigIntegerField()
    window_id = models.BigIntegerField()
    services = models.IntegerField(default=0)
    ratings = models.IntegerField(default=0)
    usual = models.IntegerField(default=0)
    older = models.IntegerField(default=0)
    n1 = models.IntegerField(default=0)
    n2 = models.IntegerField(default=0)
    n3 = models.IntegerField(default=0)
    n4 = models.IntegerField(default=0)
    n5 = models.IntegerField(default=0)
    marked = models.IntegerField(default=0)
    repeats = models.IntegerField(default=0)
    again = models.IntegerField(default=0)
    gaps = models.IntegerField(default=0)
    gap_expected = models.FloatField(default=0)
    off = models.IntegerField(default=0)
    matched = models.IntegerField(default=0)
    early = models.IntegerField(default=0)
    late = models.IntegerField(default=0)
    hours = ArrayField(models.IntegerField(), default=list)
    pk = models.CompositePrimaryKey("day", "unit_id", "window_id")

    def __str__(self) -> str:
        return f"{self.day} {self.unit_id}/{self.window_id}"


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, user: Staff) -> FindingQuerySet:
        """区域内的督导 and auditors all of their region, a unit's supervisor those about the unit and all below it."""
        condition = any_prefix("unit__region__code", finding_regions(user.duties))
        condition |= any_prefix("unit__path", finding_paths(user.duties))
        if reads_findings_of_no_unit(user.duties):
            condition |= Q(unit=None)
        return self.filter(condition)

    def undecided(self) -> FindingQuerySet:
        return self.filter(state=FindingState.OPEN)


class Finding(models.Model):
    """疑点: so much of something on one day at one place, and how likely chance alone would have made it.

    chance: that as many or more come about where nothing is wrong; by the unit's own base. subject: what tells two
    findings of the same signal, place and day apart (a shortened mark, a value), never an identity. looked: how many
    places were looked at on that day.
    """

    day = models.DateField(_("日期"))
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("单位")
    )
    window = models.ForeignKey(
        Window, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("窗口")
    )
    signal = models.CharField(_("迹象"), max_length=16, choices=SignalCode)
    subject = models.CharField(max_length=60, blank=True)
    direction = models.CharField(_("方向"), max_length=8, choices=Direction)
    observed = models.IntegerField(_("实际"))
    total = models.IntegerField(_("总数"), default=0)
    expected = models.FloatField(_("平常"))
    chance = models.FloatField(_("偶然出现的机会"))
    looked = models.IntegerField(default=1)
    evidence = models.JSONField(default=dict)
    state = models.CharField(_("结论"), max_length=10, choices=FindingState, default=FindingState.OPEN)
    found_at = models.DateTimeField(_("发现时间"))
    explanation = models.TextField(_("单位说明"), blank=True)
    explained_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(_("认定理由"), blank=True)
    decided_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("认定时间"), null=True, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-id"]
        indexes = [
            models.Index(fields=["state", "-day", "-id"], name="finding_by_state"),
            models.Index(fields=["unit", "-day"], name="finding_of_unit"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "signal", "unit", "window", "subject"], nulls_distinct=False, name="finding_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[FindingState.OPEN, FindingState.GONE], decided_at=None, decided_by=None)
                | (
                    ~Q(state__in=[FindingState.OPEN, FindingState.GONE])
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(reason="")
                ),
                name="finding_is_decided_by_a_person_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.get_signal_display()}"


class FindingRating(models.Model):
    """Which ratings a finding is about."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="ratings")
    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.PROTECT, related_name="findings", db_constraint=False, db_index=True
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["finding", "evaluation"], name="finding_rating_once")]

    def __str__(self) -> str:
        return f"{self.finding_id} {self.evaluation_id}"


class FindingEvent(ActedBy):
    """疑点经过: what was found, explained and decided, in the words of then."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="events")
    act = models.CharField(_("行为"), max_length=10, choices=FindingAct)
    at = models.DateTimeField(_("时间"))
    note = models.TextField(_("说明"), blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        triggers = append_only("finding_event")

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.get_act_display()}"
