"""Four named things: history that cannot be rewritten, the outbox, in-app notices, and token buckets."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.enums import ActorKind, ChainFault, Channel, CheckResult, Drill, ExportFormat, ExportKind, MessageState


def no_truncate(name: str) -> pgtrigger.Trigger:
    """A trigger by which the database refuses to empty a table.

    Args:
        name: prefix of the trigger name, unique per table.
    """
    return pgtrigger.Trigger(
        name=f"{name}_no_truncate",
        operation=pgtrigger.Truncate,
        when=pgtrigger.Before,
        level=pgtrigger.Statement,
        func="RAISE EXCEPTION 'history cannot be truncated: %', TG_TABLE_NAME;",
    )


def append_only(name: str) -> list[pgtrigger.Trigger]:
    """Triggers by which the database refuses to change, delete or truncate a table's rows.

    Args:
        name: prefix of the trigger names, unique per table.
    """
    return [
        pgtrigger.Protect(name=f"{name}_no_update", operation=pgtrigger.Update),
        pgtrigger.Protect(name=f"{name}_no_delete", operation=pgtrigger.Delete),
        no_truncate(name),
    ]


class TransactionNumber(models.Func):
    """The number of the transaction that wrote a row; `seal_audit` relies on it (see there)."""

    template = "(pg_current_xact_id()::text::bigint)"
    output_field = models.BigIntegerField()


class ActedBy(models.Model):
    """Who did it, in what role, for which unit: kept as words too, because people and names change."""

    actor_kind = models.CharField(_("行为人类别"), max_length=10, choices=ActorKind)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    actor_name = models.CharField(_("行为人"), max_length=100)
    actor_unit = models.CharField(_("单位"), max_length=200, blank=True)
    actor_role = models.CharField(_("角色"), max_length=30, blank=True)

    class Meta:
        abstract = True


class AuditEntry(ActedBy):
    """审计记录: one act, successful or refused. Written in the act's own transaction or the act does not happen."""

    at = models.DateTimeField(_("时间"), db_index=True)
    action = models.CharField(_("行为"), max_length=60)
    object_type = models.CharField(_("对象类型"), max_length=60)
    object_id = models.CharField(_("对象编号"), max_length=60)
    success = models.BooleanField(_("是否成功"), default=True)
    before = models.JSONField(_("之前"), default=dict)
    after = models.JSONField(_("之后"), default=dict)
    reason = models.TextField(_("理由"), blank=True)
    address = models.GenericIPAddressField(_("网络地址"), null=True)
    request_id = models.CharField(max_length=64, blank=True)
    transaction_number = models.BigIntegerField(db_default=TransactionNumber(), editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["object_type", "object_id", "id"]),
            models.Index(fields=["transaction_number", "id"]),
        ]
        triggers = append_only("audit")

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.actor_name} {self.action} {self.object_type} {self.object_id}"


class AuditSeal(models.Model):
    """封存: the hash of all audit rows whose transaction number lies in [from_transaction, to_transaction)."""

    from_transaction = models.BigIntegerField()
    to_transaction = models.BigIntegerField(unique=True)
    row_count = models.BigIntegerField()
    last_entry = models.BigIntegerField()
    row_marks = models.BinaryField()  # for each row its id and 8 bytes of its hash, to name the first bad one
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(from_transaction__lt=models.F("to_transaction")), name="seal_range")
        ]
        triggers = append_only("seal")

    def __str__(self) -> str:
        return f"{self.from_transaction}-{self.to_transaction} {self.hash[:12]}"


class AuditCheck(models.Model):
    """核验: somebody asked whether the trail is whole; the clock looks, some seals at a time, and says so once.

    anchor: a hash the asker had written down outside; anchors: all that were compared, as [label, hash, found].
    position, head: how far it has come; until: when the last seal looked at was made. One waits at a time.
    """

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(_("提出时间"))
    anchor = models.CharField(_("抄录的校验码"), max_length=64, blank=True)
    anchors = models.JSONField(default=list)
    seals = models.PositiveIntegerField(_("封存数"), default=0)
    rows = models.PositiveBigIntegerField(_("记录数"), default=0)
    unsealed = models.PositiveBigIntegerField(_("尚未封存"), default=0)
    position = models.BigIntegerField(default=0)
    head = models.CharField(_("校验码"), max_length=64, blank=True)
    until = models.DateTimeField(_("核验到"), null=True, blank=True)
    result = models.CharField(_("结果"), max_length=10, choices=CheckResult, blank=True)
    fault = models.CharField(_("问题"), max_length=10, choices=ChainFault, blank=True)
    bad_entry = models.BigIntegerField(_("问题记录"), null=True, blank=True)
    bad_seal = models.BigIntegerField(_("问题封存"), null=True, blank=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["finished_at"],
                condition=Q(finished_at=None),
                nulls_distinct=False,
                name="one_audit_check_waiting",
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None, result="") | Q(finished_at__isnull=False) & ~Q(result=""),
                name="audit_check_ends_with_a_result",
            ),
            models.CheckConstraint(
                condition=Q(result=CheckResult.BROKEN) & ~Q(fault="") | ~Q(result=CheckResult.BROKEN) & Q(fault=""),
                name="audit_check_broken_says_where",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="audit_check_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__finished_at__isnull=False),
            ),
            pgtrigger.Protect(name="audit_check_no_delete", operation=pgtrigger.Delete),
            no_truncate("audit_check"),
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%F %T} {self.get_result_display()}".strip()


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    def due(self, at: object) -> "OutboxQuerySet":
        """Waiting messages whose next attempt has come."""
        return self.filter(state=MessageState.WAITING, next_attempt_at__lte=at)

    def dead(self) -> "OutboxQuerySet":
        return self.filter(state=MessageState.DEAD)


class OutboxMessage(models.Model):
    """待发消息: written with the act it tells of, delivered by a sweep, known to the receiver by `key`.

    The address is a reference (`address_kind`, `address_id`); a phone number is read from the vault only in the
    moment of sending and is never stored here.
    """

    key = models.CharField(max_length=150, unique=True)
    channel = models.CharField(_("渠道"), max_length=10, choices=Channel)
    kind = models.CharField(_("用途"), max_length=60)
    address_kind = models.CharField(max_length=20)
    address_id = models.CharField(max_length=60)
    about = models.CharField(_("案件编号"), max_length=60, blank=True, db_index=True)
    subject = models.CharField(_("标题"), max_length=200, blank=True)
    body = models.TextField(_("内容"))
    state = models.CharField(_("状态"), max_length=10, choices=MessageState, default=MessageState.WAITING)
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    last_error = models.CharField(_("最近错误"), max_length=300, blank=True)
    sent_at = models.DateTimeField(_("发送时间"), null=True, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(state="waiting"), name="outbox_waiting"),
            models.Index(fields=["-id"], condition=Q(state="dead"), name="outbox_dead"),
            models.Index(fields=["sent_at"], condition=Q(state="sent", attempts__gt=1), name="outbox_tried_again"),
        ]

    def __str__(self) -> str:
        return self.key


class Notice(models.Model):
    """站内通知: what a staff member should know, with the link where to act. One per key."""

    key = models.CharField(max_length=150)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=60)
    text = models.CharField(_("内容"), max_length=300)
    url = models.CharField(max_length=200, blank=True)
    due_at = models.DateTimeField(_("期限"), null=True, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["staff", "-id"]),
            models.Index(fields=["staff"], condition=Q(read_at=None), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return self.text


class TaskRun(models.Model):
    """定时任务: since when a task of the clock is known, when it last ended well and last failed. One row per task."""

    name = models.CharField(max_length=100, primary_key=True)
    first_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return self.name


class DrillRun(models.Model):
    """备份和恢复演练: what came of one, as the script that ran it has said.

    data_until: up to when what was saved, or found again, goes; seconds: how long it took; size: in bytes.
    """

    kind = models.CharField(_("类别"), max_length=10, choices=Drill)
    at = models.DateTimeField(_("时间"))
    succeeded = models.BooleanField(_("成功"))
    data_until = models.DateTimeField(_("数据截至"), null=True, blank=True)
    seconds = models.PositiveIntegerField(_("用时(秒)"), null=True, blank=True)
    size = models.PositiveBigIntegerField(_("大小"), null=True, blank=True)
    rows = models.PositiveBigIntegerField(_("审计记录数"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        triggers = append_only("drill")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%F %T}"


class Export(models.Model):
    """导出: rows that somebody would take out of the portal, why, and the file that the clock makes of them.

    takes_two: it holds so many rows that another person has to agree first; ready_until: until when its asker may take
    it, None as long as nobody may. It never holds an identity.
    """

    kind = models.CharField(_("内容"), max_length=10, choices=ExportKind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    format = models.CharField(_("格式"), max_length=4, choices=ExportFormat)
    filters = models.JSONField(default=dict)
    reason = models.CharField(_("导出用途"), max_length=500)
    requested_at = models.DateTimeField(_("申请时间"))
    rows = models.PositiveIntegerField(_("行数"), null=True)
    file = models.FileField(upload_to="exports/%Y/%m", blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    takes_two = models.BooleanField(default=False)
    approved = models.BooleanField(_("是否同意"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.CharField(_("意见"), max_length=500, blank=True)
    ready_until = models.DateTimeField(_("下载截止"), null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["id"], condition=Q(finished_at=None), name="export_to_make"),
            models.Index(fields=["ready_until"], condition=~Q(file=""), name="export_to_forget"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("by")), name="export_takes_two_people"
            ),
            models.CheckConstraint(
                condition=Q(approved=None, decided_by=None, decided_at=None)
                | Q(approved__isnull=False, decided_by__isnull=False, decided_at__isnull=False, takes_two=True),
                name="export_decided_as_a_whole",
            ),
            models.CheckConstraint(
                condition=Q(takes_two=False) | Q(approved=True, approved__isnull=False) | Q(ready_until=None),
                name="large_export_is_ready_once_agreed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.format} {self.requested_at:%F %T}"

    @property
    def waiting(self) -> bool:
        """Whether another person is asked for their word."""
        return bool(self.file) and self.takes_two and self.approved is None


class ExportTaking(models.Model):
    """取走: each time somebody took a file that they had asked for. The database lets nobody take another one."""

    export = models.ForeignKey(Export, on_delete=models.PROTECT, related_name="takings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = [
            *append_only("taking"),
            pgtrigger.Trigger(
                name="only_what_is_ready_is_taken",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                    IF NOT EXISTS (SELECT FROM common_export WHERE id = NEW.export_id AND by_id = NEW.by_id
                                   AND ready_until >= NEW.at) THEN
                        RAISE EXCEPTION 'export % may not be taken', NEW.export_id;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.export_id} {self.at:%F %T}"


class TokenBucket(models.Model):
    """限流桶: how many tokens were left when `updated_at` was written. Limits hold without the broker."""

    key = models.CharField(max_length=120, primary_key=True)
    tokens = models.FloatField()
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key
