"""考核办法 by version, the facts that are recorded for it, and who or what is not assessed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessment.enums import EventKind, SchemeKind, SchemeState
from assessment.models.versions import Version, differs, needs_two, only_drafts_go, person, stays_as_proposed
from common.models import ActedBy, no_truncate
from organizations.models import Unit

if TYPE_CHECKING:
    from datetime import datetime

SAID = ("kind", "version", "valid_from", "content")


class SchemeQuerySet(models.QuerySet["Scheme"]):
    def in_force(self, kind: str, day: date) -> Scheme | None:
        """The adopted one that a quarter beginning on this day is scored by: the newest that is valid by then."""
        known = self.filter(kind=kind, state=SchemeState.ADOPTED, valid_from__lte=day)
        return known.order_by("-valid_from", "-version").first()


class Scheme(Version):
    """考核办法. A change is a new version with a date; what was adopted is never edited (docs/scoring.md)."""

    trail = "scheme"

    kind = models.CharField(_("类别"), max_length=6, choices=SchemeKind)
    version = models.PositiveSmallIntegerField(_("版本"))
    name = models.CharField(_("名称"), max_length=100)
    simulated_at = models.DateTimeField(_("模拟时间"), null=True, blank=True)
    simulation = models.JSONField(default=list)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="scheme_version_once"),
            models.CheckConstraint(
                condition=~Q(state__in=[SchemeState.ADOPTED, SchemeState.RETIRED]) | Q(adopted_at__isnull=False),
                name="adopted_scheme_was_adopted",
            ),
            needs_two("proposer_does_not_adopt"),
        ]
        triggers = [
            stays_as_proposed("scheme_is_what_was_proposed", *SAID),
            pgtrigger.Protect(
                name="scheme_adopted_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state IN ('adopted', 'retired') AND "
                    f"(NEW.state NOT IN ('adopted', 'retired') OR {differs(*SAID)})"
                ),
            ),
            only_drafts_go("scheme_no_delete"),
            no_truncate("scheme"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} v{self.version}"

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.version}"


class ScoreEventQuerySet(models.QuerySet["ScoreEvent"]):
    def known(self, quarter: date, at: datetime) -> ScoreEventQuerySet:
        """Those of a quarter as they were at a moment: recorded by then and not withdrawn by then."""
        return self.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=at), quarter=quarter, at__lte=at)


class ScoreEvent(ActedBy):
    """记分事件: a fact that is decided elsewhere (a campaign's share, a finding, an accountability decision).

    This app knows the row and not who wrote it. The key makes recording the same fact twice one row.
    """

    key = models.CharField(max_length=100, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("单位"))
    quarter = models.DateField(_("季度"))
    kind = models.CharField(_("事项"), max_length=20, choices=EventKind)
    value = models.DecimalField(_("数值"), max_digits=7, decimal_places=4)
    source = models.CharField(_("依据"), max_length=300)
    url = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(_("时间"))
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = person(_("撤销人"))
    withdrawn_why = models.CharField(_("撤销理由"), max_length=300, blank=True)

    objects = ScoreEventQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["quarter", "unit"], name="score_event_quarter")]
        constraints = [
            models.CheckConstraint(condition=Q(value__gte=0), name="score_event_value"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_why=""), name="score_event_withdrawn_with_reason"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="score_event_stands",
                fields=["key", "unit", "quarter", "kind", "value", "source", "at"],
            ),
            pgtrigger.Protect(
                name="score_event_withdrawn_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.withdrawn_at IS NOT NULL"),
            ),
            pgtrigger.Protect(name="score_event_no_delete", operation=pgtrigger.Delete),
            no_truncate("score_event"),
        ]

    def __str__(self) -> str:
        return f"{self.quarter} {self.unit_id} {self.kind} {self.value}"


class ExemptionQuerySet(models.QuerySet["Exemption"]):
    def known(self, quarter: date, at: datetime) -> ExemptionQuerySet:
        """Those that hold for a quarter, as they were at a moment."""
        running = Q(last=None) | Q(last__gte=quarter)
        standing = Q(lifted_at=None) | Q(lifted_at__gt=at)
        return self.filter(running & standing, first__lte=quarter, at__lte=at)


class Exemption(ActedBy):
    """免予考核: somebody who is not ranked, an item that is not assessed, or one line that an objection took out.

    subject: "unit:370600-GAJ" or "region:370602". item: empty for the whole. reference: of a line, as it names it.
    """

    kind = models.CharField(_("类别"), max_length=6, choices=SchemeKind)
    subject = models.CharField(_("考核对象"), max_length=50)
    first = models.DateField(_("起始季度"))
    last = models.DateField(_("截止季度"), null=True, blank=True)
    item = models.CharField(_("项目"), max_length=30, blank=True)
    reference = models.CharField(max_length=60, blank=True)
    reason = models.CharField(_("理由"), max_length=300)
    at = models.DateTimeField(_("时间"))
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = person(_("取消人"))

    objects = ExemptionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["kind", "first"], name="exemption_quarter")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="exemption_has_a_reason"),
            models.CheckConstraint(condition=Q(last=None) | Q(last__gte=F("first")), name="exemption_in_order"),
            models.CheckConstraint(condition=Q(reference="") | ~Q(item=""), name="exempt_line_names_its_item"),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="exemption_stands",
                fields=["kind", "subject", "first", "last", "item", "reference", "reason", "at"],
            ),
            pgtrigger.Protect(name="exemption_no_delete", operation=pgtrigger.Delete),
            no_truncate("exemption"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.item} {self.reference}".strip()
