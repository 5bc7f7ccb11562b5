"""The score of a unit: bounds, lines, caps, vetoes, what is not there; and that nothing bad ever pays."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assessment.enums import Absent, Cases, EventKind, LineKind, Measure, Rule, Ties, Unranked
from assessment.scoring import (
    Band,
    Candidate,
    Event,
    Facts,
    Item,
    Loss,
    Mark,
    Ratio,
    Scheme,
    Volume,
    problems_of,
    read_scheme,
    score,
    standings,
    written,
)
from assessment.scoring.preset import BANDS, CITY, COUNTY, ITEMS

D = Decimal
BASES = {
    Cases.SIGNED_LATE: Cases.SIGN_DUE,
    Cases.CONTACT_LATE: Cases.CONTACT_DUE,
    Cases.OVERDUE: Cases.DUE,
    Cases.OVERDUE_FAR: Cases.DUE,
    Cases.UNREPLIED: Cases.REPLY_DUE,
    Cases.UNCALLED: Cases.CALL_DUE,
}


def ratio(part: int | str, whole: int) -> Ratio:
    return Ratio(D(part), whole)


def facts(**more: object) -> Facts:
    """A unit that has everything: many ratings, few of them bad, ten cases of which none is late."""
    ten = frozenset(range(1, 11))
    cases = dict.fromkeys(BASES.values(), ten) | {Cases.REACHED: ten}
    told = {
        "measures": {
            Measure.ACTIVE: ratio(3000, 10_000),
            Measure.NEGATIVE: ratio(10, 3000),
            Measure.SATISFACTION: ratio(9, 10),
            Measure.ON_TIME: ratio(10, 10),
        },
        "before": {Measure.NEGATIVE: ratio(10, 3000)},
        "cases": cases,
        "events": (Event(1, EventKind.CAMPAIGN, D("0.8")),),
        "sample": 3000,
    }
    return Facts(**(told | more))  # type: ignore[arg-type]


def with_cases(some: Facts, **sets: set[int]) -> Facts:
    return replace(some, cases={**some.cases, **{Cases(name): frozenset(ids) for name, ids in sets.items()}})


def test_the_preset_scores_a_unit_item_by_item() -> None:
    found = score(CITY, with_cases(facts(), signed_late={3}, overdue={4, 5}, overdue_far={5}, reworked={6}))
    assert {item.code: found.of(item.code) for item in CITY.items} == {
        "active": D("7.50"),  # 30 % of services, full at 60 %
        "negative": D("13.50"),  # as many as the year before: 90 % of 15
        "timely": D("9.50"),
        "on_time": D("17.00"),  # two overdue, one of them far: -1 -1 -1
        "answered": D("10.00"),
        "satisfied": D("17.00"),  # 90 % of 20, one second round
        "campaign": D("8.00"),
    }
    assert found.total == D("82.50") == sum(line.points for line in found.lines)
    late = [line.refs for line in found.lines if line.item == "on_time" and line.kind == LineKind.LOSS]
    assert late == [("case:4",), ("case:5",), ("case:5",)]


def test_a_measured_line_says_its_two_counts() -> None:
    [line] = [line for line in score(CITY, facts()).lines if line.item == "active"]
    assert line.refs == ("active:3000/10000",)
    assert line.of == 15


@pytest.mark.parametrize(
    ("services", "points"), [(100_000, "0.75"), (10_000, "7.50"), (5000, "15.00"), (3000, "15.00")]
)
def test_beyond_the_target_more_ratings_do_not_pay(services: int, points: str) -> None:
    some = facts(measures={Measure.ACTIVE: ratio(3000, services)})
    assert score(CITY, some).of("active") == D(points)


@pytest.mark.parametrize(
    ("now", "before", "points"),
    [
        ((0, 3000), (0, 3000), "13.50"),  # none after none: as before, and not full marks
        ((0, 3000), (9, 3000), "15.00"),
        ((1, 3000), (0, 3000), "11.25"),  # one after none is twice as many, not infinitely many
        ((9, 3000), (0, 3000), "3.00"),
        ((19, 6000), (9, 3000), "13.50"),
        (("0.5", 3000), (0, 3000), "11.25"),  # a ruling that halves
    ],
)
def test_bad_ratings_are_held_against_the_units_own_last_year(now: tuple, before: tuple, points: str) -> None:
    some = facts(measures={Measure.NEGATIVE: ratio(*now)}, before={Measure.NEGATIVE: ratio(*before)})
    assert score(CITY, some).of("negative") == D(points)


def test_points_never_fall_below_the_item() -> None:
    many = set(range(1, 51))
    found = score(CITY, with_cases(facts(), due=many, overdue=many, overdue_far={1}))
    assert found.of("on_time") == 0
    assert [line.points for line in found.lines if line.kind == LineKind.FLOOR] == [D("31.00")]


def test_deductions_and_bonuses_are_capped_each_for_itself() -> None:
    events = [Event(n, EventKind.BRUSHING, D(1)) for n in (2, 3, 4)] + [Event(5, EventKind.TYPICAL, D(4))]
    plain, found = score(CITY, facts()), score(CITY, facts(events=(facts().events[0], *events)))
    assert found.total == plain.total - 20 + 5
    assert [(line.kind, line.points) for line in found.lines if "cap" in line.kind] == [
        (LineKind.DEDUCTION_CAP, D(10)),
        (LineKind.BONUS_CAP, D(-3)),
    ]


def test_one_veto_leaves_nothing() -> None:
    found = score(CITY, facts(events=(Event(9, EventKind.RETALIATION, D(1)),)))
    assert found.total == 0
    assert found.lines[-1].kind == LineKind.VETO
    assert found.lines[-1].refs == ("event:9",)


def nobody() -> Facts:
    """Ratings and not one case, no campaign."""
    some = facts()
    measures = {name: some.measures[name] for name in (Measure.ACTIVE, Measure.NEGATIVE)}
    return replace(some, measures=measures, cases={}, events=())


def test_without_a_case_there_are_neither_full_marks_nor_none() -> None:
    found = score(CITY, nobody())
    assert found.total == D("70.00")  # 21 of the 30 points that could be measured: the same share of all
    spread = {line.item: line.points for line in found.lines if line.kind == LineKind.SPREAD}
    assert spread == {"timely": 7, "on_time": 14, "answered": 7, "satisfied": 14, "campaign": 7}
    assert found.assessed == 2


@pytest.mark.parametrize(("absent", "total"), [(Absent.FULL, "91.00"), (Absent.NONE, "21.00")])
def test_the_scheme_says_what_nothing_is(absent: Absent, total: str) -> None:
    assert score(replace(CITY, absent=absent), nobody()).total == D(total)


def test_somebody_exempt_from_an_item_neither_gains_nor_loses() -> None:
    some = nobody()
    for absent in Absent:
        scheme = replace(CITY, absent=absent, items=(*CITY.items[:2], replace(ITEMS[2], weight=D(70))))
        freed = replace(some, exempt={"timely": "试点单位"}, cases={Cases.SIGN_DUE: frozenset({1})})
        found = score(scheme, freed)
        assert found.total == D("70.00")
        assert [line.words for line in found.lines if line.kind == LineKind.EXEMPT] == ["试点单位"]


def test_an_upheld_objection_takes_its_line_out() -> None:
    late = with_cases(facts(), signed_late={3, 4})
    waived = replace(late, waived=frozenset({("timely", "case:3/signed_late")}))
    assert score(CITY, waived).total == score(CITY, late).total + D("0.5")
    assert [line.refs for line in score(CITY, waived).lines if line.kind == LineKind.WAIVED] == [("case:3",)]


def test_a_waived_veto_is_none() -> None:
    some = facts(events=(Event(9, EventKind.RETALIATION, D(1)),), waived=frozenset({("retaliation", "event:9")}))
    assert score(CITY, some).total > 0


# --- what holds for any facts under any scheme -----------------------------------------------------------------------

few = st.frozensets(st.integers(1, 6), max_size=6)
ratios = st.integers(0, 40).flatmap(lambda whole: st.builds(ratio, st.integers(0, whole), st.just(whole)))
events = st.lists(
    st.tuples(st.sampled_from(sorted(EventKind)), st.sampled_from(["0", "0.5", "1", "3"])), max_size=5
).map(lambda some: tuple(Event(n, kind, D(value)) for n, (kind, value) in enumerate(some, start=1)))


WAIVED = [("timely", "case:1/signed_late"), ("on_time", "case:2/overdue")]


@st.composite
def any_facts(draw: st.DrawFn) -> Facts:
    bases = {name: draw(few) for name in sorted(set(BASES.values()))}
    late = {name: draw(few) & bases[base] for name, base in BASES.items()}
    return Facts(
        measures={name: draw(ratios) for name in Measure},
        before={name: draw(ratios) for name in Measure},
        cases={**bases, **late, Cases.REWORKED: draw(few), Cases.REPEATED: draw(few)},
        events=draw(events),
        exempt=draw(st.sampled_from([{}, {"timely": "免"}, {"negative": "免"}])),
        waived=frozenset(draw(st.lists(st.sampled_from(WAIVED), max_size=2))),
    )


schemes = st.builds(
    replace,
    st.sampled_from([CITY, COUNTY]),
    absent=st.sampled_from(Absent),
    deduction_cap=st.sampled_from([D(0), D(20)]),
    vetoes=st.sampled_from([(), (EventKind.RETALIATION,)]),
    items=st.permutations(ITEMS).map(tuple),
    deductions=st.just((*CITY.deductions, Mark("repeated", "同类问题", D("0.33"), Cases.REPEATED))),
)


@settings(max_examples=150, deadline=None)
@given(schemes, any_facts())
def test_a_total_is_its_lines_and_lies_within_bounds(scheme: Scheme, some: Facts) -> None:
    found = score(scheme, some)
    assert sum(line.points for line in found.lines) == found.total
    assert 0 <= found.total <= 100 + scheme.bonus_cap
    assert all(line.points == line.points.quantize(D("0.01")) for line in found.lines)
    for item in scheme.items:
        assert 0 <= found.of(item.code) <= item.weight


@settings(max_examples=250, deadline=None)
@given(schemes, any_facts(), st.sampled_from(sorted(BASES)), st.integers(1, 9))
def test_one_more_late_case_never_raises_a_score(scheme: Scheme, some: Facts, late: str, case: int) -> None:
    # What an objection took out is late no more: such a case counts as one that was done in time.
    assume(f"case:{case}/{late}" not in {key for _item, key in some.waived})
    base = BASES[Cases(late)]
    worse = {
        **some.cases,
        base: some.cases[base] | {case},
        late: some.cases[late] | {case},
    }
    before = score(scheme, some)
    if before.assessed:  # the first case of all makes a score where there was none
        assert score(scheme, replace(some, cases=worse)).total <= before.total


@settings(max_examples=40, deadline=None)
@given(schemes, any_facts(), st.integers())
def test_the_order_of_cases_and_events_is_of_no_matter(scheme: Scheme, some: Facts, seed: int) -> None:
    mixed = list(some.events)
    Random(seed).shuffle(mixed)
    cases = {name: frozenset(sorted(ids, reverse=True)) for name, ids in reversed(some.cases.items())}
    assert score(scheme, replace(some, events=tuple(mixed), cases=cases)) == score(scheme, some)


# --- ranks ------------------------------------------------------------------------------------------------------------


def candidate(key: str, active: int, *, group: str = "city_units", sample: int = 3000, **more: str) -> Candidate:
    some = facts(measures={**facts().measures, Measure.ACTIVE: ratio(active, 10_000)}, sample=sample)
    return Candidate(key, group, some, score(CITY, some), **more)


def test_equal_scores_share_a_rank_and_the_next_is_left_out() -> None:
    places = standings(CITY, [candidate("a", 3000), candidate("b", 4000), candidate("c", 3000), candidate("d", 2000)])
    assert {key: (place.rank, place.beside) for key, place in places.items()} == {
        "b": (1, 0),
        "a": (2, 1),
        "c": (2, 1),
        "d": (4, 0),
    }
    assert all(place.of == 4 for place in places.values())


def test_a_scheme_may_part_equals_by_a_metric() -> None:
    better = candidate("a", 9000)
    places = standings(replace(CITY, ties=Ties.ACTIVE), [candidate("b", 7000), better])  # both beyond the target
    assert (places["a"].rank, places["b"].rank) == (1, 2)


def test_like_is_compared_with_like() -> None:
    some = [candidate("a", 3000), candidate("b", 3000, sample=2999), candidate("c", 2000, group="counties")]
    places = standings(CITY, some)
    assert {(place.group, place.volume) for place in places.values()} == {
        ("city_units", "高频"),
        ("city_units", "低频"),
        ("counties", "高频"),
    }
    assert all(place.rank == 1 for place in places.values())


def test_who_is_not_ranked_has_a_reason() -> None:
    nothing = Candidate("d", "city_units", Facts(sample=100), score(CITY, Facts()))
    some = [candidate("a", 3000), candidate("b", 9000, sample=29), candidate("c", 9000, exempt="本年新设"), nothing]
    places = standings(CITY, some)
    assert {key: place.unranked for key, place in places.items()} == {
        "a": None,
        "b": Unranked.SAMPLE,
        "c": Unranked.EXEMPT,
        "d": Unranked.NOTHING,
    }
    assert places["a"].rank == places["a"].of == 1


def test_without_enough_that_was_assessed_on_facts_there_is_no_rank() -> None:
    """Participation and 差评 alone are 30 of 100 points; with a share of campaigns 40."""
    alone = {Measure.ACTIVE: ratio(9000, 10_000), Measure.NEGATIVE: ratio(0, 9000)}
    bare = Facts(measures=alone, before=alone, sample=9000)
    told = replace(bare, events=(Event(1, EventKind.CAMPAIGN, D(1)),))
    assert (score(CITY, bare).measured, score(CITY, told).measured) == (Fraction(30, 100), Fraction(40, 100))
    some = [Candidate(key, "city_units", one, score(CITY, one)) for key, one in (("bare", bare), ("told", told))]
    places = standings(CITY, [*some, candidate("real", 3000)])
    assert {key: place.unranked for key, place in places.items()} == {
        "bare": Unranked.BASIS,
        "told": Unranked.BASIS,
        "real": None,
    }
    assert standings(replace(CITY, measured=D("0.4")), some)["told"].rank == 1
    assert standings(read_scheme({**written(CITY), "measured": "0"}), some)["bare"].rank


def test_what_is_exempt_is_no_lack_of_facts() -> None:
    alone = {Measure.ACTIVE: ratio(9000, 10_000), Measure.NEGATIVE: ratio(0, 9000)}
    bare = Facts(measures=alone, before=alone, sample=9000)
    assert score(CITY, replace(bare, exempt={"on_time": "系统改造", "satisfied": "系统改造"})).measured == Fraction(
        1, 2
    )
    assert score(CITY, Facts()).measured == 0


# --- a scheme as data -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", [CITY, COUNTY])
def test_the_presets_are_sound_and_come_back_as_they_were_written(scheme: Scheme) -> None:
    assert problems_of(scheme) == []
    assert read_scheme(written(scheme)) == scheme


def changed(place: int, **more: object) -> Scheme:
    items = list(CITY.items)
    items[place] = replace(items[place], **more)  # type: ignore[arg-type]
    return replace(CITY, items=tuple(items))


@pytest.mark.parametrize(
    ("scheme", "where"),
    [
        (changed(0, weight=D(14)), "items"),
        (changed(0, weight=D(0)), "items.0.weight"),
        (changed(0, metric=""), "items.0.metric"),
        (changed(0, floor=D("0.7")), "items.0.full"),
        (changed(1, bands=()), "items.1.bands"),
        (changed(1, bands=BANDS[:-1]), "items.1.bands"),
        (changed(1, bands=(BANDS[1], BANDS[0], *BANDS[2:])), "items.1.bands"),
        (changed(1, bands=(BANDS[-1], *BANDS)), "items.1.bands"),
        (changed(1, bands=(Band(D(1), D("1.1")), BANDS[-1])), "items.1.bands"),
        (changed(1, bands=(Band(D(1), D("0.1")), BANDS[-1])), "items.1.bands"),
        (changed(2, base=()), "items.2.losses"),
        (changed(2, losses=()), "items.2.losses"),
        (changed(2, losses=(Loss("gone", D(1)),)), "items.2.losses"),
        (changed(2, losses=(Loss(Cases.SIGNED_LATE, D(-1)),)), "items.2.losses"),
        (changed(2, name=" "), "items.2.name"),
        (changed(2, code="active"), "items"),
        (replace(CITY, bonus_cap=D(-1)), "bonus_cap"),
        (replace(CITY, deduction_cap=D(101)), "deduction_cap"),
        (replace(CITY, deductions=(Mark("unheard_of", "没听说过", D(1)),)), "deductions.0.code"),
        (replace(CITY, bonuses=(Mark(EventKind.TYPICAL, "典型", D(0)),)), "bonuses.0.points"),
        (replace(CITY, vetoes=("unheard_of",)), "vetoes"),
        (replace(CITY, volumes=(Volume("高频", 100),)), "volumes"),
        (replace(CITY, volumes=(Volume("低频", 0), Volume("高频", 100))), "volumes"),
        (replace(CITY, bottom=0), "bottom"),
        (replace(CITY, least=-1), "least"),
        (replace(CITY, measured=D("1.1")), "measured"),
        (replace(CITY, measured=D("-0.1")), "measured"),
    ],
)
def test_a_scheme_that_is_not_sound_says_where(scheme: Scheme, where: str) -> None:
    assert where in [problem.where for problem in problems_of(scheme)]


@pytest.mark.parametrize("weight", ["NaN", "Infinity", "viel", "1e"])
def test_what_is_no_number_is_none(weight: str) -> None:
    stored = written(CITY)
    stored["items"][0]["weight"] = weight
    with pytest.raises(ValueError, match=weight):
        read_scheme(stored)


def test_rules_are_a_closed_set() -> None:
    stored = written(CITY)
    stored["items"][0]["rule"] = "guess"
    with pytest.raises(ValueError, match="guess"):
        read_scheme(stored)
    assert isinstance(ITEMS[0], Item)
    assert ITEMS[0].rule == Rule.LINEAR
