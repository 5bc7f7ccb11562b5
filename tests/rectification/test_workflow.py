"""Every state × every act × every party, without a database; and what the shape of the whole table promises."""

from __future__ import annotations

import itertools
from collections.abc import Collection

import pytest

from rectification import workflow
from rectification.enums import FINAL_STATES, OPEN_STATES, Action, Duty, Party, Stage, State
from rectification.offers import DOORS, WAITS_FOR
from rectification.workflow import NEXT_STEP, PAUSED_BY_APPEAL, TRANSITIONS, WITH_UNIT, NotAllowed, check, public_stage
from tests.support.regulation import AFTER, ROWS, WHO

UNIT = {Party.HANDLER, Party.UNIT_SUPERVISOR, Party.CO_HANDLER}
STAFF = UNIT | {Party.DISPATCHER, Party.CALLBACK, Party.SUPERVISOR}
ENDS = {State.VERIFIED, State.UNREACHABLE, State.CLOSED, State.INVALID}


def refusal(action: Action, state: State, parties: Collection[Party]) -> str:
    """Why an act is refused; empty when it is allowed."""
    try:
        row = check(action, state, parties)
    except NotAllowed as refused:
        return refused.reason
    return "" if row.action == action else "another act's row"


# --- the table --------------------------------------------------------------------------------------------------


def test_no_line_of_the_file_is_written_twice() -> None:
    assert len(ROWS) == len(WHO)


@pytest.mark.parametrize("state", State)
def test_each_act_is_open_to_whom_the_file_names_and_to_nobody_else(state: State) -> None:
    for action in Action:
        who = WHO.get((state, action))
        for party in Party:
            expected = "state" if who is None else "" if party in who else "party"
            assert refusal(action, state, [party]) == expected, f"{state}: {action} by {party}"


@pytest.mark.parametrize("state", State)
def test_several_capacities_allow_what_any_one_of_them_allows(state: State) -> None:
    for action in Action:
        who = WHO.get((state, action), frozenset())
        assert refusal(action, state, list(Party)) == ("" if who else "state")
        assert refusal(action, state, set(Party) - who) == ("party" if who else "state")
        assert refusal(action, state, []) == ("party" if who else "state"), "no capacity allows nothing"


@pytest.mark.parametrize("state", State)
def test_what_is_offered_is_what_is_checked(state: State) -> None:
    for party in Party:
        accepted = {action for action in Action if not refusal(action, state, [party])}
        assert set(workflow.allowed(state, [party])) == accepted
    assert workflow.allowed(state, []) == []


@pytest.mark.parametrize("action", TRANSITIONS)
def test_an_act_leads_where_the_file_says_and_nowhere_else(action: Action) -> None:
    ends = {end for (_, act), after in AFTER.items() if act == action for end in after}
    if targets := TRANSITIONS[action].targets:
        assert set(targets) == ends
    else:
        assert all(after == {state} for (state, act), after in AFTER.items() if act == action), "the state stays"


def test_nobody_gives_birth_to_a_case_twice() -> None:
    assert all(refusal(Action.OPEN, state, list(Party)) == "state" for state in State)
    assert set(TRANSITIONS) == set(Action) - {Action.OPEN}


# --- the shape --------------------------------------------------------------------------------------------------


def ways(*, by: Collection[Party] = tuple(Party), without: Collection[State] = ()) -> dict[State, set[State]]:
    """Where each state leads by acts of these parties, never touching some states."""
    found: dict[State, set[State]] = {state: set() for state in State if state not in without}
    for (state, action), after in AFTER.items():
        if state in found and WHO[state, action] & set(by):
            found[state] |= {end for end in after if end != state and end not in without}
    return found


def reachable(begin: State, graph: dict[State, set[State]]) -> set[State]:
    seen, left = set(), {begin}
    while left:
        seen |= left
        left = {end for state in left for end in graph[state]} - seen
    return seen


def test_every_state_can_be_reached() -> None:
    assert reachable(State.RECEIVED, ways()) == set(State)


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
def test_no_open_case_is_stuck(state: State) -> None:
    by = STAFF | {Party.PANEL} if state == State.SUSPENDED else STAFF
    assert State.CLOSED in reachable(state, ways(by=by)), "the staff alone can lead every case to its end"


def test_an_invalid_case_only_a_review_restores_and_a_closed_one_only_the_citizen_opens() -> None:
    assert ways(by=set(Party) - {Party.PANEL})[State.INVALID] == set()
    assert ways()[State.INVALID] == set(WITH_UNIT)
    assert ways(by=set(Party) - {Party.CITIZEN})[State.CLOSED] == set()
    assert ways(by={Party.CITIZEN})[State.CLOSED] == {State.REWORK, State.ESCALATED}


@pytest.mark.parametrize("station", [State.PRECHECKED, State.DISPATCHED, State.CHECKING, State.REPLIED])
def test_no_way_to_sign_off_leaves_out_a_station(station: State) -> None:
    # What a review restores was held invalid after it had been dispatched; a test of the portal is never restored.
    assert State.CLOSED not in reachable(State.RECEIVED, ways(without={station, State.INVALID}))


def test_nothing_is_closed_that_was_not_verified() -> None:
    assert State.CLOSED not in reachable(State.RECEIVED, ways(without={State.VERIFIED, State.UNREACHABLE}))


def test_sign_off_is_the_supervisors_alone() -> None:
    closing = {action: row for action, row in TRANSITIONS.items() if State.CLOSED in row.targets}
    assert set(closing) == {Action.CLOSE, Action.RECORD_VERDICT}
    assert closing[Action.CLOSE].who == {Party.SUPERVISOR}
    assert AFTER[State.CLOSED, Action.RECORD_VERDICT] == {State.CLOSED}, "a late word closes nothing"
    assert {state for state in State if State.CLOSED in ways(by=set(Party))[state]} == {
        State.VERIFIED,
        State.UNREACHABLE,
    }


def test_the_unit_leads_no_case_to_any_end() -> None:
    by_unit = {end for ends in ways(by=UNIT).values() for end in ends}
    assert by_unit.isdisjoint(ENDS)
    for row in TRANSITIONS.values():
        if row.who & UNIT:
            assert ENDS.isdisjoint(row.targets), row.action


def test_only_the_panel_calls_a_rating_invalid() -> None:
    """And the clock what the portal has said to itself; that it is no other case's end, tests/assessment shows."""
    rows = [row for row in TRANSITIONS.values() if State.INVALID in row.targets and row.action != Action.VOID_TEST]
    assert {party for row in rows for party in row.who} == {Party.PANEL}


@pytest.mark.parametrize("party", [Party.SYSTEM, Party.CITIZEN])
def test_neither_clock_nor_citizen_does_the_work_of_the_staff(party: Party) -> None:
    theirs = {action for action, row in TRANSITIONS.items() if party in row.who}
    others = {action for action, row in TRANSITIONS.items() if row.who & (STAFF - {Party.UNIT_SUPERVISOR})}
    assert theirs.isdisjoint(others)


def test_who_asks_does_not_decide() -> None:
    for ask, decide in (
        (Action.REQUEST_COMPLEX, Action.DECIDE_COMPLEX),
        (Action.REQUEST_EXTENSION, Action.DECIDE_EXTENSION),
        (Action.REFUSE, Action.ACCEPT_REFUSAL),
        (Action.REFUSE, Action.DENY_REFUSAL),
        (Action.SUPERVISE, Action.ANSWER_SUPERVISION),
        (Action.ADD_CO_HANDLER, Action.ANSWER_CO_HANDLING),
    ):
        assert TRANSITIONS[ask].who.isdisjoint(TRANSITIONS[decide].who)
        answered_in = {state for state, act in WHO if act == decide}
        after_asking = {end for (_, act), after in AFTER.items() if act == ask for end in after}
        assert after_asking <= answered_in, f"after {ask}, {decide} must be possible"


# --- words, stages, next steps, duties --------------------------------------------------------------------------


@pytest.mark.parametrize("word", [*Action, *State, *Party, *Duty, *Stage])
def test_everything_has_a_label_of_its_own(word: Action | State | Party | Duty | Stage) -> None:
    assert str(word.label).strip()
    assert str(word.label) != word.value
    assert len({str(other.label) for other in type(word)}) == len(type(word))


def test_every_act_of_the_staff_has_a_door() -> None:
    staffs = {action for action, row in TRANSITIONS.items() if row.who & STAFF}
    assert staffs - set(DOORS.values()) == {Action.HAND_OVER}, "the hand-over has a page of its own"
    assert set(DOORS.values()) <= staffs


@pytest.mark.parametrize("state", State)
def test_the_next_step_is_possible_and_waits_for_somebody_who_may(state: State) -> None:
    if state in FINAL_STATES:
        assert state not in NEXT_STEP
        assert state not in WAITS_FOR
    elif state == State.SUSPENDED:
        assert WAITS_FOR[state] == Party.PANEL
    else:
        assert refusal(NEXT_STEP[state], state, [WAITS_FOR[state]]) == ""


def test_the_straight_way_goes_through_the_four_stages_and_never_back() -> None:
    way = [State.RECEIVED, State.PRECHECKED, State.DISPATCHED, State.SIGNED, State.RECTIFYING]
    way += [State.CHECKING, State.REPLIED, State.VERIFIED, State.CLOSED]
    assert all(after in ways()[before] for before, after in itertools.pairwise(way))
    stages = [list(Stage).index(public_stage(state)) for state in way]
    assert stages == sorted(stages)
    assert set(stages) == set(range(len(Stage)))
    assert all(public_stage(state) in Stage for state in State)


FILING = (Duty.APPEAL_FILE, Duty.REVIEW_FILE)


@pytest.mark.parametrize("duty", [duty for duty in Duty if duty not in FILING])
def test_every_duty_is_begun_by_one_act_and_met_by_another(duty: Duty) -> None:
    begun = {action for action, row in TRANSITIONS.items() if duty in row.begins}
    met = {action for action, row in TRANSITIONS.items() if duty in row.meets}
    assert begun or duty in workflow.BIRTH_DUTIES
    assert met
    assert begun.isdisjoint(met)


def test_limits_of_filing_are_no_clocks() -> None:
    assert not {duty for row in TRANSITIONS.values() for duty in (*row.begins, *row.meets)} & set(FILING)


def test_an_appeal_does_not_stop_the_first_contact() -> None:
    assert Duty.CONTACT not in PAUSED_BY_APPEAL
    assert {Duty.SIGN, Duty.RECTIFY, Duty.REWORK} <= PAUSED_BY_APPEAL


def test_a_void_case_owes_nothing() -> None:
    void, test = TRANSITIONS[Action.VOID], TRANSITIONS[Action.VOID_TEST]
    assert {*void.withdraws, *void.meets} == set(test.withdraws) == set(Duty)


@pytest.mark.parametrize(
    ("satisfied", "rounds", "most", "leads_to"),
    [
        (True, 0, 2, State.VERIFIED),
        (True, 2, 2, State.VERIFIED),
        (True, 9, 0, State.VERIFIED),
        (False, 0, 2, State.REWORK),
        (False, 1, 2, State.REWORK),
        (False, 2, 2, State.ESCALATED),
        (False, 3, 2, State.ESCALATED),
        (False, 0, 0, State.ESCALATED),
    ],
)
def test_a_word_leads_on_and_two_rounds_are_the_most(satisfied: bool, rounds: int, most: int, leads_to: State) -> None:
    assert workflow.after_verdict(satisfied=satisfied, rework_round=rounds, reworks_max=most) == leads_to
