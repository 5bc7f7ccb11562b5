"""The vault: who an evaluator is, encrypted, apart from everything else; and a row for every look."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.models import ActedBy, append_only
from identity.enums import Purpose


class Evaluator(models.Model):
    """评价人: what one person left with one rating. The rest of the portal knows only this row's id."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    phone_sealed = models.BinaryField(null=True)
    phone_index = models.CharField(max_length=64, blank=True, db_index=True)
    name_sealed = models.BinaryField(null=True)
    consent_version = models.CharField(_("告知文本版本"), max_length=20)
    consented_at = models.DateTimeField()
    messages_refused_at = models.DateTimeField(_("退订时间"), null=True, blank=True)
    erased_at = models.DateTimeField(_("清除时间"), null=True, blank=True)

    def __str__(self) -> str:
        return self.pseudonym

    @property
    def pseudonym(self) -> str:
        """What a rated unit sees instead of a name; stable within one case, meaningless elsewhere."""
        return f"评价人{self.id.hex[:4].upper()}"


class Look(ActedBy):
    """查看记录: one decryption, its purpose and the case it was for."""

    evaluator = models.ForeignKey(Evaluator, on_delete=models.PROTECT, related_name="looks")
    purpose = models.CharField(_("目的"), max_length=20, choices=Purpose)
    about = models.CharField(_("案件编号"), max_length=60)
    at = models.DateTimeField(_("时间"))

    class Meta:
        indexes = [models.Index(fields=["-at"])]
        triggers = append_only("look")

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.actor_name} {self.get_purpose_display()}"
