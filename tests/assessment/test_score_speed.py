"""A whole city's quarter from tallies: 600 departments, as many rows of tallies as 29 million ratings a year leave."""

from __future__ import annotations

import itertools
from dataclasses import replace
from time import perf_counter

import pytest

from assessment.enums import SchemeKind
from assessment.models import ServiceQuarter, UnitQuarter
from assessment.queries.bases import gather, year_before
from assessment.queries.scores import score_quarter
from assessment.scoring.preset import CITY
from evaluations.enums import Origin, RatingChannel
from organizations.enums import UnitLevel
from organizations.models import Unit
from tests.assessment.quarters import FROZEN, Q3
from tests.factories import Cast

UNITS, SECONDS = 600, 1.0
# 29.09 million a year, a quarter of them, for each unit, channel and origin.
EACH = 29_090_000 // 4 // UNITS // (len(RatingChannel) * 4)
NONE = dict.fromkeys(("n1", "n2", "n3", "n4", "invalid", "invalid1", "invalid2", "with_text", "left_out"), 0)


@pytest.fixture
def units(cast: Cast) -> list[Unit]:
    made = [
        Unit(
            code=f"SPEED-{n}",
            name=f"演示部门{n}",
            short_name="演示",
            uscc="91350100M000100Y43",
            level=UnitLevel.CITY,
            region=cast.unit.region,
        )
        for n in range(UNITS)
    ]
    Unit.objects.bulk_create(made)
    for unit in made:
        unit.path = f"/{unit.pk}/"
    Unit.objects.bulk_update(made, ["path"], batch_size=600)
    return made


def counted(units: list[Unit]) -> None:
    origins = [origin for origin in Origin if origin != Origin.TEST][:4]
    for period in (Q3, year_before(Q3)):
        rows = [
            UnitQuarter(
                begins=period.begins,
                unit=unit,
                channel=channel,
                origin=origin,
                n5=EACH + place % 7,
                negative=place % 2,
                **{**NONE, "n1": place % 2},
            )
            for (place, unit), channel, origin in itertools.product(enumerate(units), RatingChannel, origins)
        ]
        UnitQuarter.objects.bulk_create(rows, batch_size=5000)
        served = [
            ServiceQuarter(begins=period.begins, unit=unit, services=9000 + 10 * place, rated=8000)
            for place, unit in enumerate(units)
        ]
        ServiceQuarter.objects.bulk_create(served)


def test_a_city_is_scored_within_a_second(units: list[Unit]) -> None:
    counted(units)
    spans = []
    for _time in range(3):
        began = perf_counter()
        found = score_quarter(Q3, SchemeKind.CITY, replace(CITY, least=0), at=FROZEN, gathered=gather(Q3, at=FROZEN))
        spans.append(perf_counter() - began)
    mine = [one for one in found if one.subject.key.startswith("unit:SPEED-")]
    print(f"{len(found)} subjects, {len(mine)} with figures: {min(spans):.3f} s (of {spans})")
    assert len(mine) == UNITS
    assert min(spans) <= SECONDS
    [odd] = [one for one in mine if one.subject.key == "unit:SPEED-1"]
    assert odd.facts.sample == sum(EACH + 1 + 1 for _channel in RatingChannel)
