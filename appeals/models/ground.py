"""Grounds as rows, and what three effects are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appeals.enums import Effect
from appeals.grounds import Effects

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

STAFF = settings.AUTH_USER_MODEL


def person(name: _StrPromise, *, optional: bool = False) -> models.ForeignKey:
    """A reference to a member of staff that leads nowhere back."""
    return models.ForeignKey(
        STAFF, on_delete=models.PROTECT, null=optional, blank=optional, related_name="+", verbose_name=name
    )


class WithEffects(models.Model):
    """The three effects, decided apart: in the public count, and in the scores of unit and person."""

    public = models.CharField(_("公开计数"), max_length=8, choices=Effect)
    unit_score = models.CharField(_("单位考核"), max_length=8, choices=Effect)
    staff_score = models.CharField(_("个人考核"), max_length=8, choices=Effect)

    class Meta:
        abstract = True

    @property
    def effects(self) -> Effects:
        return Effects(Effect(self.public), Effect(self.unit_score), Effect(self.staff_score))


class Ground(WithEffects):
    """申诉理由 (domain.md §7.2, proposals for the customer): what it needs, and what it does if it is upheld."""

    code = models.CharField(max_length=4, primary_key=True)
    name = models.CharField(_("理由"), max_length=60)
    # Each inner list holds alternatives; of every list one is needed.
    needs = models.JSONField(_("需要的证据"), default=list)
    upheld_min = models.PositiveSmallIntegerField(_("至少几人认定成立"), default=1)
    hears_citizen = models.BooleanField(_("先请评价人补充事实"), default=False)
    active = models.BooleanField(_("可用"), default=True)
    source = models.CharField(_("依据"), max_length=100)

    class Meta:
        ordering = ["code"]
        constraints = [models.CheckConstraint(condition=Q(upheld_min__gte=1), name="ground_upheld_by_somebody")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
