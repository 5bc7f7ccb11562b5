"""What a panel found, how it was served, and what the evaluator said before."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from appeals.enums import Vote
from appeals.models.appeal import Appeal
from appeals.models.ground import WithEffects, person
from common.models import append_only


class Ruling(WithEffects):
    """裁定: what votes came to, and the three effects as the ground had them on that day. Never changed."""

    appeal = models.OneToOneField(Appeal, on_delete=models.PROTECT, related_name="ruling")
    outcome = models.CharField(_("裁定"), max_length=10, choices=Vote)
    votes = models.JSONField(_("票数"))
    ends_case = models.BooleanField(_("认定无效"))
    text = models.TextField(_("裁定书"))
    plain = models.TextField(_("给评价人的说明"))
    at = models.DateTimeField()

    class Meta:
        triggers = append_only("ruling")

    def __str__(self) -> str:
        return f"{self.appeal} {self.outcome}"


class Service(models.Model):
    """送达: the ruling in the words that were sent, to whom, and when; the time for a 复核 begins with it."""

    ruling = models.OneToOneField(Ruling, on_delete=models.PROTECT, related_name="service")
    text = models.TextField(_("裁定书"))
    plain = models.TextField(_("给评价人的说明"))
    by = person(_("送达人"), optional=True)
    at = models.DateTimeField()
    review_until = models.DateTimeField(_("复核期限"))

    class Meta:
        triggers = append_only("service")

    def __str__(self) -> str:
        return f"{self.ruling} {self.at:%F}"


class CitizenFact(models.Model):
    """评价人补充的事实, asked for before a ruling on W6 or W7. The link is kept hashed; an answer may stay empty."""

    appeal = models.OneToOneField(Appeal, on_delete=models.PROTECT, related_name="citizen_fact")
    token_hash = models.CharField(max_length=64, unique=True)
    text = models.TextField(_("补充的事实"), blank=True)
    asked_at = models.DateTimeField()
    said_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.appeal}"
