"""The clock of cases: warnings, messages to evaluators who could not be reached."""

from celery import shared_task
from django.utils import timezone

from rectification import actions


@shared_task
def sweep_deadlines() -> int:
    return actions.warn_due(at=timezone.now())


@shared_task
def sweep_callbacks() -> int:
    return actions.message_unreached(at=timezone.now())
