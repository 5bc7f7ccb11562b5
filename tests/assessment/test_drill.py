"""统计 over a told city: every number is the list behind it, lines add up, and nobody reads figures of others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from assessment.figures import Figures
from evaluations.filters import RatingsFilter
from evaluations.lists import units_read_by
from evaluations.models import Evaluation
from organizations.models import Staff
from tests.assessment.histories import History

SignIn = Callable[[Staff], Client]
PAGE, LIST = "/desk/statistics/", "/desk/ratings/"


def lists(client: Client, address: str) -> Iterator[Any]:
    """The rows of a list, page after page."""
    more = address
    while more:
        context = client.get(more).context
        assert not context["form"].errors
        assert len(context["rows"]) <= 25
        yield from context["rows"]
        more = LIST + context["next_url"] if context["next_url"] else ""


def cells(context: Any) -> list[Any]:
    """Every number of a page that leads to ratings."""
    lines = [*context["lines"], context["whole"]]
    return [cell for line in lines for cell in line.cells] + [cell for row in context["channels"] for cell in row[1]]


def asked_for(user: Staff, address: str) -> int:
    """How many ratings a list holds, by its own filters, without turning its pages."""
    form = RatingsFilter(QueryDict(address.partition("?")[2]), units=units_read_by(user))
    assert form.is_valid(), form.errors
    return Evaluation.objects.filter(form.wanted().condition, unit__in=form.wanted_units()).count()


@pytest.mark.parametrize("period", ["2026-11", "2026-Q4", "2026"])
@pytest.mark.parametrize("who", ["qian", "zheng", "he"])
def test_every_number_is_the_list_behind_it(sign_in: SignIn, story: History, who: str, period: str) -> None:
    person = story.cast.everybody[who]
    client, pages, numbers = sign_in(person), [f"?period={period}"], {}
    while pages:
        context = client.get(PAGE + pages.pop()).context
        assert not context["form"].errors
        pages += [line.opens for line in context["lines"] if line.opens]
        assert all(bool(cell.url) == bool(cell.value) for cell in cells(context))
        numbers |= {cell.url: cell.value for cell in cells(context) if cell.url}
    assert len(numbers) > {"qian": 60, "zheng": 60, "he": 10}[who]
    assert {address: asked_for(person, address) for address in numbers} == numbers
    for address in [max(numbers, key=lambda one: numbers[one]), *Random(period + who).sample(sorted(numbers), 6)]:
        shown = [row.rating.pk for row in lists(client, address)]
        assert len(shown) == len(set(shown)) == numbers[address], address


def test_lines_add_up(sign_in: SignIn, story: History) -> None:
    client = sign_in(story.cast.qian)
    for address in (PAGE, f"{PAGE}?unit={story.cast.unit.code}", f"{PAGE}?period=2026-Q4"):
        context = client.get(address).context
        lines = context["lines"]
        assert sum((line.figures for line in lines), Figures()) == context["whole"].figures
        for number, cell in enumerate(context["whole"].cells):
            assert cell.value == sum(line.cells[number].value for line in lines)
    names = [line.label for line in client.get(f"{PAGE}?unit={story.cast.unit.code}").context["lines"]]
    assert story.cast.unit.name in names, "the unit itself has a line of its own among those below it"


def test_nobody_reads_figures_of_others(sign_in: SignIn, story: History) -> None:
    cast = story.cast
    whole = sign_in(cast.qian).get(f"{PAGE}?period=2026").context["whole"].figures
    mine = sign_in(cast.zheng).get(f"{PAGE}?period=2026").context["whole"].figures
    county = sign_in(cast.he).get(f"{PAGE}?period=2026").context["whole"].figures
    none = sign_in(cast.song).get(f"{PAGE}?period=2026")
    assert whole == mine != county
    assert county.together.counted > 0
    assert (none.context["lines"], none.context["whole"].figures) == ([], Figures())
    assert "没有办件和评价" in none.content.decode()
    for address in (PAGE, LIST):
        answer = sign_in(cast.song).get(f"{address}?unit={cast.unit.code}&period=2026")
        assert answer.status_code == 200
        assert answer.context["form"].errors["unit"]
        assert cast.unit.name not in answer.content.decode()
    assert sign_in(cast.song).get(f"{LIST}?unit={cast.unit.code}").context["rows"] == []


def test_silence_is_shown_as_silence(sign_in: SignIn, story: History) -> None:
    page = sign_in(story.cast.qian).get(PAGE).content.decode()
    assert "默认(未评)" in page
    assert "系统自检" not in page.split("<main")[1]


def test_what_the_address_gets_wrong_is_said(sign_in: SignIn, story: History) -> None:
    client = sign_in(story.cast.qian)
    for wrong in ("period=2026-13", "period=1990", "period=昨天", "unit=zzz"):
        answer = client.get(f"{PAGE}?{wrong}")
        assert "error-summary" in answer.content.decode()
        assert answer.context["scope"].period.name == "2026-11"
    for wrong in ("since=昨天", "origin=praise", "level=9", "level=x", "negative=all", "unit=zzz"):
        answer = client.get(f"{LIST}?{wrong}")
        assert answer.context["form"].errors
        assert answer.context["rows"] == []
    assert client.get(f"{LIST}?before=nonsense").context["rows"]
