"""精准评议: the sheet from the page with its rating, the waves of invitations, and 退订."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common.actions import post_message, quiet_until, record_audit
from common.enums import Channel
from common.ids import keyed_hash, new_token
from evaluations.actions.asking import hold_phone, one_sms, stop_invitations
from evaluations.actions.rating import Rated, Receipt, Words, receipt_of, submit_evaluation
from evaluations.actions.sheets import Given, write_sheet
from evaluations.enums import Limited, Origin, RatingChannel
from evaluations.enums.reviews import Purpose
from evaluations.models import AnswerSheet, Questionnaire, ReviewInvitation, ReviewWave
from evaluations.queries import city_body, rating_of_form
from evaluations.queries.reviews import candidates, takes_answers
from organizations.actions import Refused
from organizations.enums import Topic
from organizations.models import Staff, Unit
from organizations.queries import staff_actor
from rectification.enums import Target


class AlreadyAnswered(Exception):
    """This invitation has been answered; `sheet` is how."""

    def __init__(self, sheet: AnswerSheet) -> None:
        super().__init__(str(sheet.pk))
        self.sheet = sheet


class Closed(Exception):
    """The questionnaire takes no answers."""


@transaction.atomic
def submit_review(
    questionnaire: Questionnaire,
    words: Words,
    answers: Sequence[Given],
    *,
    nonce: str,
    at: datetime,
    unit: Unit | None = None,
    invitation: ReviewInvitation | None = None,
    over: Iterable[Limited] = (),
) -> Receipt:
    """Takes a sheet. Its overall level is a rating of the reform topic, so a bad one is born with a case.

    What was written to single questions goes with the rating's text: whoever handles the case reads all of it.

    Args:
        words: the overall level with what belongs to every rating.
        nonce: from the form; a second press leads to the same receipt.
        unit: where somebody says the matter was handled; with its region.
        invitation: the one that was followed; its service says which unit and item it is about.
        over: the limits it exceeded.

    Raises:
        Closed: this version takes no answers any more.
        AlreadyAnswered: the invitation has been used.
    """
    if earlier := rating_of_form(nonce):
        return receipt_of(earlier, nonce)
    _still_open(questionnaire, invitation, at)
    service = invitation.service if invitation else None
    place = service.unit if service else unit
    rated_unit = place or city_body()
    if rated_unit is None:
        raise Closed(questionnaire.code)
    rated = Rated(
        target=Target.TOPIC, unit=rated_unit, item=service.item if service else None, topic=Topic(questionnaire.topic)
    )
    said = [words.text, *(value for _question, value in answers if isinstance(value, str))]
    receipt = submit_evaluation(
        rated,
        replace(words, text="\n".join(text for text in said if text)),
        channel=RatingChannel.SMS if invitation else RatingChannel.WEB,
        origin=Origin.INVITED if invitation else Origin.ACTIVE,
        at=at,
        nonce=nonce,
        over=over,
    )
    # Another finger may have been faster with the same form.
    if not AnswerSheet.objects.filter(evaluation=receipt.evaluation).exists():
        write_sheet(
            questionnaire,
            answers,
            level=words.level,
            at=at,
            unit=place,
            evaluation=receipt.evaluation,
            invitation=invitation,
        )
    return receipt


def _still_open(questionnaire: Questionnaire, invitation: ReviewInvitation | None, at: datetime) -> None:
    """Whether the sheet may still come in; an invitation is held against a second sheet until this one is written."""
    if not takes_answers(questionnaire, at):
        raise Closed(questionnaire.code)
    if invitation is not None:
        ReviewInvitation.objects.select_for_update().get(pk=invitation.pk)
        if sheet := AnswerSheet.objects.filter(invitation=invitation).first():
            raise AlreadyAnswered(sheet)


@transaction.atomic
def start_wave(
    questionnaire: Questionnaire, *, first_day: date, last_day: date, most: int, by: Staff, at: datetime
) -> ReviewWave:
    """Begins to ask those who were served within some days; the clock sends the invitations.

    Args:
        most: how many to ask at most.

    Raises:
        Refused: the questionnaire is no review that takes answers.
    """
    if not questionnaire.is_open or questionnaire.purpose != Purpose.REVIEW:
        raise Refused(_("问卷启用以后才能邀请。"))
    wave = ReviewWave.objects.create(
        questionnaire=questionnaire, first_day=first_day, last_day=last_day, most=most, made_by=by, made_at=at
    )
    after = {"first_day": first_day, "last_day": last_day, "most": most, "questionnaire": questionnaire.code}
    record_audit("review.wave", ("wave", wave.pk), by=staff_actor(by), at=at, after=after)
    return wave


def invite_reviews(*, at: datetime) -> int:
    """Sends what the running waves still may: the latest services first, at most REVIEW_MAX_PER_SWEEP at a time.

    A wave ends when it has asked as many as it may, when its questionnaire is closed, or when its days are over and
    nobody is left who may be asked.

    Returns:
        How many invitations were posted.
    """
    posted = 0
    for wave in ReviewWave.objects.filter(done_at=None).select_related("questionnaire").order_by("pk"):
        left = wave.most - wave.invitations.count() if wave.questionnaire.is_open else 0
        limit = min(left, settings.REVIEW_MAX_PER_SWEEP - posted)
        waiting = list(candidates(wave, at).order_by("-pk").values_list("pk", flat=True)[:limit]) if limit > 0 else []
        posted += sum(_invite(wave, pk, at) for pk in waiting)
        if left <= 0 or (limit > 0 and not waiting and wave.last_day < timezone.localdate(at)):
            ReviewWave.objects.filter(pk=wave.pk, done_at=None).update(done_at=at)
    return posted


@transaction.atomic
def _invite(wave: ReviewWave, pk: uuid.UUID, at: datetime) -> bool:
    """Invites for one service; two services of one phone, or two sweeps, come here one after the other."""
    service = candidates(wave, at).select_related("contact").filter(pk=pk).first()
    if service is None or service.contact is None:
        return False
    hold_phone(service.contact)
    ReviewWave.objects.select_for_update().get(pk=wave.pk)
    if wave.invitations.count() >= wave.most or not candidates(wave, at).filter(pk=pk).exists():
        return False
    token = new_token()
    ReviewInvitation.objects.create(
        wave=wave,
        service=service,
        contact=service.contact,
        token_hash=keyed_hash("review", token),
        at=at,
        expires_at=at + timedelta(days=settings.REVIEW_LINK_DAYS),
    )
    post_message(
        f"review:{wave.pk}:{service.pk}",
        channel=Channel.SMS,
        kind="citizen.review",
        address=("evaluator", service.contact.pk),
        body=invitation_text(Topic(wave.questionnaire.topic), token),
        about=f"review-{wave.pk}",
        at=at,
        not_before=quiet_until(at),
    )
    return True


def invitation_text(topic: Topic, token: str) -> str:
    """What the SMS says: the reform it is about, and that one may stop such messages.

    Raises:
        ValueError: PORTAL_URL is so long that it does not fit one SMS.
    """
    with translation.override(settings.LANGUAGE_CODE):
        link = f"{settings.PORTAL_URL}/v/{token}"
        return one_sms(_("请评%(topic)s改革,可退订 %(link)s") % {"topic": topic.label, "link": link})


def stop_review_invitations(invitation: ReviewInvitation, *, at: datetime) -> None:
    """退订: the same as behind the link of an invitation to rate."""
    stop_invitations(invitation.contact, at=at)
