"""Deadline rows: begun, met, withdrawn, paused, extended and recomputed. Days are added in `deadlines` alone."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from organizations.calendar import WorkingCalendar
from organizations.models import Unit
from organizations.queries import working_calendar
from rectification import deadlines
from rectification.enums import MAY_RUN_AGAIN, Complexity, Duty, TimeUnit, WarningKind
from rectification.models import Case, CoHandling, Deadline, DutyRule, Timed
from rectification.queries import clock_rules, rule_for, rules_in_force

Row = TypeVar("Row", bound=Timed)
# These belong to the unit that has the case; the others to the management body.
OF_THE_UNIT = frozenset({Duty.SIGN, Duty.CONTACT, Duty.RECTIFY, Duty.REWORK, Duty.SUPERVISION})


def start(
    case: Case,
    duties: Collection[Duty],
    *,
    at: datetime,
    co_handling: CoHandling | None = None,
    newborn: bool = False,
) -> list[Deadline]:
    """Begins duties. One already running for the same unit and round goes on as it is: no clock is reset.

    Args:
        co_handling: whose duty it is, for `Duty.CO_HANDLE`.
        newborn: the case has no earlier duty to look for.

    Returns:
        The rows that now run for these duties and were new.
    """
    wanted = [duty for duty in duties if _applies(duty, case)]
    if not wanted:
        return []
    begun: set[str] = set() if newborn else _begun(case)
    today = timezone.localdate(at)
    rules = rules_in_force(today)
    calendar = working_calendar(today, today + timedelta(days=60))
    rows = [
        _deadline(case, duty, rule_for(rules, duty, case.complexity), at=at, calendar=calendar, co=co_handling)
        for duty in wanted
        if duty not in begun or co_handling is not None
    ]
    return Deadline.objects.bulk_create(rows)


def _begun(case: Case) -> set[str]:
    rows = case.deadlines.filter(withdrawn_at=None, co_handling=None, round=case.rework_round)
    return set(rows.exclude(duty__in=MAY_RUN_AGAIN).values_list("duty", flat=True))


def _applies(duty: Duty, case: Case) -> bool:
    """Nobody can be contacted who left no number; in a round of 二次整改 that duty runs in place of the first one."""
    if duty == Duty.CONTACT:
        return case.reachable
    return duty != Duty.RECTIFY or not case.rework_round


def _deadline(
    case: Case, duty: Duty, rule: DutyRule, *, at: datetime, calendar: WorkingCalendar, co: CoHandling | None
) -> Deadline:
    unit = co.unit if co else case.unit
    due = deadlines.due_at(at, rule.amount, TimeUnit(rule.time_unit), calendar, clock_rules())
    row = Deadline(
        case=case,
        duty=duty,
        round=case.rework_round,
        unit=unit,
        co_handling=co,
        rule=rule,
        amount=rule.amount,
        time_unit=rule.time_unit,
        started_at=at,
        due_at=due.at,
        provisional=due.provisional,
        calendar_version=due.calendar_version,
    )
    plan_warning(row, calendar)
    return row


def plan_warning(row: Timed, calendar: WorkingCalendar) -> None:
    """Sets the next moment at which somebody must be warned; None after the last warning."""
    moments = deadlines.warning_moments(row.started_at, row.due_at, TimeUnit(row.time_unit), calendar, clock_rules())
    given = [str(kind) for kind, _ in moments]
    left = moments[given.index(row.warned) + 1 :] if row.warned in given else moments
    row.next_warning_at = left[0][1] if left else None


def take_warning(row: Timed, *, at: datetime) -> WarningKind | None:
    """Gives the latest warning that is due, once, and plans the next. Called on a row that is locked; it is saved."""
    calendar = working_calendar(timezone.localdate(row.started_at), timezone.localdate(row.due_at))
    moments = deadlines.warning_moments(row.started_at, row.due_at, TimeUnit(row.time_unit), calendar, clock_rules())
    due_now = [kind for kind, moment in moments if moment <= at]
    row.warned = due_now[-1] if due_now else row.warned
    plan_warning(row, calendar)
    row.save(update_fields=["warned", "next_warning_at"])
    return due_now[-1] if due_now else None


def warn_each(rows: QuerySet[Row], tell: Callable[[Row, WarningKind], object], *, at: datetime, limit: int) -> int:
    """Warns of every row whose moment has come: the latest warning only, once per due.

    Safe to repeat and to kill: a row is claimed, warned and moved on in one transaction.

    Args:
        rows: those that still run, with what `tell` needs of them.
        tell: tells whom it concerns, in that transaction.

    Returns:
        How many rows were warned of.
    """
    done = 0
    while done < limit and _warn_next(rows, tell, at):
        done += 1
    return done


@transaction.atomic
def _warn_next(rows: QuerySet[Row], tell: Callable[[Row, WarningKind], object], at: datetime) -> bool:
    due = rows.filter(next_warning_at__lte=at).order_by("next_warning_at")
    row = due.select_for_update(skip_locked=True, of=("self",)).first()
    if row is None:
        return False
    if kind := take_warning(row, at=at):
        tell(row, kind)
    return True


def meet(case: Case, duties: Collection[Duty], *, at: datetime) -> None:
    """Stamps running duties as done."""
    if duties:
        case.deadlines.unmet().filter(duty__in=duties, co_handling=None).update(met_at=at, paused_at=None)


def meet_co_handling(co_handling: CoHandling, *, at: datetime) -> None:
    """Stamps the duty of one co-handler as done."""
    Deadline.objects.unmet().filter(co_handling=co_handling).update(met_at=at, paused_at=None)


def withdraw(case: Case, duties: Collection[Duty], *, at: datetime) -> None:
    """Ends duties that no longer concern anybody, without calling them done."""
    if duties:
        case.deadlines.unmet().filter(duty__in=duties).update(withdrawn_at=at, paused_at=None)


def readdress(case: Case, unit: Unit) -> None:
    """Gives the duties of the handling unit to its successor; their start and due time stay as they are."""
    case.deadlines.unmet().filter(duty__in=OF_THE_UNIT, co_handling=None).update(unit=unit)


def pause(case: Case, duties: Collection[Duty], *, at: datetime) -> None:
    """Stops clocks; the day on which this happens no longer counts."""
    case.deadlines.running().filter(duty__in=duties).update(paused_at=at)


def resume(case: Case, *, at: datetime) -> None:
    """Lets stopped clocks go on, the day after today being the next that counts."""
    for row in case.deadlines.unmet().exclude(paused_at=None).select_for_update():
        assert row.paused_at is not None
        started = timezone.localdate(row.started_at)
        calendar = working_calendar(started, timezone.localdate(at) + timedelta(days=60))
        due = _after_pause(row, row.due_at, row.paused_at, at, calendar)
        row.pauses = [*row.pauses, [row.paused_at.isoformat(), at.isoformat()]]
        row.paused_at = None
        _move_due(row, due.at)
        row.provisional, row.calendar_version = row.provisional or due.provisional, due.calendar_version
        plan_warning(row, calendar)
        row.save()


def _after_pause(
    row: Deadline, due: datetime, begun: datetime, ended: datetime, calendar: WorkingCalendar
) -> deadlines.Due:
    earlier = [datetime.fromisoformat(end) for _, end in row.pauses]
    return deadlines.due_after_pause(
        due,
        started_at=row.started_at,
        paused_at=begun,
        resumed_at=ended,
        unit=TimeUnit(row.time_unit),
        calendar=calendar,
        rules=clock_rules(),
        last_resumed_at=max((end for end in earlier if end <= begun), default=None),
    )


def reclassify(case: Case) -> tuple[datetime, datetime] | None:
    """Counts the rectification anew from its original start after the class of the case has changed.

    Returns:
        The due time before and now; None where nothing runs.
    """
    row = case.deadlines.unmet().filter(duty=Duty.RECTIFY).select_for_update().first()
    if row is None:
        return None
    rule = rule_for(rules_in_force(timezone.localdate(row.started_at)), Duty.RECTIFY, Complexity(case.complexity))
    row.rule, row.amount, row.time_unit = rule, rule.amount, rule.time_unit
    was = row.due_at
    _recount(row)
    row.save()
    return was, row.due_at


def latest_extension(row: Deadline) -> date:
    """The last day to which a rule lets a deadline be moved: its maximum, counted from the due day on."""
    due_day = timezone.localdate(row.due_at)
    if row.time_unit == TimeUnit.WORKING_DAYS:
        calendar = working_calendar(due_day, due_day + timedelta(days=60))
        return calendar.add_working_days(due_day, row.rule.extension_max)
    return due_day + timedelta(days=row.rule.extension_max)


def extend(case: Case, until: date, *, at: datetime) -> Deadline | None:
    """Moves the rectification's due time to the closing time of a later day; None when it has expired."""
    row = case.deadlines.unmet().filter(duty=Duty.RECTIFY, due_at__gt=at).select_for_update().first()
    if row is None:
        return None
    _move_due(row, deadlines.closing_of(until, clock_rules()))
    row.extended_to = until
    plan_warning(row, working_calendar(timezone.localdate(row.started_at), until))
    row.save()
    return row


def recompute(row: Deadline) -> tuple[datetime, datetime] | None:
    """Counts one open deadline again after the calendar has changed.

    A deadline that was extended keeps the date that was granted; pauses are counted again one by one, and
    a clock that stands still now is counted up to where it stands.

    Returns:
        The old and the new due time if they differ, else None.
    """
    if row.extended_to is not None:
        return None
    old = row.due_at
    _recount(row)
    row.save()
    return (old, row.due_at) if old != row.due_at else None


def _recount(row: Deadline) -> None:
    started = timezone.localdate(row.started_at)
    last_resumed = max((datetime.fromisoformat(end) for _, end in row.pauses), default=row.started_at)
    calendar = working_calendar(started, timezone.localdate(last_resumed) + timedelta(days=60))
    due = deadlines.due_at(row.started_at, row.amount, TimeUnit(row.time_unit), calendar, clock_rules())
    for begun, ended in row.pauses:
        due = _after_pause(row, due.at, datetime.fromisoformat(begun), datetime.fromisoformat(ended), calendar)
    _move_due(row, due.at)
    row.provisional, row.calendar_version = due.provisional, due.calendar_version
    plan_warning(row, calendar)


def _move_due(row: Timed, due_at: datetime) -> None:
    """A due time that moved is warned of anew: each warning is once per due."""
    if row.due_at != due_at:
        row.due_at, row.warned = due_at, ""
