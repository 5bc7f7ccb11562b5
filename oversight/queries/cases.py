"""Cases of a quarter that may stand in its notice: chosen by `oversight.typical`, in the words that are public."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from appeals.enums import Effect
from appeals.queries import rulings_in_force
from assessment.enums import Grain
from assessment.periods import period_of
from assessment.queries.loop import moments_of
from identity.queries import known_names
from identity.redaction import redact
from organizations.calendar import WorkingCalendar
from organizations.queries import working_calendar
from oversight.enums import Why
from oversight.models import CaseText
from oversight.typical import Offer, Traits, offer, ordered, without_moments
from rectification.enums import Duty, Source, State, Verdict
from rectification.models import CallbackRecord, Case, Deadline, Report

# Whose truth is not settled, or was denied, is nobody's example.
UNSETTLED = frozenset({State.RECEIVED, State.SUSPENDED, State.INVALID})


@dataclass(frozen=True)
class Told:
    """A case as it may stand in a notice: its public number, whose it is, and words that name nobody."""

    number: str
    unit: str
    item: str
    good: bool
    why: tuple[Why, ...]
    problem: str
    changed: str
    reply: str


def typical_cases(begins: date, *, at: datetime) -> list[Told]:
    """The cases received in a quarter that are worth telling, good ones first.

    Only what is public, and so was read by a person, and in which the rules find nobody now either: whatever they
    would still hide, or want a person to look at, keeps the case out. A question for each kind of row, however many.

    Args:
        begins: the first day of the quarter.
        at: now, for what is overdue.
    """
    cases, texts = _cases(begins)
    traits = _traits(cases, at=at)
    numbers = {texts[pk].number: pk for pk in cases}
    offers = (
        (texts[pk].number, found) for pk in cases if (found := offer(traits[pk], quick=settings.NOTICE_QUICK_DAYS))
    )
    return [
        told
        for number, found in ordered(offers, settings.NOTICE_CASES_OFFERED)
        if (told := _told(cases[numbers[number]], texts[numbers[number]], found))
    ]


def _cases(begins: date) -> tuple[dict[int, Case], dict[int, CaseText]]:
    since, until = moments_of(period_of(begins, Grain.QUARTER))
    rows = Case.objects.filter(received_at__gte=since, received_at__lt=until).exclude(state__in=UNSETTLED)
    texts = CaseText.objects.filter(case__in=rows.exclude(source=Source.TEST).exclude(text_hidden=True))
    words = {text.case_id: text for text in texts}
    ruled = rulings_in_force().filter(appeal__case__in=words).exclude(public=Effect.KEEP)
    doubted = set(ruled.values_list("appeal__case_id", flat=True))
    return {case.pk: case for case in Case.objects.filter(pk__in=words.keys() - doubted).order_by("pk")}, words


def _traits(cases: dict[int, Case], *, at: datetime) -> dict[int, Traits]:
    late = _late(cases, at=at)
    calls = defaultdict(list)
    for one in CallbackRecord.objects.filter(case__in=cases).order_by("pk"):
        calls[one.case_id].append(one)
    prevented = {
        pk: bool(said.strip())
        for pk, said in Report.objects.filter(case__in=cases, passed=True)
        .order_by("pk")
        .values_list("case_id", "prevention")
    }
    first = min((timezone.localdate(case.received_at) for case in cases.values()), default=timezone.localdate(at))
    calendar = working_calendar(first, timezone.localdate(at))
    return {
        pk: _traits_of(case, calls[pk], calendar, late=pk in late, prevented=prevented.get(pk, False))
        for pk, case in cases.items()
    }


def _late(cases: Iterable[int], *, at: datetime) -> set[int]:
    """Whose rectification was not done by its due time, in any round."""
    clocks = Deadline.objects.filter(case__in=cases, duty__in=(Duty.RECTIFY, Duty.REWORK), withdrawn_at=None)
    rows = clocks.filter(paused_at=None).values_list("case_id", "due_at", "met_at")
    return {case for case, due, met in rows if (met or at) > due}


def _traits_of(
    case: Case, calls: list[CallbackRecord], calendar: WorkingCalendar, *, late: bool, prevented: bool
) -> Traits:
    last = calls[-1] if calls else None
    return Traits(
        solved=bool(last and last.solved),
        satisfied=bool(last and last.verdict == Verdict.SATISFIED),
        days=_days(case, calendar),
        prevented=prevented,
        marked=case.typical,
        overdue=late,
        reworked=bool(case.rework_round),
        reopened=bool(case.reopenings),
        unhappy=any(one.verdict == Verdict.UNSATISFIED for one in calls) or case.verdict == Verdict.UNSATISFIED,
    )


def _days(case: Case, calendar: WorkingCalendar) -> int | None:
    if case.replied_at is None:
        return None
    return max(
        0, calendar.count_working_days(timezone.localdate(case.received_at), timezone.localdate(case.replied_at))
    )


def _told(case: Case, text: CaseText, found: Offer) -> Told | None:
    """The words of a case, or None if the rules find somebody in them."""
    words = [text.item, text.problem, text.changed, text.reply]
    names = known_names()
    reads = [redact(one, names) for one in words]
    if any(read.spans or read.needs_human for read in reads):
        return None
    parts = (without_moments(one) for one in words[1:])
    return Told(text.number, case.unit_name, text.item, found.good, found.why, *parts)
