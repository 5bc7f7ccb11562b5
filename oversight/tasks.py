"""The clock of the notice, of dossiers and their tasks, and of the overview."""

from time import monotonic

from celery import shared_task
from django.utils import timezone

from oversight import actions
from oversight.queries.kept import renewed, stale_panels


@shared_task
def draft_frozen() -> int:
    return actions.draft_frozen(at=timezone.now())


@shared_task
def follow_low() -> int:
    return actions.follow_low(at=timezone.now())


@shared_task
def propose_clues() -> int:
    at = timezone.now()
    return actions.propose_found(at=at) + actions.lapse_questions(at=at) + actions.keep_readers(at=at)


@shared_task
def warn_tasks() -> int:
    return actions.warn_tasks(at=timezone.now()) + actions.warn_statements(at=timezone.now())


@shared_task
def look_again() -> int:
    return actions.look_again(at=timezone.now())


@shared_task
def tell_campaign_shares() -> int:
    return actions.tell_campaign_shares(at=timezone.now())


@shared_task
def remind_unread() -> int:
    return actions.remind_unread(at=timezone.now()) + actions.remind_minutes(at=timezone.now())


# A sweep ends well before a task is ended from outside.
SECONDS = 40


@shared_task
def warm_overviews() -> int:
    """Finds the panels anew of whoever has looked lately, before what is kept of them is too old; returns how many."""
    until, found = monotonic() + SECONDS, 0
    for scope, panel in stale_panels(at=timezone.now()):
        if monotonic() > until:
            return found
        found += renewed(panel, scope, at=timezone.now())
    return found
