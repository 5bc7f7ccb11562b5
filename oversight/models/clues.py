"""问责线索: sealed. The portal keeps what was found, what the unit said, what was decided by two, and what left the
house; it decides no discipline (domain.md §12)."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessment.models.versions import person
from common.models import append_only, no_truncate
from organizations.models import Unit
from oversight.enums import CluePaperKind, ClueSort, Level
from oversight.models.dossiers import Dossier
from rectification.models.deadline import Timed

# What the clock of a question may change: when it is due, where a calendar was corrected, and what was warned of.
CLOCK = ("due_at", "provisional", "calendar_version", "warned", "next_warning_at")


class Clue(models.Model):
    """One clue.

    Attributes:
        sort: what it is of. rule: the rule that found it; empty where a person raised it.
        evidence: the rows behind it in words, [{"words": …}, …], as they were found.
        source: the follow-up whose ladder led to it.
        reference: where the proof of its end lies.
    """

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, primary_key=True, related_name="clue")
    sort = models.CharField(_("线索类别"), max_length=14, choices=ClueSort)
    rule = models.CharField(_("依据规则"), max_length=14, blank=True)
    evidence = models.JSONField(default=list)
    source = models.ForeignKey(Dossier, on_delete=models.PROTECT, null=True, blank=True, related_name="clues")
    reference = models.CharField(_("办结依据"), max_length=200, blank=True)

    class Meta:
        triggers = [
            pgtrigger.ReadOnly(name="clue_stays", exclude=["reference"]),
            pgtrigger.Protect(name="clue_no_delete", operation=pgtrigger.Delete),
            no_truncate("clue"),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.get_sort_display()}"


class Statement(Timed):
    """请你单位说明: what a unit is asked, by when, and its answer. All that it ever sees of a clue.

    cases: it is asked about, by their ids. amount: working days it has; None of a
    question from before they were kept.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="statements")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("单位"))
    question = models.TextField(_("请说明的问题"))
    cases = ArrayField(models.BigIntegerField(), default=list)
    amount = models.PositiveSmallIntegerField(null=True, blank=True)
    asked_by = person(_("发出人"), optional=False)
    answer = models.TextField(_("单位说明"), blank=True)
    answered_at = models.DateTimeField(_("说明时间"), null=True, blank=True)
    answered_by = person(_("说明人"))

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["unit"], condition=Q(answered_at=None), name="statement_waiting"),
            models.Index(fields=["next_warning_at"], condition=Q(answered_at=None), name="statement_to_warn"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["dossier"], condition=Q(answered_at=None), name="one_question_waiting"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, answered_by=None)
                | (~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="answered_in_words_by_somebody",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="question_stays", exclude=["answer", "answered_at", "answered_by", *CLOCK]),
            pgtrigger.Protect(
                name="answered_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.answered_at IS NOT NULL"),
            ),
            pgtrigger.Protect(name="statement_no_delete", operation=pgtrigger.Delete),
            no_truncate("statement"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.started_at:%F}"


class Hearing(models.Model):
    """听取陈述申辩: when, who, and what was said. Append-only."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="hearings")
    held_on = models.DateField(_("日期"))
    who = models.CharField(_("参加人(写职务)"), max_length=200)
    record = models.TextField(_("记录"))
    by = person(_("经手人"), optional=False)
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering = ["id"]
        triggers = append_only("hearing")

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.held_on}"


class Decision(models.Model):
    """处理: facts, the clause and the level, proposed by one and confirmed by another. Never deleted, only withdrawn.

    document, article, clause: what it rests on, named and quoted.
    why_level: why not the next level of the ladder.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="decisions")
    level = models.CharField(_("处理层级"), max_length=10, choices=Level)
    facts = models.TextField(_("认定事实"))
    document = models.CharField(_("依据文件"), max_length=200)
    article = models.CharField(_("条款"), max_length=60)
    clause = models.TextField(_("条文"))
    why_level = models.TextField(_("不按层级递进的理由"), blank=True)
    proposed_by = person(_("提出人"), optional=False)
    proposed_at = models.DateTimeField(_("提出时间"))
    confirmed_by = person(_("复核人"))
    confirmed_at = models.DateTimeField(_("复核时间"), null=True, blank=True)
    withdrawn_by = person(_("撤销人"))
    withdrawn_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    withdrawn_why = models.TextField(_("撤销理由"), blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["dossier"], condition=Q(withdrawn_at=None), name="one_decision_stands"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")), name="a_level_needs_two"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="a_level_is_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(facts="") & ~Q(document="") & ~Q(article="") & ~Q(clause=""), name="a_level_rests_on_facts"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_why=""), name="a_level_is_withdrawn_for_a_reason"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="decision_stays",
                fields=[
                    "dossier",
                    "level",
                    "facts",
                    "document",
                    "article",
                    "clause",
                    "why_level",
                    "proposed_by",
                    "proposed_at",
                ],
            ),
            pgtrigger.Protect(
                name="decision_withdrawn_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.withdrawn_at IS NOT NULL"),
            ),
            pgtrigger.Protect(
                name="decision_confirmed_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.confirmed_at IS NOT NULL AND (OLD.confirmed_at, OLD.confirmed_by_id) IS DISTINCT FROM"
                    " (NEW.confirmed_at, NEW.confirmed_by_id)"
                ),
            ),
            pgtrigger.Protect(name="decision_no_delete", operation=pgtrigger.Delete),
            no_truncate("decision"),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.get_level_display()}"


class CluePaper(models.Model):
    """通报函, 移送材料: the very bytes, with their fingerprint. Append-only.

    addressee: to whom. content: the paper it was printed from.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(_("类别"), max_length=10, choices=CluePaperKind)
    addressee = models.CharField(_("主送"), max_length=120)
    content = models.JSONField()
    file = models.FileField(upload_to="clues")
    sha256 = models.CharField(max_length=64)
    by = person(_("经手人"), optional=False)
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering = ["id"]
        triggers = append_only("clue_paper")

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.get_kind_display()}"


class Handover(models.Model):
    """移送: what was handed to whom, on which day, and the number of the receipt. Append-only."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="handovers")
    paper = models.OneToOneField(CluePaper, on_delete=models.PROTECT, related_name="handover")
    addressee = models.CharField(_("接收机关"), max_length=120)
    receiver = models.CharField(_("接收人(写职务)"), max_length=120)
    held_on = models.DateField(_("移送日期"))
    receipt = models.CharField(_("回执编号"), max_length=60)
    by = person(_("经手人"), optional=False)
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(receipt=""), name="handed_over_against_a_receipt")]
        triggers = append_only("handover")

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.receipt}"


class Feedback(models.Model):
    """反馈: what came back, as it was said; the portal records it and judges nothing. Append-only."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="feedbacks")
    held_on = models.DateField(_("收到日期"))
    text = models.TextField(_("反馈内容"))
    reference = models.CharField(_("文号"), max_length=120, blank=True)
    by = person(_("经手人"), optional=False)
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering = ["id"]
        triggers = append_only("feedback")

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.held_on}"


class SealedLook(models.Model):
    """查阅: who looked at which page or file of a sealed dossier, when, from where and why. Append-only.

    why: said once a day and person, and kept with every look of that day.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="looks")
    staff = person(_("查阅人"), optional=False)
    page = models.CharField(_("查阅内容"), max_length=40)
    why = models.CharField(_("用途"), max_length=200)
    address = models.GenericIPAddressField(_("网络地址"), null=True, blank=True)
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["dossier", "staff", "at"], name="look_of_the_day")]
        constraints = [models.CheckConstraint(condition=~Q(why=""), name="nobody_looks_without_a_purpose")]
        triggers = append_only("sealed_look")

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.staff_id} {self.at:%F %T}"
