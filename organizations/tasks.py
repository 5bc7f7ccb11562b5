"""The clock of accounts, rights and the trail."""

from celery import shared_task
from django.utils import timezone

from organizations import actions

# How long one transaction of a verification may last.
PART_SECONDS = 20


@shared_task
def check_audit() -> int:
    check = actions.check_audit(at=timezone.now(), seconds=PART_SECONDS)
    return check.rows if check else 0


@shared_task
def run_exports() -> int:
    return actions.run_exports(at=timezone.now())


@shared_task
def forget_exports() -> int:
    return actions.forget_exports(at=timezone.now())
