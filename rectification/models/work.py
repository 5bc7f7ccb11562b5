"""What people do on a case: contacts, reports, callbacks, requests, joint work, evidence, drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import append_only
from organizations.enums import Role
from organizations.models import Unit
from rectification.enums import (
    Action,
    ContactKind,
    ContactResult,
    Evidence,
    JointWork,
    PressureKind,
    PressureOutcome,
    ReportKind,
    Verdict,
)
from rectification.models.case import Case

if TYPE_CHECKING:
    from organizations.models import Staff

STAFF = settings.AUTH_USER_MODEL


class ContactAttempt(models.Model):
    """联系记录: one call, by the unit or by the callback officer, whatever came of it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="contacts")
    kind = models.CharField(max_length=10, choices=ContactKind)
    result = models.CharField(_("结果"), max_length=12, choices=ContactResult)
    note = models.TextField(_("通话要点"), blank=True)
    call_reference = models.CharField(_("通话编号"), max_length=60, blank=True)
    seconds = models.PositiveIntegerField(_("通话秒数"), null=True, blank=True)
    by = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")
    by_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering = ["id"]
        triggers = append_only("contact")

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.get_result_display()}"


class Report(models.Model):
    """整改报告 or 解释说明, one per submission; what was sent back stays readable."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reports")
    round = models.PositiveSmallIntegerField(_("轮次"), default=0)
    kind = models.CharField(_("类别"), max_length=10, choices=ReportKind)
    wrong = models.TextField(_("问题是什么"))
    changed = models.TextField(_("改了什么"), blank=True)
    prevention = models.TextField(_("怎样防止再发生"), blank=True)
    legal_basis = models.TextField(_("依据条款"), blank=True)
    reply = models.TextField(_("给评价人的答复"))
    by = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(_("提交时间"))
    checked_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(_("质检时间"), null=True, blank=True)
    passed = models.BooleanField(_("质检通过"), null=True)
    check_note = models.TextField(_("质检意见"), blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(passed=None), name="one_report_in_check"),
            models.CheckConstraint(
                condition=Q(kind=ReportKind.EXPLAINED) & ~Q(legal_basis="")
                | Q(kind=ReportKind.RECTIFIED) & ~Q(changed=""),
                name="report_says_what_its_kind_needs",
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=models.F("by")), name="checker_is_not_author"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.submitted_at:%F %T}"


class CallbackRecord(models.Model):
    """回访记录: the answers of a reached evaluator (domain.md §8). The caller is never of the rated unit."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="callbacks")
    round = models.PositiveSmallIntegerField(default=0)
    contact = models.OneToOneField(ContactAttempt, on_delete=models.PROTECT, related_name="callback")
    was_contacted = models.BooleanField(_("单位联系过您吗"))
    solved = models.BooleanField(_("问题解决了吗"))
    verdict = models.CharField(_("对整改满意吗"), max_length=12, choices=Verdict)
    pressed = models.BooleanField(_("有人要求您修改评价吗"))
    retaliated = models.BooleanField(_("您受到过打击报复吗"))
    note = models.TextField(_("评价人的话"), blank=True)

    class Meta:
        ordering = ["id"]
        triggers = append_only("callback")

    def __str__(self) -> str:
        return f"{self.case_id} {self.get_verdict_display()}"


class Request(models.Model):
    """申请: to be classed complex, or for more time. Decided by the management body, never by the unit."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(
        max_length=24,
        choices=[(Action.REQUEST_COMPLEX, _("列为复杂件")), (Action.REQUEST_EXTENSION, _("延期"))],
    )
    reason = models.TextField(_("理由"))
    until = models.DateField(_("新的期限"), null=True, blank=True)
    by = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    approved = models.BooleanField(_("是否同意"), null=True)
    decided_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.TextField(_("审批意见"), blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "kind"], condition=Q(approved=None), name="one_request_waiting"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("by")), name="decider_is_not_applicant"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%F}"


class JointRecord(models.Model):
    """联动化解: a visit (上门服务), a special study (专题研究) or a meeting, with who came and what came of it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="joint_records")
    kind = models.CharField(_("方式"), max_length=10, choices=JointWork)
    held_on = models.DateField(_("日期"))
    place = models.CharField(_("地点"), max_length=200)
    participants = models.TextField(_("参加单位和人员"))
    result = models.TextField(_("结果"))
    by = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = append_only("joint")

    def __str__(self) -> str:
        return f"{self.held_on} {self.get_kind_display()}"


class Supervision(models.Model):
    """督办 / 催办: who pressed, when, for what, and the answer."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="supervisions")
    text = models.TextField(_("督办要求"))
    by = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer = models.TextField(_("回复"), blank=True)
    answered_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(answered_at=None), name="one_supervision_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.at:%F} {self.text[:30]}"


class PressureReportQuerySet(models.QuerySet["PressureReport"]):
    def visible_to(self, user: Staff) -> PressureReportQuerySet:
        """The reports of the divisions somebody supervises for the city; never those about their own unit."""
        seen = Q(pk__in=[])
        for membership in user.duties:
            if membership.role == Role.CITY_SUPERVISOR:
                theirs = Q(case__unit=membership.unit) | Q(case__rated_unit=membership.unit)
                seen |= Q(case__region_code__startswith=membership.region_prefix or "-") & ~theirs
        return self.filter(seen)


class PressureReport(models.Model):
    """有人要求我改评价: goes to the city supervisor and never to the unit.

    A withdrawal after the unit has spoken with the evaluator is noted here by itself (docs/domain.md §15).
    """

    kind = models.CharField(_("来源"), max_length=10, choices=PressureKind, default=PressureKind.REPORTED)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="pressure_reports")
    text = models.TextField(_("经过"), blank=True)
    at = models.DateTimeField()
    outcome = models.CharField(_("核查结果"), max_length=10, choices=PressureOutcome, blank=True)
    finding = models.TextField(_("核查情况"), blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = PressureReportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", settled_at=None) | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="pressure_settled_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(kind="withdrawal", settled_at=None), name="one_withdrawal_looked_into"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.at:%F}"


class Attachment(models.Model):
    """附件: a picture, re-encoded on arrival so that nothing hides in it, named by us."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attachments")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, null=True, blank=True, related_name="attachments")
    kind = models.CharField(_("类别"), max_length=10, choices=Evidence)
    file = models.FileField(upload_to="evidence/%Y/%m")
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.sha256[:8]}"


class Draft(models.Model):
    """草稿: what somebody has typed for one act on one case and not yet submitted."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="drafts")
    staff = models.ForeignKey(STAFF, on_delete=models.CASCADE, related_name="+")
    action = models.CharField(max_length=24, choices=Action)
    data = models.JSONField(default=dict)
    case_version = models.PositiveIntegerField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "staff", "action"], name="one_draft_each")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.action}"


class Presence(models.Model):
    """在看: who had a case page open a moment ago. A courtesy, not a lock."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    staff = models.ForeignKey(STAFF, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "staff"], name="present_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.staff_id}"
