"""The way of a suggestion, stage by stage and person by person, without a database."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations import workflow
from evaluations.enums.suggestions import SuggestionAct, SuggestionParty, SuggestionStage, SuggestionVerdict
from evaluations.workflow import NEXT_STEP, TRANSITIONS, NotAllowed, check, offered, parties
from organizations.enums import Role

A, S, P, V = SuggestionAct, SuggestionStage, SuggestionParty, SuggestionVerdict
# The regulation once more, written as a person would: act, from, to, by whom.
BOOK = """
sort           received sorted     sorted      sorter
merge          received sorted     merged      sorter
set_aside      received            set_aside   sorter
hand_back      sorted              received    unit
answer         sorted              answered    unit
record_result  answered            done        unit
publish        answered done       -           sorter
"""


def book() -> dict[SuggestionAct, tuple[set[str], str, str]]:
    rows = (line.split() for line in BOOK.strip().splitlines())
    return {A(act): (set(sources), target, who) for act, *sources, target, who in rows}


@pytest.mark.parametrize("act", list(A))
@pytest.mark.parametrize("stage", list(S))
@pytest.mark.parametrize("party", list(P))
def test_every_act_in_every_stage_by_everybody(act: A, stage: S, party: P) -> None:
    sources, target, who = book().get(act, (set(), "", ""))
    if stage in sources and party == who:
        assert check(act, stage, {party}).target == (None if target == "-" else target)
        return
    with pytest.raises(NotAllowed) as refused:
        check(act, stage, {party})
    assert refused.value.reason == ("party" if stage in sources else "stage")


def test_every_act_but_the_first_is_in_the_book() -> None:
    assert set(book()) == set(TRANSITIONS) == set(A) - {A.SUBMIT}


def test_nothing_leads_out_of_an_end() -> None:
    ends = {S.MERGED, S.SET_ASIDE}
    assert not [row for row in TRANSITIONS.values() if row.sources & ends]


def test_every_stage_but_the_first_is_reached() -> None:
    assert {row.target for row in TRANSITIONS.values() if row.target} | {S.RECEIVED} == set(S)


@given(
    st.sampled_from(S),
    st.sampled_from(["", *V.values]),
    st.sets(st.sampled_from(P)),
    st.booleans(),
)
def test_what_is_offered_is_allowed(stage: S, verdict: str, who: set[P], unlooked: bool) -> None:
    acts = offered(stage, verdict, who, unlooked=unlooked)
    assert len(acts) == len(set(acts))
    for act in acts:
        check(act, stage, who)
    if verdict == V.DECLINED:
        assert A.RECORD_RESULT not in acts
    if not unlooked:
        assert A.PUBLISH not in acts
    if NEXT_STEP.get(stage) in acts:
        assert acts[0] == NEXT_STEP[stage]


@dataclass(frozen=True)
class FakeUnit:
    path: str


@dataclass(frozen=True)
class Held:
    role: str
    unit: FakeUnit
    region_prefix: str | None = None


@dataclass(frozen=True)
class Thing:
    region_code: str
    unit: FakeUnit | None


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (Held(Role.DISPATCHER, FakeUnit("/9/"), "3706"), {P.SORTER}),
        (Held(Role.CITY_SUPERVISOR, FakeUnit("/9/"), "3706"), {P.SORTER}),
        (Held(Role.DISPATCHER, FakeUnit("/8/"), "370602"), set()),
        (Held(Role.COUNTY_SUPERVISOR, FakeUnit("/9/"), "3706"), set()),
        (Held(Role.AUDITOR, FakeUnit("/9/"), "3706"), set()),
        (Held(Role.CALLBACK, FakeUnit("/9/"), "3706"), set()),
        (Held(Role.UNIT_SUPERVISOR, FakeUnit("/3/")), {P.UNIT}),
        (Held(Role.UNIT_SUPERVISOR, FakeUnit("/3/17/")), {P.UNIT}),
        (Held(Role.UNIT_SUPERVISOR, FakeUnit("/3/17/4/")), set()),
        (Held(Role.UNIT_SUPERVISOR, FakeUnit("/4/")), set()),
        (Held(Role.WINDOW, FakeUnit("/3/17/")), set()),
    ],
)
def test_who_stands_how(held: Held, expected: set[P]) -> None:
    assert set(parties([held], Thing("370613000000", FakeUnit("/3/17/")))) == expected


def test_before_sorting_there_is_no_unit() -> None:
    assert not parties([Held(Role.UNIT_SUPERVISOR, FakeUnit("/"))], Thing("370600000000", None))


def test_only_what_was_adopted_is_done() -> None:
    assert [verdict for verdict in V if workflow.may_be_done(verdict)] == [V.ADOPTED, V.PARTLY]
    assert not workflow.may_be_done("")
