"""多部门联动: what only a joint file knows: what was done together, what it came to, who was told apart from a reply.

A case keeps its own clock, its own co-handling and its own closing; here stands what several cases have in common.
"""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import append_only, no_truncate
from oversight.enums import EntryKind
from oversight.models.dossiers import Dossier, DossierPicture
from rectification.models import Case

STAFF = settings.AUTH_USER_MODEL


class JointFile(models.Model):
    """One joint file.

    Attributes:
        solution, resolved_at: what the problem came to, and when; a reply to a citizen tells of it if it came later.
    """

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, primary_key=True, related_name="joint")
    solution = models.TextField(_("化解结论"), blank=True)
    resolved_at = models.DateTimeField(_("化解时间"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(resolved_at=None) | ~Q(solution=""), name="resolved_with_a_solution"),
        ]
        triggers = [
            pgtrigger.Protect(name="joint_file_no_delete", operation=pgtrigger.Delete),
            no_truncate("joint_file"),
        ]

    def __str__(self) -> str:
        return str(self.dossier)


class JointEntry(models.Model):
    """A visit, a special study, a decision: when, where, with whom, and what was found or decided. Append-only."""

    file = models.ForeignKey(JointFile, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(_("方式"), max_length=10, choices=EntryKind)
    held_on = models.DateField(_("日期"))
    place = models.CharField(_("地点"), max_length=120)
    participants = models.TextField(_("参加单位和人员"))
    found = models.TextField(_("查明或决定的事"))
    by = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")
    by_unit_name = models.CharField(max_length=100)
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering = ["held_on", "pk"]
        triggers = append_only("joint_entry")

    def __str__(self) -> str:
        return f"{self.held_on} {self.get_kind_display()}"


class EntryPicture(models.Model):
    """Which entry a picture of the dossier belongs to. Append-only."""

    picture = models.OneToOneField(DossierPicture, on_delete=models.PROTECT, primary_key=True, related_name="+")
    entry = models.ForeignKey(JointEntry, on_delete=models.PROTECT, related_name="pictures")

    class Meta:
        ordering = ["picture_id"]
        triggers = append_only("entry_picture")

    def __str__(self) -> str:
        return f"{self.entry} {self.picture_id}"


class JointTelling(models.Model):
    """告知: how somebody was told whose case was over before, and so gets no other reply. Append-only."""

    file = models.ForeignKey(JointFile, on_delete=models.PROTECT, related_name="tellings")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(_("告知方式和要点"), max_length=300)
    by = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering = ["pk"]
        triggers = append_only("joint_telling")

    def __str__(self) -> str:
        return f"{self.case} {self.at:%F}"
