"""Thousands of lives of a case: real acts on PostgreSQL in any order, lawful and not, with the clock going on.

Every run begins with a case just born and is rolled back at its end. After each step the promises of docs/domain.md §6
are asked of the rows. `MACHINE_RUNS=2000 MACHINE_STEPS=60` asks for more than the everyday 100 runs of 30 steps.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from hypothesis import HealthCheck, note
from hypothesis import settings as profile
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from common.actors import SYSTEM
from rectification import actions
from rectification.casefile import read_case_file
from rectification.enums import Action, Party, PressureOutcome, State, Verdict
from rectification.models import Case, Deadline
from rectification.offers import DOORS
from rectification.workflow import NEXT_STEP, NotAllowed
from tests.factories import NOW, Cast
from tests.support.attempts import BAD, CITIZEN_ADDS, VERBS, World, good, standing
from tests.support.promises import Promises
from tests.support.regulation import WHO

RUNS, STEPS = int(os.environ.get("MACHINE_RUNS", "100")), int(os.environ.get("MACHINE_STEPS", "30"))
NAMES = ["lin", "wu", "wei", "zheng", "zhao", "qian", "he", "sun", "song", "zhou", "xu", "gu", "meng", "rated"]
REFUSALS = (NotAllowed, actions.Refused, actions.Conflict)
PASSES = [timedelta(minutes=20), timedelta(hours=3), timedelta(days=1), timedelta(days=3), timedelta(days=9)]
WITHIN = timedelta(days=settings.REOPEN_DAYS)
# How far the case has come when a run begins.
BEGINNINGS = [None, State.DISPATCHED, State.SIGNED, State.RECTIFYING, State.CHECKING, State.REPLIED, State.VERIFIED]
# What happens how often. One rule draws from this list: Hypothesis leaves whole rules out of many runs, and a case
# that nobody works on goes nowhere.
HAPPENS = [
    *["the_next_step"] * 6,
    *["somebody_does_what_they_may"] * 6,
    *["anybody_tries_anything"] * 2,
    *["time_passes"] * 2,
    "somebody_tries_to_cheat",
    "a_page_is_out_of_date",
    "the_citizen_judges",
    "the_citizen_reopens",
    "the_citizen_adds",
    "pressure_is_settled",
    *["an_appeal_begins"] * 2,
    "an_appeal_ends",
    "the_clock_sweeps",
]
SEEDS = st.binary(min_size=8, max_size=8)
# Done in every long enough run, or the machine has gone blind.
USUAL = ("dispatch", "sign", "assign_handler", "submit_report", "send_reply", "record_callback", "close", "reopen")
SEEN: Counter[str] = Counter()

TABLES = [
    model._meta.db_table
    for app in ("rectification", "common", "evaluations")
    for model in apps.get_app_config(app).get_models()
    # Neither reference nor what only a new rating writes: partitions make the question slow.
    if model.__name__ not in ("DutyRule", "Tag", "Evaluation", "ServiceKey")
]
DIGEST = "SELECT " + ", ".join(
    f"(SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t)" for table in TABLES
)


class Life(RuleBasedStateMachine):
    """One case, everybody who may or may not touch it, and the clock."""

    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()

    def teardown(self) -> None:
        SEEN["runs"] += 1
        if hasattr(self, "world"):
            SEEN[f"end {self.world.case.state}"] += 1
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @initialize(seed=SEEDS)
    def a_citizen_rates(self, seed: bytes) -> None:
        self.seed, self.step = seed, 0
        draw = Random(seed)
        phone, begin = draw.choice(["13800000001", "13800000001", ""]), draw.choice(BEGINNINGS)
        case = self.cast.rate(1, at=NOW, phone=phone, text="等了三个小时")
        if begin is not None:
            self.cast.upto(case, begin)
        self.world = World(self.cast, case, NOW)
        self.promises = Promises(case)
        self.changed = True

    # --- what happens ---------------------------------------------------------------------------------------

    @rule(seed=SEEDS)
    def something_happens(self, seed: bytes) -> None:
        """All choices of a step hang on one seed: what Hypothesis draws one by one keeps coming back to a few acts.

        It likes to repeat a seed in a run, and repeated acts lead nowhere; so the step counts too.
        """
        self.step += 1
        draw = Random(self.seed + seed + bytes([self.step % 256]))
        what = draw.choice(HAPPENS)
        note(f"{self.world.now:%F %H:%M} {self.world.case.state}: {what}")
        getattr(self, what)(draw)

    def the_next_step(self, draw: Random) -> None:
        """The case goes its way, so that runs come to the late states at all."""
        state = State(self.world.case.state)
        if state == State.SUSPENDED:
            self.an_appeal_ends(draw)
        elif state == State.CLOSED:
            self.the_citizen_reopens(draw)
        elif state in NEXT_STEP:
            step = NEXT_STEP[state]
            if step == Action.RECORD_CALLBACK and not self.world.case.reachable:
                step = Action.VERIFY_ON_FILE
            self.try_one(self.lawful({step}), draw)

    def somebody_does_what_they_may(self, draw: Random) -> None:
        self.try_one(self.lawful(set(Action)), draw)

    def anybody_tries_anything(self, draw: Random) -> None:
        self.try_one([(draw.choice(sorted(DOORS)), draw.choice(NAMES))], draw)

    def somebody_tries_to_cheat(self, draw: Random) -> None:
        """Arguments that will not do, by somebody who may: nothing may come of it."""
        possible = [(d, name, make) for d, make in BAD for door, name in self.lawful({DOORS[d]}) if d == door]
        if possible:
            door, name, make = draw.choice(possible)
            self.act(door, name, make(self.world), expected=False)

    def a_page_is_out_of_date(self, draw: Random) -> None:
        doors = self.lawful(set(Action)) if self.world.case.version else []
        if doors:
            door, name = draw.choice(doors)
            words = good(door, self.world, draw)
            if words is not None:
                self.act(door, name, words | {"seen": self.world.case.version - 1}, expected=False, why="stale")

    def the_citizen_judges(self, draw: Random) -> None:
        words = {"verdict": draw.choice(list(Verdict)), "note": "", "reworks_max": 2}
        self.hook(Action.RECORD_VERDICT, Party.CITIZEN, "record_citizen_verdict", **words)

    def the_citizen_reopens(self, draw: Random) -> None:
        closed = self.world.case.closed_at
        late = closed is not None and self.world.now > closed + WITHIN
        words = {"reason": "还没解决", "within": WITHIN, "reworks_max": 2}
        self.hook(Action.REOPEN, Party.CITIZEN, "reopen_case", refused=late, **words)

    def the_citizen_adds(self, draw: Random) -> None:
        action, verb, words = draw.choice(CITIZEN_ADDS)
        self.hook(action, Party.CITIZEN, verb, **words)

    def pressure_is_settled(self, draw: Random) -> None:
        case, qian = self.world.case, self.cast.qian
        report = case.pressure_reports.filter(settled_at=None).first()
        if report is not None:
            said = {"by": qian, "outcome": PressureOutcome.FOUND, "finding": "已核查"}
            own = {case.unit_id, case.rated_unit_id} & {held.unit_id for held in qian.duties}
            verb = lambda _case, **words: actions.settle_pressure_report(report, **words)  # noqa: E731
            self.attempt(verb, said, expected=not own, what="settle_pressure")

    def an_appeal_begins(self, draw: Random) -> None:
        self.hook(Action.SUSPEND, Party.PANEL, "suspend_case", by=SYSTEM)

    def an_appeal_ends(self, draw: Random) -> None:
        self.time_passes(draw)
        how = draw.randint(0, 4)
        if self.world.case.state == State.INVALID:
            self.hook(Action.RESTORE, Party.PANEL, "restore_case", by=SYSTEM, note="复核")
        elif how == 3:
            self.hook(Action.VOID, Party.PANEL, "void_case", by=SYSTEM, note="误评")
        elif how == 4:
            self.hook(Action.MOVE_ON, Party.PANEL, "move_case_on", by=SYSTEM, note="评价对象错误")
        else:
            self.hook(Action.RESUME, Party.PANEL, "resume_case", by=SYSTEM)

    def time_passes(self, draw: Random) -> None:
        self.world.now += draw.choice(PASSES)

    def the_clock_sweeps(self, draw: Random) -> None:
        """Warnings, messages and a recount: a second time nothing is left to do."""
        now = self.world.now
        paused = list(Deadline.objects.exclude(paused_at=None).values_list("pk", "warned"))
        SEEN["warnings"] += actions.warn_due(at=now)
        SEEN["messages"] += actions.message_unreached(at=now)
        assert not Deadline.objects.running().filter(next_warning_at__lte=now).exists()
        assert list(Deadline.objects.exclude(paused_at=None).values_list("pk", "warned")) == paused
        self.refresh()
        before = self.digest()
        assert actions.warn_due(at=now) == 0
        assert actions.message_unreached(at=now) == 0
        assert actions.recompute_deadlines(at=now, year=now.year) == 0, "the calendar has not changed"
        assert self.digest() == before, "a second sweep wrote something"

    # --- what must hold --------------------------------------------------------------------------------------

    @invariant()
    def promises_are_kept(self) -> None:
        if hasattr(self, "world"):
            SEEN["steps"] += 1
            if self.changed:
                self.promises.hold(self.world)
                self.changed = False

    # --- how it is done --------------------------------------------------------------------------------------

    def lawful(self, wanted: Iterable[Action]) -> list[tuple[str, str]]:
        """Doors and people by the book: acts of these, in this state, by whom they are open to."""
        state = State(self.world.case.state)
        stands = {name: standing(self.world, name) for name in NAMES}
        return [
            (door, name)
            for door, action in DOORS.items()
            if action in wanted
            for name in NAMES
            if WHO.get((state, action), frozenset()) & stands[name]
        ]

    def try_one(self, choices: list[tuple[str, str]], draw: Random) -> None:
        """An attempt with good arguments: accepted when the book allows it and the page offers it, else refused."""
        if not choices:
            return
        door = draw.choice(list(dict.fromkeys(door for door, _ in choices)))
        name = draw.choice([who for chosen, who in choices if chosen == door])
        words = good(door, self.world, draw)
        if words is None:
            return
        state, action = State(self.world.case.state), DOORS[door]
        by_the_book = bool(WHO.get((state, action), frozenset()) & standing(self.world, name))
        offers = read_case_file(self.world.case, self.world.people[name], self.world.now).doors
        assert by_the_book or door not in offers, f"{name} is offered {door} in {state}"
        expected = door in offers and not self.turned_down(door)
        self.act(door, name, {**words, "seen": self.world.case.version}, expected=expected, why=f"offered {offers}")

    def turned_down(self, door: str) -> bool:
        """Offered all the same, for the refusal says what is missing first."""
        case = self.world.case
        if door == "close":
            return case.pressure_reports.filter(settled_at=None).exists()
        return door == "submit_report" and case.co_handlings.filter(answered_at=None).exists()

    def attempt(self, verb: Callable[..., Any], words: dict[str, Any], *, expected: bool, what: str) -> None:
        """Carries an attempt out, which must be accepted or refused as expected; refused, no row may have changed."""
        before, refusal = None if expected else self.digest(), None
        try:
            verb(self.world.case, at=self.world.now, **words)
        except REFUSALS as refused:
            refusal = refused
        assert (refusal is None) == expected, f"{what}: {'got away with it' if refusal is None else repr(refusal)}"
        if refusal is None:
            SEEN[f"did {what.split()[0]}"] += 1
            note(what)
            self.refresh()
        else:
            SEEN[f"refused {type(refusal).__name__}"] += 1
            assert self.digest() == before, f"{what}: refused, but it left a trace"

    def act(self, door: str, name: str, words: dict[str, Any], *, expected: bool, why: str = "") -> None:
        self.world.now += timedelta(minutes=1)
        what = f"{door} by {name} in {self.world.case.state} {why}"
        self.attempt(VERBS[door], {"by": self.world.people[name], **words}, expected=expected, what=what)

    def hook(self, action: Action, party: Party, verb: str, *, refused: bool = False, **words: Any) -> None:
        """An act of the citizen or the panel: allowed exactly where the book says."""
        state = State(self.world.case.state)
        expected = party in WHO.get((state, action), frozenset()) and not refused
        self.attempt(getattr(actions, verb), words, expected=expected, what=f"{action} in {state}")

    def refresh(self) -> None:
        self.world.take(Case.objects.select_related("unit__region", "handler").get(pk=self.world.case.pk))
        self.changed = True

    def digest(self) -> tuple[str, ...]:
        with connection.cursor() as cursor:
            cursor.execute(DIGEST)
            return tuple(cursor.fetchone() or ())


@pytest.mark.timeout(3600)
def test_every_life_of_a_case_keeps_the_promises(cast: Cast, monday: time_machine.Traveller) -> None:
    machine = type("LifeOfACase", (Life,), {"cast": cast})
    SEEN.clear()
    run_state_machine_as_test(
        machine,
        settings=profile(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
    print(dict(SEEN))
    if RUNS >= 100:
        undone = [door for door in USUAL if not SEEN[f"did {door}"]]
        assert not undone, f"the machine does not come everywhere any more: never done {undone}"
