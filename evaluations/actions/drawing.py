"""抽样: the plan, and the draw, which the database makes by itself however many people there are.

Both orders of magnitude are kept out of memory: the database sorts the people by the lots of `sampling.order_key`, and
the rows go straight from its one table into the other. Nobody is drawn twice in a plan: of everything a telephone
number has said, the rating with the lowest lot stands for it.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from common.actions import record_audit
from common.actors import SYSTEM
from evaluations.calling import earliest
from evaluations.enums.reviews import Purpose
from evaluations.enums.surveys import PlanStage, SampleBasis, SampleMethod
from evaluations.models import Questionnaire, SampleStratum, SamplingPlan
from evaluations.queries import day_start
from evaluations.queries.surveys import call_rules
from evaluations.sampling import TooSmall, allocate
from organizations.actions import Refused
from organizations.models import Staff
from organizations.queries import staff_actor

RATINGS = """
    SELECT DISTINCT ON (v.phone_index) v.phone_index, e.id, e.unit_id, e.item_id, v.id AS evaluator_id,
        e.rated_at AS happened_at, e.level, sha256(convert_to(%(seed)s || ':' || e.id, 'UTF8')) AS lot
    FROM evaluations_evaluation e JOIN identity_evaluator v ON v.id = e.evaluator_id
    WHERE e.id >= %(first)s AND e.id < %(after)s AND NOT e.is_default AND e.origin <> 'test'
        AND NOT EXISTS (SELECT FROM evaluations_exclusion x WHERE x.evaluation_id = e.id)
"""
SERVICES = """
    SELECT DISTINCT ON (v.phone_index) v.phone_index, s.id, s.unit_id, s.item_id, v.id AS evaluator_id,
        s.served_at AS happened_at, NULL::smallint AS level, sha256(convert_to(%(seed)s || ':' || s.id, 'UTF8')) AS lot
    FROM evaluations_service s JOIN identity_evaluator v ON v.id = s.contact_id
    WHERE s.id >= %(first)s AND s.id < %(after)s
"""
# A number that is there and was given with consent, that has not refused messages, and was not drawn lately: what
# `queries.asking.willing` says, for the draw that stays in the database.
REACHABLE = """
        AND v.phone_index <> '' AND v.phone_sealed IS NOT NULL AND v.erased_at IS NULL AND v.consent_version <> ''
        AND NOT EXISTS (
            SELECT FROM identity_evaluator r WHERE r.phone_index = v.phone_index AND r.messages_refused_at IS NOT NULL
        )
        AND NOT EXISTS (
            SELECT FROM evaluations_sampledcall c JOIN evaluations_samplingplan p ON p.id = c.plan_id
            JOIN identity_evaluator o ON o.id = c.evaluator_id
            WHERE o.phone_index = v.phone_index AND p.drawn_at > %(since)s
        )
"""
NOT_STOPPED = "AND NOT EXISTS (SELECT FROM evaluations_optout stop WHERE stop.phone_index = v.phone_index)"
FIRST_LOTS = " ORDER BY v.phone_index, lot"
COUNT = "SELECT unit_id, count(*) FROM ({pool}) pool GROUP BY unit_id"
INTO = """
INSERT INTO evaluations_sampledcall
    (plan_id, position, {subject}, evaluator_id, unit_id, item_id, happened_at, rated_level, stage, tries, next_from,
     call_reference, consented)
SELECT %(plan)s, row_number() OVER (ORDER BY lot), id, evaluator_id, unit_id, item_id, happened_at, {level}, 'waiting',
    0, %(from)s, '', false
"""
AT_RANDOM = "FROM (SELECT * FROM ({pool}) pool ORDER BY lot LIMIT %(size)s) drawn"
BY_UNIT = """
FROM (
    SELECT pool.*, row_number() OVER (PARTITION BY unit_id ORDER BY lot) AS place FROM ({pool}) pool
) ranked JOIN unnest(%(units)s::bigint[], %(quotas)s::int[]) AS quota (unit, most) ON quota.unit = ranked.unit_id
WHERE place <= most
"""
# What was rated, where somebody was drawn by a service: asked of the few who were drawn.
LEVEL_OF_SERVICE = """(
    SELECT e.level FROM evaluations_service s
    JOIN evaluations_servicekey k ON (k.project_number, k.source, k.service_number, k.assess_number)
        = (s.project_number, s.source, s.service_number, 1)
    JOIN evaluations_evaluation e ON e.id = k.row WHERE s.id = {drawn}.id
)"""


@dataclass(frozen=True)
class Design:
    """What a plan draws.

    first_day, last_day: of the ratings or services.
    size: how many people; of fewer everybody is drawn.
    minimum: of each unit at least, if the plan is stratified.
    """

    name: str
    basis: SampleBasis
    first_day: date
    last_day: date
    size: int
    method: SampleMethod
    minimum: int = 0


@transaction.atomic
def order_draw(
    design: Design, script: Questionnaire, *, by: Staff, at: datetime, seed: int | None = None
) -> SamplingPlan:
    """Orders a draw; the clock makes it.

    Args:
        script: what is read out; a questionnaire for the telephone that is in use.
        seed: the number the lots belong to, where it was agreed upon or is to be repeated; else a random one.

    Raises:
        Refused: the script is not in use, or the sample is larger than SURVEY_SIZE_MAX.
    """
    if not script.is_open or script.purpose != Purpose.SURVEY:
        raise Refused(_("请选一份在用的电话问卷。"))
    if design.size > settings.SURVEY_SIZE_MAX:
        raise Refused(_("样本量最多 %(most)d 人。") % {"most": settings.SURVEY_SIZE_MAX})
    chosen = secrets.randbits(62) if seed is None else seed
    plan = SamplingPlan.objects.create(questionnaire=script, seed=chosen, made_by=by, made_at=at, **asdict(design))
    after = {**asdict(design), "seed": chosen, "script": script.code}
    record_audit("survey.order", ("plan", plan.pk), by=staff_actor(by), at=at, after=after)
    return plan


def draw_samples(*, at: datetime) -> int:
    """Makes the draws that were ordered, each in a transaction of its own; a killed one is made again, the same.

    Returns:
        How many people were drawn.
    """
    waiting = SamplingPlan.objects.filter(stage=PlanStage.ORDERED).order_by("pk").values_list("pk", flat=True)
    return sum(_draw(pk, at) for pk in list(waiting))


@transaction.atomic
def _draw(pk: int, at: datetime) -> int:
    waiting = SamplingPlan.objects.select_for_update(skip_locked=True)
    plan = waiting.filter(pk=pk, stage=PlanStage.ORDERED).first()
    if plan is None:
        return 0
    pool, values = _pool(plan, at)
    people = _count(pool, values)
    try:
        quotas = allocate(people, plan.size, plan.minimum if plan.method == SampleMethod.STRATIFIED else 0)
        drawn = _insert(plan, pool, {**values, "from": earliest(at, call_rules())}, quotas) if people else {}
    except TooSmall as error:
        return _give_up(plan, at, error.needed)
    SampleStratum.objects.bulk_create(
        [SampleStratum(plan=plan, unit_id=unit, population=n, drawn=drawn.get(unit, 0)) for unit, n in people.items()]
    )
    plan.population, plan.drawn = sum(people.values()), sum(drawn.values())
    plan.stage, plan.drawn_at = PlanStage.OPEN, at
    plan.save()
    after = {"population": plan.population, "drawn": plan.drawn, "seed": plan.seed}
    record_audit("survey.draw", ("plan", plan.pk), by=SYSTEM, at=at, after=after)
    return plan.drawn


def _give_up(plan: SamplingPlan, at: datetime, needed: int) -> int:
    with translation.override(settings.LANGUAGE_CODE):
        plan.fault = _("每个单位至少抽 %(minimum)d 人,共需 %(needed)d 人,样本量不够。") % {
            "minimum": plan.minimum,
            "needed": needed,
        }
    plan.stage, plan.closed_at = PlanStage.CLOSED, at
    plan.save()
    return 0


def _pool(plan: SamplingPlan, at: datetime) -> tuple[str, dict[str, Any]]:
    """The statement that names everybody who may be drawn, and its values."""
    values = {
        "plan": plan.pk,
        "seed": str(plan.seed),
        "size": plan.size,
        "first": day_start(plan.first_day),
        "after": day_start(plan.last_day + timedelta(days=1)),
        "since": at - timedelta(days=settings.SURVEY_CAP_DAYS),
    }
    basis = RATINGS if plan.basis == SampleBasis.RATINGS else SERVICES
    return basis + REACHABLE + ("" if settings.SURVEY_CALLS_STOPPED else NOT_STOPPED) + FIRST_LOTS, values


def _count(pool: str, values: dict[str, Any]) -> dict[int, int]:
    """How many people may be drawn, by unit."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT.format(pool=pool), values)
        return dict(cursor.fetchall())


def _insert(plan: SamplingPlan, pool: str, values: dict[str, Any], quotas: dict[int, int]) -> dict[int, int]:
    """Writes the calls; returns how many fell to each unit."""
    at_random = plan.method == SampleMethod.RANDOM
    rated = plan.basis == SampleBasis.RATINGS
    level = "level" if rated else LEVEL_OF_SERVICE.format(drawn="drawn" if at_random else "ranked")
    head = INTO.format(subject="evaluation_id" if rated else "service_id", level=level)
    source = (AT_RANDOM if at_random else BY_UNIT).format(pool=pool)
    more = {"units": list(quotas), "quotas": list(quotas.values())}
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH made AS ({head}{source} RETURNING unit_id) SELECT unit_id, count(*) FROM made GROUP BY 1",  # noqa: S608 - our own
            {**values, **more},
        )
        return dict(cursor.fetchall())


@transaction.atomic
def close_plan(plan: SamplingPlan, *, by: Staff, at: datetime) -> None:
    """Ends a survey: nobody is called any more; who was not reached stays as not reached.

    Raises:
        Refused: it is not open.
    """
    locked = SamplingPlan.objects.select_for_update().get(pk=plan.pk)
    if locked.stage != PlanStage.OPEN:
        raise Refused(_("这项抽访没有在进行。"))
    locked.stage, locked.closed_at = PlanStage.CLOSED, at
    locked.save(update_fields=["stage", "closed_at"])
    record_audit("survey.close", ("plan", plan.pk), by=staff_actor(by), at=at)
