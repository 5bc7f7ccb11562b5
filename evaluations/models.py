"""The rating, the service it is about, the ways in, and the one follow-up after rectification."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.ids import uuid7
from common.models import append_only
from evaluations.enums import Level, LinkKind, Origin, RatingChannel, ServiceSource
from identity.models import Evaluator
from organizations.enums import Topic
from organizations.models import Hall, ServiceItem, Unit, Window
from rectification.enums import Target, Verdict
from rectification.models import Case

STAFF = settings.AUTH_USER_MODEL


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


class Service(models.Model):
    """办件服务: one service given to somebody, which may be rated once."""

    source = models.CharField(_("来源"), max_length=10, choices=ServiceSource)
    project_number = models.CharField(_("办件编号"), max_length=60)
    service_number = models.PositiveSmallIntegerField(_("服务次数"), default=1)
    service_name = models.CharField(_("服务环节"), max_length=30, blank=True)
    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    window = models.ForeignKey(Window, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    staff = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    served_at = models.DateTimeField(_("服务时间"))
    applicant_index = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "project_number", "service_number"], name="service_known_once")
        ]
        indexes = [
            models.Index(fields=["window", "-served_at"]),
            models.Index(fields=["project_number"]),
        ]

    def __str__(self) -> str:
        return f"{self.project_number}/{self.service_number}"

    @property
    def key(self) -> str:
        """What "one service, one review" means (domain.md §4): the same key, whatever the channel or the time."""
        return f"service:{self.source}:{self.project_number}:{self.service_number}:1"


class RatingLink(models.Model):
    """一次性评价链接: a random token, hashed at rest, for one service. Spent by rating, never by opening."""

    token_hash = models.CharField(max_length=64, unique=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="links")
    kind = models.CharField(max_length=8, choices=LinkKind)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.service_id} {self.kind}"


class RatingKey(models.Model):
    """The global promise over all partitions: a service key, and a form's nonce, lead to one rating."""

    key = models.CharField(max_length=160, primary_key=True)
    evaluation_id = models.UUIDField()
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class Evaluation(models.Model):
    """评价. Partitioned by month of `received_at` (its migration says how); never changed, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    received_at = models.DateTimeField(_("接收时间"))
    rated_at = models.DateTimeField(_("评价时间"))
    level = models.PositiveSmallIntegerField(_("满意度"), choices=Level)
    tags = ArrayField(models.CharField(max_length=3), default=list)
    text = models.TextField(_("文字评价"), blank=True)
    channel = models.CharField(_("渠道"), max_length=12, choices=RatingChannel)
    origin = models.CharField(_("来源"), max_length=10, choices=Origin)
    is_default = models.BooleanField(_("默认评价"), default=False)
    target = models.CharField(_("评价对象"), max_length=12, choices=Target)
    topic = models.CharField(_("改革专题"), max_length=20, choices=Topic, blank=True)
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    item = models.ForeignKey(
        ServiceItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    window = models.ForeignKey(
        Window, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    staff = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    evaluator = models.ForeignKey(
        Evaluator, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="evaluations", db_index=False
    )
    negative = models.BooleanField(_("差评"))
    consent_version = models.CharField(max_length=20)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "-received_at"], name="evaluation_unit_time"),
            models.Index(fields=["case"], condition=Q(case__isnull=False), name="evaluation_case"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=5), name="evaluation_level"),
            models.CheckConstraint(condition=Q(level__gt=2) | Q(negative=True), name="levels_one_and_two_are_negative"),
            models.CheckConstraint(
                condition=Q(negative=False) | Q(case__isnull=False), name="no_negative_without_a_case"
            ),
            models.CheckConstraint(condition=Q(level__gt=2) | Q(case__isnull=False), name="level_needs_case"),
        ]
        triggers = append_only("rating")

    def __str__(self) -> str:
        return str(self.id)


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
