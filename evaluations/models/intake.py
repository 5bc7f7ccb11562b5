"""What comes in: who sends, what was sent, what became of each row, and the promise of one service, one review."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.models import append_only, no_truncate
from evaluations.enums import BatchKind, BatchState, CodeKind, LeftOutcome, SigningMethod
from organizations.models import ServiceItem, Unit, Window
from rectification.models import Case

STAFF = settings.AUTH_USER_MODEL


class Source(models.Model):
    """来源系统: who reports services and ratings, and the profile by which its messages are read (domain.md §13)."""

    code = models.CharField(_("代码"), max_length=20, primary_key=True)
    name = models.CharField(_("名称"), max_length=60)
    profile = models.JSONField(_("接口约定"), default=dict, blank=True)
    feedback_url = models.URLField(_("结果回传地址"), max_length=300, blank=True)
    active = models.BooleanField(_("启用"), default=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Partner(models.Model):
    """接入方: a system with a key of its own, which may report for one source, so much and no more."""

    app_id = models.CharField(_("应用标识"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=100)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="partners", verbose_name=_("来源系统"))
    method = models.CharField(_("签名方式"), max_length=12, choices=SigningMethod)
    sealed_key = models.BinaryField()
    scopes = models.JSONField(_("权限"), default=list)
    per_minute = models.PositiveIntegerField(_("每分钟请求上限"))
    active = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(_("最近调用"), null=True, blank=True)

    class Meta:
        ordering = ["app_id"]

    def __str__(self) -> str:
        return self.name


class Reported(models.Model):
    """回传记录: what a case's source has been told last, so that it is told again only when there is something new."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="reported")
    version = models.PositiveIntegerField()
    said = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id} {self.version}"


class ServiceKey(models.Model):
    """The promise over all partitions: a key leads to one service, or to one rating of it (`evaluations.keys`).

    The project number comes first, so that a number alone finds every service under it, whatever its source.
    """

    pk = models.CompositePrimaryKey("project_number", "source", "service_number", "assess_number")
    project_number = models.CharField(max_length=60)
    source = models.CharField(max_length=20)
    service_number = models.PositiveSmallIntegerField()
    assess_number = models.PositiveSmallIntegerField()
    row = models.UUIDField()

    class Meta:
        triggers = append_only("service_key")

    def __str__(self) -> str:
        return f"{self.project_number}/{self.source}/{self.service_number}/{self.assess_number}"


class SubmittedForm(models.Model):
    """A form that was sent: its nonce leads to its rating, so that a second press is harmless."""

    nonce = models.CharField(max_length=64, primary_key=True)
    row = models.UUIDField()

    class Meta:
        triggers = append_only("submitted_form")

    def __str__(self) -> str:
        return self.nonce


class ChangedDay(models.Model):
    """A unit's day whose figures must be counted again; left in the same transaction as the row that changes them.

    The reader on the right claims and deletes these rows. No key but its own, so that writers never wait.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    day = models.DateField()

    def __str__(self) -> str:
        return f"{self.unit_id} {self.day}"


class Batch(models.Model):
    """批次: a file or a message of many rows, and what became of them. received = the sum of all the others."""

    source = models.CharField(_("来源系统"), max_length=20)
    kind = models.CharField(_("内容"), max_length=10, choices=BatchKind)
    name = models.CharField(_("名称"), max_length=200)
    reference = models.CharField(_("来源批次号"), max_length=64, blank=True)
    stage = models.CharField(_("状态"), max_length=10, choices=BatchState, default=BatchState.WAITING)
    created_at = models.DateTimeField(_("提交时间"))
    created_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="batches")
    file = models.CharField(max_length=200, blank=True)
    plan = models.JSONField(default=dict, blank=True)
    dry_run = models.BooleanField(_("试运行"), default=False)
    total = models.BigIntegerField(_("总行数"), default=0)
    position = models.BigIntegerField(_("已处理"), default=0)
    negatives_first = models.BigIntegerField(default=0)
    received = models.BigIntegerField(_("收到"), default=0)
    stored = models.BigIntegerField(_("入库"), default=0)
    duplicates = models.BigIntegerField(_("重复"), default=0)
    quarantined = models.BigIntegerField(_("待对照"), default=0)
    held = models.BigIntegerField(_("待办件"), default=0)
    refused = models.BigIntegerField(_("退回"), default=0)
    warned = models.BigIntegerField(_("有提示"), default=0)
    cases = models.BigIntegerField(_("差评立案"), default=0)
    pace = models.FloatField(_("每秒行数"), default=0)
    began_at = models.DateTimeField(_("开始"), null=True, blank=True)
    ended_at = models.DateTimeField(_("结束"), null=True, blank=True)
    last_error = models.CharField(_("最近错误"), max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(received=F("stored") + F("duplicates") + F("quarantined") + F("held") + F("refused")),
                name="batch_adds_up",
            ),
            models.UniqueConstraint(
                fields=["source", "kind", "reference"], condition=~Q(reference=""), name="batch_reference_once"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(stage__in=["waiting", "running"]), name="batch_open"),
        ]

    def __str__(self) -> str:
        return self.name


class LeftRow(models.Model):
    """未入库行: a row that was not stored (refused, quarantined, held) or came in with a warning, and why.

    As long as it waits, the row is kept as it came, sealed, because it may hold a phone number; what is shown of it
    are its faults.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="left")
    line = models.BigIntegerField(_("行号"))
    outcome = models.CharField(_("结果"), max_length=12, choices=LeftOutcome)
    faults = models.JSONField(_("问题"), default=list)
    sealed = models.BinaryField()
    waits_kind = models.CharField(max_length=10, choices=CodeKind, blank=True)
    waits_for = models.CharField(max_length=100, blank=True)
    settled_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    row = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "line"], name="left_row_once")]
        indexes = [
            models.Index(fields=["batch", "outcome", "line"], name="left_by_outcome"),
            models.Index(
                fields=["waits_kind", "waits_for", "id"],
                condition=Q(settled_at=None) & ~Q(waits_for=""),
                name="left_waiting",
            ),
        ]
        triggers = [no_truncate("left_row")]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.line}"


class CodeMapping(models.Model):
    """编码对照: what a source's own code means here, said once by a person."""

    source = models.CharField(_("来源系统"), max_length=20)
    kind = models.CharField(_("类别"), max_length=10, choices=CodeKind)
    code = models.CharField(_("来源编码"), max_length=100)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    window = models.ForeignKey(Window, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "code"], name="mapping_once"),
            models.CheckConstraint(
                condition=Q(kind="unit", unit__isnull=False, item=None, window=None)
                | Q(kind="item", unit=None, item__isnull=False, window=None)
                | Q(kind="window", unit=None, item=None, window__isnull=False),
                name="mapping_names_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.code}"
