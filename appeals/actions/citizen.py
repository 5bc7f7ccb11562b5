"""The evaluator's word in an appeal: asked for by a link, kept beside the rating, taken while it can still be heard."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from appeals.actions import telling
from appeals.actions.core import audit, lock
from appeals.models import Appeal, CitizenFact
from appeals.queries import fact_of, sitting, token_hash, working_days_after
from common.actors import CITIZEN, SYSTEM
from common.ids import new_token
from rectification.actions.core import Refused

TOKEN_BYTES = 16


def ask_for_facts(appeal: Appeal, *, at: datetime) -> None:
    """Asks the evaluator for facts before a panel decides on what they said; nobody to ask, nothing to wait for.

    Args:
        appeal: just filed, with its number.
    """
    if not appeal.case.reachable:
        return
    appeal.heard_by = working_days_after(at, settings.APPEAL_HEARING_DAYS)
    appeal.save(update_fields=["heard_by"])
    token = new_token(TOKEN_BYTES)
    CitizenFact.objects.create(appeal=appeal, token_hash=token_hash(token), asked_at=at)
    audit("ask_citizen", appeal, by=SYSTEM, at=at, after={"until": appeal.heard_by})
    telling.ask_citizen(appeal, token, at=at)


@transaction.atomic
def answer_facts(token: str, text: str, *, at: datetime) -> CitizenFact:
    """What the evaluator adds by their link, once; an empty answer says that there is nothing to add.

    Raises:
        Refused: an unknown link, answered already, too late, or the appeal is over.
    """
    found = fact_of(token)
    if found is None:
        raise Refused(_("链接不正确。"))
    appeal = lock(found.appeal)
    fact = CitizenFact.objects.get(pk=found.pk)
    if fact.said_at is not None:
        raise Refused(_("您已补充过,谢谢。"))
    if not appeal.is_open or appeal.heard_by is None or at > appeal.heard_by:
        raise Refused(_("补充事实的时间已过。"))
    fact.text, fact.said_at = text.strip(), at
    fact.save(update_fields=["text", "said_at"])
    audit("answer_facts", appeal, by=CITIZEN, at=at, after={"characters": len(fact.text)})
    telling.tell(appeal, "facts", [place.staff_id for place in sitting(appeal)], at=at)
    return fact
