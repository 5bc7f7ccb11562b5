"""督办卷: what keeps rectification from fading is kept in dossiers, whatever its kind (docs/dossiers.md).

A dossier has units with a part in it, cases it began from, tasks, pictures and a history. What only one kind knows
stands in a row of its own beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from common.models import ActedBy, append_only, no_truncate
from organizations.enums import UNIT_ROLES
from organizations.models import Region, Unit, any_prefix
from oversight.access import READS_DOSSIERS
from oversight.enums import FileSide, Kind, Part
from rectification.models import Case

if TYPE_CHECKING:
    from organizations.models import Staff

STAFF = settings.AUTH_USER_MODEL
CLOSED, DROPPED = "closed", "dropped"
FINAL = (CLOSED, DROPPED)


class DossierQuerySet(models.QuerySet["Dossier"]):
    def open(self) -> DossierQuerySet:
        return self.exclude(stage__in=FINAL)

    def of(self, kind: Kind) -> DossierQuerySet:
        return self.filter(kind=kind)

    def visible_to(self, user: Staff) -> DossierQuerySet:
        """A division's body what lies in it and what its units take part in; a unit what it takes part in.

        A clue is sealed: only who was let in knows that there is one (`Insider`). An inspection nobody announced is,
        until it was there, known to the division's own body alone: not to the units on its route, nor to who is above
        these in their county.
        """
        told = Exists(Insider.objects.filter(dossier=OuterRef("pk"), staff=user, ended_at=None))
        seen = _leads(user) | (_concerns(user) & ~Q(inspection__covert=True, inspection__visited_on=None))
        return self.filter(Q(told, kind=Kind.CLUE) | (seen & ~Q(kind=Kind.CLUE)))


def _leads(user: Staff) -> Q:
    """What lies in the division somebody reads dossiers of."""
    return any_prefix("region__code", _regions(user))


def _regions(user: Staff) -> list[str]:
    return [held.region_prefix for held in user.duties if held.role in READS_DOSSIERS and held.region_prefix]


def _concerns(user: Staff) -> Q:
    """Where somebody's division or units have a part. Who is only compared with has none."""
    paths = [held.unit.path for held in user.duties if held.role in UNIT_ROLES]
    parts = DossierUnit.objects.filter(dossier=OuterRef("pk")).exclude(part=Part.COMPARISON)
    concerned = any_prefix("unit__path", paths) | any_prefix("unit__region__code", _regions(user))
    return _leads(user) | Q(Exists(parts.filter(concerned)))


class Dossier(models.Model):
    """One dossier.

    Attributes:
        number: by which people name it, such as ZX-2026-003; one series a kind and year.
        stage: where it stands; its kind's course says what may be done (`oversight.courses`).
        region: whose it is. unit: whom it is about, where it is about one.
        key: what it was opened for by rule, so that the clock opens it once.
        begins, ends: the days it is about, or between which it runs.
        outcome: what came of it; none is closed without.
    """

    kind = models.CharField(_("类别"), max_length=10, choices=Kind)
    number = models.CharField(_("编号"), max_length=20, unique=True)
    stage = models.CharField(_("状态"), max_length=12)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("区划"))
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("单位")
    )
    title = models.CharField(_("标题"), max_length=120)
    about = models.TextField(_("事由"), blank=True)
    outcome = models.TextField(_("结果"), blank=True)
    begins = models.DateField(_("起"), null=True, blank=True)
    ends = models.DateField(_("止"), null=True, blank=True)
    key = models.CharField(max_length=120, unique=True, null=True, blank=True, editable=False)
    opened_at = models.DateTimeField(_("立卷时间"))
    opened_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    closed_by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=0)

    objects = DossierQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["kind", "-opened_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(begins=None) | Q(ends=None) | Q(ends__gte=models.F("begins")), name="dossier_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False, stage__in=FINAL) | (Q(closed_at=None) & ~Q(stage__in=FINAL)),
                name="a_final_dossier_tells_when",
            ),
            models.CheckConstraint(condition=~Q(stage=CLOSED) | ~Q(outcome=""), name="closed_with_an_outcome"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="dossier_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.stage IN ('closed', 'dropped')"),
            ),
            pgtrigger.ReadOnly(name="dossier_stays_its_kind", fields=["kind", "number", "region", "opened_at"]),
            pgtrigger.Protect(name="dossier_no_delete", operation=pgtrigger.Delete),
            no_truncate("dossier"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def final(self) -> bool:
        return self.stage in FINAL


class DossierUnit(models.Model):
    """What a unit has to do with a dossier."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="units")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("单位"))
    part = models.CharField(_("参与方式"), max_length=12, choices=Part)

    class Meta:
        ordering = ["part", "unit__code"]
        constraints = [models.UniqueConstraint(fields=["dossier", "unit", "part"], name="one_part_once")]
        triggers = [
            pgtrigger.Trigger(
                name="scope_stands",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF COALESCE(NEW.part, OLD.part) IN ('scope', 'comparison') AND EXISTS (
                        SELECT 1 FROM oversight_campaign
                        WHERE dossier_id = COALESCE(NEW.dossier_id, OLD.dossier_id) AND fixed_at IS NOT NULL
                    ) THEN RAISE EXCEPTION 'the scope of a campaign stands once it has started';
                    END IF;
                    RETURN COALESCE(NEW, OLD);
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.get_part_display()}"


class DossierCase(models.Model):
    """A case a dossier began from, or that was joined to it."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="cases")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="dossiers")
    why = models.CharField(_("缘由"), max_length=200, blank=True)
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering = ["case_id"]
        constraints = [models.UniqueConstraint(fields=["dossier", "case"], name="joined_once")]
        triggers = append_only("dossier_case")

    def __str__(self) -> str:
        return f"{self.dossier} {self.case}"


class Insider(models.Model):
    """知悉人: who may know of a sealed dossier, by whom let in and why; nobody is taken from the list, only ended."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="insiders")
    staff = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(_("知悉理由"), max_length=200)
    by = models.ForeignKey(STAFF, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("时间"))
    ended_at = models.DateTimeField(_("终止时间"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "staff"], condition=Q(ended_at=None), name="let_in_once")
        ]
        triggers = [
            pgtrigger.ReadOnly(name="insider_stays", exclude=["ended_at"]),
            pgtrigger.Protect(name="insider_no_delete", operation=pgtrigger.Delete),
            no_truncate("insider"),
        ]

    def __str__(self) -> str:
        return f"{self.dossier} {self.staff}"


class DossierEvent(ActedBy):
    """经过: one act on a dossier or one of its tasks. Append-only."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="events")
    task = models.ForeignKey("Task", on_delete=models.PROTECT, null=True, blank=True, related_name="events")
    act = models.CharField(_("行为"), max_length=20)
    at = models.DateTimeField(_("时间"))
    note = models.TextField(_("说明"), blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        triggers = append_only("dossier_event")

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.act}"


class DossierPicture(models.Model):
    """照片: made anew from its pixels on arrival (`rectification.actions.clean_picture`).

    Of a dossier, of one of its tasks, or of what a unit stated.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="pictures")
    task = models.ForeignKey("Task", on_delete=models.PROTECT, null=True, blank=True, related_name="pictures")
    statement = models.ForeignKey("Statement", on_delete=models.PROTECT, null=True, blank=True, related_name="pictures")
    side = models.CharField(_("内容"), max_length=8, choices=FileSide)
    file = models.FileField(upload_to="dossiers")
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    by = models.ForeignKey(STAFF, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering = ["id"]
        triggers = append_only("dossier_picture")

    def __str__(self) -> str:
        return f"{self.dossier} {self.get_side_display()}"

    def as_fact(self) -> dict[str, Any]:
        """What history keeps of it."""
        return {"picture": self.sha256, "side": self.side}
