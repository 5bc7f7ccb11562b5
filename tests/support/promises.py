"""What must be true of a case whatever has happened to it: docs/domain.md §6, asked of the rows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from common.models import AuditEntry
from organizations.queries import working_calendar
from rectification.enums import FINAL_STATES, Action, Duty, State
from rectification.models import Case, Deadline
from rectification.workflow import PAUSED_BY_APPEAL
from tests.support.attempts import World
from tests.support.regulation import AFTER

SAID = ("number", "level", "text", "tags", "target", "rated_unit_id", "rated_staff_id", "received_at", "tracking_hash")
RECTIFY = {Duty.RECTIFY, Duty.REWORK}
MAIN = {Duty.DISPATCH, *RECTIFY, Duty.CALLBACK, Duty.SIGN_OFF}
# The duties of which exactly one runs while a case is in a state.
AWAITED: dict[State, set[Duty]] = {
    State.RECEIVED: {Duty.DISPATCH},
    State.PRECHECKED: {Duty.DISPATCH, *RECTIFY},
    State.DISPATCHED: RECTIFY,
    State.REFUSED: RECTIFY,
    State.SIGNED: RECTIFY,
    State.RECTIFYING: RECTIFY,
    State.CHECKING: RECTIFY,
    State.REWORK: RECTIFY,
    State.ESCALATED: RECTIFY,
    State.REPLIED: {Duty.CALLBACK},
    State.VERIFIED: {Duty.SIGN_OFF},
    State.UNREACHABLE: {Duty.SIGN_OFF},
}
PATIENT = (State.CHECKING, State.SUSPENDED, State.INVALID)


class Promises:
    """Remembers a case as it was, and compares."""

    def __init__(self, case: Case) -> None:
        self.said = {name: getattr(case, name) for name in SAID}
        self.history: list[tuple[Any, ...]] = []
        self.started: dict[int, datetime] = {}
        self.ended: dict[int, tuple[datetime | None, datetime | None]] = {}
        self.paused: dict[int, tuple[datetime, datetime]] = {}

    def hold(self, world: World) -> None:
        case = world.case
        assert {name: getattr(case, name) for name in SAID} == self.said, "what was said has changed"
        self.history_is_appended(case)
        self.limits_hold(case)
        self.ends_are_earned(case)
        rows = list(case.deadlines.all())
        self.duties_fit_the_state(case, rows)
        self.clocks_do_not_lie(rows, world)
        self.one_unit_has_it(case)

    def history_is_appended(self, case: Case) -> None:
        events = list(case.events.values_list("pk", "action", "from_state", "to_state", "at", "note"))
        known = len(self.history)
        assert events[:known] == self.history, "history was rewritten"
        assert len(events) == case.version + 1, "one row of history per move"
        before = self.history[-1][3] if self.history else ""
        for _, action, begin, end, _, _ in events[known:]:
            assert begin == before, "history has a gap"
            assert action == Action.OPEN or end in AFTER[State(begin), Action(action)], f"{action}: {begin} → {end}"
            before = end
        assert case.state == before, "the state is not what history says"
        audited = AuditEntry.objects.filter(object_type="case", object_id=case.number, action__startswith="case.")
        if len(events) != known:
            assert audited.count() == len(events), "one audit row per move"
        self.history = events

    def limits_hold(self, case: Case) -> None:
        sent_back = [e for e in self.history if e[3] == State.REWORK and e[2] not in (State.REWORK, *PATIENT)]
        assert len(sent_back) <= settings.REWORKS_MAX
        assert case.state != State.REWORK or 1 <= case.rework_round <= settings.REWORKS_MAX
        granted = case.requests.filter(kind=Action.REQUEST_EXTENSION, approved=True).count()
        assert granted <= settings.EXTENSIONS_MAX
        assert case.deadlines.exclude(extended_to=None).count() <= granted
        assert case.refusals <= settings.REFUSALS_MAX

    def ends_are_earned(self, case: Case) -> None:
        if case.closed_by_unit_id is not None:
            assert case.closed_by_unit_id not in (case.unit_id, case.rated_unit_id), "the unit closed its own case"
        if case.state == State.CLOSED:
            earned = (case.verified_at, case.outcome, case.verification, case.closed_at, case.closed_by_id)
            assert all(earned), "closed without a verified outcome"
            assert case.reports.filter(passed=True).exists(), "closed without a reply"
        else:
            assert (case.closed_at, case.closed_by_id) == (None, None)
        assert case.handler_id is None or case.handler_id != case.rated_staff_id

    def duties_fit_the_state(self, case: Case, rows: list[Deadline]) -> None:
        unmet = [row for row in rows if row.met_at is None and row.withdrawn_at is None]
        if case.state in FINAL_STATES:
            assert not unmet, f"{case.state}, and still runs: {unmet}"
            return
        main = [row for row in unmet if row.duty in MAIN]
        stopped = {row.duty for row in unmet if row.paused_at is not None}
        if case.state == State.SUSPENDED:
            assert len(main) == 1
            assert stopped == {row.duty for row in unmet} & PAUSED_BY_APPEAL, "an appeal stops these and no others"
            return
        assert not stopped, f"{case.state}, and still paused: {stopped}"
        assert len(main) == 1, f"{case.state}: {main}"
        assert main[0].duty in AWAITED[State(case.state)], f"{case.state}: {main}"
        rectify = [row for row in rows if row.duty == Duty.RECTIFY and row.withdrawn_at is None]
        restored = {at for _, action, _, _, at, _ in self.history if action == Action.RESTORE}
        assert len(rectify) == (case.dispatched_at is not None), "sending to and fro begins no second rectification"
        starts = {case.dispatched_at, *restored}
        assert all(row.started_at in starts for row in rectify), "the original start is kept"

    def clocks_do_not_lie(self, rows: list[Deadline], world: World) -> None:
        for row in rows:
            assert self.started.setdefault(row.pk, row.started_at) == row.started_at, "a clock was reset"
            assert row.met_at is None or row.withdrawn_at is None
            if row.met_at or row.withdrawn_at:
                assert self.ended.setdefault(row.pk, (row.met_at, row.withdrawn_at)) == (row.met_at, row.withdrawn_at)
            elif row.paused_at:
                assert self.paused.setdefault(row.pk, (row.paused_at, row.due_at)) == (row.paused_at, row.due_at)
            elif row.pk in self.paused:
                self.the_days_left_are_left(row, *self.paused.pop(row.pk), world.now)

    def the_days_left_are_left(self, row: Deadline, paused_at: datetime, due_at: datetime, now: datetime) -> None:
        """A paused clock does not run: as many working days are left as were, the day of the pause being given back."""
        if paused_at >= due_at:
            assert row.due_at == due_at, "what was overdue stays due when it was"
            return
        paused, due, resumed, new = (timezone.localdate(at) for at in (paused_at, due_at, now, row.due_at))
        calendar = working_calendar(paused, max(new, due) + timedelta(days=1))
        left, now_left = calendar.count_working_days(paused, due), calendar.count_working_days(resumed, new)
        assert left <= now_left <= left + 1, f"{row}: {left} days were left, now {now_left}"

    def one_unit_has_it(self, case: Case) -> None:
        lying = list(case.dwells.filter(ended_at=None).values_list("unit_id", flat=True))
        dispatched = case.dispatched_at is not None and case.state not in FINAL_STATES
        assert lying == ([case.unit_id] if dispatched else []), "how long it lay with whom"
