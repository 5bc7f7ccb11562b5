"""The clock of the notice."""

from celery import shared_task
from django.utils import timezone

from oversight import actions


@shared_task
def draft_frozen() -> int:
    return actions.draft_frozen(at=timezone.now())


@shared_task
def remind_unread() -> int:
    return actions.remind_unread(at=timezone.now())
