"""精准评议 and 抽访: questions as rows in versions, what was answered, and the waves in which people are asked."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.models import append_only
from evaluations.enums import Level
from evaluations.enums.reviews import Dimension, Purpose, QuestionKind
from evaluations.models.rating import Evaluation, Service
from identity.models import Evaluator
from organizations.enums import Topic
from organizations.models import Unit

STAFF = settings.AUTH_USER_MODEL

STARTED = """
IF EXISTS (
    SELECT FROM evaluations_questionnaire
    WHERE opened_at IS NOT NULL AND id IN (OLD.questionnaire_id, NEW.questionnaire_id)
) THEN
    RAISE EXCEPTION 'a questionnaire that was started is not edited: %', TG_OP;
END IF;
RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
"""


class Questionnaire(models.Model):
    """问卷, one version of it. Once started it is never edited, only followed by a new version."""

    code = models.SlugField(_("编码"), max_length=30)
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    purpose = models.CharField(_("用途"), max_length=10, choices=Purpose)
    topic = models.CharField(_("改革专题"), max_length=20, choices=Topic, blank=True)
    title = models.CharField(_("标题"), max_length=60)
    intro = models.TextField(_("开头的话"), blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("启用时间"), null=True, blank=True)
    closed_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="questionnaire_version_once"),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(opened_at__isnull=False, closed_at=None),
                name="one_version_of_a_questionnaire_is_open",
            ),
            models.UniqueConstraint(fields=["code"], condition=Q(opened_at=None), name="one_draft_of_a_questionnaire"),
            models.CheckConstraint(
                condition=Q(purpose=Purpose.SURVEY) | ~Q(topic=""), name="a_review_is_about_a_topic"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(opened_at__isnull=False), name="what_was_closed_was_open"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="questionnaire_started",
                operation=pgtrigger.UpdateOf(
                    "code", "version", "purpose", "topic", "title", "intro", "made_at", "made_by_id", "opened_at"
                ),
                condition=pgtrigger.Q(old__opened_at__isnull=False),
            ),
            pgtrigger.Protect(name="questionnaire_no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"

    @property
    def is_draft(self) -> bool:
        return self.opened_at is None

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None and self.closed_at is None


class Question(models.Model):
    """问题: nobody has to answer it."""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="questions")
    position = models.PositiveSmallIntegerField(_("次序"))
    dimension = models.CharField(_("方面"), max_length=12, choices=Dimension)
    kind = models.CharField(_("回答方式"), max_length=8, choices=QuestionKind)
    text = models.CharField(_("问题"), max_length=120)

    class Meta:
        ordering = ["questionnaire", "position"]
        constraints = [models.UniqueConstraint(fields=["questionnaire", "position"], name="question_position_once")]
        triggers = [
            pgtrigger.Trigger(
                name="question_of_started",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=STARTED,
            )
        ]

    def __str__(self) -> str:
        return self.text


class ReviewWave(models.Model):
    """邀请批次: whom to ask about a topic: those who were served within some days, so many at most."""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="waves")
    first_day = models.DateField(_("办件日期起"))
    last_day = models.DateField(_("办件日期止"))
    most = models.PositiveIntegerField(_("最多邀请"))
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="wave_days_in_order"),
            models.CheckConstraint(condition=Q(most__gte=1), name="wave_asks_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire_id} {self.first_day}-{self.last_day}"


class ReviewInvitation(models.Model):
    """评议邀请: once per service and wave. The link's token is kept as a hash only."""

    wave = models.ForeignKey(ReviewWave, on_delete=models.PROTECT, related_name="invitations")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="review_invitations")
    contact = models.ForeignKey(Evaluator, on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["wave", "service"], name="review_invitation_once")]

    def __str__(self) -> str:
        return f"{self.wave_id} {self.service_id}"


class AnswerSheet(models.Model):
    """答卷: what one person answered, on the page or on the telephone. The overall level is its one required answer."""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="sheets", db_index=False)
    at = models.DateTimeField(_("时间"))
    level = models.PositiveSmallIntegerField(_("总体满意度"), choices=Level)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    evaluation = models.OneToOneField(
        Evaluation, on_delete=models.PROTECT, null=True, blank=True, related_name="answer_sheet"
    )
    invitation = models.OneToOneField(
        ReviewInvitation, on_delete=models.PROTECT, null=True, blank=True, related_name="sheet"
    )
    call = models.OneToOneField(
        "evaluations.SampledCall", on_delete=models.PROTECT, null=True, blank=True, related_name="sheet"
    )

    class Meta:
        indexes = [models.Index(fields=["questionnaire", "unit"], name="sheet_questionnaire_unit")]
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=5), name="sheet_level"),
            models.CheckConstraint(
                condition=Q(evaluation=None, call__isnull=False, invitation=None)
                | Q(evaluation__isnull=False, call=None),
                name="sheet_is_of_a_page_or_of_a_call",
            ),
        ]
        triggers = append_only("sheet")

    def __str__(self) -> str:
        return f"{self.questionnaire_id} {self.at:%F %T}"


class Answer(models.Model):
    """回答: one to one question. What was left open has no row."""

    sheet = models.ForeignKey(AnswerSheet, on_delete=models.PROTECT, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers", db_index=False)
    value = models.PositiveSmallIntegerField(null=True, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["question", "value"], name="answer_question_value")]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "question"], name="one_answer_to_a_question"),
            models.CheckConstraint(
                condition=Q(value__isnull=False, text="") | (Q(value=None) & ~Q(text="")),
                name="answer_is_a_number_or_a_text",
            ),
        ]
        triggers = append_only("answer")

    def __str__(self) -> str:
        return f"{self.question_id}: {self.text or self.value}"
