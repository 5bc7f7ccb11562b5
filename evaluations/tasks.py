"""The clock of ratings: invitations, tables for the months ahead, results to their sources, tablets that are silent."""

from celery import shared_task
from django.utils import timezone

from evaluations import actions
from evaluations.actions import drawing, feedback, keeping, releases, reviews, running, uploads

SIX_HOURS = 6 * 60 * 60


@shared_task
def invite_follow_ups() -> int:
    return actions.invite_follow_ups(at=timezone.now())


@shared_task
def watch_devices() -> int:
    return actions.watch_devices(at=timezone.now())


@shared_task
def invite_ratings() -> int:
    return actions.invite_ratings(at=timezone.now())


@shared_task
def remind_ratings() -> int:
    return actions.remind_ratings(at=timezone.now())


@shared_task
def make_partitions() -> list[str]:
    return actions.make_partitions_ahead(today=timezone.localdate())


@shared_task
def report_results() -> int:
    return feedback.report_results(at=timezone.now())


# Let go of as soon as they are begun: the next beat asks again, and a batch goes on where it stood.
@shared_task(acks_late=False, time_limit=SIX_HOURS)
def run_batches() -> int:
    return running.run_batches(at=timezone.now())


@shared_task(acks_late=False, time_limit=SIX_HOURS)
def check_files() -> int:
    return uploads.check_files(at=timezone.now())


@shared_task
def release_mapped() -> int:
    return releases.release_mapped(at=timezone.now())


@shared_task
def release_arrived() -> int:
    return releases.release_arrived(at=timezone.now())


@shared_task
def forget_files() -> int:
    return keeping.forget_files(at=timezone.now())


@shared_task
def forget_traces() -> int:
    return keeping.forget_traces(today=timezone.localdate())


@shared_task
def invite_reviews() -> int:
    return reviews.invite_reviews(at=timezone.now())


@shared_task
def draw_samples() -> int:
    return drawing.draw_samples(at=timezone.now())
