"""The clock of the common tables."""

from celery import shared_task
from django.utils import timezone

from common import actions
from common.delivery import deliver_due


@shared_task
def deliver_outbox() -> int:
    return deliver_due()


@shared_task
def seal_audit() -> int:
    seal = actions.seal_audit(at=timezone.now())
    return seal.row_count if seal else 0


@shared_task
def tidy() -> None:
    actions.tidy(at=timezone.now())
