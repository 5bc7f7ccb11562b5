"""警示教育: the file of typical and warning cases, without anybody's name, approved by a second person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.models import ActedBy, append_only, no_truncate
from organizations.models import Region, Unit, any_prefix
from oversight.access import READS_DOSSIERS
from oversight.enums import WarningSort, WarningStage
from oversight.models.dossiers import Dossier
from rectification.models import Case

if TYPE_CHECKING:
    from organizations.models import Staff

STAFF = settings.AUTH_USER_MODEL


class WarningCaseQuerySet(models.QuerySet["WarningCase"]):
    def visible_to(self, user: Staff) -> WarningCaseQuerySet:
        """What is approved is for everybody at the desk to learn from; the rest for the body that writes it."""
        regions = [held.region_prefix for held in user.duties if held.role in READS_DOSSIERS and held.region_prefix]
        return self.filter(Q(stage=WarningStage.APPROVED) | any_prefix("region__code", regions))


class WarningCase(models.Model):
    """案例: one entry of the file.

    Attributes:
        facts, lesson: without anybody's name (`actions.warnings` refuses what the rules find).
        named: whether the unit is named or hidden behind "某单位".
        dossier, case: where it comes from. origin: in words, where it comes from elsewhere, such as a clue.
        written_by: who wrote in it last; somebody else approves it.
    """

    number = models.CharField(_("编号"), max_length=20, unique=True)
    sort = models.CharField(_("类别"), max_length=8, choices=WarningSort)
    stage = models.CharField(_("状态"), max_length=10, choices=WarningStage, default=WarningStage.DRAFT)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("区划"))
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("单位"))
    named = models.BooleanField(_("写明单位"))
    title = models.CharField(_("标题"), max_length=120)
    facts = models.TextField(_("事实"))
    lesson = models.TextField(_("教训"))
    origin = models.CharField(_("来源"), max_length=200, blank=True)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, null=True, blank=True, related_name="warnings")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    written_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(_("起草时间"))
    approved_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(_("审定时间"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = WarningCaseQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(stage=WarningStage.DRAFT, approved_by=None, approved_at=None)
                | Q(stage=WarningStage.WITHDRAWN)
                | Q(stage=WarningStage.APPROVED, approved_by__isnull=False, approved_at__isnull=False),
                name="approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("written_by")), name="warning_needs_two"
            ),
            models.CheckConstraint(
                condition=Q(dossier__isnull=False) | Q(case__isnull=False) | ~Q(origin=""), name="warning_has_a_source"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="warning_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.stage = 'withdrawn'"),
            ),
            pgtrigger.Trigger(
                name="approved_words_stand",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.stage = 'approved'"),
                func="""
                    IF (OLD.title, OLD.facts, OLD.lesson, OLD.unit_id, OLD.named)
                        IS DISTINCT FROM (NEW.title, NEW.facts, NEW.lesson, NEW.unit_id, NEW.named)
                    THEN RAISE EXCEPTION 'the words of an approved case stand';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(name="warning_no_delete", operation=pgtrigger.Delete),
            no_truncate("warning"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def who(self) -> str:
        """The unit as it is shown."""
        return self.unit.name if self.named else str(_("某单位"))


class WarningEvent(ActedBy):
    """经过: one act on an entry. Append-only."""

    warning = models.ForeignKey(WarningCase, on_delete=models.PROTECT, related_name="events")
    act = models.CharField(_("行为"), max_length=10)
    at = models.DateTimeField(_("时间"))
    note = models.TextField(_("说明"), blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        triggers = append_only("warning_event")

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.act}"
