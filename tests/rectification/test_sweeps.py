"""What the clock does to cases: warnings, messages, recounting; each once, however often and in whatever pieces."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings

from common.actors import SYSTEM
from common.models import AuditEntry, Notice, OutboxMessage
from evaluations.actions import follow_ups, invite_follow_ups
from evaluations.models import FollowUpLink
from organizations.actions import confirm_calendar_year, set_calendar_day
from organizations.enums import DayKind
from rectification import actions
from rectification.actions import sweeps
from rectification.enums import Action, ContactResult, Duty, State
from rectification.models import Case, Deadline
from tests.factories import NOW, Cast
from tests.rectification.town import missed

MINUTE = timedelta(minutes=1)
DECEMBER = datetime(2026, 12, 30, 10, 0, tzinfo=NOW.tzinfo)


def local(day: str, hour: int, minute: int = 0) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, minute=minute, tzinfo=NOW.tzinfo)


def told(kind: str) -> list[str]:
    """Whom notices of a kind went to."""
    return sorted(Notice.objects.filter(kind=kind).values_list("staff__username", flat=True))


# --- warnings --------------------------------------------------------------------------------------------------------


def test_three_warnings_each_at_its_moment_and_once(cast: Cast) -> None:
    """Five working days from Monday: half on Thursday, the day before on Friday, due on Monday at closing time."""
    cast.upto(cast.rate(1), State.RECTIFYING)
    moments = [
        (local("2026-11-26", 8, 30), "due.half.rectify", ["wu"]),
        (local("2026-11-27", 8, 30), "due.day_before.rectify", ["wu"]),
        (local("2026-11-30", 17), "due.overdue.rectify", ["qian", "wu", "zheng"]),
    ]
    for moment, kind, people in moments:
        assert actions.warn_due(at=moment - MINUTE) == 0
        assert actions.warn_due(at=moment) == 1, kind
        assert actions.warn_due(at=moment) == actions.warn_due(at=moment + MINUTE) == 0
        assert told(kind) == people
    assert actions.warn_due(at=NOW + timedelta(days=300)) == 0
    assert Notice.objects.filter(kind__startswith="due.").count() == 5


def test_a_clock_that_slept_gives_the_latest_warning_only(cast: Cast) -> None:
    cast.upto(cast.rate(1), State.RECTIFYING)
    assert actions.warn_due(at=NOW + timedelta(days=30)) == 1
    assert set(Notice.objects.filter(kind__startswith="due.").values_list("kind", flat=True)) == {"due.overdue.rectify"}


@pytest.mark.parametrize(
    ("state", "duty", "people"),
    [
        (State.PRECHECKED, Duty.DISPATCH, ["lin", "qian", "zheng"]),
        (State.DISPATCHED, Duty.SIGN, ["qian", "wei", "wu", "zheng"]),
        (State.SIGNED, Duty.CONTACT, ["qian", "wu", "zheng"]),
        (State.REPLIED, Duty.CALLBACK, ["qian", "zhao", "zheng"]),
        (State.VERIFIED, Duty.SIGN_OFF, ["qian", "zheng"]),
    ],
)
def test_overdue_goes_to_whom_it_waits_for_and_up(cast: Cast, state: State, duty: Duty, people: list[str]) -> None:
    """The person rated (a colleague at the same window) is never among them."""
    cast.upto(cast.rate(1), state)
    actions.warn_due(at=NOW + timedelta(days=30))
    assert told(f"due.overdue.{duty}") == people
    assert "ruan" not in Notice.objects.values_list("staff__username", flat=True)


def test_a_co_handler_is_warned_of_its_own_part(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    actions.add_co_handler(case, by=cast.wu, at=NOW, unit=cast.other_unit, task="核对参保记录")
    actions.warn_due(at=NOW + timedelta(days=30))
    assert told("due.overdue.co_handle") == ["qian", "song", "zheng"]


def test_what_is_done_paused_or_over_is_not_warned_of(cast: Cast) -> None:
    cast.upto(cast.rate(1), State.CLOSED)
    paused = cast.upto(cast.rate(1, phone=""), State.SIGNED)
    actions.suspend_case(paused, by=SYSTEM, at=NOW)
    assert actions.warn_due(at=NOW + timedelta(days=30)) == 1, "the ruling is late, and nothing else is"
    assert told("due.overdue.appeal") == ["qian", "zheng"]


def test_an_extension_is_warned_of_anew(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    actions.request_extension(case, by=cast.wu, at=NOW, reason="等材料", until=date(2026, 12, 4), limit=1)
    actions.warn_due(at=local("2026-11-27", 9))
    actions.decide_extension(case, by=cast.qian, at=local("2026-11-27", 10), approved=True)
    Notice.objects.all().delete()
    assert actions.warn_due(at=local("2026-12-04", 17)) == 1
    assert told("due.overdue.rectify") == ["qian", "wu", "zheng"]


def test_a_closed_case_has_no_duty_left_to_warn_of(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    actions.supervise_case(case, by=cast.qian, at=NOW, text="请加快")
    cast.upto(case, State.CLOSED)
    assert not case.deadlines.unmet().exists()
    assert actions.warn_due(at=NOW + timedelta(days=30)) == 0


class Killed(BaseException):
    """What happens to a process that is killed: nothing in it runs on."""


def kill_once(monkeypatch: pytest.MonkeyPatch, place: Any, name: str, *, after: int) -> None:
    """Ends the sweep at its `after`-th call of a function, and only that once."""
    real, calls = getattr(place, name), iter(range(1, 10_000))

    def call(*arguments: Any, **named: Any) -> Any:
        result = real(*arguments, **named)
        if next(calls) == after:
            raise Killed
        return result

    monkeypatch.setattr(place, name, call)


def test_a_killed_sweep_is_finished_by_the_next(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after the third case's notices were written: they are undone with it, and come once in the end."""
    for _ in range(5):
        cast.upto(cast.rate(1), State.RECTIFYING)
    late = local("2026-11-30", 17)
    kill_once(monkeypatch, sweeps, "notify", after=3)
    with pytest.raises(Killed):
        actions.warn_due(at=late)
    assert len(told("due.overdue.rectify")) == 2 * 3
    assert actions.warn_due(at=late) == 3
    assert sorted(told("due.overdue.rectify")) == ["qian"] * 5 + ["wu"] * 5 + ["zheng"] * 5


# --- messages to evaluators ------------------------------------------------------------------------------------------


def texts(kind: str) -> list[str]:
    """The case numbers of messages of a kind."""
    return sorted(OutboxMessage.objects.filter(kind=f"citizen.{kind}").values_list("about", flat=True))


def test_whom_nobody_reached_gets_one_message_a_round(cast: Cast) -> None:
    case, calm = cast.rate(1), cast.upto(cast.rate(1), State.REPLIED)
    missed(cast, case, NOW)
    actions.record_callback(calm, by=cast.zhao, at=NOW, result=ContactResult.NO_ANSWER, reworks_max=2)
    late = NOW + timedelta(days=3)
    assert [actions.message_unreached(at=late) for _ in range(3)] == [1, 0, 0]
    assert texts("unreachable") == [case.number]


def test_those_who_have_their_message_do_not_keep_others_from_theirs(cast: Cast) -> None:
    cases = [cast.rate(1) for _ in range(3)]
    for case in cases:
        missed(cast, case, NOW)
    for _ in cases:
        actions.message_unreached(at=NOW + timedelta(days=3), limit=1)
    assert texts("unreachable") == sorted(case.number for case in cases)


def test_a_case_whose_messages_are_used_up_does_not_keep_others_from_theirs(cast: Cast, settings: Any) -> None:
    cases = [cast.rate(1) for _ in range(2)]
    for case in cases:
        missed(cast, case, NOW)
    settings.SMS_MAX_PER_CASE = 2
    assert invite_follow_ups(at=NOW, limit=1) == 1
    [used] = texts("reply")
    actions.message_unreached(at=NOW + timedelta(days=3), limit=1)
    assert texts("unreachable") == [case.number for case in cases if case.number != used]


def test_an_answered_evaluator_is_invited_once(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.REPLIED)
    cast.upto(cast.rate(1, phone=""), State.REPLIED)
    cast.upto(cast.rate(1), State.CHECKING)
    assert [invite_follow_ups(at=NOW) for _ in range(3)] == [1, 0, 0]
    assert texts("reply") == [case.number]
    assert FollowUpLink.objects.get().case == case


def test_a_killed_invitation_is_made_whole(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [cast.upto(cast.rate(1), State.REPLIED) for _ in range(3)]
    kill_once(monkeypatch, follow_ups, "tell_citizen", after=2)
    with pytest.raises(Killed):
        invite_follow_ups(at=NOW)
    assert FollowUpLink.objects.count() == len(texts("reply")) == 1
    assert invite_follow_ups(at=NOW) == 2
    assert texts("reply") == sorted(case.number for case in cases)
    assert FollowUpLink.objects.count() == 3


def test_no_message_at_night(cast: Cast) -> None:
    night = local("2026-11-23", 22)
    cast.upto(cast.rate(1, at=NOW), State.REPLIED, at=night)
    invite_follow_ups(at=night)
    message = OutboxMessage.objects.get(kind="citizen.reply")
    assert message.next_attempt_at == local("2026-11-24", settings.SMS_QUIET_HOURS[1].hour)


# --- the calendar changes --------------------------------------------------------------------------------------------


Change = Callable[[], int]


@pytest.fixture
def long_new_year(cast: Cast) -> Change:
    """4 to 6 January 2027 become holidays and the year is confirmed; the sweep counts again."""

    def change() -> int:
        for day in (4, 5, 6):
            set_calendar_day(date(2027, 1, day), kind=DayKind.HOLIDAY, name="元旦", by=cast.xu, at=DECEMBER)
        confirm_calendar_year(2027, source="国办发明电〔2026〕9号", by=cast.xu, at=DECEMBER)
        return actions.recompute_deadlines(at=DECEMBER, year=2027)

    return change


def rectify(case: Case) -> Deadline:
    return case.deadlines.get(duty=Duty.RECTIFY)


def test_a_confirmed_year_moves_open_deadlines_and_says_so(cast: Cast, long_new_year: Change) -> None:
    case = cast.upto(cast.rate(1, at=DECEMBER), State.RECTIFYING, at=DECEMBER)
    done = cast.upto(cast.rate(1, at=DECEMBER), State.REPLIED, at=DECEMBER)
    before, untouched = rectify(case), rectify(done).due_at
    assert before.provisional
    long_new_year()
    after = rectify(case)
    assert after.due_at.date() == before.due_at.date() + timedelta(days=5)
    assert not after.provisional
    event = case.events.get(action=Action.RECOMPUTE)
    expected = {"duty": "rectify", "old": before.due_at.isoformat(), "new": after.due_at.isoformat()}
    assert {key: datetime.fromisoformat(event.data[key]) for key in ("old", "new")} == {
        "old": before.due_at,
        "new": after.due_at,
    }
    audit = AuditEntry.objects.get(action="case.recompute", object_id=case.number)
    assert {key: audit.after[key] for key in expected} == event.data
    assert rectify(done).due_at == untouched
    assert told("case.recompute").count("wu") >= 1
    assert actions.recompute_deadlines(at=DECEMBER, year=2027) == 0


def test_a_paused_deadline_is_counted_with_the_new_calendar_too(cast: Cast, long_new_year: Change) -> None:
    """An appeal that began before the correction ends with the same days left as one that began after it."""
    cases = [cast.upto(cast.rate(1, at=DECEMBER), State.SIGNED, at=DECEMBER) for _ in range(2)]
    before, after = cases
    moment = DECEMBER + timedelta(hours=1)
    actions.suspend_case(before, by=SYSTEM, at=moment)
    long_new_year()
    actions.suspend_case(after, by=SYSTEM, at=moment)
    for case in cases:
        actions.resume_case(case, by=SYSTEM, at=moment + timedelta(hours=1))
    assert rectify(before).due_at == rectify(after).due_at


def test_a_due_that_moved_is_warned_of_anew(cast: Cast, long_new_year: Change) -> None:
    case = cast.upto(cast.rate(1, at=DECEMBER), State.RECTIFYING, at=DECEMBER)
    old = rectify(case).due_at
    assert actions.warn_due(at=old) == 1
    long_new_year()
    new = rectify(case).due_at
    assert new > old
    actions.warn_due(at=new)
    actions.warn_due(at=new)
    overdue = Notice.objects.filter(kind="due.overdue.rectify", staff=cast.wu)
    assert sorted(overdue.values_list("due_at", flat=True)) == [old, new]
