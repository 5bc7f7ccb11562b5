"""季度考核: the quarter and its steps, what was checked, everybody's score, objections, and what changed afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessment.access import score_prefixes
from assessment.enums import Check, Found, Grain, QuarterState, SchemeKind, Unranked
from assessment.models.schemes import Scheme
from assessment.models.versions import person
from assessment.periods import Period
from common.models import append_only, no_truncate
from organizations.enums import Role
from organizations.models import Unit, any_prefix

if TYPE_CHECKING:
    from organizations.models import Staff

FROZEN = """
IF EXISTS (SELECT FROM assessment_quarter WHERE id = {row}.quarter_id AND frozen_at IS NOT NULL) THEN
    RAISE EXCEPTION 'the quarter is frozen: %', TG_TABLE_NAME;
END IF;
RETURN {given};
"""
OPERATIONS = (
    ("insert", pgtrigger.Insert, "NEW", "NEW"),
    ("update", pgtrigger.Update, "OLD", "NEW"),
    ("delete", pgtrigger.Delete, "OLD", "OLD"),
)


def not_once_frozen(name: str) -> list[pgtrigger.Trigger]:
    """Triggers by which the database refuses to add, change or delete rows of a frozen quarter.

    Args:
        name: prefix of the trigger names, unique per table.
    """
    triggers = [
        pgtrigger.Trigger(
            name=f"{name}_frozen_{word}",
            operation=operation,
            when=pgtrigger.Before,
            func=FROZEN.format(row=row, given=given),
        )
        for word, operation, row, given in OPERATIONS
    ]
    return [*triggers, no_truncate(name)]


class Quarter(models.Model):
    """One quarter of assessment, and how far its close has come.

    as_of: facts are taken as they were known at this moment; what comes later goes to the correction log.
    fingerprint: of scheme, inputs and scores of everybody. audit_head: the seal of the trail when it was frozen.
    """

    begins = models.DateField(_("季度"), unique=True)
    state = models.CharField(_("状态"), max_length=10, choices=QuarterState, default=QuarterState.OPEN)
    city_scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    county_scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(_("核对时间"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    confirmed_by = person(_("确认人"))
    confirmed_note = models.TextField(_("说明"), blank=True)
    previewed_at = models.DateTimeField(_("预览时间"), null=True, blank=True)
    objections_from = models.DateTimeField(_("异议期开始"), null=True, blank=True)
    objections_until = models.DateTimeField(_("异议期截止"), null=True, blank=True)
    as_of = models.DateTimeField(_("数据截至"), null=True, blank=True)
    frozen_at = models.DateTimeField(_("封存时间"), null=True, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    audit_head = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-begins"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=QuarterState.FROZEN)
                | (Q(frozen_at__isnull=False, as_of__isnull=False) & ~Q(fingerprint="")),
                name="frozen_quarter_is_whole",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="quarter_frozen",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.frozen_at IS NOT NULL"),
            ),
            no_truncate("quarter"),
        ]

    def __str__(self) -> str:
        return self.period.name

    @property
    def period(self) -> Period:
        return Period(self.begins, Grain.QUARTER)

    @property
    def frozen(self) -> bool:
        return self.frozen_at is not None

    def scheme(self, kind: str) -> Scheme | None:
        return self.city_scheme if kind == SchemeKind.CITY else self.county_scheme


class QuarterCheck(models.Model):
    """数据核对: what one check found when it was last made."""

    quarter = models.ForeignKey(Quarter, on_delete=models.PROTECT, related_name="checks")
    check_of = models.CharField(_("核对项"), max_length=12, choices=Check)
    found = models.CharField(_("结果"), max_length=5, choices=Found)
    count = models.PositiveIntegerField(_("数量"), default=0)
    detail = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["quarter", "check_of"], name="quarter_check_once")]
        triggers = not_once_frozen("quarter_check")

    def __str__(self) -> str:
        return f"{self.quarter} {self.check_of} {self.found}"


class SourceTotal(models.Model):
    """来源报送数: how many ratings and services of a quarter a source says it has, entered by a person."""

    quarter = models.DateField(_("季度"))
    source = models.CharField(_("来源系统"), max_length=20)
    ratings = models.PositiveBigIntegerField(_("评价数"), null=True, blank=True)
    services = models.PositiveBigIntegerField(_("办件数"), null=True, blank=True)
    by = person(_("录入人"), optional=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ["source"]
        constraints = [models.UniqueConstraint(fields=["quarter", "source"], name="source_total_once")]

    def __str__(self) -> str:
        return f"{self.quarter} {self.source}"


class UnitScoreQuerySet(models.QuerySet["UnitScore"]):
    def visible_to(self, user: Staff) -> UnitScoreQuerySet:
        """The scores somebody may see: the management body those of its division, a unit its own."""
        seen = any_prefix("region_code", score_prefixes(user.duties))
        for held in user.duties:
            if held.role == Role.UNIT_SUPERVISOR:
                seen |= Q(unit__isnull=False, units__contains=[held.unit_id])
        return self.filter(seen)


class UnitScore(models.Model):
    """A subject's score of a quarter: one row that holds all it rests on, so that it can be shown and made again.

    subject: "unit:370600-GAJ" or "region:370602". units: whose facts are added up. lines: as `scoring.Line`, in order.
    rank_low, rank_high: between which ranks it lies if chance is taken into account.
    """

    quarter = models.ForeignKey(Quarter, on_delete=models.PROTECT, related_name="scores")
    kind = models.CharField(_("类别"), max_length=6, choices=SchemeKind)
    subject = models.CharField(_("考核对象"), max_length=50)
    name = models.CharField(_("名称"), max_length=100)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    region_code = models.CharField(max_length=12)
    group = models.CharField(_("分组"), max_length=60)
    volume = models.CharField(_("评价量分组"), max_length=30, blank=True)
    total = models.DecimalField(_("得分"), max_digits=6, decimal_places=2)
    rank = models.PositiveSmallIntegerField(_("名次"), null=True, blank=True)
    ranked = models.PositiveSmallIntegerField(default=0)
    beside = models.PositiveSmallIntegerField(default=0)
    rank_low = models.PositiveSmallIntegerField(null=True, blank=True)
    rank_high = models.PositiveSmallIntegerField(null=True, blank=True)
    unranked = models.CharField(_("不排名"), max_length=8, choices=Unranked, blank=True)
    why = models.CharField(_("原因"), max_length=300, blank=True)
    units = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    tallies = models.JSONField(default=dict)
    lines = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64)

    objects = UnitScoreQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "group", "volume", "rank", "subject"]
        constraints = [
            models.UniqueConstraint(fields=["quarter", "kind", "subject"], name="score_once"),
            models.CheckConstraint(
                condition=Q(rank__isnull=False, unranked="") | (Q(rank=None) & ~Q(unranked="")),
                name="ranked_or_a_reason",
            ),
        ]
        triggers = not_once_frozen("unit_score")

    def __str__(self) -> str:
        return f"{self.quarter} {self.subject} {self.total}"


class Objection(models.Model):
    """考核异议: what a unit says against a line of its score, and the answer. An upheld one takes the line out."""

    quarter = models.ForeignKey(Quarter, on_delete=models.PROTECT, related_name="objections")
    kind = models.CharField(max_length=6, choices=SchemeKind)
    subject = models.CharField(_("考核对象"), max_length=50)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    item = models.CharField(_("项目"), max_length=30, blank=True)
    reference = models.CharField(max_length=60, blank=True)
    line = models.CharField(_("异议对象"), max_length=300)
    text = models.TextField(_("异议内容"))
    by = person(_("提出人"), optional=False)
    at = models.DateTimeField(_("提出时间"))
    upheld = models.BooleanField(_("是否采纳"), null=True)
    answer = models.TextField(_("答复"), blank=True)
    answered_by = person(_("答复人"))
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["quarter", "kind", "subject", "item", "reference"],
                condition=Q(answered_at=None),
                name="one_objection_waiting",
            ),
            models.CheckConstraint(
                condition=Q(upheld=None, answered_at=None) | (Q(upheld__isnull=False) & ~Q(answer="")),
                name="objection_answered_in_words",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="objection_stands",
                fields=["quarter", "kind", "subject", "unit", "item", "reference", "line", "text", "by", "at"],
            ),
            pgtrigger.Protect(
                name="objection_answered_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.answered_at IS NOT NULL"),
            ),
            pgtrigger.Protect(name="objection_no_delete", operation=pgtrigger.Delete),
            no_truncate("objection"),
        ]

    def __str__(self) -> str:
        return f"{self.quarter} {self.subject} {self.item}"


class Correction(models.Model):
    """更正记录: what a frozen score would be by facts that became known later. It changes nothing of the quarter."""

    quarter = models.ForeignKey(Quarter, on_delete=models.PROTECT, related_name="corrections")
    kind = models.CharField(max_length=6, choices=SchemeKind)
    subject = models.CharField(_("考核对象"), max_length=50)
    name = models.CharField(_("名称"), max_length=100)
    before = models.DecimalField(_("封存得分"), max_digits=6, decimal_places=2)
    after = models.DecimalField(_("按现有数据"), max_digits=6, decimal_places=2)
    differences = models.JSONField(_("差异"), default=list)
    fingerprint = models.CharField(max_length=64)
    at = models.DateTimeField(_("发现时间"))

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["quarter", "kind", "subject", "fingerprint"], name="correction_once")
        ]
        triggers = append_only("correction")

    def __str__(self) -> str:
        return f"{self.quarter} {self.subject}: {self.before} → {self.after}"
