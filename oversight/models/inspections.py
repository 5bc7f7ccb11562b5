"""暗访、巡查: a route of stops, a checklist, and what whoever was sent met at each of them."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import append_only, no_truncate
from organizations.models import Hall, Unit
from oversight.enums import Seen
from oversight.models.dossiers import Dossier, DossierPicture
from oversight.models.tasks import Task
from rectification.models import Case

STAFF = settings.AUTH_USER_MODEL


class Inspection(models.Model):
    """One inspection.

    Attributes:
        covert: 暗访; whoever is inspected learns of it once it was there (`DossierQuerySet.visible_to`).
        checklist: what is looked at, line by line.
        visited_on: when the visits were over.
    """

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, primary_key=True, related_name="inspection")
    covert = models.BooleanField(_("暗访"))
    checklist = ArrayField(models.CharField(max_length=200), verbose_name=_("检查清单"))
    visited_on = models.DateField(_("走访完成"), null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(checklist__len__gte=1), name="inspection_of_something")]
        triggers = [
            pgtrigger.Protect(
                name="inspection_stands_once_visited",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.visited_on IS NOT NULL"),
            ),
            pgtrigger.Protect(name="inspection_no_delete", operation=pgtrigger.Delete),
            no_truncate("inspection"),
        ]

    def __str__(self) -> str:
        return str(self.dossier)


class Inspector(models.Model):
    """检查人员: who is sent."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="inspectors")
    staff = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["inspection", "staff"], name="sent_once")]

    def __str__(self) -> str:
        return f"{self.inspection} {self.staff}"


class Stop(models.Model):
    """站点: where an inspection goes, in the order of its route."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="stops")
    number = models.PositiveSmallIntegerField(_("顺序"))
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("单位"))
    hall = models.ForeignKey(
        Hall, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("大厅")
    )

    class Meta:
        ordering = ["inspection", "number"]
        constraints = [models.UniqueConstraint(fields=["inspection", "number"], name="stop_number_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.hall or self.unit}"


class Visit(models.Model):
    """填表: one form sent from a stop. The newest of a stop counts; none is lost, and none is stored twice.

    nonce: of the form; sent again because no answer came, it is the same visit.
    """

    stop = models.ForeignKey(Stop, on_delete=models.PROTECT, related_name="visits")
    nonce = models.CharField(max_length=40, unique=True)
    note = models.TextField(_("现场情况"), blank=True)
    by = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("填表时间"))

    class Meta:
        ordering = ["pk"]
        triggers = append_only("visit")

    def __str__(self) -> str:
        return f"{self.stop} {self.at:%F %T}"


class Finding(models.Model):
    """检查结果: what was met of one line at one stop. `task` or `case` is what was made of it; the rest stays."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="findings")
    number = models.PositiveSmallIntegerField(_("序号"))
    line = models.CharField(_("检查项"), max_length=200)
    seen = models.CharField(_("结果"), max_length=8, choices=Seen)
    note = models.CharField(_("情况"), max_length=500, blank=True)
    picture = models.OneToOneField(
        DossierPicture, on_delete=models.PROTECT, null=True, blank=True, related_name="finding"
    )
    task = models.OneToOneField(Task, on_delete=models.PROTECT, null=True, blank=True, related_name="met")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["visit", "number"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "number"], name="one_finding_a_line"),
            models.CheckConstraint(condition=Q(task=None) | Q(case=None), name="task_or_case_not_both"),
            models.CheckConstraint(
                condition=Q(task=None, case=None) | Q(seen=Seen.NOT_OK), name="only_what_is_wrong_is_followed"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="finding_stays", exclude=["task", "case"]),
            pgtrigger.Protect(name="finding_no_delete", operation=pgtrigger.Delete),
            no_truncate("finding"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.line}"

    @property
    def followed(self) -> bool:
        return bool(self.task_id or self.case_id)
