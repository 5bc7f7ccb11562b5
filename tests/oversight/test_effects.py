"""The effect of a campaign from rows that real acts made, beside a count of the rows themselves that shares nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessment import actions as figures
from assessment.enums import Grain
from assessment.periods import Period
from assessment.queries import said_days
from common.actors import SYSTEM
from evaluations.actions import exclude_rating
from evaluations.enums import ExclusionReason
from organizations.models import Unit
from oversight.analysing import grouped
from oversight.effect import Scope
from oversight.enums import Doubt, Moved
from oversight.queries.analysis import analysis_of, bads_of
from oversight.queries.effects import campaign_scope, effect_of, recurrences_of
from rectification.actions import dispatch_case, suspend_case, void_case
from rectification.enums import State
from rectification.models import Case
from tests.factories import NOW, Cast
from tests.rectification.conftest import monday

__all__ = ["monday"]
TELEPHONE, QUEUE = "咨询与电话", "多头跑与排队"
BEGINS, ENDS = date(2026, 8, 10), date(2026, 8, 20)
SCOPE = Scope(frozenset({TELEPHONE, QUEUE}), BEGINS, ENDS, 60)
TEXTS = ("咨询电话一直忙音", "窗口排队半天", "态度差", "来回跑了三次")
# Ratings by the day they were given, valid and said by people; cases by the day they came, at the unit that has them,
# unless declared void, of the class that a person said last, or else the rules for these texts.
RATINGS = """
SELECT count(*) FROM evaluations_evaluation AS rating
JOIN organizations_unit AS unit ON unit.id = rating.unit_id
WHERE (rating.rated_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN %s AND %s AND unit.path LIKE %s
    AND NOT unit.path LIKE ANY(%s)
    AND rating.origin IN ('active', 'invited', 'imported', 'unmatched')
    AND rating.id NOT IN (SELECT evaluation_id FROM evaluations_exclusion)
    AND NOT EXISTS (SELECT FROM rectification_case WHERE id = rating.case_id AND state = 'invalid')
"""
CASES = """
SELECT kase.id FROM rectification_case AS kase JOIN organizations_unit AS unit ON unit.id = kase.unit_id
WHERE (kase.received_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN %s AND %s AND unit.path LIKE %s
    AND NOT unit.path LIKE ANY(%s) AND kase.state <> 'invalid' AND kase.source <> 'test'
    AND coalesce(
        (SELECT name FROM assessment_classcorrection WHERE case_id = kase.id ORDER BY id DESC LIMIT 1),
        CASE WHEN kase.text ~ '排队|来回跑' THEN '多头跑与排队' WHEN kase.text ~ '电话' THEN '咨询与电话' ELSE '' END
    ) IN ('咨询与电话', '多头跑与排队')
"""


def counted_again(sql: str, since: date, until: date, unit: Unit, without: list[str]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [since, until, f"{unit.path}%", [f"{path}%" for path in without] or ["-"]])
        return sorted(value for (value,) in cursor.fetchall())


def void(case: Case, *, at: datetime = NOW) -> None:
    suspend_case(case, by=SYSTEM, at=at, note="申诉")
    void_case(case, by=SYSTEM, at=at, note="申诉成立")


@pytest.fixture
def city(cast: Cast, monday: object) -> Cast:
    """Cases and ratings of 18 months at a bureau, its county office and another bureau; some void, some moved."""
    draw, top = Random(3), cast.unit
    county = Unit.objects.select_related("region").get(code="370602-GAJ")
    for _number in range(130):
        at = NOW - timedelta(days=draw.randint(1, draw.choice([170, 540])), hours=draw.randint(0, 5))
        cast.unit = draw.choice([top, county, cast.other_unit])
        receipt = cast.submit(draw.choice([1, 1, 5]), at=at, text=draw.choice(TEXTS), phone="", tags=False)
        if receipt.case and draw.random() < 0.25:
            void(cast.upto(receipt.case, State.DISPATCHED))
        elif receipt.case and draw.random() < 0.2:
            cast.upto(receipt.case, State.PRECHECKED)
            dispatch_case(receipt.case, by=cast.lin, at=NOW, unit=draw.choice([top, cast.other_unit]))
        elif receipt.case and draw.random() < 0.25:
            figures.correct_class(receipt.case, draw.choice([TELEPHONE, "服务态度"]), "说的", by=cast.qian, at=NOW)
    cast.unit = top
    figures.refresh(at=NOW)
    return cast


def test_it_is_what_a_plain_count_of_rows_gives(city: Cast) -> None:
    found = effect_of(SCOPE, [city.unit.pk], [city.other_unit.pk], at=NOW)
    days = {
        "before": (date(2026, 6, 11), date(2026, 8, 9)),
        "after": (date(2026, 8, 21), date(2026, 10, 19)),
        "baseline": (date(2025, 6, 11), date(2026, 6, 10)),
    }
    others = found.beside
    assert others
    told = [
        (found.units.before, "before", city.unit),
        (found.units.after, "after", city.unit),
        (found.baseline, "baseline", city.unit),
        (others.before, "before", city.other_unit),
        (others.after, "after", city.other_unit),
    ]
    for one, name, unit in told:
        assert list(one.bad) == counted_again(CASES, *days[name], unit, []), name
        assert [one.ratings] == counted_again(RATINGS, *days[name], unit, []), name
    assert min(found.baseline.count, found.units.before.count, others.before.count) > 0
    assert found.at_start == found.units.before


def test_a_comparison_never_counts_what_belongs_to_the_campaign(city: Cast) -> None:
    county = Unit.objects.get(code="370602-GAJ")
    found = effect_of(SCOPE, [county.pk], [city.unit.pk, county.pk], at=NOW)
    assert found.beside
    span = (date(2026, 6, 11), date(2026, 8, 9))
    below = county.path.startswith(city.unit.path)
    assert list(found.units.before.bad) == counted_again(CASES, *span, county, [])
    assert list(found.beside.before.bad) == counted_again(CASES, *span, city.unit, [county.path])
    assert [found.beside.before.ratings] == counted_again(RATINGS, *span, city.unit, [county.path])
    assert not below or found.units.before.ratings > 0


def test_it_is_what_the_analysis_says(city: Cast) -> None:
    """A window that is a quarter has the quarter's cases of these classes, and its base."""
    scope = Scope(frozenset({QUEUE}), date(2026, 10, 1), date(2026, 10, 1), 92)
    third, units = Period(date(2026, 7, 1), Grain.QUARTER), Unit.objects.below([city.unit.path])
    found, analysis = effect_of(scope, [city.unit.pk], at=NOW), analysis_of(third, units, at=NOW)
    assert found.at_start.ratings == analysis.base.ratings == sum(said_days(third, units).values()) > 0
    classes = grouped(analysis.now, lambda bad: bad.group)
    assert list(found.at_start.bad) == sorted(bad.case for bad in classes[QUEUE])
    assert set(found.at_start.bad) < {bad.case for bad in bads_of(third)}


def test_it_is_told_as_it_was_known(city: Cast) -> None:
    """A case that is declared void, or of another class, from tomorrow on is as it was today."""
    before = effect_of(SCOPE, [city.unit.pk], at=NOW)
    one, two = (Case.objects.get(pk=pk) for pk in before.units.before.bad[:2])
    later = NOW + timedelta(minutes=5)
    void(one, at=later)
    figures.correct_class(two, "服务态度", "说的", by=city.qian, at=later)
    figures.refresh(at=later)
    again = effect_of(SCOPE, [city.unit.pk], at=NOW)
    assert again.units.before.bad == before.units.before.bad


def test_it_is_told_from_now_on_otherwise(city: Cast, monday: Any) -> None:
    before = effect_of(SCOPE, [city.unit.pk])
    one, two = (Case.objects.get(pk=pk) for pk in before.units.before.bad[:2])
    void(one)
    figures.correct_class(two, "服务态度", "说的", by=city.qian, at=NOW)
    figures.refresh(at=NOW)
    monday.shift(60)
    now = effect_of(SCOPE, [city.unit.pk])
    assert set(before.units.before.bad) - set(now.units.before.bad) == {one.pk, two.pk}
    assert now.units.before.ratings == before.units.before.ratings - 1


def test_a_rating_that_is_none_is_not_in_the_base(city: Cast) -> None:
    before = effect_of(SCOPE, [city.unit.pk], at=NOW)
    day = timezone.make_aware(datetime(2026, 7, 1, 10, 0))
    receipt = city.submit(5, at=day)
    figures.refresh(at=NOW)
    assert effect_of(SCOPE, [city.unit.pk], at=NOW).units.before.ratings == before.units.before.ratings + 1
    exclude_rating(receipt.evaluation, reason=ExclusionReason.TEST, note="演示", by=city.qian, at=NOW)
    figures.refresh(at=NOW)
    assert effect_of(SCOPE, [city.unit.pk], at=NOW).units.before.ratings == before.units.before.ratings


def test_as_many_questions_however_many_units(city: Cast) -> None:
    asked = []
    few, many = [city.unit.pk], list(Unit.objects.values_list("pk", flat=True))
    for units, others in ((few, [city.other_unit.pk]), (many[::2], many[1::2])):
        with CaptureQueriesContext(connection) as counted:
            effect_of(SCOPE, units, others, at=NOW)
        asked.append(len(counted))
    assert asked[0] == asked[1] <= 26, asked
    with CaptureQueriesContext(connection) as counted:
        recurrences_of(SCOPE.classes, many, ENDS, at=NOW)
    assert len(counted) <= 18


def test_windows_come_from_the_settings(cast: Cast, monday: object, settings: Any) -> None:
    settings.CAMPAIGN_WINDOW_DAYS, settings.CAMPAIGN_RECURRENCE_DAYS = 7, [5, 10]
    scope = campaign_scope([QUEUE], date(2026, 11, 9), date(2026, 11, 15))
    assert (scope.full.before.begins, scope.full.after.last) == (date(2026, 11, 2), date(2026, 11, 22))
    assert [one.days for one in recurrences_of([QUEUE], [cast.unit.pk], ENDS, at=NOW)] == [5, 10]


def test_so_far_and_before_anything(cast: Cast, monday: object) -> None:
    """Five days are over; nothing was rated before the window, so nothing can be said of what comes by itself."""
    cast.submit(5, at=NOW - timedelta(days=30))
    figures.refresh(at=NOW)
    scope = Scope(SCOPE.classes, date(2026, 11, 10), date(2026, 11, 17), 60)
    found = effect_of(scope, [cast.unit.pk], chosen=True, at=NOW)
    assert (found.windows.days, found.so_far, found.moved) == (5, True, Moved.FEW)
    assert found.doubts == (Doubt.SO_FAR, Doubt.CHOSEN, Doubt.NO_BASELINE)
    assert (found.units.before.ratings, found.at_start.ratings) == (0, 1)
    running = effect_of(Scope(SCOPE.classes, date(2026, 11, 10), date(2026, 12, 1), 60), [cast.unit.pk], at=NOW)
    assert (running.moved, running.at_start.ratings) == (Moved.NOT_YET, 1)
    assert effect_of(scope, [], [], at=NOW).baseline.ratings == 0
    assert effect_of(scope, [10**9], [cast.unit.pk], at=NOW).beside is not None


def test_the_same_problem_again(cast: Cast, monday: object) -> None:
    signed = timezone.make_aware(datetime(2026, 10, 1, 9, 0))
    cases = [
        cast.submit(1, at=signed + timedelta(days=days, hours=1), text=text, phone="", tags=False).case.pk  # type: ignore[union-attr]
        for days, text in ((0, TEXTS[0]), (1, TEXTS[0]), (2, "态度差"), (30, TEXTS[1]), (31, TEXTS[0]))
    ]
    thirty, ninety = recurrences_of(SCOPE.classes, [cast.unit.pk], signed.date(), at=NOW)
    assert (thirty.due, thirty.cases, thirty.over) == (date(2026, 10, 31), (cases[1], cases[3]), True)
    assert (ninety.due, ninety.cases, ninety.over) == (date(2026, 12, 30), (cases[1], cases[3], cases[4]), False)
    assert recurrences_of(SCOPE.classes, [cast.other_unit.pk], signed.date(), at=NOW)[1].cases == ()
