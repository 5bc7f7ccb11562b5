"""指标 for everybody: the catalogue's numbers, copied; nothing of their own, and nothing moves when done twice."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from assessment.actions import refresh
from assessment.metrics import METRICS, Facts
from assessment.periods import read_period
from assessment.queries import facts_of, rules_now
from disclosure.actions import refresh_figures
from disclosure.enums import UNIT_METRICS
from disclosure.models import PublicFigure
from disclosure.queries import metrics
from organizations.models import Unit
from rectification.enums import State, Verdict
from tests.factories import NOW, Cast

pytestmark = pytest.mark.django_db
Q4 = read_period("2026-Q4")
LATER = NOW + timedelta(days=25)


def lived(cast: Cast, monday: time_machine.Traveller) -> None:
    """One done in time and satisfied, one answered and not satisfied, one that nobody took up."""
    cast.submit(5)
    cast.submit(4)
    cast.upto(cast.rate(1), State.CLOSED)
    cast.callback(cast.upto(cast.rate(1), State.REPLIED), verdict=Verdict.UNSATISFIED, solved=False)
    cast.upto(cast.rate(2), State.RECTIFYING)
    refresh(at=NOW)
    monday.move_to(LATER)


def test_every_number_of_the_city_is_the_catalogues(cast: Cast, monday: time_machine.Traveller) -> None:
    lived(cast, monday)
    refresh_figures(at=LATER)
    whole = Facts.sum(rules_now(), list(facts_of(Q4, Unit.objects.all()).values()))
    told = metrics.of_city(Q4)
    assert {one.metric.code: one.now for one in told.told} == {metric.code: metric.value(whole) for metric in METRICS}
    assert told.of("satisfaction").now.part == 1
    assert told.of("satisfaction").now.whole == 2
    assert told.as_of == NOW, "up to when ratings are counted"


def test_what_is_due_and_not_done_lowers_the_rate(cast: Cast, monday: time_machine.Traveller) -> None:
    """It was not in the public rate as long as that was of what had been done; in the notice it was."""
    cast.upto(cast.rate(1), State.CLOSED)
    cast.upto(cast.rate(2), State.RECTIFYING)
    refresh_figures(at=NOW)
    assert metrics.of_city(Q4).of("on-time").now.whole == 0
    monday.move_to(LATER)
    refresh_figures(at=LATER)
    found = metrics.of_city(Q4).of("on-time").now
    assert (found.part, found.whole) == (1, 2)


def test_done_twice_moves_nothing_and_what_comes_later_comes_in(cast: Cast, monday: time_machine.Traveller) -> None:
    lived(cast, monday)
    assert refresh_figures(at=LATER) > 0
    assert refresh_figures(at=LATER) == 0
    cast.submit(5, at=NOW - timedelta(weeks=10))
    refresh(at=NOW)
    assert refresh_figures(at=LATER) > 0
    kept = PublicFigure.objects.get(unit=None, quarter=date(2026, 7, 1), code="active-good")
    assert (kept.part, kept.whole) == (1, 1)


def test_a_unit_holds_those_below_it_and_others_have_none(cast: Cast, monday: time_machine.Traveller) -> None:
    lived(cast, monday)
    child = Unit.objects.filter(parent=cast.unit).first()
    assert child is not None
    refresh_figures(at=LATER)
    since = date(2026, 1, 1)
    mine = metrics.of_units(since, [cast.unit.pk])
    assert set(mine.by_unit) == {cast.unit.pk}
    assert mine.of(cast.unit.pk, "satisfaction").whole == 2
    assert mine.of(child.pk, "satisfaction").whole == 0
    facts = facts_of(Q4, Unit.objects.below([cast.unit.path]))
    whole = Facts.sum(rules_now(), list(facts.values()))
    for metric in METRICS:
        if metric.code in UNIT_METRICS:
            assert mine.of(cast.unit.pk, metric.code) == metric.value(whole)
    assert set(PublicFigure.objects.exclude(unit=None).values_list("code", flat=True)) <= set(UNIT_METRICS)


def test_what_no_longer_counts_leaves_the_unit(cast: Cast, monday: time_machine.Traveller) -> None:
    lived(cast, monday)
    refresh_figures(at=LATER)
    PublicFigure.objects.create(
        quarter=Q4.begins, unit=cast.other_unit, code="on-time", part=3, whole=3, counted_at=timezone.now()
    )
    refresh_figures(at=LATER)
    assert not PublicFigure.objects.filter(unit=cast.other_unit, part=3).exists()


def test_the_page_defines_every_metric_it_tells(client: Client, cast: Cast, monday: time_machine.Traveller) -> None:
    lived(cast, monday)
    refresh_figures(at=LATER)
    html = client.get("/cases/metrics/").content.decode()
    for metric in METRICS:
        assert f'href="#{metric.code}"' in html
        assert f'<section id="{metric.code}">' in html
    assert html.count("<dt>") >= 6 * len(METRICS)
    assert 'href="/cases/metrics/#on-time"' in client.get("/cases/figures/").content.decode()


def test_the_files_hold_what_the_page_tells(client: Client, cast: Cast, monday: time_machine.Traveller) -> None:
    lived(cast, monday)
    refresh_figures(at=LATER)
    text = b"".join(client.get("/cases/data/metrics.csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    objects = client.get("/cases/data/metrics.json")
    found = {(row["quarter"], row["unit_code"], row["metric"]): row for row in rows}
    assert len(found) == len(rows) == PublicFigure.objects.count()
    assert b"".join(objects.streaming_content).count(b'"metric"') == len(rows)
    city = found["2026-10-01", "", "satisfaction"]
    assert (city["part"], city["whole"], city["value"], city["enough"]) == ("1", "2", "0.5", "false")
    assert found["2026-10-01", "", "coverage"]["unit_name"] == ""
    assert found["2026-07-01", "", "satisfaction"]["value"] == "", "of nothing there is no value"
