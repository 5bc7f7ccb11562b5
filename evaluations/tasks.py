"""The clock of ratings: invitations to rate and to rate again, and tables for the months ahead."""

from celery import shared_task
from django.utils import timezone

from evaluations import actions


@shared_task
def invite_follow_ups() -> int:
    return actions.invite_follow_ups(at=timezone.now())


@shared_task
def invite_ratings() -> int:
    return actions.invite_ratings(at=timezone.now())


@shared_task
def make_partitions() -> list[str]:
    return actions.make_partitions_ahead(today=timezone.localdate())
