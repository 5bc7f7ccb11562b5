"""The service, the rating it is given, the links that lead there, and the one follow-up after rectification."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import append_only
from evaluations.enums import ExclusionReason, Level, Limited, LinkKind, Origin, RatingChannel, ServiceSource
from evaluations.keys import FIRST_RATING, Key
from identity.models import Evaluator
from organizations.enums import Topic
from organizations.models import Hall, ServiceItem, Unit, Window
from rectification.enums import Target, Verdict
from rectification.models import Case

STAFF = settings.AUTH_USER_MODEL


class MadeAt(models.Func):
    """True where the row's id holds the moment of a field: the promise behind partitions and orders by id."""

    template = "(uuid_extract_timestamp(id) = date_trunc('milliseconds', %(expressions)s))"
    output_field = models.BooleanField()
    conditional = True


class Tag(models.Model):
    """测评标签: the national option codes (domain.md §3.2). Retired ones stay; the first digit is the level."""

    code = models.CharField(_("代码"), max_length=3, primary_key=True)
    level = models.PositiveSmallIntegerField(_("满意度"), choices=Level)
    label = models.CharField(_("内容"), max_length=60)
    core = models.BooleanField(_("常用"), default=False)
    active = models.BooleanField(_("启用"), default=True)
    version = models.CharField(_("版本"), max_length=10)
    problem_class = models.CharField(_("问题类别"), max_length=20, blank=True)

    class Meta:
        ordering = ["-level", "-core", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[1-5]\d\d$"), name="tag_code"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


def refers(to: Any, *, optional: bool = True, **options: Any) -> models.ForeignKey[Any, Any]:
    """A reference from a table of millions to one that never loses a row (organizations forbids deleting).

    Without a constraint in the database: its check would lock the unit's row at every rating of the unit.
    """
    return models.ForeignKey(
        to,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=optional,
        blank=optional,
        related_name="+",
        **options,
    )


class Service(models.Model):
    """办件服务: one service given to somebody, which may be rated once. Partitioned by month, as `Evaluation` is."""

    id = models.UUIDField(primary_key=True, editable=False)
    source = models.CharField(_("来源"), max_length=20)
    project_number = models.CharField(_("办件编号"), max_length=60)
    service_number = models.PositiveSmallIntegerField(_("服务次数"), default=1)
    service_name = models.CharField(_("服务环节"), max_length=30, blank=True)
    item = refers(ServiceItem, optional=False)
    unit = refers(Unit, optional=False)
    window = refers(Window)
    staff = refers(STAFF)
    served_at = models.DateTimeField(_("服务时间"))
    received_at = models.DateTimeField(_("接收时间"))
    applicant_index = models.CharField(max_length=64, blank=True)
    contact = models.ForeignKey(
        Evaluator, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    batch = refers("evaluations.Batch")

    class Meta:
        indexes = [
            models.Index(fields=["unit", "id"], name="service_unit_time"),
            models.Index(fields=["window", "id"], condition=Q(window__isnull=False), name="service_window_time"),
            models.Index(fields=["id"], condition=Q(contact__isnull=False), name="service_with_contact"),
        ]
        constraints = [
            models.CheckConstraint(condition=MadeAt("served_at"), name="service_id_tells_its_time"),
        ]
        triggers = append_only("service")

    def __str__(self) -> str:
        return f"{self.project_number}/{self.service_number}"

    @property
    def key(self) -> Key:
        """What "one service, one review" means (domain.md §4): the same key, whatever the channel or the time."""
        return Key(self.project_number, self.source, self.service_number, FIRST_RATING)


class RatingLink(models.Model):
    """一次性评价链接: a random token, hashed at rest, for one service. Spent by rating, never by opening."""

    token_hash = models.CharField(max_length=64, unique=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="links")
    kind = models.CharField(max_length=8, choices=LinkKind)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.service_id} {self.kind}"


class Evaluation(models.Model):
    """评价. Never changed, never deleted. Its id tells its time, to the millisecond, and the table is partitioned by
    month of the id: whoever has the id has the partition, and (unit, id) is the order of a unit's ratings."""

    id = models.UUIDField(primary_key=True, editable=False)
    rated_at = models.DateTimeField(_("评价时间"))
    received_at = models.DateTimeField(_("接收时间"))
    level = models.PositiveSmallIntegerField(_("满意度"), choices=Level)
    tags = ArrayField(models.CharField(max_length=3), default=list)
    text = models.TextField(_("文字评价"), blank=True)
    channel = models.CharField(_("渠道"), max_length=12, choices=RatingChannel)
    origin = models.CharField(_("来源"), max_length=10, choices=Origin)
    is_default = models.BooleanField(_("默认评价"), default=False)
    target = models.CharField(_("评价对象"), max_length=12, choices=Target)
    topic = models.CharField(_("改革专题"), max_length=20, choices=Topic, blank=True)
    source = models.CharField(_("来源系统"), max_length=20)
    project_number = models.CharField(_("办件编号"), max_length=60, blank=True)
    service_number = models.PositiveSmallIntegerField(_("服务次数"), default=0)
    assess_number = models.PositiveSmallIntegerField(_("评价次数"), default=FIRST_RATING)
    unit = refers(Unit, optional=False)
    item = refers(ServiceItem)
    hall = refers(Hall)
    window = refers(Window)
    staff = refers(STAFF)
    evaluator = models.ForeignKey(
        Evaluator, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="evaluations", db_index=False
    )
    batch = refers("evaluations.Batch")
    entered_by = refers(STAFF)
    negative = models.BooleanField(_("差评"))
    consent_version = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "id"], name="evaluation_unit_time"),
            models.Index(fields=["case"], condition=Q(case__isnull=False), name="evaluation_case"),
            models.Index(
                fields=["entered_by", "-received_at"], condition=Q(entered_by__isnull=False), name="evaluation_entered"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=5), name="evaluation_level"),
            models.CheckConstraint(condition=Q(level__gt=2) | Q(negative=True), name="levels_one_and_two_are_negative"),
            models.CheckConstraint(
                condition=Q(negative=False) | Q(case__isnull=False), name="no_negative_without_a_case"
            ),
            models.CheckConstraint(condition=Q(level__gt=2) | Q(case__isnull=False), name="level_needs_case"),
            models.CheckConstraint(
                condition=Q(is_default=True, origin=Origin.DEFAULT) | (Q(is_default=False) & ~Q(origin=Origin.DEFAULT)),
                name="silence_is_marked",
            ),
            models.CheckConstraint(condition=MadeAt("rated_at"), name="evaluation_id_tells_its_time"),
            models.CheckConstraint(
                condition=~Q(origin=Origin.CHECK, source=ServiceSource.PORTAL) | Q(entered_by__isnull=False),
                name="a_check_names_its_checker",
            ),
        ]
        triggers = append_only("rating")

    def __str__(self) -> str:
        return str(self.id)

    @property
    def number(self) -> str:
        """What a clerk writes on the slip: the case's number, or for praise the end of the id."""
        tail = self.id.hex[-8:].upper()
        return self.case.number if self.case else f"{tail[:4]}-{tail[4:]}"


class Exclusion(models.Model):
    """不计入统计: a rating that is no rating (a test, a double), taken out of the figures, never out of the table."""

    evaluation = models.OneToOneField(Evaluation, on_delete=models.PROTECT, related_name="exclusion")
    reason = models.CharField(_("原因"), max_length=12, choices=ExclusionReason)
    note = models.TextField(_("说明"), blank=True)
    by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("时间"))

    class Meta:
        triggers = append_only("exclusion")

    def __str__(self) -> str:
        return f"{self.evaluation_id} {self.reason}"


class OverLimit(models.Model):
    """超限标记: a rating that came faster than its kind of sender usually does. It counts; a person may look at it."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="over_limits")
    limit = models.CharField(_("超出的限制"), max_length=8, choices=Limited)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evaluation", "limit"], name="over_a_limit_once")]
        triggers = append_only("over_limit")

    def __str__(self) -> str:
        return f"{self.evaluation_id} {self.limit}"


class RatingTrace(models.Model):
    """评价痕迹: from where a rating of a browser came, as marks that name nobody (docs/integrity.md). Cleared in time.

    device: of the browser, the same for one calendar month. network: of the network, the same for one day.
    tablet: the one it was given on. staff: the browser was signed in as staff.
    """

    evaluation = models.OneToOneField(
        Evaluation, on_delete=models.PROTECT, primary_key=True, related_name="trace", db_constraint=False
    )
    device = models.CharField(max_length=16, blank=True)
    network = models.CharField(max_length=16, blank=True)
    tablet = refers("evaluations.Device")
    staff = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.evaluation_id} {self.device[:4]}"


class FollowUp(models.Model):
    """追评: one word after rectification (three levels). Kept beside the first rating, never over it."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="follow_up")
    verdict = models.CharField(_("整改满意度"), max_length=12, choices=Verdict)
    text = models.TextField(_("补充"), blank=True)
    at = models.DateTimeField()

    class Meta:
        triggers = append_only("follow_up")

    def __str__(self) -> str:
        return f"{self.case_id} {self.verdict}"


class FollowUpLink(models.Model):
    """再次评价链接, sent after the reply; hashed at rest, for one case."""

    token_hash = models.CharField(max_length=64, unique=True)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="follow_up_link")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.case_id)
