"""专项整治: what only a campaign knows, fixed before it starts so that nobody chooses afterwards what to compare."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import append_only, no_truncate
from oversight.enums import Method
from oversight.models.dossiers import Dossier


class Campaign(models.Model):
    """One campaign.

    Attributes:
        method: 普查, 抽查, 互查 or 轮训. template: of the named ones it was made from, if from one.
        classes: problem classes it is against, by name. quarter: whose 差评 it began from.
        by_threshold: it was begun because a count was high, so part of its fall would have come by itself.
        window_days: how long before and after are compared.
        checklist: what is looked at, line by line.
        fixed_at: when it started; from then on scope, classes and windows stand.
    """

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, primary_key=True, related_name="campaign")
    method = models.CharField(_("方式"), max_length=8, choices=Method)
    template = models.CharField(_("模板"), max_length=20, blank=True)
    classes = ArrayField(models.CharField(max_length=60), verbose_name=_("问题类别"))
    quarter = models.DateField(_("依据季度"), null=True, blank=True)
    by_threshold = models.BooleanField(_("因差评集中立项"), default=False)
    window_days = models.PositiveSmallIntegerField(_("前后对比天数"))
    checklist = ArrayField(models.CharField(max_length=200), verbose_name=_("排查清单"), default=list)
    fixed_at = models.DateTimeField(_("启动时间"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(classes__len__gte=1), name="campaign_against_something"),
            models.CheckConstraint(condition=Q(window_days__gte=1), name="campaign_has_windows"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="scope_stands_from_the_start",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.fixed_at IS NOT NULL"),
            ),
            pgtrigger.Protect(name="campaign_no_delete", operation=pgtrigger.Delete),
            no_truncate("campaign"),
        ]

    def __str__(self) -> str:
        return str(self.dossier)


class CampaignEffect(models.Model):
    """成效: what was counted when the window after a campaign was over, kept so that it stays what it was.

    facts: of `scope`, `comparison` and `baseline` the cases and ratings before and after (`oversight.queries.effects`).
    """

    campaign = models.OneToOneField(Campaign, on_delete=models.PROTECT, primary_key=True, related_name="effect")
    at = models.DateTimeField(_("计算时间"))
    facts = models.JSONField()

    class Meta:
        triggers = append_only("campaign_effect")

    def __str__(self) -> str:
        return str(self.campaign)


class RecurrenceCheck(models.Model):
    """复发核查: so many days after sign-off, which cases of the class came in the scope again. Written once each."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="checks")
    days = models.PositiveSmallIntegerField(_("办结后天数"))
    at = models.DateTimeField(_("核查时间"))
    cases = ArrayField(models.BigIntegerField(), verbose_name=_("又出现的件"))

    class Meta:
        ordering = ["days"]
        constraints = [models.UniqueConstraint(fields=["campaign", "days"], name="checked_once")]
        triggers = append_only("recurrence_check")

    def __str__(self) -> str:
        return f"{self.campaign} {self.days}"
