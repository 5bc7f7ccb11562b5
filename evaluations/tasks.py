"""The clock of ratings: invitations, draws that were ordered, and tables for the months ahead."""

from celery import shared_task
from django.utils import timezone

from evaluations import actions
from evaluations.actions import drawing, reviews


@shared_task
def invite_follow_ups() -> int:
    return actions.invite_follow_ups(at=timezone.now())


@shared_task
def make_partitions() -> list[str]:
    return actions.make_partitions_ahead(today=timezone.localdate())


@shared_task
def invite_reviews() -> int:
    return reviews.invite_reviews(at=timezone.now())


@shared_task
def draw_samples() -> int:
    return drawing.draw_samples(at=timezone.now())
