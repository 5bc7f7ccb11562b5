"""Calling: whose turn it is, who may call, what each outcome leads to, and the case a respondent agrees to."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from common.models import AuditEntry, OutboxMessage
from evaluations.actions.calls import (
    NotYours,
    note_ringing,
    record_attempt,
    release_call,
    take_next,
)
from evaluations.actions.drawing import close_plan
from evaluations.enums.surveys import CallOutcome, CallStage, SampleMethod
from evaluations.intervals import Share
from evaluations.models import AnswerSheet, CallAttempt, SampledCall
from evaluations.queries.surveys import (
    callers_of,
    calls_today,
    estimate,
    matrix_of,
    progress_of,
    strata_of,
)
from identity.actions import refuse_messages
from organizations.actions import Refused
from organizations.enums import Role
from rectification.enums import Source, State
from rectification.models import Case
from tests.factories import NOW, Cast, staff
from tests.support.listening import DAY, heard, questions, rated, script, survey

pytestmark = pytest.mark.django_db
C, S = CallOutcome, CallStage
HOUR = timedelta(hours=1)


def taken(cast: Cast, at: datetime = NOW) -> SampledCall:
    call = take_next(by=cast.zhao, at=at)
    assert call is not None
    return call


def call_of(cast: Cast, level: int = 5) -> SampledCall:
    """The only one who was drawn, in Zhao's hand."""
    rated(cast, level)
    survey(cast)
    return taken(cast)


def test_an_answer_is_a_sheet_of_the_script(cast: Cast) -> None:
    used = script(cast)
    call = call_of(cast)
    note_ringing(call, "C123", by=cast.zhao, at=NOW)
    done = record_attempt(
        call, by=cast.zhao, at=NOW, outcome=C.REACHED, heard=heard(4, answers=[(questions(used)[0], 5)])
    )
    sheet = AnswerSheet.objects.get()
    assert (sheet.call, sheet.level, sheet.unit, sheet.evaluation) == (call, 4, cast.unit, None)
    assert (done.stage, done.tries, done.finished_at, done.taken_by) == (S.ANSWERED, 1, NOW, None)
    attempt = CallAttempt.objects.get()
    assert (attempt.call_reference, attempt.by, attempt.by_unit) == ("C123", cast.zhao, cast.body)
    assert AuditEntry.objects.filter(action="survey.attempt", object_id=call.reference).exists()
    assert take_next(by=cast.zhao, at=NOW) is None


def test_what_one_has_in_hand_is_nobody_elses(cast: Cast) -> None:
    rated(cast), rated(cast)
    survey(cast)
    other = staff("cui", "崔回访", (Role.CALLBACK, cast.body))
    mine = taken(cast)
    assert taken(cast) == mine, "asking again gives the same"
    theirs = take_next(by=other, at=NOW)
    assert theirs != mine
    assert take_next(by=staff("bai", "白回访", (Role.CALLBACK, cast.body)), at=NOW) is None
    with pytest.raises(Refused, match="别人"):
        record_attempt(mine, by=other, at=NOW, outcome=C.NO_ANSWER)
    release_call(mine, by=other)
    assert taken(cast) == mine
    release_call(mine, by=cast.zhao)
    assert take_next(by=staff("yu", "于回访", (Role.CALLBACK, cast.body)), at=NOW) == mine


def test_what_is_left_lying_goes_to_the_next(cast: Cast) -> None:
    call = call_of(cast)
    other = staff("cui", "崔回访", (Role.CALLBACK, cast.body))
    assert take_next(by=other, at=NOW + 29 * HOUR / 60) is None
    assert take_next(by=other, at=NOW + 31 * HOUR / 60) == call


@pytest.mark.parametrize("hour", [0, 8, 20, 22])
def test_nobody_is_called_outside_the_hours(cast: Cast, hour: int) -> None:
    rated(cast)
    survey(cast)
    with pytest.raises(Refused, match="09:00 到 20:00"):
        take_next(by=cast.zhao, at=(NOW + DAY).replace(hour=hour))


def test_nobody_calls_people_of_the_own_unit(cast: Cast) -> None:
    """By the list, by the act, and by the database."""
    inside = staff("nei", "内回访", (Role.CALLBACK, cast.unit))
    both = staff("jian", "兼回访", (Role.CALLBACK, cast.body), (Role.WINDOW, cast.unit))
    call = call_of(cast)
    release_call(call, by=cast.zhao)
    for person in (inside, both, cast.qian, cast.wu):
        assert take_next(by=person, at=NOW) is None
        with pytest.raises(NotYours):
            record_attempt(call, by=person, at=NOW, outcome=C.NO_ANSWER)
    with pytest.raises(IntegrityError), transaction.atomic():
        CallAttempt.objects.create(
            call=call, outcome=C.NO_ANSWER, by=inside, by_unit=cast.unit, rated_unit=cast.unit, at=NOW
        )


def test_a_county_calls_only_its_own(cast: Cast) -> None:
    county = staff("xian", "县回访", (Role.CALLBACK, cast.county_body))
    call_of(cast)
    assert take_next(by=county, at=NOW + HOUR) is None


def test_three_days_without_answer_are_the_end(cast: Cast) -> None:
    call, at = call_of(cast), NOW
    for expected in (S.WAITING, S.WAITING, S.UNREACHABLE):
        call = record_attempt(taken(cast, at), by=cast.zhao, at=at, outcome=C.NO_ANSWER)
        assert call.stage == expected
        if expected == S.WAITING:
            assert take_next(by=cast.zhao, at=at) is None, "not twice on one day"
        at = call.next_from
    assert call.tries == 3
    assert len({attempt.at.date() for attempt in call.attempts.all()}) == 3


def test_two_calls_on_one_day_are_one_day(cast: Cast) -> None:
    call = call_of(cast)
    for at in (NOW, NOW + HOUR, NOW + 2 * HOUR):
        call = record_attempt(call, by=cast.zhao, at=at, outcome=C.NO_ANSWER)
    assert (call.stage, call.tries) == (S.WAITING, 3)


def test_later_is_later_the_same_day(cast: Cast) -> None:
    call = record_attempt(call_of(cast), by=cast.zhao, at=NOW, outcome=C.LATER)
    assert call.stage == S.WAITING
    assert take_next(by=cast.zhao, at=NOW + HOUR) is None
    assert taken(cast, NOW + 2 * HOUR) == call


@pytest.mark.parametrize(("outcome", "stage"), [(C.REFUSED, S.REFUSED), (C.WRONG_NUMBER, S.WRONG_NUMBER)])
def test_some_outcomes_are_the_end_at_once(cast: Cast, outcome: C, stage: S) -> None:
    assert record_attempt(call_of(cast), by=cast.zhao, at=NOW, outcome=outcome).stage == stage


def test_those_begun_come_first(cast: Cast) -> None:
    rated(cast), rated(cast)
    survey(cast)
    first = record_attempt(taken(cast), by=cast.zhao, at=NOW, outcome=C.NO_ANSWER)
    assert taken(cast, first.next_from) == first


def test_answers_come_exactly_with_a_person_reached(cast: Cast) -> None:
    call = call_of(cast)
    for outcome, said in ((C.REACHED, None), (C.NO_ANSWER, heard()), (C.REFUSED, heard())):
        with pytest.raises(Refused, match="接受访问"):
            record_attempt(call, by=cast.zhao, at=NOW, outcome=outcome, heard=said)
    assert not CallAttempt.objects.exists()


def test_a_call_that_has_ended_is_over(cast: Cast) -> None:
    call = record_attempt(call_of(cast), by=cast.zhao, at=NOW, outcome=C.REFUSED)
    with pytest.raises(Refused, match="别人"):
        record_attempt(call, by=cast.zhao, at=NOW, outcome=C.REACHED, heard=heard())


def test_who_wants_no_more_calls_is_not_drawn_and_not_called(cast: Cast) -> None:
    call = call_of(cast)
    record_attempt(call, by=cast.zhao, at=NOW, outcome=C.REFUSED, no_more=True)
    call.evaluator.refresh_from_db()
    assert call.evaluator.messages_refused_at == NOW
    waiting = rated(cast)
    survey(cast, at=NOW + HOUR)
    refuse_messages(waiting.evaluator, at=NOW)
    assert take_next(by=cast.zhao, at=NOW + HOUR) is None


def test_a_bad_answer_becomes_a_case_when_the_respondent_agrees(cast: Cast) -> None:
    call = call_of(cast, level=5)
    done = record_attempt(
        call,
        by=cast.zhao,
        at=NOW,
        outcome=C.REACHED,
        heard=heard(1, words="当时不好意思说,其实跑了三趟", opens_case=True),
    )
    case = Case.objects.get()
    assert (case.source, case.level, case.state, case.channel) == (Source.SURVEY, 1, State.RECEIVED, "phone")
    assert (case.text, case.rated_unit, case.rated_staff) == ("当时不好意思说,其实跑了三趟", cast.unit, cast.rated)
    assert case.reachable
    assert (done.case, done.consented) == (case, True)
    assert case.number in OutboxMessage.objects.get(about=case.number).body
    assert case.events.get().actor_name == "赵回访"


def test_without_consent_there_is_no_case(cast: Cast) -> None:
    done = record_attempt(call_of(cast), by=cast.zhao, at=NOW, outcome=C.REACHED, heard=heard(1, words="x"))
    assert not Case.objects.exists()
    case = cast.rate(1)
    with pytest.raises(IntegrityError), transaction.atomic():
        SampledCall.objects.filter(pk=done.pk).update(case=case)


def test_what_no_case_is_opened_for(cast: Cast) -> None:
    call = call_of(cast)
    with pytest.raises(Refused, match="才立案"):
        record_attempt(call, by=cast.zhao, at=NOW, outcome=C.REACHED, heard=heard(3, opens_case=True))
    assert not AnswerSheet.objects.exists()


def test_a_rating_that_had_its_case_gets_no_second(cast: Cast) -> None:
    call = call_of(cast, level=1)
    with pytest.raises(Refused, match="已经立案"):
        record_attempt(call, by=cast.zhao, at=NOW, outcome=C.REACHED, heard=heard(1, opens_case=True))
    assert Case.objects.count() == 1


def test_attempts_are_history(cast: Cast) -> None:
    record_attempt(call_of(cast), by=cast.zhao, at=NOW, outcome=C.REFUSED)
    for change in (lambda: CallAttempt.objects.update(note="x"), CallAttempt.objects.all().delete):
        with pytest.raises(InternalError), transaction.atomic():
            change()


def test_a_closed_plan_calls_nobody(cast: Cast) -> None:
    rated(cast)
    close_plan(survey(cast), by=cast.qian, at=NOW)
    assert take_next(by=cast.zhao, at=NOW) is None


def through(cast: Cast, *levels: tuple[int, int | None]) -> SampledCall:
    """Rated so, said so on the telephone; None did not want to talk."""
    said = {rated(cast, level).pk: word for level, word in levels}
    plan = survey(cast, len(levels))
    while call := take_next(by=cast.zhao, at=NOW):
        word = said[call.evaluation_id]
        if word is None:
            record_attempt(call, by=cast.zhao, at=NOW, outcome=C.REFUSED)
        else:
            record_attempt(call, by=cast.zhao, at=NOW, outcome=C.REACHED, heard=heard(word))
    return plan


def test_progress(cast: Cast) -> None:
    plan = through(cast, (5, 5), (5, 4), (4, None))
    found = progress_of([plan])[plan.pk]
    assert (found.drawn, found.answered, found.refused, found.waiting, found.tries) == (3, 2, 1, 0, 3)
    assert found.response == Share(2, 3)
    [caller] = callers_of(plan)
    assert (caller.name, caller.tries, caller.reached) == ("赵回访", 3, 2)
    assert calls_today(cast.zhao, NOW) == (3, 2)
    assert calls_today(cast.zhao, NOW + DAY) == (0, 0)


def test_the_phone_against_the_rating(cast: Cast) -> None:
    plan = through(cast, (5, 5), (5, 4), (5, 2), (4, 4), (3, 1), (1, 1), (2, 5), (5, None))
    found = matrix_of(plan)
    cells = {label: counts for label, counts, _sum in found.rows}
    assert cells["非常满意"] == [1, 1, 0, 1, 0]
    assert cells["基本满意"] == [0, 0, 0, 0, 1]
    assert sum(total for _label, _counts, total in found.rows) == 7
    assert (found.same, found.same_side, found.turned) == (Share(3, 7), Share(4, 7), Share(2, 5))
    assert found.same.wilson.low < 3 / 7 < found.same.wilson.high


def test_results_weigh_units_by_their_people(cast: Cast) -> None:
    """A small unit that was drawn more densely does not pull the city's figure."""
    for _ in range(18):
        rated(cast)
    was, cast.unit = cast.unit, cast.other_unit
    rated(cast), rated(cast)
    cast.unit = was
    plan = survey(cast, 4, method=SampleMethod.STRATIFIED, minimum=2)
    while call := take_next(by=cast.zhao, at=NOW):
        level = 1 if call.unit == cast.other_unit else 5
        record_attempt(call, by=cast.zhao, at=NOW, outcome=C.REACHED, heard=heard(level))
    strata = strata_of(plan)
    assert [(one.population, one.drawn, one.good) for one in strata] == [(18, 2, Share(2, 2)), (2, 2, Share(0, 2))]
    found = estimate(strata)
    assert found is not None
    assert found.value == pytest.approx(0.9)


@pytest.mark.django_db(transaction=True)
def test_parallel_callers_get_different_people(live_cast: Cast) -> None:
    for _ in range(6):
        rated(live_cast)
    survey(live_cast, 6)
    callers = [staff(f"c{n}", f"回访{n}", (Role.CALLBACK, live_cast.body)) for n in range(6)]
    together = Barrier(6)

    def ask(person: object) -> int:
        together.wait()
        try:
            call = take_next(by=person, at=NOW)  # type: ignore[arg-type]
            return call.pk if call else 0
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as desks:
        found = list(desks.map(ask, callers))
    assert len(set(found)) == 6
    assert 0 not in found
