"""Two hundred random figures of the metrics by role, unit, period and past day: each is as long as its list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from appeals.enums import Vote
from assessment.metrics import METRICS, Rows
from assessment.queries import services_behind
from evaluations.models import Evaluation, Exclusion
from organizations.models import Staff, Unit
from rectification.enums import State, Verdict
from tests.appeals.court import Court
from tests.assessment.histories import History
from tests.assessment.test_drill import asked_for, lists
from tests.factories import NOW, Cast

SignIn = Callable[[Staff], Client]
PAGE = "/desk/metrics/"
FIGURES = 200
STATES = [State.DISPATCHED, State.SIGNED, State.RECTIFYING, State.REPLIED, State.VERIFIED, State.CLOSED]


def cases(cast: Cast, draw: Random) -> None:
    """Cases that came as far as they came, in time or late, called back or not, and three that were contested."""
    for _ in range(24):
        born = NOW - timedelta(days=draw.randint(0, 50), hours=draw.randint(0, 20))
        case = cast.rate(1, at=born, phone=draw.choice(["13800000001", ""]))
        for state in STATES[: draw.randint(0, len(STATES))]:
            born += timedelta(days=draw.choice([0, 1, 4, 9]), hours=1)
            if state == State.VERIFIED and case.reachable:
                cast.callback(case, at=born, verdict=draw.choice([Verdict.SATISFIED, Verdict.ACCEPTABLE]))
            else:
                cast.upto(case, state, at=born)
    court = Court(cast)
    for vote in (Vote.UPHOLD, Vote.PARTLY, Vote.REJECT):
        court.ruled("W6", vote)


@pytest.fixture
def city(story: History) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False) as clock:
        cases(story.cast, Random(11))
        clock.move_to(NOW + timedelta(days=70), tick=False)
        story.settle()
        yield story.cast


def numbers(client: Client, address: str) -> Iterator[tuple[str, int]]:
    """Every number of a page that leads to a list, by its address."""
    context = client.get(address).context
    assert not context["form"].errors, address
    for line in [*context["lines"], *([context["whole"]] if context.get("whole") else [])]:
        one = line.measured
        yield from ((url, count) for url, count in ((line.part_url, one.part), (line.whole_url, one.whole)) if url)


def addresses(cast: Cast, draw: Random) -> Iterator[str]:
    """Pages in no order: the catalogue or one metric, of a period, a unit and a day."""
    units = list(Unit.objects.filter(path__startswith=cast.unit.path).values_list("code", flat=True))
    while True:
        where = draw.choice(["", draw.choice([metric.code for metric in METRICS]) + "/"])
        unit = draw.choice(["", "", draw.choice(units)])
        asof = draw.choice(["", "", (NOW + timedelta(days=draw.randint(-40, 60))).date().isoformat()])
        period = draw.choice(["2026-10", "2026-11", "2026-12", "2026-Q4", "2026"])
        yield f"{PAGE}{where}?period={period}&unit={unit}&asof={asof}"


def listed(client: Client, address: str) -> list[str]:
    """The rows of a list, page after page."""
    found, more = [], address
    while more:
        context = client.get(more).context
        found += [row.name for row in context["rows"]]
        more = address.partition("?")[0] + context["next_url"] if context["next_url"] else ""
    return found


def length(person: Staff, client: Client, address: str) -> int:
    if address.startswith("/desk/ratings/"):
        return asked_for(person, address)
    answer = client.get(address).context
    side = answer["side"]
    if side.rows == Rows.SERVICES:
        scope = answer["scope"]
        units = scope.units.filter(pk=scope.unit.pk) if "own=1" in address else scope.units
        pks = units.values_list("pk", flat=True)
        found = services_behind(scope.period, pks, unrated="unrated" in side.asks, at=scope.at).count()
        assert found == answer["total"], address
    return int(answer["total"])


@pytest.mark.timeout(900)
def test_two_hundred_figures_are_their_lists(sign_in: SignIn, city: Cast, monday: time_machine.Traveller) -> None:
    monday.move_to(NOW + timedelta(days=70), tick=False)
    draw, checked, walked, kinds = Random(2026), 0, 0, set[str]()
    people = {name: city.everybody[name] for name in ("qian", "zheng", "he")}
    browsers = {name: sign_in(person) for name, person in people.items()}
    pages = addresses(city, draw)
    while checked < FIGURES:
        name = draw.choice(["qian", "qian", "zheng", "he"])
        client, address = browsers[name], next(pages)
        if name == "he":
            address = address.replace(address[address.index("&unit=") : address.index("&asof=")], "")
        found = list(numbers(client, address))
        for url, count in draw.sample(found, min(len(found), 6)):
            assert length(people[name], client, url) == count, f"{name} {address} → {url}"
            checked += 1
            kinds.add(url.split("?")[0])
            if count and walked < 25 and draw.random() < 0.3:
                rows: list[Any] = (
                    [row.rating.pk for row in lists(client, url)]
                    if url.startswith("/desk/ratings/")
                    else listed(client, url)
                )
                assert len(rows) == count, url
                walked += 1
    assert walked >= 15
    assert len(kinds) > 12, kinds


def test_every_metric_has_something_to_show(sign_in: SignIn, city: Cast, monday: time_machine.Traveller) -> None:
    monday.move_to(NOW + timedelta(days=70), tick=False)
    context = sign_in(city.qian).get(f"{PAGE}?period=2026").context
    values = {line.metric.code: line.measured for line in context["lines"]}
    assert set(values) == {metric.code for metric in METRICS}
    assert all(one.whole for one in values.values()), values
    assert all(one.interval is None or one.interval.low <= one.value <= one.interval.high for one in values.values())


def test_nobody_reads_metrics_of_others(sign_in: SignIn, city: Cast) -> None:
    for address in (PAGE, f"{PAGE}on-time/", f"{PAGE}on-time/rows/"):
        answer = sign_in(city.song).get(f"{address}?unit={city.unit.code}&period=2026-Q4")
        assert answer.context["form"].errors["unit"]
        assert city.unit.name not in answer.content.decode().split("<main")[1]
        assert sign_in(city.wu).get(address).status_code == 403
    assert sign_in(city.song).get(f"{PAGE}on-time/rows/?period=2026-Q4").context["total"] == 0


def test_what_the_address_gets_wrong_is_said(sign_in: SignIn, city: Cast) -> None:
    client = sign_in(city.qian)
    for wrong in ("period=2026-13", "unit=zzz", "asof=昨天", "asof=2999-01-01"):
        answer = client.get(f"{PAGE}?{wrong}")
        assert "error-summary" in answer.content.decode()
    assert client.get(f"{PAGE}nothing/").status_code == 404
    assert client.get(f"{PAGE}score/rows/?side=part").status_code == 404
    assert "回看：截至" in client.get(f"{PAGE}active/?asof=2026-11-01").content.decode().replace(":", "：")


def test_the_file_says_what_the_page_says(sign_in: SignIn, city: Cast) -> None:
    client = sign_in(city.qian)
    page = client.get(f"{PAGE}on-time/?period=2026").context
    text = client.get(f"{PAGE}on-time/file/?period=2026").content.decode("utf-8-sig").splitlines()
    told = {row.split(",")[0]: row.split(",")[2:5] for row in text[1:]}
    assert page["lines"]
    for line in page["lines"]:
        assert told[line.unit.code] == [str(line.measured.part), str(line.measured.whole), line.value]


def test_silence_and_void_ratings_are_in_no_satisfaction(sign_in: SignIn, city: Cast) -> None:
    """Against a count in Python, of every rating of the year."""
    out = set(Exclusion.objects.values_list("evaluation_id", flat=True))
    said = [
        rating
        for rating in Evaluation.objects.select_related("case")
        if rating.origin in ("active", "invited", "imported", "unmatched")
        and rating.pk not in out
        and not (rating.case and rating.case.state == "invalid")
        and timezone.localtime(rating.rated_at).year == 2026
    ]
    lines = sign_in(city.qian).get(f"{PAGE}?period=2026").context["lines"]
    [good] = [line.measured for line in lines if line.metric.code == "good"]
    assert (good.part, good.whole) == (sum(rating.level >= 3 for rating in said), len(said))
