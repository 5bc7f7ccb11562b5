"""The draw: the database takes the very people that seed and rule say, all alike, and no one it must not."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.actors import SYSTEM
from evaluations.actions import Rated, Words, record_service, submit_evaluation
from evaluations.actions.drawing import close_plan, draw_samples, order_draw
from evaluations.actions.questionnaires import close_questionnaire
from evaluations.enums import ExclusionReason, Origin, RatingChannel, ServiceSource
from evaluations.enums.surveys import CallStage, PlanStage, SampleBasis, SampleMethod
from evaluations.models import Evaluation, Exclusion, SampledCall, Service
from evaluations.sampling import order_key
from identity.actions import erase_evaluator, refuse_messages, store_evaluator
from organizations.actions import Refused
from organizations.models import Unit
from tests.factories import NOW, Cast
from tests.support.listening import DAY, TODAY, design, questionnaire, rated, script, survey

pytestmark = pytest.mark.django_db


def people(cast: Cast, n: int, *, unit: Unit | None = None, level: int = 5) -> list[Evaluation]:
    """Ratings by n people, each with a number of their own."""
    was, cast.unit = cast.unit, unit or cast.unit
    start = Evaluation.objects.count()
    made = [rated(cast, level, phone=f"1380{start + k:07d}", at=NOW - timedelta(hours=30 - k % 20)) for k in range(n)]
    cast.unit = was
    return made


def test_the_draw_is_what_the_rule_says(cast: Cast) -> None:
    """The same people as in a draw by hand, in the order of their lots: anybody can check it with the seed."""
    made = people(cast, 30)
    plan = survey(cast, 8, seed=20261123)
    expected = sorted(made, key=lambda one: order_key(20261123, one.pk))[:8]
    calls = list(SampledCall.objects.filter(plan=plan))
    assert [call.evaluation_id for call in calls] == [one.pk for one in expected]
    assert [call.position for call in calls] == list(range(1, 9))
    assert (plan.population, plan.drawn, plan.stage) == (30, 8, PlanStage.OPEN)
    assert {(call.unit, call.rated_level, call.stage) for call in calls} == {(cast.unit, 5, CallStage.WAITING)}


def test_another_seed_draws_others(cast: Cast, settings: object) -> None:
    people(cast, 30)
    settings.SURVEY_CAP_DAYS = 0  # type: ignore[attr-defined]
    drawn = [set(survey(cast, 8, seed=seed).calls.values_list("evaluation_id", flat=True)) for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_good_and_bad_are_drawn_alike(cast: Cast, settings: object) -> None:
    """Of 12 good and 12 bad, over 60 seeds, about as many of each: nobody leaves the good ones out."""
    people(cast, 12, level=5), people(cast, 12, level=1)
    settings.SURVEY_CAP_DAYS = 0  # type: ignore[attr-defined]
    found: Counter[int] = Counter()
    for seed in range(60):
        found.update(survey(cast, 6, seed=seed).calls.values_list("rated_level", flat=True))
    assert sum(found.values()) == 360
    assert 140 < found[5] < 220


def test_one_person_is_drawn_once_whatever_they_rated(cast: Cast) -> None:
    several = [rated(cast, 5, phone="13800000001") for _ in range(5)]
    people(cast, 3)
    plan = survey(cast, 20)
    assert (plan.population, plan.drawn) == (4, 4)
    mine = plan.calls.get(evaluation__in=several)
    assert mine.evaluation == min(several, key=lambda one: order_key(plan.seed, one.pk))


def test_who_is_not_drawn(cast: Cast) -> None:
    """No number, erased, refused (also in another rating), other days, excluded from the figures, a default."""
    cast.submit(5, phone="")
    erase_evaluator(rated(cast).evaluator, by=SYSTEM, at=NOW, reason="本人要求")
    rated(cast, phone="13800000004")
    refuse_messages(rated(cast, phone="13800000004").evaluator, at=NOW)
    rated(cast, at=NOW - 9 * DAY)
    Exclusion.objects.create(evaluation=rated(cast), reason=ExclusionReason.TEST, at=NOW)
    assert survey(cast).population == 0
    kept = rated(cast)
    assert survey(cast).calls.get().evaluation == kept


def test_silence_is_not_asked(cast: Cast) -> None:
    submit_evaluation(
        Rated.of(cast.service(at=NOW - DAY)),
        Words(5, phone="13800000001"),
        channel=RatingChannel.SILENT,
        origin=Origin.DEFAULT,
        at=NOW - DAY,
    )
    assert survey(cast).population == 0


def test_who_was_drawn_lately_is_left_in_peace(cast: Cast) -> None:
    people(cast, 4)
    assert survey(cast, 4).drawn == 4
    rated(cast, phone="13800000000", at=NOW + 2 * DAY)
    later = {"first": TODAY, "last": TODAY + 5 * DAY}
    assert survey(cast, 4, at=NOW + 3 * DAY, **later).population == 0
    assert survey(cast, 4, at=NOW + 100 * DAY, **later).population == 1


def test_strata_get_their_minimum_and_are_noted(cast: Cast) -> None:
    people(cast, 40), people(cast, 6, unit=cast.other_unit), people(cast, 2, unit=cast.body)
    plan = survey(cast, 12, method=SampleMethod.STRATIFIED, minimum=3)
    strata = {one.unit: (one.population, one.drawn) for one in plan.strata.select_related("unit")}
    assert strata == {cast.unit: (40, 7), cast.other_unit: (6, 3), cast.body: (2, 2)}
    assert Counter(plan.calls.values_list("unit", flat=True)) == {
        cast.unit.pk: 7,
        cast.other_unit.pk: 3,
        cast.body.pk: 2,
    }
    lots = [order_key(plan.seed, call.evaluation_id) for call in plan.calls.all()]
    assert lots == sorted(lots), "those who are called first are a sample of all"


def test_a_minimum_that_cannot_be_held_is_said(cast: Cast) -> None:
    people(cast, 10), people(cast, 10, unit=cast.other_unit)
    plan = survey(cast, 5, method=SampleMethod.STRATIFIED, minimum=4)
    assert (plan.stage, plan.drawn) == (PlanStage.CLOSED, 0)
    assert "共需 8 人" in plan.fault
    assert draw_samples(at=NOW) == 0


def test_services_are_drawn_rated_or_not(cast: Cast) -> None:
    def served(phone: str) -> Service:
        contact = store_evaluator(phone=phone, consent_version="t", at=NOW)
        return record_service(
            source=ServiceSource.HALL,
            project_number=f"P{phone}",
            item=cast.item,
            unit=cast.unit,
            served_at=NOW - DAY,
            at=NOW - DAY,
            contact=contact,
            staff=cast.rated,
        )

    first, second = served("13800000001"), served("13800000002")
    cast.submit(2, service=second, phone="")
    plan = survey(cast, basis=SampleBasis.SERVICES)
    assert {(call.service, call.rated_level, call.item) for call in plan.calls.select_related("service", "item")} == {
        (first, None, cast.item),
        (second, 2, cast.item),
    }
    closed = survey(cast, basis=SampleBasis.SERVICES, method=SampleMethod.STRATIFIED, at=NOW + 100 * DAY)
    assert {call.rated_level for call in closed.calls.all()} == {None, 2}


def test_a_draw_takes_as_many_questions_for_many_people_as_for_few(cast: Cast) -> None:
    counted, used = [], script(cast)
    for n in (3, 40):
        people(cast, n)
        order_draw(design(n), used, by=cast.qian, at=NOW)
        with CaptureQueriesContext(connection) as asked:
            draw_samples(at=NOW)
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_a_draw_is_made_once(cast: Cast) -> None:
    people(cast, 5)
    survey(cast, 3)
    assert draw_samples(at=NOW) == 0
    assert SampledCall.objects.count() == 3


def test_what_is_not_ordered(cast: Cast, settings: object) -> None:
    used = script(cast)
    for wrong in (questionnaire(cast), questionnaire(cast, "draft", started=False)):
        with pytest.raises(Refused, match="电话问卷"):
            order_draw(design(), wrong, by=cast.qian, at=NOW)
    settings.SURVEY_SIZE_MAX = 100  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="最多 100 人"):
        order_draw(design(101), used, by=cast.qian, at=NOW)
    close_questionnaire(used, by=cast.qian, at=NOW)
    used.refresh_from_db()
    with pytest.raises(Refused, match="电话问卷"):
        order_draw(design(), used, by=cast.qian, at=NOW)


def test_seeds_are_drawn_themselves(cast: Cast) -> None:
    used = script(cast)
    seeds = {order_draw(design(), used, by=cast.qian, at=NOW).seed for _ in range(4)}
    assert len(seeds) == 4


def test_a_plan_is_closed_once(cast: Cast) -> None:
    people(cast, 2)
    plan = survey(cast)
    close_plan(plan, by=cast.qian, at=NOW)
    with pytest.raises(Refused, match="没有在进行"):
        close_plan(plan, by=cast.qian, at=NOW)
