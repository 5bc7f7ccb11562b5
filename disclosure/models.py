"""What the public sees of a case: the desk's side with its history, and the public copy in a table of its own."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.models import ActedBy, append_only
from disclosure.enums import DateGrain, DisclosureAct, Reason, Result, Standing
from organizations.models import Staff, Unit
from oversight.enums import WalkRole
from rectification.enums import Evidence, Level, Stage, Verdict
from rectification.models import Case


class DisclosureQuerySet(models.QuerySet["Disclosure"]):
    def waiting(self) -> DisclosureQuerySet:
        """Those with words that nobody has looked at yet."""
        return self.filter(waiting_since__isnull=False)

    def visible_to(self, user: Staff) -> DisclosureQuerySet:
        """Those of the cases this person may see."""
        return self.filter(case__in=Case.objects.visible_to(user))


class Disclosure(models.Model):
    """公示件: one case on its way to the public. The words of the draft are those of the case, with `finds` hidden.

    finds: by part, the stretches that the rules found: [start, end, rule].
    sources: by part, a fingerprint of the words that the finds were made in.
    seen_version: the version of the case that the sweep has followed so far.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="disclosure")
    number = models.CharField(_("公示编号"), max_length=9, unique=True)
    standing = models.CharField(_("公示状态"), max_length=10, choices=Standing, default=Standing.WAITING)
    waiting_since = models.DateTimeField(_("待审起"), null=True, blank=True)
    clear = models.BooleanField(_("未发现个人信息"), default=False)
    doubts = models.JSONField(default=list)
    finds = models.JSONField(default=dict)
    sources = models.JSONField(default=dict)
    reason = models.CharField(_("理由"), max_length=12, blank=True, choices=Reason)
    seen_version = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["waiting_since"], condition=Q(waiting_since__isnull=False), name="disclosure_waiting")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(standing__in=[Standing.WITHHELD, Standing.TAKEN_DOWN]) ^ Q(reason=""),
                name="unshown_has_a_reason",
            )
        ]

    def __str__(self) -> str:
        return self.number


class DisclosureEvent(ActedBy):
    """公示经过: one act. `texts` are the words as they went out, so every version that was public stays readable."""

    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="events")
    act = models.CharField(_("行为"), max_length=10, choices=DisclosureAct)
    at = models.DateTimeField(_("时间"))
    note = models.TextField(_("说明"), blank=True)
    texts = models.JSONField(default=dict)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["disclosure", "id"])]
        triggers = append_only("disclosure_event")

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.get_act_display()}"


class PublicCaseQuerySet(models.QuerySet["PublicCase"]):
    def shown(self) -> PublicCaseQuerySet:
        return self.filter(shown=True)


class PublicCase(models.Model):
    """公示: a copy that holds nothing but what everybody may read. No key leads from it to a case.

    item: 事项, or a coarser word for it where too few people had it done.
    rated_on: the first day of what `rated_grain` says.
    on_time: whether the first rectification was done within its time; None while it is not done.
    words: everything that is searched, in normal form; `search` its single characters and pairs.
    """

    number = models.CharField(_("公示编号"), max_length=9, unique=True)
    shown = models.BooleanField(default=True)
    reason = models.CharField(_("不予公示理由"), max_length=12, blank=True, choices=Reason)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("责任单位"))
    unit_name = models.CharField(_("责任单位"), max_length=100)
    region_code = models.CharField(max_length=12)
    item = models.CharField(_("事项"), max_length=200, blank=True)
    channel = models.CharField(_("评价渠道"), max_length=20, blank=True)
    level = models.PositiveSmallIntegerField(_("满意度"), choices=Level)
    tags = models.JSONField(_("原因"), default=list)
    rated_on = models.DateField(_("评价日期"))
    rated_grain = models.CharField(max_length=8, choices=DateGrain, default=DateGrain.DAY)
    stage = models.CharField(_("环节"), max_length=12, choices=Stage)
    result = models.CharField(_("处理结果"), max_length=10, choices=Result)
    ground = models.CharField(_("认定依据"), max_length=100, blank=True)
    replied_on = models.DateField(_("答复日期"), null=True, blank=True)
    working_days = models.PositiveSmallIntegerField(_("用时(工作日)"), null=True, blank=True)
    on_time = models.BooleanField(_("按期整改"), null=True, blank=True)
    verdict = models.CharField(_("评价人对整改"), max_length=12, blank=True, choices=Verdict)
    reopened = models.BooleanField(_("评价人反映未解决"), default=False)
    typical = models.BooleanField(_("典型案例"), default=False)
    hidden = models.BooleanField(_("应评价人要求不再展示文字"), default=False)
    problem = models.TextField(_("反映的问题"), blank=True)
    changed = models.TextField(_("整改措施"), blank=True)
    reply = models.TextField(_("答复"), blank=True)
    published_on = models.DateField(_("公示日期"))
    changed_at = models.DateTimeField(_("更新时间"))
    words = models.TextField(blank=True, editable=False)
    search = SearchVectorField(null=True, editable=False)

    objects = PublicCaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-id"], condition=Q(shown=True), name="public_newest"),
            models.Index(fields=["-working_days", "-id"], condition=Q(shown=True), name="public_longest"),
            models.Index(fields=["unit", "-id"], condition=Q(shown=True), name="public_of_unit"),
            GinIndex(fields=["search"], name="public_search"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(shown=True) | Q(problem="", changed="", reply="", words="", item="", tags=[]),
                name="unshown_says_nothing",
            ),
            models.CheckConstraint(
                condition=Q(hidden=False) | Q(problem="", changed="", reply=""), name="hidden_says_nothing"
            ),
            models.CheckConstraint(condition=Q(shown=True) ^ ~Q(reason=""), name="public_unshown_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.number


class PublicPicture(models.Model):
    """整改前后的照片: a copy of a piece of evidence, chosen by whoever looked at the case."""

    case = models.ForeignKey(PublicCase, on_delete=models.CASCADE, related_name="pictures")
    kind = models.CharField(_("类别"), max_length=10, choices=Evidence)
    file = models.FileField(upload_to="public/%Y/%m")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.get_kind_display()}"


class PublicGround(models.Model):
    """申诉统计 by ground: counts copied from the register of appeals, which no public page reads."""

    code = models.CharField(max_length=4, primary_key=True)
    name = models.CharField(_("申诉理由"), max_length=60)
    filed = models.PositiveIntegerField(_("提出"))
    ruled = models.PositiveIntegerField(_("已裁定"))
    upheld = models.PositiveIntegerField(_("成立和部分成立"))
    days = models.DecimalField(_("平均天数"), max_digits=6, decimal_places=1, null=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(upheld__lte=F("ruled"), ruled__lte=F("filed")), name="upheld_of_ruled")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.filed}"


class PublicFigure(models.Model):
    """指标 for everybody: the two numbers of a metric in a quarter, of the city or of a unit with those below it.

    code: of the catalogue. counted_at: up to when; those of the city say when it was last looked at.
    """

    quarter = models.DateField(_("季度"))
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    code = models.CharField(_("指标"), max_length=20)
    part = models.PositiveBigIntegerField(_("分子"))
    whole = models.PositiveBigIntegerField(_("分母"))
    counted_at = models.DateTimeField(_("数据截至"))

    class Meta:
        ordering = ["-quarter", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["quarter", "unit", "code"], name="one_public_figure", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.quarter} {self.code} {self.part}/{self.whole}"


class Echo(models.Model):
    """我也遇到过: one for each browser and case. Who it was is not known, only that it was not twice the same."""

    case = models.ForeignKey(PublicCase, on_delete=models.CASCADE, related_name="echoes")
    device = models.CharField(max_length=64)
    on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "device"], name="echo_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.on}"


class PublicWalk(models.Model):
    """走流程 as the public reads it: which department walked through what, what stood in the way, what was done.

    A copy without any name; leaders are there by post. number: that of the walk.
    problems: pairs of what stood in the way and what was done about it, as somebody let them out.
    """

    number = models.CharField(_("编号"), max_length=20, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit_name = models.CharField(_("单位"), max_length=100)
    post = models.CharField(_("职务"), max_length=60)
    role = models.CharField(_("身份"), max_length=12, choices=WalkRole)
    item = models.CharField(_("事项"), max_length=200)
    walked_on = models.DateField(_("走流程日期"))
    minutes = models.PositiveIntegerField(_("总用时(分钟)"), null=True)
    summary = models.TextField(_("结果"), blank=True)
    problems = models.JSONField(default=list)
    shown = models.BooleanField(default=True)
    published_on = models.DateField(_("公示日期"))
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-walked_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(shown=True) | Q(summary="", problems=[]), name="a_walk_taken_down_has_no_words"
            )
        ]

    def __str__(self) -> str:
        return self.number


class PublicWalkEvent(ActedBy):
    """公示经过 of a walk; `texts` are the words as they went out. Append-only."""

    walk = models.ForeignKey(PublicWalk, on_delete=models.PROTECT, related_name="events")
    act = models.CharField(_("行为"), max_length=10, choices=DisclosureAct)
    at = models.DateTimeField(_("时间"))
    note = models.TextField(_("说明"), blank=True)
    texts = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        triggers = append_only("public_walk_event")

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.get_act_display()}"
