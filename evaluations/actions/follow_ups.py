"""追评: one word after rectification, and the link that asks for it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from common.ids import keyed_hash, new_token
from evaluations.models import FollowUp, FollowUpLink
from rectification.actions import record_citizen_verdict
from rectification.actions.telling import tell_citizen
from rectification.enums import State, Verdict
from rectification.models import Case


class AlreadyFollowedUp(Exception):
    """A case has one follow-up."""


@transaction.atomic
def follow_up(case: Case, *, verdict: Verdict, text: str, at: datetime) -> FollowUp:
    """追评: once per case, after the reply; kept beside the first rating (domain.md §4).

    Raises:
        AlreadyFollowedUp: this case has had its follow-up.
        rectification.workflow.NotAllowed: there is no reply yet to judge.
    """
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if FollowUp.objects.filter(case=case).exists():
        raise AlreadyFollowedUp(case.number)
    record_citizen_verdict(case, at=at, verdict=verdict, note=text, reworks_max=settings.REWORKS_MAX)
    return FollowUp.objects.create(case=case, verdict=verdict, text=text, at=at)


def invite_follow_ups(*, at: datetime, limit: int = 200) -> int:
    """Sends the link for 再次评价 to evaluators whose case has been answered; once per case.

    Returns:
        How many invitations were posted.
    """
    waiting = Case.objects.filter(state=State.REPLIED, evaluator__isnull=False, follow_up_link=None)
    return sum(_invite(pk, at) for pk in list(waiting.values_list("pk", flat=True)[:limit]))


@transaction.atomic
def _invite(pk: int, at: datetime) -> bool:
    case = Case.objects.select_for_update(of=("self",)).get(pk=pk)
    if case.state != State.REPLIED or FollowUpLink.objects.filter(case=case).exists():
        return False
    token = new_token()
    FollowUpLink.objects.create(
        token_hash=keyed_hash("follow-up", token),
        case=case,
        made_at=at,
        expires_at=at + timedelta(days=settings.FOLLOW_UP_DAYS),
    )
    with translation.override(settings.LANGUAGE_CODE):
        text = _("您反映的问题已有答复。查看并评价: %(link)s") % {"link": f"{settings.PORTAL_URL}/f/{token}"}
    return tell_citizen(case, "reply", text, at=at)
