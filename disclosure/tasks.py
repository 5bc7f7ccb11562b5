"""The clock of what is public."""

from celery import shared_task
from django.utils import timezone

from disclosure import actions


@shared_task
def prepare_disclosures() -> int:
    actions.refresh_grounds()
    return actions.prepare_disclosures(at=timezone.now())


@shared_task
def refresh_figures() -> int:
    return actions.refresh_figures(at=timezone.now())
