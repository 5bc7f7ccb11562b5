"""Who may be drawn, who sits, and what they have voted."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from appeals.ballot import REASON_MIN
from appeals.enums import Recusal, Seat, Vote
from appeals.models.ground import STAFF, person
from common.models import append_only
from organizations.models import Unit


class PanelMember(models.Model):
    """评审名单: who may be drawn, and what they know of. Their unit is that of their membership as 评审成员."""

    staff = models.OneToOneField(STAFF, on_delete=models.PROTECT, related_name="panel_membership")
    expertise = models.CharField(_("专长"), max_length=100, blank=True)
    active = models.BooleanField(_("在册"), default=True)

    def __str__(self) -> str:
        return str(self.staff)


class Relation(models.Model):
    """利害关系申报: a member of the pool is related to a unit or to a person, and sits on none of their appeals."""

    member = models.ForeignKey(PanelMember, on_delete=models.PROTECT, related_name="relations")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    staff = person(_("人员"), optional=True)
    note = models.CharField(_("关系"), max_length=200)
    declared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=True, staff__isnull=False) | Q(unit__isnull=False, staff__isnull=True),
                name="related_to_one",
            )
        ]

    def __str__(self) -> str:
        return self.note


class Place(models.Model):
    """席位: on whom the lot fell. Who has left keeps the row, with the reason; a deputy who steps in gets one."""

    appeal = models.ForeignKey("appeals.Appeal", on_delete=models.PROTECT, related_name="places")
    staff = person(_("评审员"))
    seat = models.CharField(max_length=8, choices=Seat)
    order = models.PositiveSmallIntegerField()
    sits_from = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    left_for = models.CharField(_("离席原因"), max_length=10, choices=Recusal, blank=True)
    asked_note = models.TextField(_("回避理由"), blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["appeal", "staff"], name="one_place_each"),
            models.CheckConstraint(
                condition=Q(left_at=None, left_for="") | (Q(left_at__isnull=False) & ~Q(left_for="")),
                name="left_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appeal} {self.staff}"

    @property
    def sits(self) -> bool:
        """Whether this person's vote is waited for and counted."""
        return self.sits_from is not None and self.left_at is None


class Ballot(models.Model):
    """一票. Cast once, with its reason, never changed; what becomes of it is told by the ruling."""

    place = models.OneToOneField(Place, on_delete=models.PROTECT, related_name="ballot")
    vote = models.CharField(_("表决"), max_length=10, choices=Vote)
    reason = models.TextField(_("理由"))
    lenient = models.BooleanField(_("建议容错"), default=False)
    lenient_basis = models.TextField(_("容错依据"), blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.lookups.GreaterThanOrEqual(Length(F("reason")), REASON_MIN), name="vote_has_a_reason"
            ),
            models.CheckConstraint(condition=Q(lenient=False) | ~Q(lenient_basis=""), name="leniency_has_a_basis"),
        ]
        triggers = append_only("ballot")

    def __str__(self) -> str:
        return f"{self.place} {self.vote}"
