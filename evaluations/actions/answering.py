"""意见建议: who is told of which act, and what the proposer is sent. The table is the rule."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common.actions import NoticeText, notify, post_message, quiet_until
from common.enums import Channel
from evaluations.enums.suggestions import SuggestionAct, SuggestionParty
from evaluations.models import Suggestion
from organizations.enums import Role
from organizations.queries import overseers, supervisors_of_unit

TOLD: dict[SuggestionAct, SuggestionParty] = {
    SuggestionAct.SUBMIT: SuggestionParty.SORTER,
    SuggestionAct.SORT: SuggestionParty.UNIT,
    SuggestionAct.HAND_BACK: SuggestionParty.SORTER,
    SuggestionAct.ANSWER: SuggestionParty.SORTER,
    SuggestionAct.RECORD_RESULT: SuggestionParty.SORTER,
}


def tell_staff(suggestion: Suggestion, action: SuggestionAct, *, at: datetime, except_for: int | None = None) -> None:
    """Puts an in-app notice before everybody `TOLD` names for this act."""
    party = TOLD.get(action)
    if party is None:
        return
    today = timezone.localdate(at)
    if party == SuggestionParty.SORTER:
        people = overseers(Role.DISPATCHER, suggestion.region_code, today)
    else:
        assert suggestion.unit is not None
        people = supervisors_of_unit(suggestion.unit, today)
    notice = NoticeText(
        key=f"suggestion:{action}:{suggestion.number}:{suggestion.version}",
        kind=f"suggestion.{action}",
        text=f"{suggestion.number} {suggestion.text[:60]}",
        url=reverse("suggestion", args=[suggestion.number]),
        due_at=suggestion.due_at,
    )
    notify({person.pk for person in people} - {except_for or 0}, notice, at=at)


def tell_proposers(suggestion: Suggestion, *, at: datetime, what: str) -> None:
    """Writes to whoever left a number with this suggestion or with one merged under it; once per kind and person.

    Args:
        what: "answer" or "result".

    Raises:
        ValueError: PORTAL_URL is so long that the text does not fit one SMS.
    """
    for one in [suggestion, *suggestion.merged.all()]:
        if one.contact_id is None:
            continue
        post_message(
            f"suggestion-{what}:{one.number}",
            channel=Channel.SMS,
            kind=f"citizen.suggestion_{what}",
            address=("evaluator", one.contact_id),
            body=_message(one.number, what),
            about=one.number,
            at=at,
            not_before=quiet_until(at),
        )


def _message(number: str, what: str) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        words = {"number": number, "link": f"{settings.PORTAL_URL}/t/"}
        if what == "answer":
            text = _("您的建议%(number)s已有答复。凭查询码看: %(link)s") % words
        else:
            text = _("您的建议%(number)s已落实。凭查询码看: %(link)s") % words
    if len(text) > settings.SMS_MAX_CHARACTERS:
        raise ValueError(f"{what}: {len(text)} characters, PORTAL_URL is too long for one SMS")
    return text


def closing_of(day: date) -> datetime:
    """The end of office hours of a day that somebody has named."""
    return timezone.make_aware(datetime.combine(day, settings.OFFICE_CLOSING))
