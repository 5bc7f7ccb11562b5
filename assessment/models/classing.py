"""问题类别: versions of the rules, and what people corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessment.enums import SchemeState
from assessment.models.versions import Version, needs_two, only_drafts_go, stays_as_proposed
from common.models import ActedBy, append_only, no_truncate
from rectification.models import Case

if TYPE_CHECKING:
    from datetime import datetime


class ClassRulesQuerySet(models.QuerySet["ClassRules"]):
    def known(self, at: datetime) -> ClassRulesQuerySet:
        """The versions that had been adopted at a moment."""
        return self.filter(state=SchemeState.ADOPTED, adopted_at__lte=at)


class ClassRules(Version):
    """归类规则. A change is a new version with a date; what was adopted is never edited (docs/analysis.md).

    content: as `assessment.classing.written` makes it. trial: what it would have changed, by quarter.
    """

    trail = "class_rules"

    version = models.PositiveSmallIntegerField(_("版本"), unique=True)
    tried_at = models.DateTimeField(_("试算时间"), null=True, blank=True)
    trial = models.JSONField(default=list)

    objects = ClassRulesQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=SchemeState.ADOPTED) | Q(adopted_at__isnull=False),
                name="adopted_class_rules_were_adopted",
            ),
            needs_two("class_rules_need_two"),
        ]
        triggers = [
            stays_as_proposed("class_rules_are_as_proposed", "version", "valid_from", "content"),
            pgtrigger.Protect(
                name="class_rules_adopted_stay",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.state = 'adopted'"),
            ),
            only_drafts_go("class_rules_no_delete"),
            no_truncate("class_rules"),
        ]

    def __str__(self) -> str:
        return f"v{self.version}"


class ClassCorrection(ActedBy):
    """更正: what a person said the class of a case is, with the reason. The last one holds; none is ever changed.

    name: empty takes back what was corrected before. before: what it was called until then.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="class_corrections")
    name = models.CharField(_("问题类别"), max_length=30, blank=True)
    before = models.CharField(_("更正前"), max_length=30, blank=True)
    reason = models.CharField(_("理由"), max_length=300)
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="class_correction_has_a_reason")]
        triggers = append_only("class_correction")

    def __str__(self) -> str:
        return f"{self.case_id} {self.before} → {self.name}"
