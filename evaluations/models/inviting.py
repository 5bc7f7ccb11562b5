"""Who was asked by SMS to rate a service, and who does not want to be asked."""

from __future__ import annotations

from django.db import models

from evaluations.models.rating import Service
from identity.models import Evaluator


class Invitation(models.Model):
    """评价邀请: sent once per service. The text with its link lies in the outbox, under `message_key`."""

    service = models.OneToOneField(Service, on_delete=models.PROTECT, related_name="invitation")
    contact = models.ForeignKey(Evaluator, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    message_key = models.CharField(max_length=150)

    def __str__(self) -> str:
        return self.message_key


class Reminder(models.Model):
    """提醒: sent once per service, some days after the invitation that nobody followed. Its link is another one."""

    service = models.OneToOneField(Service, on_delete=models.PROTECT, related_name="reminder")
    contact = models.ForeignKey(Evaluator, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    message_key = models.CharField(max_length=150)

    def __str__(self) -> str:
        return self.message_key


class OptOut(models.Model):
    """退订: a phone that gets no invitations any more. Kept by its blind index, so that it outlives every evaluator."""

    phone_index = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.phone_index[:8]
