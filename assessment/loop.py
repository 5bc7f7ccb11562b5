"""The facts of the loop 评价 → 转办 → 整改 → 答复 → 回访, as sets of cases: a count is the length of a set. Pure.

A figure of the loop cannot differ from its list, because it is one (docs/metrics.md). What was so on a past day is
found by cutting every case's dated rows at that moment, and never from its present state.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from appeals.enums import UPHELD, Vote
from rectification.enums import VOIDS, Action, Duty, State, Verdict
from rectification.workflow import PAUSED_BY_APPEAL

Ids = tuple[int, ...]
SENDS_BACK = frozenset({Action.RECORD_CALLBACK, Action.VERIFY_ON_FILE, Action.RECORD_VERDICT, Action.REOPEN})
AGAIN = frozenset({State.REWORK, State.ESCALATED})
PLEASED = frozenset({Verdict.SATISFIED, Verdict.ACCEPTABLE})
DONE = frozenset({State.VERIFIED, State.UNREACHABLE, State.CLOSED})


@dataclass(frozen=True)
class Loop:
    """What a unit's cases did in a period. Each is the ids of cases; of `ruled`, `upheld`, `partly` those of appeals.

    What was declared void by the moment of asking is in none of them but `dispatched`, `appealed` and the rulings.

    Attributes:
        dispatched: 转办 to the unit in the period. appealed: those of them that it has contested.
        signed_due, contact_due, due, rework_due, call_due: whose 签收, 首次联系, 整改答复, 二次整改, 回访 fell due in
            the period. What is not yet due, paused or withdrawn in time is in none.
        signed_late, contact_late, rework_late: those of them that were done late or are not done.
        on_time, overdue: of `due`, answered by the due time, or not. overdue_far: those overdue by more than
            OVERDUE_FAR_DAYS working days.
        rectified: of `due`, what is rectified or explained by now and verified, on the phone, on file, or as 联系不上.
        reply_due: of `due`, where the evaluator left a number. replied: those of them with a reply by now.
        called: of `call_due`, called at least once, or judged by the evaluator meanwhile.
        reached: reached by a callback in the period. satisfied: whose last word then was 满意 or 基本满意.
        reworked: sent back for 二次整改 or 提级 in the period. given_up: 联系不上. closed: 销号 in it, and still so.
        ruled: appeals whose first ruling was served in the period. upheld, partly: what they came to, after a review.
        bad: received in the period. repeat_base: those of them with a problem class. repeated: those for which the
            same unit had another of the same class within REPEAT_DAYS before.
    """

    dispatched: Ids = ()
    appealed: Ids = ()
    signed_due: Ids = ()
    signed_late: Ids = ()
    contact_due: Ids = ()
    contact_late: Ids = ()
    due: Ids = ()
    on_time: Ids = ()
    overdue: Ids = ()
    overdue_far: Ids = ()
    rectified: Ids = ()
    rework_due: Ids = ()
    rework_late: Ids = ()
    reply_due: Ids = ()
    replied: Ids = ()
    call_due: Ids = ()
    called: Ids = ()
    reached: Ids = ()
    satisfied: Ids = ()
    reworked: Ids = ()
    given_up: Ids = ()
    closed: Ids = ()
    ruled: Ids = ()
    upheld: Ids = ()
    partly: Ids = ()
    bad: Ids = ()
    repeat_base: Ids = ()
    repeated: Ids = ()

    @classmethod
    def sum(cls, parts: Iterable[Loop]) -> Loop:
        """All of them together; a case that was with two units is there once."""
        found: dict[str, set[int]] = {name: set() for name in NAMES}
        for part in parts:
            for name, ids in found.items():
                ids.update(getattr(part, name))
        return cls.of(found)

    @classmethod
    def of(cls, sets: Mapping[str, Iterable[int]]) -> Loop:
        return cls(**{name: tuple(sorted(ids)) for name, ids in sets.items()})


NAMES = tuple(field.name for field in fields(Loop))
APPEALS = frozenset({"ruled", "upheld", "partly"})


class Step(NamedTuple):
    """An act on the case. was, now: of an act that moved a due time, from where to where; duty: which."""

    at: datetime
    action: str
    to_state: str
    duty: str = ""
    was: datetime | None = None
    now: datetime | None = None


class Stay(NamedTuple):
    """Since when the case lies with a unit."""

    at: datetime
    unit: int


class Clock(NamedTuple):
    """A duty. unit: that which met it, or has it."""

    duty: str
    unit: int
    started: datetime
    due: datetime
    met: datetime | None
    withdrawn: datetime | None


class Call(NamedTuple):
    """A callback; verdict is "" where nobody was reached."""

    at: datetime
    verdict: str


class Contest(NamedTuple):
    """An appeal in its first round, with its ruling and that of its review as served, in this order."""

    appeal: int
    unit: int
    filed: datetime
    rulings: tuple[tuple[datetime, str], ...]


@dataclass(frozen=True)
class Story:
    """Everything dated about a case. reachable was said with the rating and does not change.

    classes: its problem classes as known at the moment of asking (`assessment.classing`).
    """

    case: int
    rated_unit: int
    received: datetime
    reachable: bool
    classes: frozenset[str]
    steps: tuple[Step, ...] = ()
    stays: tuple[Stay, ...] = ()
    clocks: tuple[Clock, ...] = ()
    calls: tuple[Call, ...] = ()
    contests: tuple[Contest, ...] = ()

    def until(self, at: datetime) -> Story:
        """The case as it was known at a moment: nothing that happened later, and due times as they were then."""
        later = [step for step in self.steps if step.at > at and step.was]
        return replace(
            self,
            steps=tuple(step for step in self.steps if step.at <= at),
            stays=tuple(stay for stay in self.stays if stay.at <= at),
            clocks=tuple(_clock_at(clock, at, later) for clock in self.clocks if clock.started <= at),
            calls=tuple(call for call in self.calls if call.at <= at),
            contests=tuple(
                one._replace(rulings=tuple(ruling for ruling in one.rulings if ruling[0] <= at))
                for one in self.contests
                if one.filed <= at
            ),
        )

    def holder(self, at: datetime) -> int:
        """With which unit the case lay; before it was dispatched, the one that was rated."""
        return next((stay.unit for stay in reversed(self.stays) if stay.at <= at), self.rated_unit)

    def last(self, *actions: str) -> Step | None:
        return next((step for step in reversed(self.steps) if step.action in actions), None)

    @property
    def state(self) -> str:
        return self.steps[-1].to_state if self.steps else ""

    @property
    def void(self) -> bool:
        found = self.last(*VOIDS, Action.RESTORE)
        return found is not None and found.action in VOIDS

    @property
    def paused_since(self) -> datetime | None:
        found = self.last(Action.SUSPEND, Action.RESUME, Action.MOVE_ON, *VOIDS)
        return found.at if found and found.action == Action.SUSPEND else None


def _clock_at(clock: Clock, at: datetime, later: Iterable[Step]) -> Clock:
    met = clock.met if clock.met and clock.met <= at else None
    withdrawn = clock.withdrawn if clock.withdrawn and clock.withdrawn <= at else None
    if met or withdrawn:
        return clock._replace(met=met, withdrawn=withdrawn)
    ended = clock.met or clock.withdrawn
    moves = (step for step in later if step.duty == clock.duty and (ended is None or step.at <= ended))
    was = next((step.was for step in moves if step.was), clock.due)
    return clock._replace(met=None, withdrawn=None, due=was)


@dataclass(frozen=True)
class Span:
    """Which period, as known at which moment, and what counts as far overdue and as again.

    days_late: working days from a due time to another moment.
    """

    since: datetime
    until: datetime
    at: datetime
    days_late: Callable[[datetime, datetime], int]
    far: int = 5
    again: timedelta = timedelta(days=90)

    def holds(self, moment: datetime) -> bool:
        return self.since <= moment < self.until


Fact = tuple[str, int, int]


def loops(stories: Iterable[Story], span: Span) -> dict[int, Loop]:
    """The loop of every unit that has anything in the period."""
    known = [story.until(span.at) for story in stories if story.received <= span.at]
    found: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for name, unit, case in _facts(known, span):
        found[unit][name].add(case)
    return {unit: Loop.of(sets) for unit, sets in found.items()}


def _facts(known: list[Story], span: Span) -> Iterator[Fact]:
    for story in known:
        yield from _contested(story, span)
        if not story.void:
            yield from _timely(story, span)
            yield from _rectified(story, span)
            yield from _called(story, span)
            yield from _steps(story, span)
            if span.holds(story.received):
                yield "bad", story.holder(span.at), story.case
    yield from _repeats([story for story in known if not story.void and story.classes], span)


def _contested(story: Story, span: Span) -> Iterator[Fact]:
    sent = {step.at for step in story.steps if step.action == Action.DISPATCH}
    for stay in story.stays:
        if stay.at in sent and span.holds(stay.at):
            yield "dispatched", stay.unit, story.case
            if any(one.unit == stay.unit for one in story.contests):
                yield "appealed", stay.unit, story.case
    for one in story.contests:
        if one.rulings and span.holds(one.rulings[0][0]):
            outcome = one.rulings[-1][1]
            yield "ruled", one.unit, one.appeal
            if outcome in UPHELD:
                yield "upheld" if outcome == Vote.UPHOLD else "partly", one.unit, one.appeal


def _fell_due(story: Story, duty: Duty, span: Span) -> list[Clock]:
    """The clocks of a duty that ran out in the period and by now, for the unit they concern."""
    paused = story.paused_since if duty in PAUSED_BY_APPEAL else None
    voided = {step.at for step in story.steps if step.action in VOIDS}
    return [
        clock if clock.met or clock.withdrawn else clock._replace(unit=story.holder(span.at))
        for clock in story.clocks
        if clock.duty == duty
        and span.holds(clock.due)
        and clock.due < span.at
        and (clock.withdrawn is None or (clock.withdrawn > clock.due and clock.withdrawn not in voided))
        and not (paused and clock.met is None and paused < clock.due)
    ]


def _late(clock: Clock) -> bool:
    return clock.met is None or clock.met > clock.due


def _timely(story: Story, span: Span) -> Iterator[Fact]:
    for duty, due, late in (
        (Duty.SIGN, "signed_due", "signed_late"),
        (Duty.CONTACT, "contact_due", "contact_late"),
        (Duty.REWORK, "rework_due", "rework_late"),
    ):
        for clock in _fell_due(story, duty, span):
            yield due, clock.unit, story.case
            if _late(clock):
                yield late, clock.unit, story.case


def _rectified(story: Story, span: Span) -> Iterator[Fact]:
    for clock in _fell_due(story, Duty.RECTIFY, span):
        unit, case = clock.unit, story.case
        yield "due", unit, case
        yield "overdue" if _late(clock) else "on_time", unit, case
        if _late(clock) and span.days_late(clock.due, clock.met or span.at) > span.far:
            yield "overdue_far", unit, case
        if story.state in DONE:
            yield "rectified", unit, case
        if story.reachable:
            yield "reply_due", unit, case
            if clock.met:
                yield "replied", unit, case


def _called(story: Story, span: Span) -> Iterator[Fact]:
    """A case is called if it was in every round whose callback fell due."""
    owed = _fell_due(story, Duty.CALLBACK, span) if story.reachable else []
    for unit in {clock.unit for clock in owed}:
        mine = [clock for clock in owed if clock.unit == unit]
        yield "call_due", unit, story.case
        if all(clock.met or any(call.at >= clock.started for call in story.calls) for clock in mine):
            yield "called", unit, story.case
    reached = [call for call in story.calls if call.verdict and span.holds(call.at)]
    if reached:
        unit = story.holder(reached[-1].at)
        yield "reached", unit, story.case
        if reached[-1].verdict in PLEASED:
            yield "satisfied", unit, story.case


def _steps(story: Story, span: Span) -> Iterator[Fact]:
    for step in story.steps:
        if span.holds(step.at):
            unit = story.holder(step.at)
            if step.action in SENDS_BACK and step.to_state in AGAIN:
                yield "reworked", unit, story.case
            if step.action == Action.RECORD_CALLBACK and step.to_state == State.UNREACHABLE:
                yield "given_up", unit, story.case
            if step.action == Action.CLOSE and story.state == State.CLOSED:
                yield "closed", unit, story.case


def _repeats(known: list[Story], span: Span) -> Iterator[Fact]:
    before: dict[tuple[int, str], datetime] = {}
    for story in sorted(known, key=lambda one: (one.received, one.case)):
        unit = story.holder(span.at)
        if span.holds(story.received):
            yield "repeat_base", unit, story.case
            earlier = [before[unit, name] for name in story.classes if (unit, name) in before]
            if earlier and story.received - max(earlier) <= span.again:
                yield "repeated", unit, story.case
        before.update({(unit, name): story.received for name in story.classes})
