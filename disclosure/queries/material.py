"""What a case has to tell the public: the words that must be looked at, and the facts that speak for themselves."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet, Sum
from django.utils import timezone

from assessment.models import ItemDay, ItemMonth, ItemTally, ItemYear
from disclosure.anonymity import Told, first_day, told
from disclosure.enums import DateGrain, Part, Result
from disclosure.masking import Hidden
from identity.redaction import redact
from organizations.queries import working_calendar
from rectification.casefile import last_report
from rectification.enums import Duty, Evidence, Outcome, ReportKind, Source, State
from rectification.models import Attachment, Case
from rectification.workflow import public_stage

OUTCOMES = {Outcome.RECTIFIED: Result.RECTIFIED, Outcome.EXPLAINED: Result.EXPLAINED}
# Before somebody has looked a rating over it may concern another unit altogether; the portal's own tests never count.
UNREADY = frozenset({State.RECEIVED})


def cases_behind() -> QuerySet[Case]:
    """The cases that have moved since the sweep has followed them, the newest first."""
    cases = Case.objects.exclude(source=Source.TEST).exclude(state__in=UNREADY)
    return cases.exclude(disclosure__seen_version=F("version")).order_by("-pk")


def words_of(case: Case) -> dict[Part, str]:
    """What a case tells in words; parts that say nothing are missing."""
    report = last_report(case)
    words = {Part.PROBLEM: case.text}
    if report is not None:
        words[Part.CHANGED] = report.changed if report.kind == ReportKind.RECTIFIED else report.legal_basis
        words[Part.REPLY] = report.reply
    return {part: text.strip() for part, text in words.items() if text.strip()}


def pictures_of(case: Case) -> list[Attachment]:
    """What the unit shows of before and after, with the report whose reply was sent."""
    report = last_report(case)
    kinds = (Evidence.BEFORE, Evidence.AFTER)
    return [one for one in report.attachments.all() if one.kind in kinds] if report else []


def fingerprint(text: str) -> str:
    """Tells whether a text is still the one that was looked at."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Found:
    """What the rules say of one text: what they would hide, and why somebody must look all the same."""

    finds: list[Hidden]
    doubts: tuple[str, ...]


def look_through(text: str) -> Found:
    """Has the rules of `identity.redaction` read a text."""
    read = redact(text)
    return Found([Hidden(span.start, span.end, span.rule) for span in read.spans], read.reasons)


def result_of(case: Case) -> Result:
    """处理结果: what a case has come to, as far as it was verified."""
    if case.state == State.INVALID:
        return Result.INVALID
    return OUTCOMES.get(Outcome(case.outcome), Result.HANDLING) if case.outcome else Result.HANDLING


def told_of(case: Case) -> Told:
    """How exactly day and matter may be told: by how many rated the same at the same unit."""
    if case.item_id is None:
        return Told(DateGrain.MONTH, matter=bool(case.item_name))
    day = timezone.localdate(case.received_at)
    quarter = first_day(day, DateGrain.QUARTER)
    months = [date(quarter.year, quarter.month + more, 1) for more in range(3)]
    crowds = {
        DateGrain.DAY: _crowd(ItemDay, case, [day]),
        DateGrain.MONTH: _crowd(ItemMonth, case, [first_day(day, DateGrain.MONTH)]),
        DateGrain.QUARTER: _crowd(ItemMonth, case, months),
        DateGrain.YEAR: _crowd(ItemYear, case, [first_day(day, DateGrain.YEAR)]),
    }
    return told(crowds, settings.DISCLOSURE_CROWD)


def _crowd(table: type[ItemTally], case: Case, begins: list[date]) -> int:
    rows = table._default_manager.filter(begins__in=begins, unit_id=case.rated_unit_id, item_id=case.item_id)
    counted = F("n1") + F("n2") + F("n3") + F("n4") + F("n5")
    return int(rows.aggregate(all=Sum(counted))["all"] or 0)


def facts_of(case: Case) -> dict[str, Any]:
    """The columns of `PublicCase` that are choices, dates and numbers, and change as the case does.

    Args:
        case: with its unit.
    """
    replied = timezone.localdate(case.replied_at) if case.replied_at else None
    return {
        "unit_id": case.unit_id,
        "unit_name": case.unit_name,
        "region_code": case.region_code,
        "level": case.level,
        "channel": case.channel,
        "stage": public_stage(State(case.state)),
        "result": result_of(case),
        "replied_on": replied,
        "working_days": _working_days(case.received_at, replied) if replied else None,
        "on_time": _on_time(case),
        "verdict": case.verdict,
        "reopened": bool(case.reopenings or case.rework_round),
        "typical": case.typical,
        "hidden": case.text_hidden,
    }


def _on_time(case: Case) -> bool | None:
    """按期整改, as the desk counts it: the first rectification was done by its due time, extensions included."""
    done = case.deadlines.filter(duty=Duty.RECTIFY).exclude(met_at=None).order_by("pk").first()
    return done.met_at <= done.due_at if done and done.met_at else None


def _working_days(received_at: datetime, until: date) -> int:
    first = timezone.localdate(received_at)
    return max(0, working_calendar(first, until).count_working_days(first, until))
