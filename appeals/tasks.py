"""The clock of appeals: panels that lack people, rulings due or not served, files that nobody has looked at."""

from celery import shared_task
from django.utils import timezone

from appeals import actions


@shared_task
def draw_waiting() -> int:
    return actions.draw_waiting(at=timezone.now())


@shared_task
def settle_due() -> int:
    return actions.settle_due(at=timezone.now())


@shared_task
def renew_panels() -> int:
    return actions.renew_panels(at=timezone.now())


@shared_task
def screen_exhibits() -> int:
    return actions.screen_exhibits(at=timezone.now())


@shared_task
def serve_late() -> int:
    return actions.serve_late(at=timezone.now())
