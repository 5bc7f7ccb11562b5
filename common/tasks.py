"""The clock of the common tables, and how every task of the clock says when it has ended."""

import logging
from typing import Any

from celery import Task, shared_task
from django.db import DatabaseError
from django.utils import timezone

from common import actions
from common.delivery import deliver_due

logger = logging.getLogger(__name__)


class Sweep(Task):
    """A task that leaves word of its end, so that a page can tell a clock that stands still from one that has nothing
    to do. Called as a function it leaves none."""

    def before_start(self, task_id: str, args: Any, kwargs: Any) -> None:
        self.request.began_at = timezone.now()

    def after_return(self, status: str, retval: Any, task_id: str, args: Any, kwargs: Any, einfo: Any) -> None:
        at = timezone.now()
        began = getattr(self.request, "began_at", at)
        error = type(retval).__name__ if status == "FAILURE" else ""
        try:
            actions.record_task_end(self.name, began_at=began, at=at, error=error)
        except DatabaseError:
            logger.exception("the end of %s was not noted", self.name)


@shared_task
def deliver_outbox() -> int:
    return deliver_due()


@shared_task
def seal_audit() -> int:
    seal = actions.seal_audit(at=timezone.now())
    return seal.row_count if seal else 0


@shared_task
def tidy() -> None:
    actions.tidy(at=timezone.now())
