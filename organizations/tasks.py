"""The clock of accounts, rights and the trail."""

from contextlib import suppress

from celery import shared_task
from django.utils import timezone

from common.actors import SYSTEM
from organizations import actions
from organizations.actions import Refused

# How long one transaction of a verification may last.
PART_SECONDS = 20


@shared_task
def check_audit() -> int:
    check = actions.check_audit(at=timezone.now(), seconds=PART_SECONDS)
    return check.rows if check else 0


@shared_task
def ask_for_check() -> None:
    """Every night the portal asks by itself; where somebody's question waits, that is answered."""
    with suppress(Refused):
        actions.request_audit_check(by=SYSTEM, at=timezone.now())


@shared_task
def run_exports() -> int:
    return actions.run_exports(at=timezone.now())


@shared_task
def forget_exports() -> int:
    return actions.forget_exports(at=timezone.now())
