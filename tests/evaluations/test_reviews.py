"""精准评议: the sheet and its rating, who is invited and who is not, and what the answers come to."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.conf import settings as portal
from django.db import connection
from django.utils import timezone

from common.actors import SYSTEM
from common.models import OutboxMessage
from evaluations.actions import Words, record_service
from evaluations.actions.questionnaires import close_questionnaire
from evaluations.actions.reviews import (
    AlreadyAnswered,
    Closed,
    invitation_text,
    invite_reviews,
    start_wave,
    stop_review_invitations,
    submit_review,
)
from evaluations.enums import Origin, RatingChannel, ServiceSource
from evaluations.models import AnswerSheet, Evaluation, Questionnaire, ReviewInvitation, ReviewWave, Service
from evaluations.queries import city_body
from evaluations.queries.reviews import invitation_of_link, results_of, texts_of
from identity.actions import erase_evaluator, refuse_messages, store_evaluator
from organizations.actions import Refused
from organizations.enums import Topic
from organizations.models import ServiceItem
from rectification.enums import Target
from rectification.models import Case
from tests.factories import NOW, Cast
from tests.support.listening import DAY, TODAY, questionnaire, questions, script

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(cast: Cast) -> Questionnaire:
    ServiceItem.objects.filter(pk=cast.item.pk).update(topics=[Topic.ONE_GO])
    return questionnaire(cast)


def served(cast: Cast, phone: str = "13800000001", *, at: datetime = NOW - 2 * DAY, item: object = None) -> Service:
    contact = store_evaluator(phone=phone, consent_version="t", at=at) if phone else None
    return record_service(
        source=ServiceSource.HALL,
        project_number=uuid4().hex,
        item=item or cast.item,
        unit=cast.unit,
        served_at=at,
        at=at,
        contact=contact,
    )


def wave(cast: Cast, made: Questionnaire, most: int = 10) -> ReviewWave:
    days = {"first_day": TODAY - 5 * DAY, "last_day": TODAY}
    return start_wave(made, **days, most=most, by=cast.qian, at=NOW)


def invited(cast: Cast, made: Questionnaire) -> ReviewInvitation:
    served(cast)
    wave(cast, made)
    assert invite_reviews(at=NOW) == 1
    return ReviewInvitation.objects.select_related("service__unit__region", "service__item", "contact").get()


def test_a_good_sheet_is_a_rating_of_the_topic(cast: Cast, made: Questionnaire) -> None:
    scale, yes_no, text = questions(made)
    receipt = submit_review(made, Words(5), [(scale, 4), (yes_no, 1), (text, "挺好")], nonce="n" * 20, at=NOW)
    evaluation = Evaluation.objects.get()
    assert receipt.case is None
    assert (evaluation.target, evaluation.topic, evaluation.level) == (Target.TOPIC, Topic.ONE_GO, 5)
    assert (evaluation.origin, evaluation.channel) == (Origin.ACTIVE, RatingChannel.WEB)
    assert evaluation.unit == city_body()
    assert evaluation.text == "挺好"
    sheet = AnswerSheet.objects.get()
    assert (sheet.evaluation, sheet.unit, sheet.answers.count()) == (evaluation, None, 3)


def test_a_bad_sheet_opens_a_case_with_every_word(cast: Cast, made: Questionnaire) -> None:
    text = questions(made)[2]
    receipt = submit_review(
        made, Words(1, text="跑了三趟"), [(text, "系统总退出")], nonce="n" * 20, at=NOW, unit=cast.unit
    )
    assert receipt.case is not None
    assert (receipt.case.text, receipt.case.target) == ("跑了三趟\n系统总退出", Target.TOPIC)
    assert receipt.case.rated_unit == cast.unit
    assert "一次办好" in receipt.case.place


def test_nothing_but_the_overall_level_has_to_be_answered(cast: Cast, made: Questionnaire) -> None:
    submit_review(made, Words(4), [], nonce="n" * 20, at=NOW)
    assert AnswerSheet.objects.get().answers.count() == 0


def test_a_second_press_is_the_same_sheet(cast: Cast, made: Questionnaire) -> None:
    first = submit_review(made, Words(2, text="慢"), [], nonce="n" * 20, at=NOW)
    again = submit_review(made, Words(2, text="慢"), [], nonce="n" * 20, at=NOW + DAY / 100)
    assert (first.evaluation.pk, first.case, first.code) == (again.evaluation.pk, again.case, again.code)
    assert AnswerSheet.objects.count() == Case.objects.count() == 1


def test_a_closed_questionnaire_takes_nothing(cast: Cast, made: Questionnaire) -> None:
    close_questionnaire(made, by=cast.qian, at=NOW)
    made.refresh_from_db()
    with pytest.raises(Closed):
        submit_review(made, Words(5), [], nonce="n" * 20, at=NOW + DAY)
    assert not Evaluation.objects.exists()


def test_who_was_served_is_invited_once(cast: Cast, made: Questionnaire) -> None:
    invitation = invited(cast, made)
    message = OutboxMessage.objects.get(kind="citizen.review")
    assert message.address_id == str(invitation.contact_id)
    assert len(message.body) <= portal.SMS_MAX_CHARACTERS
    assert "138" not in message.body
    token = message.body.rsplit("/v/", 1)[1]
    assert invitation_of_link(token, NOW) == invitation
    assert invitation_of_link(token, NOW + 15 * DAY) is None
    assert invitation_of_link("other", NOW) is None
    assert invite_reviews(at=NOW) == invite_reviews(at=NOW + DAY) == 0


def test_an_invited_sheet_is_counted_as_invited_and_belongs_to_the_unit(cast: Cast, made: Questionnaire) -> None:
    invitation = invited(cast, made)
    submit_review(made, Words(5), [], nonce="n" * 20, at=NOW, invitation=invitation)
    evaluation = Evaluation.objects.get()
    assert (evaluation.origin, evaluation.channel) == (Origin.INVITED, RatingChannel.SMS)
    assert (evaluation.unit, evaluation.item) == (cast.unit, cast.item)
    assert AnswerSheet.objects.get().invitation == invitation
    with pytest.raises(AlreadyAnswered):
        submit_review(made, Words(1, text="又来"), [], nonce="m" * 20, at=NOW, invitation=invitation)
    assert Evaluation.objects.count() == 1


def test_who_is_not_asked(cast: Cast, made: Questionnaire) -> None:
    """Another topic, other days, no number, erased, refused (also with another service), asked lately."""
    served(cast, item=ServiceItem.objects.exclude(topics__contains=[Topic.ONE_GO])[0])
    served(cast, at=NOW - 6 * DAY)
    served(cast, phone="")
    erase_evaluator(served(cast, "13800000003").contact, by=SYSTEM, at=NOW, reason="本人要求")
    served(cast, "13800000004")
    refuse_messages(served(cast, "13800000004").contact, at=NOW)
    wave(cast, made)
    assert invite_reviews(at=NOW) == 0
    served(cast, "13800000005")
    served(cast, "13800000005")
    assert invite_reviews(at=NOW) == 1
    assert invite_reviews(at=NOW + DAY) == 0
    assert OutboxMessage.objects.filter(kind="citizen.review").count() == 1


def test_one_phone_is_asked_seldom_across_waves(cast: Cast, made: Questionnaire) -> None:
    served(cast)
    wave(cast, made)
    assert invite_reviews(at=NOW) == 1
    served(cast, at=NOW - DAY)
    wave(cast, made)
    assert invite_reviews(at=NOW + 6 * DAY) == 0
    assert invite_reviews(at=NOW + 8 * DAY) == 0, "both waves' days were over and they had ended"
    start_wave(made, first_day=TODAY - DAY, last_day=TODAY + 30 * DAY, most=5, by=cast.qian, at=NOW)
    assert invite_reviews(at=NOW + 8 * DAY) == 1


def test_a_wave_ends_at_its_number_the_latest_first(cast: Cast, made: Questionnaire) -> None:
    services = [served(cast, f"1380000010{n}", at=NOW - timedelta(hours=20 - n)) for n in range(5)]
    begun = wave(cast, made, most=3)
    assert invite_reviews(at=NOW) == 3
    asked = set(ReviewInvitation.objects.values_list("service_id", flat=True))
    assert asked == {service.pk for service in services[2:]}
    invite_reviews(at=NOW)
    begun.refresh_from_db()
    assert begun.done_at == NOW


def test_a_wave_ends_when_its_days_are_over_or_its_questionnaire_is_closed(cast: Cast, made: Questionnaire) -> None:
    first = wave(cast, made)
    invite_reviews(at=NOW)
    first.refresh_from_db()
    assert first.done_at is None, "somebody may still be served today"
    invite_reviews(at=NOW + DAY)
    first.refresh_from_db()
    assert first.done_at == NOW + DAY
    second = wave(cast, made)
    served(cast)
    close_questionnaire(made, by=cast.qian, at=NOW)
    assert invite_reviews(at=NOW) == 0
    second.refresh_from_db()
    assert second.done_at == NOW


@pytest.mark.parametrize(("hour", "sent"), [(21, 8), (23, 8), (5, 8), (10, 10)])
def test_nobody_is_written_to_at_night(cast: Cast, made: Questionnaire, hour: int, sent: int) -> None:
    served(cast)
    wave(cast, made)
    invite_reviews(at=NOW.replace(hour=hour))
    message = OutboxMessage.objects.get(kind="citizen.review")
    assert timezone.localtime(message.next_attempt_at).hour == sent


def test_a_wave_needs_a_review_that_is_open(cast: Cast) -> None:
    for closed in (questionnaire(cast, started=False), script(cast)):
        with pytest.raises(Refused, match="启用以后"):
            wave(cast, closed)


def test_who_says_stop_is_not_asked_again(cast: Cast, made: Questionnaire) -> None:
    stop_review_invitations(invited(cast, made), at=NOW)
    served(cast, at=NOW - DAY)
    start_wave(made, first_day=TODAY, last_day=TODAY + 90 * DAY, most=5, by=cast.qian, at=NOW)
    assert invite_reviews(at=NOW + 30 * DAY) == 0


def test_an_invitation_too_long_for_one_message_is_refused(settings: object) -> None:
    settings.PORTAL_URL = "https://" + "x" * 60  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="too long"):
        invitation_text(Topic.ONE_GO, "t" * 27)


def test_results_count_every_answer_and_say_how_sure_they_are(cast: Cast, made: Questionnaire) -> None:
    scale, yes_no, text = questions(made)
    for number, (level, given) in enumerate(
        [(5, [(scale, 5), (yes_no, 1)]), (4, [(scale, 3)]), (2, [(scale, 1), (yes_no, 0), (text, "慢")]), (5, [])]
    ):
        submit_review(
            made, Words(level, text="x"), given, nonce=f"{number:020d}", at=NOW, unit=cast.unit if level < 5 else None
        )
    results = results_of(made, AnswerSheet.objects.filter(questionnaire=made))
    assert (results.n, results.good.hits) == (4, 3)
    assert [count for _label, count in results.levels] == [2, 1, 0, 1, 0]
    first, second, third = results.questions
    assert (first.n, [count for _label, count in first.counts]) == (3, [1, 0, 1, 0, 1])
    assert (first.good.hits, first.good.n) == (1, 3)
    assert first.good.wilson.low < 1 / 3 < first.good.wilson.high
    assert (second.n, second.good.hits) == (2, 1)
    assert (third.n, third.good) == (1, None)
    assert {(one.unit, one.n, one.good.hits) for one in results.units} == {(cast.unit, 2, 1), (None, 2, 2)}
    assert texts_of(text, AnswerSheet.objects.all()) == ["慢"]


def test_results_of_nothing(cast: Cast, made: Questionnaire) -> None:
    results = results_of(made, AnswerSheet.objects.none())
    assert (results.n, results.good.value, results.units) == (0, None, [])
    assert all(one.good is None or one.good.value is None for one in results.questions)


@pytest.mark.django_db(transaction=True)
def test_parallel_presses_make_one_sheet(live_cast: Cast) -> None:
    made, together = questionnaire(live_cast), Barrier(6)

    def press(_finger: int) -> object:
        together.wait()
        try:
            return submit_review(made, Words(1, text="慢"), [], nonce="n" * 20, at=NOW).evaluation.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as fingers:
        found = set(fingers.map(press, range(6)))
    assert len(found) == AnswerSheet.objects.count() == Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_parallel_sweeps_invite_once(live_cast: Cast) -> None:
    ServiceItem.objects.filter(pk=live_cast.item.pk).update(topics=[Topic.ONE_GO])
    for _service in range(4):
        served(live_cast)
    wave(live_cast, questionnaire(live_cast))
    together = Barrier(4)

    def sweep(_worker: int) -> int:
        together.wait()
        try:
            return invite_reviews(at=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        assert sum(workers.map(sweep, range(4))) == 1
    assert ReviewInvitation.objects.count() == OutboxMessage.objects.filter(kind="citizen.review").count() == 1
