"""The clock of ratings: invitations, tables for the months ahead, results to their sources, tablets that are silent."""

from celery import shared_task
from django.utils import timezone

from evaluations import actions
from evaluations.actions import feedback


@shared_task
def invite_follow_ups() -> int:
    return actions.invite_follow_ups(at=timezone.now())


@shared_task
def watch_devices() -> int:
    return actions.watch_devices(at=timezone.now())


def invite_ratings() -> int:
    return actions.invite_ratings(at=timezone.now())


@shared_task
def make_partitions() -> list[str]:
    return actions.make_partitions_ahead(today=timezone.localdate())


@shared_task
def report_results() -> int:
    return feedback.report_results(at=timezone.now())
