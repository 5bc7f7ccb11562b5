"""The ledger's filters, alone and together, against the same questions asked of single cases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from common.models import Export
from organizations.models import Region, Staff
from rectification import actions
from rectification.enums import Standing, State
from rectification.filters import LedgerFilter
from rectification.models import Case
from rectification.views.ledger import PAGE
from tests.factories import NOW, Cast
from tests.rectification.town import build_town

SignIn = Callable[[Staff], Client]
Meaning = Callable[[Case], bool]


def is_overdue(case: Case) -> bool:
    return any(row.paused_at is None and row.due_at < timezone.now() for row in case.deadlines.unmet())


def urgent(case: Case) -> timedelta | None:
    """How long the most urgent running deadline of a case still has; None where none runs."""
    dues = [row.due_at for row in case.deadlines.unmet() if row.paused_at is None]
    return min(dues) - timezone.now() if dues else None


def stands(standing: Standing) -> Meaning:
    day, far = timedelta(days=1), timedelta(days=999)
    between = {
        Standing.IN_TIME: (day, far),
        Standing.SOON: (timedelta(0), day),
        Standing.LATE: (timedelta(days=-5), timedelta(0)),
        Standing.VERY_LATE: (-far, timedelta(days=-5)),
        Standing.RUNNING: (-far, far),
    }

    def meaning(case: Case) -> bool:
        left, (above, upto) = urgent(case), between[standing]
        return left is not None and above < left <= upto

    return meaning


def filters(cast: Cast, town: dict[str, Case]) -> dict[str, tuple[str, Meaning]]:
    """Each filter with a value and what it means for one case."""
    county = Region.objects.get(code__startswith="370602", level=6)
    return {
        "number": (town["signed"].number[:5].lower(), lambda c: c.number.startswith(town["signed"].number[:5])),
        "words": ("样本", lambda c: "样本" in c.text),
        "unit": (str(cast.other_unit.pk), lambda c: c.unit_id == cast.other_unit.pk),
        "region": (str(county.pk), lambda c: c.region_code.startswith("370602")),
        "state": ("closed", lambda c: c.state == State.CLOSED),
        "level": ("2", lambda c: c.level == 2),
        "complexity": ("complex", lambda c: c.complexity == "complex"),
        "outcome": ("rectified", lambda c: c.outcome == "rectified"),
        "source": ("rating", lambda c: c.source == "rating"),
        "since": ("2026-11-23", lambda c: timezone.localdate(c.received_at) >= date(2026, 11, 23)),
        "until": ("2026-11-03", lambda c: timezone.localdate(c.received_at) <= date(2026, 11, 3)),
        "overdue": ("1", is_overdue),
        "standing": ("very_late", stands(Standing.VERY_LATE)),
        "typical": ("1", lambda c: c.typical),
        "rework": ("1", lambda c: c.rework_round > 0),
        "reopened": ("1", lambda c: c.reopenings > 0),
    }


@pytest.fixture
def town(cast: Cast) -> dict[str, Case]:
    """The town, and one case more for every filter that would find nothing in it."""
    town = build_town(cast)
    # Half past midnight here is still the day before in UTC: the date filters must ask the local day.
    midnight = NOW.replace(hour=0, minute=30)
    town["sample"] = cast.rate(1, at=midnight, text="没有材料样本")
    town["old"] = cast.rate(2, at=NOW - timedelta(days=20), text="样本不清")
    actions.mark_typical(town["closed"], by=cast.qian, at=NOW, typical=True)
    actions.decide_complex(town["asked"], by=cast.qian, at=NOW, approved=True)
    return {name: Case.objects.get(pk=case.pk) for name, case in town.items()}


def shown(client: Client, **chosen: str) -> set[str]:
    """The numbers the page lists; its total is their number."""
    context = client.get("/desk/ledger/", chosen).context
    numbers = [number for number, _ in context["rows"]]
    assert context["total"] == len(numbers) == len(set(numbers))
    return set(numbers)


def test_each_filter_and_pairs_of_them(sign_in: SignIn, cast: Cast, town: dict[str, Case]) -> None:
    client, cases = sign_in(cast.qian), list(Case.objects.all())
    known = filters(cast, town)
    assert set(known) == set(LedgerFilter.base_filters)
    for name, (value, meaning) in known.items():
        expected = {case.number for case in cases if meaning(case)}
        assert expected, f"no case to find with {name}"
        assert shown(client, **{name: value}) == expected, name
    for other in ("overdue", "state", "since"):
        for name in set(known) - {other, "source"}:
            both = {case.number for case in cases if known[name][1](case) and known[other][1](case)}
            assert shown(client, **{name: known[name][0], other: known[other][0]}) == both, (name, other)
    assert shown(client) == {case.number for case in cases}


def test_every_standing_of_the_time(sign_in: SignIn, cast: Cast, town: dict[str, Case]) -> None:
    """The five standings name the cases whose most urgent deadline stands so, and share out the running ones."""
    client, cases = sign_in(cast.qian), list(Case.objects.all())
    found = {standing: shown(client, standing=standing) for standing in Standing}
    for standing in Standing:
        assert found[standing] == {case.number for case in cases if stands(standing)(case)}, standing
    parts = [found[standing] for standing in Standing if standing != Standing.RUNNING]
    assert set().union(*parts) == found[Standing.RUNNING]
    assert sum(map(len, parts)) == len(found[Standing.RUNNING]) > 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("standing", "never"),
        ("state", "gone"),
        ("level", "9"),
        ("unit", "999999"),
        ("unit", "x"),
        ("region", "-1"),
        ("since", "31.11.2026"),
        ("until", "2026-02-30"),
        ("overdue", "2"),
        ("number", "ABCD-EFGH-TOO-LONG"),
        ("words", "很" * 61),
    ],
)
def test_a_bad_value_is_named_and_finds_nothing(sign_in: SignIn, cast: Cast, name: str, value: str) -> None:
    cast.rate(1)
    client = sign_in(cast.qian)
    response = client.get("/desk/ledger/", {name: value})
    html = response.content.decode()
    assert response.status_code == 200
    assert response.context["rows"] == []
    assert list(response.context["filter_form"].errors) == [name]
    assert str(response.context["filter_form"].errors[name][0]) in html
    assert f'id="id_{name}-error"' in html or f'href="#id_{name}"' in html
    client.post(f"/desk/ledger/?{name}={value}", {"format": "csv", "reason": "月报"})
    assert not Export.objects.exists()


def test_a_unit_one_cannot_see_is_no_choice(sign_in: SignIn, cast: Cast) -> None:
    cast.upto(cast.rate(1), State.DISPATCHED)
    response = sign_in(cast.song).get("/desk/ledger/", {"unit": str(cast.unit.pk)})
    assert "unit" in response.context["filter_form"].errors


def test_everybody_sees_the_cases_of_visible_to_and_no_more(sign_in: SignIn, cast: Cast, town: dict[str, Case]) -> None:
    for name in ("wu", "wei", "zheng", "song", "lin", "zhao", "qian", "he", "zhou"):
        user = cast.everybody[name]
        assert shown(sign_in(user)) == {case.number for case in Case.objects.visible_to(user)}, name
    for name in ("xu", "gu", "meng"):
        assert sign_in(cast.everybody[name]).get("/desk/ledger/").status_code == 404


def test_pages_meet_every_case_once_with_the_filter_kept(sign_in: SignIn, cast: Cast) -> None:
    cases = [cast.rate(1 + n % 2, phone="") for n in range(PAGE + 9)]
    cases += [cast.rate(1, phone="") for _ in range(PAGE - 9)]
    client, address, met = sign_in(cast.qian), "?level=1", []
    while address:
        context = client.get(f"/desk/ledger/{address}").context
        met += [number for number, _ in context["rows"]]
        address = context["next_url"]
    assert len(met) == len(set(met)) > PAGE
    assert set(met) == {case.number for case in cases if case.level == 1}
    assert client.get("/desk/ledger/?before=x").context["total"] == len(cases)
    assert client.get("/desk/ledger/?before=99999999999999999999").status_code == 200
