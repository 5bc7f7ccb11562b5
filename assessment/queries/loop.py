"""The loop of cases in a period, as it was known at a moment: eleven questions, however many units and cases there are.

Few cases are read whole, with everything dated about them; `assessment.loop` says what follows from it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from appeals.models import Appeal
from assessment.loop import Call, Clock, Contest, Loop, Span, Stay, Step, Story, loops
from assessment.periods import Stretch
from assessment.queries.classes import classes_of
from assessment.queries.sums import Units
from organizations.queries import working_calendar
from rectification.enums import Action, ContactKind, Duty, Source
from rectification.models import Case, CaseEvent, ContactAttempt, Deadline, Dwell

DUTIES = (Duty.SIGN, Duty.CONTACT, Duty.RECTIFY, Duty.REWORK, Duty.CALLBACK)
# Whatever has a date in the period, or could have had a due time in it before an act moved it.
TOUCHED = """
SELECT kase.id FROM rectification_case AS kase
WHERE kase.source <> %(test)s AND {inside} AND (
    kase.received_at >= %(earlier)s AND kase.received_at < %(until)s
    OR kase.id IN (
        SELECT case_id FROM rectification_deadline
        WHERE duty = ANY(%(duties)s) AND due_at >= %(since)s AND due_at < %(until)s
    ) OR kase.id IN (
        SELECT case_id FROM rectification_caseevent WHERE at >= %(since)s AND at < %(until)s
        UNION ALL SELECT case_id FROM rectification_caseevent WHERE action = ANY(%(moves)s) AND at > %(at)s
    ) OR kase.id IN (
        SELECT appeal.case_id FROM appeals_appeal AS appeal
        JOIN appeals_ruling AS ruling ON ruling.appeal_id = appeal.id
        JOIN appeals_service AS service ON service.ruling_id = ruling.id
        WHERE service.at >= %(since)s AND service.at < %(until)s
    )
)
"""
INSIDE = """(
    kase.unit_id = ANY(%(units)s) OR kase.rated_unit_id = ANY(%(units)s)
    OR EXISTS (SELECT FROM rectification_dwell WHERE case_id = kase.id AND unit_id = ANY(%(units)s))
)"""


def loop_of(period: Stretch, units: Units = None, *, at: datetime | None = None) -> dict[int, Loop]:
    """The loop of each unit that has anything in a period, without the units below it.

    Args:
        period: a day, month, quarter or year, or any days.
        units: only these, e.g. `Unit.objects.below([path])`; None is everybody.
        at: as what was known at this moment; now if not given. A moment to come is now.

    Returns:
        By the identifier of the unit. A case that went from one unit to another may be with both of them.
    """
    now = timezone.now()
    span = span_of(period, min(at or now, now))
    known = None if units is None else set(units.order_by().values_list("pk", flat=True))
    found = loops(_stories(_touched(span, known), span.at), span)
    return found if known is None else {unit: loop for unit, loop in found.items() if unit in known}


def stories_of(cases: list[int], at: datetime) -> list[Story]:
    """Everything dated about these cases, as it was known at a moment."""
    return [story.until(at) for story in _stories(cases, at)]


def moments_of(period: Stretch) -> tuple[datetime, datetime]:
    """When a period begins, and when it is over."""
    since, until = (
        timezone.make_aware(datetime.combine(day, datetime.min.time())) for day in (period.begins, period.after)
    )
    return since, until


def span_of(period: Stretch, at: datetime) -> Span:
    """A period as known at a moment, with the settings OVERDUE_FAR_DAYS and REPEAT_DAYS."""
    since, until = moments_of(period)
    calendar = working_calendar(period.begins, max(period.after, timezone.localdate(at)))

    def days_late(due: datetime, moment: datetime) -> int:
        return calendar.count_working_days(timezone.localdate(due), timezone.localdate(moment))

    return Span(since, until, at, days_late, settings.OVERDUE_FAR_DAYS, timedelta(days=settings.REPEAT_DAYS))


def _touched(span: Span, units: set[int] | None) -> list[int]:
    values: dict[str, Any] = {
        "test": Source.TEST,
        "earlier": span.since - span.again,
        "since": span.since,
        "until": span.until,
        "at": span.at,
        "duties": list(DUTIES),
        "moves": [Action.RECOMPUTE, Action.DECIDE_COMPLEX],
        "units": sorted(units or ()),
    }
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED.format(inside="true" if units is None else INSIDE), values)
        return [pk for (pk,) in cursor.fetchall()]


def _stories(cases: list[int], at: datetime) -> list[Story]:
    steps = _by_case(_steps(cases))
    stays = _by_case(
        (case, Stay(at, unit))
        for case, at, unit in _rows(Dwell, cases).order_by("pk").values_list("case_id", "began_at", "unit_id")
    )
    clocks = _by_case(_clocks(cases))
    calls = _by_case(_calls(cases))
    contests = _by_case(_contests(cases))
    classes = classes_of(cases, at=at)
    said = Case.objects.filter(pk__in=cases).values_list("pk", "rated_unit_id", "received_at", "evaluator_id")
    return [
        Story(
            case,
            unit,
            received,
            evaluator is not None,
            classes[case].names,
            *(tuple(part[case]) for part in (steps, stays, clocks, calls, contests)),
        )
        for case, unit, received, evaluator in said
    ]


def _by_case(rows: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for case, row in rows:
        found[case].append(row)
    return found


def _rows(model: Any, cases: list[int]) -> Any:
    return model.objects.filter(case__in=cases)


def _steps(cases: list[int]) -> Iterable[tuple[int, Step]]:
    rows = _rows(CaseEvent, cases).order_by("pk").values_list("case_id", "at", "action", "to_state", "data")
    for case, at, action, state, data in rows:
        move = _move(action, data)
        yield case, Step(at, action, state, *move)


def _move(action: str, data: dict[str, Any]) -> tuple[Any, ...]:
    """Which due time an act has moved, from where to where."""
    if action == Action.RECOMPUTE:
        return data["duty"], parse_datetime(data["old"]), parse_datetime(data["new"])
    if action == Action.DECIDE_COMPLEX and data.get("due_was"):
        return Duty.RECTIFY, parse_datetime(data["due_was"]), parse_datetime(data["due_at"])
    return ()


def _clocks(cases: list[int]) -> Iterable[tuple[int, Clock]]:
    rows = _rows(Deadline, cases).filter(duty__in=DUTIES, co_handling=None).order_by("pk")
    for case, *row in rows.values_list("case_id", "duty", "unit_id", "started_at", "due_at", "met_at", "withdrawn_at"):
        yield case, Clock(*row)


def _calls(cases: list[int]) -> Iterable[tuple[int, Call]]:
    rows = _rows(ContactAttempt, cases).filter(kind=ContactKind.CALLBACK).order_by("pk")
    for case, at, verdict in rows.values_list("case_id", "at", "callback__verdict"):
        yield case, Call(at, verdict or "")


def _contests(cases: list[int]) -> Iterable[tuple[int, Contest]]:
    rulings = ("ruling__service__at", "ruling__outcome", "review__ruling__service__at", "review__ruling__outcome")
    rows = _rows(Appeal, cases).filter(~Q(number=""), round=1).order_by("pk")
    for case, pk, unit, filed, *told in rows.values_list("case_id", "pk", "unit_id", "filed_at", *rulings):
        served = tuple(ruling for ruling in (tuple(told[:2]), tuple(told[2:])) if ruling[0] is not None)
        yield case, Contest(pk, unit, filed, served)
