"""What versions have in common that one person proposes and another adopts: the facts of their way, and what the
database holds them to. Names of constraints and triggers are each version's own."""

from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessment.enums import SchemeState

STAFF = settings.AUTH_USER_MODEL


def person(label: Any, *, optional: bool = True) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        STAFF, on_delete=models.PROTECT, null=optional, blank=optional, related_name="+", verbose_name=label
    )


class Version(models.Model):
    """A draft until it is proposed, and adopted by another person. trail: what it is called in the audit trail."""

    trail: ClassVar[str]
    version: models.PositiveSmallIntegerField[Any, Any]

    state = models.CharField(_("状态"), max_length=8, choices=SchemeState, default=SchemeState.DRAFT)
    valid_from = models.DateField(_("施行日期"))
    content = models.JSONField(_("内容"))
    note = models.TextField(_("说明"), blank=True)
    changed_at = models.DateTimeField(_("更新时间"))
    changed_by = person(_("起草人"))
    proposed_at = models.DateTimeField(null=True, blank=True)
    proposed_by = person(_("提请人"))
    adopted_at = models.DateTimeField(_("审定时间"), null=True, blank=True)
    adopted_by = person(_("审定人"))

    class Meta:
        abstract = True

    @property
    def key(self) -> str:
        return str(self.version)


def needs_two(name: str) -> models.CheckConstraint:
    """Nobody adopts what they proposed."""
    condition = Q(adopted_by=None) | Q(proposed_by=None) | ~Q(adopted_by=F("proposed_by"))
    return models.CheckConstraint(condition=condition, name=name)


def differs(*said: str) -> str:
    """Whether a change of a row says anything else in these columns."""
    return " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in said)


def stays_as_proposed(name: str, *said: str) -> pgtrigger.Protect:
    """What was proposed says the same until it is a draft again."""
    condition = f"OLD.state <> 'draft' AND NEW.state <> 'draft' AND ({differs(*said)})"
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update, condition=pgtrigger.Condition(condition))


def only_drafts_go(name: str) -> pgtrigger.Protect:
    """Nothing but a draft is ever deleted."""
    condition = pgtrigger.Condition("OLD.state <> 'draft'")
    return pgtrigger.Protect(name=name, operation=pgtrigger.Delete, condition=condition)
