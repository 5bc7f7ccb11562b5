"""Random lives of appeals: real acts in any order, lawful and not. After each step the promises are asked of the rows.

`APPEAL_RUNS=400 APPEAL_STEPS=60` asks for more than the everyday 25 runs of 30 steps.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
import time_machine
from django.db import transaction

from appeals import actions
from appeals.access import barred
from appeals.enums import OPEN_STAGES, UPHELD, Proof, Stage, Vote
from appeals.models import Appeal, Ballot, Place
from appeals.queries import candidates, contested, sitting
from organizations.enums import Role
from organizations.models import Membership, Staff
from rectification.actions.core import Refused
from rectification.enums import Duty, State
from rectification.models import Case
from rectification.workflow import WITH_UNIT, NotAllowed
from tests.appeals.court import Court, piece
from tests.factories import NOW, Cast

RUNS, STEPS = int(os.environ.get("APPEAL_RUNS", "25")), int(os.environ.get("APPEAL_STEPS", "30"))
CODES = ["W1", "W4", "W4", "W5", "W5", "W6", "W7", "W8"]
SEEN: Counter[str] = Counter()


class Life:
    """One case, its appeals, a pool that changes, and the clock."""

    def __init__(self, court: Court, draw: Random) -> None:
        self.court, self.draw, self.now = court, draw, NOW
        self.case = court.case(draw.choice([State.DISPATCHED, State.SIGNED, State.RECTIFYING, State.CHECKING]))
        self.ballots: dict[int, tuple[str, str]] = {}

    # --- what happens ---------------------------------------------------------------------------------------

    def step(self) -> None:
        acts: list[Callable[[], Any]] = [
            *[self.file] * 3,
            *[self.vote] * 8,
            *[self.wait] * 2,
            self.hear,
            self.sweep,
            self.serve,
            self.review,
            self.withdraw,
            self.recuse,
            self.move_somebody,
            self.meddle,
        ]
        act = self.draw.choice(acts)
        try:
            with transaction.atomic():
                act()
            SEEN[act.__name__] += 1
        except (Refused, NotAllowed):
            SEEN[f"refused {act.__name__}"] += 1

    def wait(self) -> None:
        self.now += self.draw.choice([timedelta(hours=3), timedelta(days=1), timedelta(days=4)])

    def writer(self) -> Staff:
        return self.draw.choice([self.court.cast.zheng, self.court.cast.zheng, self.court.cast.rated])

    def file(self) -> None:
        by = self.writer()
        draft = self.court.draft(self.draw.choice(CODES), self.fresh(), by=by, at=self.now)
        actions.file_appeal(draft, by=by, at=self.now)

    def fresh(self) -> Case:
        return Case.objects.get(pk=self.case.pk)

    def latest(self, *stages: Stage) -> Appeal:
        found = Appeal.objects.filter(case=self.case, stage__in=stages).order_by("pk").last()
        if found is None:
            raise Refused("nothing there")
        return found

    def vote(self) -> None:
        appeal = self.latest(*OPEN_STAGES)
        silent = [place.staff_id for place in sitting(appeal) if not hasattr(place, "ballot")]
        asked = silent if self.draw.random() < 0.8 else []
        people = [person for person in self.court.pool if person.pk in asked] or self.court.pool
        vote = self.draw.choice([Vote.UPHOLD, Vote.UPHOLD, *Vote])
        self.court.vote(appeal, self.draw.choice(people), vote, at=self.now)

    def hear(self) -> None:
        appeal = self.latest(*OPEN_STAGES)
        if appeal.heard_by is not None:
            self.court.answer(appeal, at=self.now)

    def sweep(self) -> None:
        for _ in range(2):
            actions.draw_waiting(at=self.now)
            actions.renew_panels(at=self.now)
            actions.settle_due(at=self.now)
            actions.serve_late(at=self.now)

    def serve(self) -> None:
        self.court.serve(self.latest(Stage.RULED), at=self.now)

    def review(self) -> None:
        first = self.latest(Stage.RULED)
        by = self.court.cast.qian if first.ruling.outcome in UPHELD else first.by
        draft = actions.begin_review(first, by=by, at=self.now, statement="新证据")
        words = f"记录{self.draw.random()}"
        actions.add_exhibit(draft, piece(Proof.SYSTEM_TIMES, words=words), by=by, at=self.now)
        actions.file_review(draft, by=by, at=self.now)

    def withdraw(self) -> None:
        if self.draw.random() < 0.3:
            appeal = self.latest(*OPEN_STAGES)
            actions.withdraw_appeal(appeal, by=appeal.by, at=self.now)

    def recuse(self) -> None:
        appeal = self.latest(*OPEN_STAGES)
        actions.ask_recusal(
            appeal, by=self.draw.choice(self.court.panel(appeal) or self.court.pool), at=self.now, note="相识"
        )

    def move_somebody(self) -> None:
        person = self.draw.choice(self.court.pool)
        how = self.draw.randint(0, 3)
        if how == 0:
            self.court.joins(person, self.court.cast.unit)
        elif how == 1:
            Membership.objects.filter(staff=person, role=Role.WINDOW).delete()
        else:
            actions.list_member(person, by=self.court.cast.qian, at=self.now, active=how == 2)

    def meddle(self) -> None:
        """People who may not, and things that may not be done any more: nothing may come of it."""
        cast, before = self.court.cast, self.digest()
        appeal = Appeal.objects.filter(case=self.case).order_by("pk").last()
        if appeal is None:
            return
        stranger = self.draw.choice([cast.sun, cast.song, cast.zhou, cast.xu])
        tries: list[Callable[[], Any]] = [
            lambda: self.court.vote(appeal, stranger, at=self.now),
            lambda: actions.withdraw_appeal(appeal, by=stranger, at=self.now),
            lambda: actions.ask_recusal(appeal, by=stranger, at=self.now, note="x"),
            lambda: actions.serve_ruling(appeal, by=stranger, at=self.now, text="x", plain="x"),
            lambda: actions.begin_review(appeal, by=stranger, at=self.now, statement="x"),
            lambda: actions.file_appeal(appeal, by=stranger, at=self.now),
        ]
        with pytest.raises((Refused, NotAllowed)):
            self.draw.choice(tries)()
        assert self.digest() == before, "refused, but it left a trace"

    def digest(self) -> list[Any]:
        rows = [list(model.objects.order_by("pk").values_list()) for model in (Appeal, Ballot, Place, Case)]
        return [*rows, self.case.events.count()]

    # --- what must hold -------------------------------------------------------------------------------------

    def hold(self) -> None:
        case = self.fresh()
        filed = list(Appeal.objects.filter(case=case).exclude(stage=Stage.DRAFT))
        running = [appeal for appeal in filed if appeal.is_open]
        pausing = [appeal for appeal in running if case.state != State.INVALID]
        assert len(running) <= 1
        assert (case.state == State.SUSPENDED) == bool(pausing), "paused if and only if an appeal is open"
        if case.state == State.INVALID:
            assert all(appeal.round == 2 for appeal in running), "only a review is heard about an invalid case"
        assert case.deadlines.exclude(paused_at=None).exists() <= (case.state == State.SUSPENDED)
        clock = case.deadlines.unmet().filter(duty=Duty.APPEAL)
        assert clock.count() == len(pausing)
        for appeal in filed:
            self.one(appeal)
        kinds = Counter((appeal.ground_id, appeal.round) for appeal in filed if appeal.stage != Stage.WITHDRAWN)
        assert not [kind for kind, often in kinds.items() if often > 1], "once for each ground"
        self.ending_is_earned(case, filed)
        for ballot in Ballot.objects.filter(place__appeal__case=case):
            kept = self.ballots.setdefault(ballot.pk, (ballot.vote, ballot.reason))
            assert kept == (ballot.vote, ballot.reason)
        assert len(self.ballots) == Ballot.objects.filter(place__appeal__case=case).count(), "no vote is lost"

    def one(self, appeal: Appeal) -> None:
        seats = sitting(appeal)
        assert len(seats) <= appeal.seats
        assert appeal.stage != Stage.VOTING or len(seats) == appeal.seats
        assert (appeal.stage == Stage.RULED) == hasattr(appeal, "ruling")
        if appeal.stage == Stage.RULED:
            given = Counter(place.ballot.vote for place in seats if hasattr(place, "ballot"))
            assert appeal.ruling.votes == dict(given), "the ruling counts whom it counts"
            assert given.total() * 2 > appeal.seats
        if appeal.reviews_id:
            first = {place.staff_id for place in appeal.reviews.places.exclude(sits_from=None)}
            assert not first & {place.staff_id for place in appeal.places.all()}

    def ending_is_earned(self, case: Case, filed: list[Appeal]) -> None:
        rulings = [appeal.ruling for appeal in filed if appeal.stage == Stage.RULED]
        in_force = [r for r in rulings if not any(other.appeal.reviews_id == r.appeal_id for other in rulings)]
        assert (case.state == State.INVALID) == any(ruling.ends_case for ruling in in_force)
        assert case.state in (State.INVALID, State.SUSPENDED, State.PRECHECKED, *WITH_UNIT)

    def sits_who_may(self) -> None:
        """Right after a sweep nobody sits who may not."""
        for appeal in Appeal.objects.filter(case=self.case, stage=Stage.VOTING):
            about = contested(appeal)
            seats = [place.staff_id for place in sitting(appeal)]
            assert not [who.staff for who in candidates(self.now, seats) if barred(who, about)]


@pytest.mark.timeout(3600)
def test_every_life_of_an_appeal_keeps_the_promises(cast: Cast, monday: time_machine.Traveller) -> None:
    court = Court(cast, pool=14)
    SEEN.clear()
    for seed in range(RUNS):
        with transaction.atomic():
            life = Life(court, Random(seed))
            for number in range(STEPS):
                life.step()
                try:
                    life.hold()
                    if number % 6 == 5:
                        life.sweep()
                        life.sits_who_may()
                        life.hold()
                except AssertionError as broken:
                    broken.add_note(f"seed {seed}, step {number}, {dict(SEEN)}")
                    raise
            SEEN[f"end {life.fresh().state}"] += 1
            transaction.set_rollback(True)
    print(dict(SEEN))
    if RUNS >= 25:
        for what in ("file", "vote", "review", "withdraw", "recuse", "serve", "end invalid", "end prechecked"):
            assert SEEN[what], f"the machine does not come everywhere any more: {what}"
