"""送达: the ruling in the words that count, to the unit, the rated person and, in plain words, the evaluator."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from appeals.actions import telling
from appeals.actions.core import acting, audit, lock, require_nobody_named
from appeals.enums import Stage
from appeals.models import Appeal, Ruling, Service
from appeals.queries import limit_of, working_days_after
from common.actors import SYSTEM
from organizations.models import Staff
from rectification.actions.core import Refused
from rectification.enums import Duty, Party


@transaction.atomic
def serve_ruling(appeal: Appeal, *, by: Staff, at: datetime, text: str, plain: str) -> Service:
    """Serves a ruling in words that a dispatcher or supervisor of the division has looked over.

    What was found and what follows stands in the ruling's own fields and is not changed by any words.

    Args:
        text: for unit and rated person.
        plain: for the evaluator.

    Raises:
        Refused: no ruling, served already, no words, somebody can be recognised in them, or not this person's to serve.
    """
    locked = lock(appeal)
    actor = acting(by, locked.case, Party.DISPATCHER, Party.SUPERVISOR)
    if locked.stage != Stage.RULED or Service.objects.filter(ruling__appeal=locked).exists():
        raise Refused(_("没有等待送达的裁定。"))
    if not text.strip() or not plain.strip():
        raise Refused(_("裁定书和给评价人的说明都要写。"))
    require_nobody_named(text, plain)
    service = _serve(locked, text.strip(), plain.strip(), by=by, at=at)
    audit("serve", locked, by=actor, at=at, after={"review_until": service.review_until})
    return service


def _serve(appeal: Appeal, text: str, plain: str, *, by: Staff | None, at: datetime) -> Service:
    until = limit_of(Duty.REVIEW_FILE, at)
    service = Service.objects.create(ruling=appeal.ruling, text=text, plain=plain, by=by, at=at, review_until=until)
    telling.tell_parties(appeal, "served", at=at)
    telling.tell_citizen(appeal, at=at)
    return service


def serve_late(*, at: datetime) -> int:
    """Serves rulings that nobody has looked over in time (APPEAL_SERVE_DAYS) as they were generated.

    Returns:
        How many were served.
    """
    waiting = Ruling.objects.filter(service=None).order_by("pk").values_list("appeal_id", "at")
    late = [pk for pk, ruled in waiting if at > working_days_after(ruled, settings.APPEAL_SERVE_DAYS)]
    return sum(_serve_one(pk, at) for pk in late)


@transaction.atomic
def _serve_one(pk: int, at: datetime) -> bool:
    appeal = lock(Appeal(pk=pk))
    if Service.objects.filter(ruling__appeal=appeal).exists():
        return False
    service = _serve(appeal, appeal.ruling.text, appeal.ruling.plain, by=None, at=at)
    audit("serve", appeal, by=SYSTEM, at=at, after={"review_until": service.review_until})
    return True
