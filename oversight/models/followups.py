"""连续靠后: who is followed and by which scheme, the rungs it has climbed, and what was done on each."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessment.enums import SchemeKind
from common.models import append_only, no_truncate
from oversight.enums import RungKind
from oversight.models.dossiers import Dossier
from oversight.models.tasks import Task

STAFF = settings.AUTH_USER_MODEL


class FollowUp(models.Model):
    """One follow-up.

    Attributes:
        scheme: by which it is low; city and county are followed apart.
        subject: "unit:370600-GAJ" or "region:370602", as scores name it; name: as they called it.
        recovered_in: the first day of the frozen quarter in which it was no longer low.
    """

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, primary_key=True, related_name="follow_up")
    scheme = models.CharField(_("考核"), max_length=6, choices=SchemeKind)
    subject = models.CharField(_("考核对象"), max_length=50)
    name = models.CharField(_("名称"), max_length=100)
    recovered_in = models.DateField(_("退出季度"), null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["scheme", "subject"], name="follow_up_of")]
        triggers = [
            pgtrigger.ReadOnly(name="follow_up_stays", exclude=["recovered_in"]),
            pgtrigger.Protect(
                name="recovered_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.recovered_in IS NOT NULL"),
            ),
            pgtrigger.Protect(name="follow_up_no_delete", operation=pgtrigger.Delete),
            no_truncate("follow_up"),
        ]

    def __str__(self) -> str:
        return str(self.dossier)


class Rung(models.Model):
    """A rung of the ladder that a follow-up has come to, and for which frozen quarter. Append-only.

    task: what the unit does about it; a clue is no task of the unit.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="rungs")
    place = models.PositiveSmallIntegerField(_("级"))
    kind = models.CharField(_("措施"), max_length=12, choices=RungKind)
    quarter = models.DateField(_("季度"))
    task = models.OneToOneField(Task, on_delete=models.PROTECT, null=True, blank=True, related_name="rung")
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "place"], name="rung_once"),
            models.UniqueConstraint(fields=["dossier", "quarter"], name="one_rung_a_quarter"),
            models.CheckConstraint(
                condition=Q(kind=RungKind.CLUE, task=None) | (~Q(kind=RungKind.CLUE) & Q(task__isnull=False)),
                name="a_rung_is_a_task_or_a_clue",
            ),
        ]
        triggers = append_only("rung")

    def __str__(self) -> str:
        return f"{self.dossier.number} {self.place} {self.get_kind_display()}"


class RungRecord(models.Model):
    """What was done on a rung. Append-only; what was sent back is recorded again below it.

    who: by post, e.g. 分管副局长. with_whom: of a talk. place: the window, of a visit.
    findings, measures, result: of a visit; of a talk its points and demands, of a letter its text and promises.
    """

    rung = models.ForeignKey(Rung, on_delete=models.PROTECT, related_name="records")
    held_on = models.DateField(_("日期"))
    place = models.CharField(_("窗口或地点"), max_length=120, blank=True)
    who = models.CharField(_("谁(写职务)"), max_length=120)
    with_whom = models.CharField(_("约谈对象(写职务)"), max_length=120, blank=True)
    findings = models.TextField(_("情况"))
    measures = models.TextField(_("措施"), blank=True)
    result = models.TextField(_("结果"), blank=True)
    by = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(who="") & ~Q(findings=""), name="a_record_says_who_and_what")
        ]
        triggers = append_only("rung_record")

    def __str__(self) -> str:
        return f"{self.rung} {self.held_on}"


class FollowedQuarter(models.Model):
    """A frozen quarter whose low ranks the clock has gone through. Append-only."""

    begins = models.DateField(_("季度"), primary_key=True)
    at = models.DateTimeField()

    class Meta:
        triggers = append_only("followed_quarter")

    def __str__(self) -> str:
        return f"{self.begins}"
