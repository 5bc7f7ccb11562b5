"""意见建议征集: what anybody suggests, who answers for it, what was decided, and what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.models import ActedBy, append_only, no_truncate
from evaluations.enums.reviews import Dimension
from evaluations.enums.suggestions import (
    ADOPTING,
    SuggestionAct,
    SuggestionOrigin,
    SuggestionStage,
    SuggestionVerdict,
)
from identity.models import Evaluator
from organizations.enums import REGION_ROLES, Role, Topic
from organizations.models import Unit

if TYPE_CHECKING:
    from organizations.models import Staff

STAFF = settings.AUTH_USER_MODEL
S, V = SuggestionStage, SuggestionVerdict
ANSWERED = (S.ANSWERED, S.DONE)


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def visible_to(self, user: Staff) -> SuggestionQuerySet:
        """Those a person may see: the unit's supervisors what lies with their unit, the management body its division.

        The administrators and the windows see none; the proposer's number is seen by nobody here.
        """
        condition = Q(pk__in=[])
        for membership in user.duties:
            if membership.role == Role.UNIT_SUPERVISOR:
                condition |= Q(unit__path__startswith=membership.unit.path)
            elif membership.role in REGION_ROLES - {Role.CALLBACK}:
                condition |= Q(region_code__startswith=membership.region_prefix)
        return self.filter(condition)

    def public(self) -> SuggestionQuerySet:
        """Those that were answered and that somebody has looked at."""
        return self.filter(stage__in=ANSWERED, looked_at__isnull=False)

    def unlooked(self) -> SuggestionQuerySet:
        """Those with something to publish that nobody has looked at since it was written."""
        fresh = Q(looked_at=None) | Q(looked_at__lt=F("answered_at")) | Q(looked_at__lt=F("done_at"))
        return self.filter(fresh, stage__in=ANSWERED)


class Suggestion(models.Model):
    """意见建议. What was said is never changed; what the public reads is a copy without anybody's data."""

    number = models.CharField(_("编号"), max_length=9, unique=True)
    tracking_hash = models.CharField(max_length=64, editable=False)
    nonce = models.CharField(max_length=64, unique=True, editable=False)
    text = models.TextField(_("建议"))
    dimension = models.CharField(_("方面"), max_length=12, choices=Dimension)
    topic = models.CharField(_("改革专题"), max_length=20, choices=Topic, blank=True)
    origin = models.CharField(_("来源"), max_length=8, choices=SuggestionOrigin)
    about_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("提到的单位")
    )
    contact = models.ForeignKey(Evaluator, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    received_at = models.DateTimeField(_("收到时间"))
    region_code = models.CharField(_("区划代码"), max_length=12)

    stage = models.CharField(_("状态"), max_length=10, choices=SuggestionStage, default=S.RECEIVED)
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="suggestions",
        verbose_name=_("承办单位"),
    )
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    due_at = models.DateTimeField(_("期限"), null=True, blank=True)
    due_provisional = models.BooleanField(default=False)
    verdict = models.CharField(_("采纳情况"), max_length=10, blank=True, choices=SuggestionVerdict)
    reasons = models.TextField(_("理由"), blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    result = models.TextField(_("改了什么"), blank=True)
    changed_on = models.DateField(_("改变日期"), null=True, blank=True)
    done_at = models.DateTimeField(_("落实时间"), null=True, blank=True)

    public_text = models.TextField(_("公开的建议"), blank=True)
    public_reasons = models.TextField(_("公开的答复"), blank=True)
    public_result = models.TextField(_("公开的结果"), blank=True)
    looked_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    looked_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=0)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["stage", "due_at"], name="suggestion_stage_due"),
            models.Index(fields=["unit", "stage"], name="suggestion_unit_stage"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(stage=S.MERGED, merged_into__isnull=False) | (~Q(stage=S.MERGED) & Q(merged_into=None)),
                name="a_merged_suggestion_has_a_main_one",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="no_suggestion_is_its_own_main_one"
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=[S.SORTED, *ANSWERED]) | Q(unit__isnull=False), name="a_sorted_one_has_a_unit"
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=ANSWERED) | (Q(answered_at__isnull=False) & ~Q(verdict="") & ~Q(reasons="")),
                name="an_answer_says_what_and_why",
            ),
            models.CheckConstraint(
                condition=~Q(stage=S.DONE)
                | (Q(verdict__in=ADOPTING, changed_on__isnull=False, done_at__isnull=False) & ~Q(result="")),
                name="what_was_done_had_been_adopted",
            ),
            models.CheckConstraint(
                condition=Q(looked_at=None, public_text="", public_reasons="", public_result="")
                | Q(looked_at__isnull=False, looked_by__isnull=False, stage__in=ANSWERED),
                name="nothing_is_public_without_a_look",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="suggested_is_suggested",
                fields=["number", "tracking_hash", "nonce", "text", "dimension", "topic", "origin", "received_at"],
            ),
            pgtrigger.Protect(name="suggestion_no_delete", operation=pgtrigger.Delete),
            no_truncate("suggestion"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def adopted(self) -> bool:
        """Whether something is to be changed because of it."""
        return self.verdict in ADOPTING


class SuggestionEvent(ActedBy):
    """办理经过: one act on one suggestion."""

    suggestion = models.ForeignKey(Suggestion, on_delete=models.PROTECT, related_name="events")
    action = models.CharField(_("行为"), max_length=16, choices=SuggestionAct)
    at = models.DateTimeField(_("时间"))
    from_stage = models.CharField(max_length=10, blank=True, choices=SuggestionStage)
    to_stage = models.CharField(max_length=10, choices=SuggestionStage)
    note = models.TextField(_("说明"), blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        triggers = append_only("suggestion_event")

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.get_action_display()} {self.from_stage}→{self.to_stage}"
