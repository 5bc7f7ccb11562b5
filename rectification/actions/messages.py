"""Messages to evaluators that the clock sends."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Count, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils import translation
from django.utils.translation import gettext as _

from common.models import OutboxMessage
from rectification.actions.telling import tell_citizen
from rectification.enums import ContactKind, ContactResult, State
from rectification.models import Case


def message_unreached(*, at: datetime, limit: int = 200) -> int:
    """Writes to evaluators who did not answer the callbacks, once per round (domain.md §8: tries, then an SMS).

    Returns:
        How many messages were posted.
    """
    missed = Count(
        "contacts",
        filter=Q(contacts__kind=ContactKind.CALLBACK, contacts__at__gte=F("replied_at"))
        & ~Q(contacts__result=ContactResult.REACHED),
    )
    # Those written to in this round would fill the limit at every sweep. The key is that of `tell_citizen`.
    round_now = Cast(OuterRef("rework_round"), CharField())
    key = Concat(Value("unreachable:"), OuterRef("number"), Value(":"), round_now)
    told = Exists(OutboxMessage.objects.filter(key=key))
    waiting = Case.objects.filter(~told, state=State.REPLIED, evaluator__isnull=False)
    tired = waiting.annotate(missed=missed).filter(missed__gte=settings.CALLBACK_ATTEMPTS_MIN)
    posted = 0
    for pk in list(tired.order_by("pk").values_list("pk", flat=True)):
        # A case that has had its share of messages posts nothing: only what is posted counts.
        posted += _message(pk, at)
        if posted >= limit:
            break
    return posted


@transaction.atomic
def _message(pk: int, at: datetime) -> bool:
    case = Case.objects.select_for_update(of=("self",)).get(pk=pk)
    return case.state == State.REPLIED and message_one(case, at=at)


def message_one(case: Case, *, at: datetime) -> bool:
    """Writes to the evaluator of a case that nobody could reach them; the second time in a round it changes nothing."""
    with translation.override(settings.LANGUAGE_CODE):
        text = _("多次回访未能联系到您。如问题未解决,请凭编号%(number)s查询: %(link)s") % {
            "number": case.number,
            "link": f"{settings.PORTAL_URL}/t/",
        }
    return tell_citizen(case, "unreachable", text, at=at)
