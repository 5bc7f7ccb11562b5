"""What the case page shows, read in a fixed number of queries however long the history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from identity.models import Evaluator
from organizations.models import Membership, Staff
from rectification.access import parties, sees_pressure
from rectification.enums import Action, ContactKind, ContactResult, Duty, Evidence, Party, State
from rectification.models import (
    Attachment,
    CallbackRecord,
    Case,
    CaseEvent,
    CoHandling,
    ContactAttempt,
    Deadline,
    Draft,
    Dwell,
    JointRecord,
    Presence,
    PressureReport,
    Report,
    Request,
    Supervision,
)
from rectification.offers import Facts, offered
from rectification.words import event_words, who_words

PRESENT_FOR = timedelta(minutes=2)
RECENT = 5


@dataclass(frozen=True)
class Entry:
    """One line of a time line, as components/timeline.html draws it."""

    at: datetime
    title: str
    who: str
    text: str


@dataclass(frozen=True)
class CaseFile:
    """Everything about one case that one person may read, and what they may do."""

    case: Case
    standing: dict[Party, Membership]
    facts: Facts
    entries: list[Entry]
    deadlines: list[Deadline]
    dwells: list[Dwell]
    reports: list[Report]
    contacts: list[ContactAttempt]
    callbacks: list[CallbackRecord]
    co_handlings: list[CoHandling]
    joint_records: list[JointRecord]
    requests: list[Request]
    supervisions: list[Supervision]
    pictures: list[Attachment]
    pressure: list[PressureReport]
    drafts: set[str]
    sees_pressure: bool

    @property
    def doors(self) -> list[str]:
        """The acts open to the reader now."""
        return offered(State(self.case.state), self.standing, self.facts)

    @property
    def waiting_requests(self) -> list[Request]:
        return [request for request in self.requests if request.approved is None]


def pseudonym(case: Case) -> str:
    """What the evaluator is called; nothing of the vault is read for it."""
    return Evaluator(pk=case.evaluator_id).pseudonym if case.evaluator_id else str(Party.CITIZEN.label)


def read_case_file(case: Case, reader: Staff, at: datetime) -> CaseFile:
    """Gathers a case for one reader.

    Args:
        case: with unit, region and handler loaded; the reader may see it.
        at: the present, for what is overdue.
    """
    co_handlings = list(case.co_handlings.select_related("unit", "answered_by"))
    standing = parties(reader.pk, reader.duties, case, [part.unit.path for part in co_handlings])
    secret = sees_pressure(standing)
    contacts = list(case.contacts.select_related("by", "by_unit"))
    deadlines = list(case.deadlines.unmet().select_related("unit"))
    requests = list(case.requests.select_related("by", "decided_by"))
    reports = list(case.reports.select_related("by", "checked_by").prefetch_related("attachments"))
    supervisions = list(case.supervisions.select_related("by", "answered_by"))
    facts = Facts(
        reachable=case.reachable,
        complexity=case.complexity,
        may_refuse=case.refusals < settings.REFUSALS_MAX,
        may_extend=_may_extend(deadlines, requests, at),
        asked=frozenset(r.kind for r in requests if r.approved is None),
        asked_by_me=frozenset(r.kind for r in requests if r.approved is None and r.by_id == reader.pk),
        supervision_open=any(s.answered_at is None for s in supervisions),
        co_handling_mine=_asked_of(standing.get(Party.CO_HANDLER), co_handlings),
        wrote_report=any(r.passed is None and r.by_id == reader.pk for r in reports),
        contact_due=any(d.duty == Duty.CONTACT for d in deadlines),
        contested=case.state == State.SUSPENDED,
        enough_contacts=sum(c.kind == ContactKind.UNIT for c in contacts) >= settings.CALLBACK_ATTEMPTS_MIN,
        enough_callbacks=enough_callbacks(case, contacts),
    )
    return CaseFile(
        case=case,
        standing=standing,
        facts=facts,
        entries=time_line(case, case.events.all(), secret=secret),
        deadlines=deadlines,
        dwells=list(case.dwells.all()),
        reports=reports,
        contacts=contacts,
        callbacks=list(case.callbacks.select_related("contact__by")),
        co_handlings=co_handlings,
        joint_records=list(case.joint_records.select_related("by")),
        requests=requests,
        supervisions=supervisions,
        pictures=list(case.attachments.filter(kind=Evidence.CITIZEN)),
        pressure=list(case.pressure_reports.select_related("settled_by")) if secret else [],
        drafts=set(Draft.objects.filter(case=case, staff=reader).values_list("action", flat=True)),
        sees_pressure=secret,
    )


def _may_extend(deadlines: Iterable[Deadline], requests: Iterable[Request], at: datetime) -> bool:
    granted = sum(r.kind == Action.REQUEST_EXTENSION and r.approved is True for r in requests)
    running = any(d.duty == Duty.RECTIFY and d.due_at > at for d in deadlines)
    return running and granted < settings.EXTENSIONS_MAX


def _asked_of(membership: Membership | None, co_handlings: Iterable[CoHandling]) -> bool:
    if membership is None:
        return False
    return any(p.answered_at is None and p.unit.path.startswith(membership.unit.path) for p in co_handlings)


def enough_callbacks(case: Case, contacts: Iterable[ContactAttempt]) -> bool:
    """Whether the tries since the reply suffice to give up: enough, on different days and at different hours."""
    tries = [
        timezone.localtime(call.at)
        for call in contacts
        if call.kind == ContactKind.CALLBACK
        and call.result != ContactResult.REACHED
        and case.replied_at is not None
        and call.at >= case.replied_at
    ]
    spread = len({t.date() for t in tries}) >= 2 and len({t.hour for t in tries}) >= 2
    return len(tries) >= settings.CALLBACK_ATTEMPTS_MIN and spread


def time_line(case: Case, events: Iterable[CaseEvent], *, secret: bool) -> list[Entry]:
    """History in words.

    Args:
        secret: whether the reader may learn that the evaluator was pressed.
    """
    name = pseudonym(case)
    return [_entry(event, name, secret) for event in events if secret or event.action != Action.REPORT_PRESSURE]


def _entry(event: CaseEvent, name: str, secret: bool) -> Entry:
    pressed = event.data.get("pressed") or event.data.get("retaliated")
    return Entry(
        at=event.at,
        title=event_words(event.action, event.data, event.from_state or event.to_state, event.to_state),
        who=who_words(event.actor_kind, event.actor_name, event.actor_unit, event.actor_role, pseudonym=name),
        text="" if pressed and not secret else event.note,
    )


def since(case: Case, version: int, *, secret: bool) -> list[Entry]:
    """What happened to a case after somebody saw this version of it; each version is one event."""
    missed = max(0, case.version - version)
    events = list(case.events.order_by("-id")[: min(missed, 50)])
    return time_line(case, reversed(events), secret=secret)


def latest(case: Case, *, secret: bool) -> list[Entry]:
    """The last few things that happened to a case."""
    return time_line(case, reversed(case.events.order_by("-id")[:RECENT]), secret=secret)


def watchers(case: Case, reader: Staff, at: datetime) -> list[str]:
    """The names of the others who have the case open."""
    present = Presence.objects.filter(case=case, seen_at__gte=at - PRESENT_FOR).exclude(staff=reader)
    return list(present.order_by("staff__name").values_list("staff__name", flat=True))


def draft_of(case: Case, reader: Staff, door: str) -> Draft | None:
    """What somebody has typed for an act and not submitted."""
    return Draft.objects.filter(case=case, staff=reader, action=door).first()


def report_in_check(case: Case) -> Report | None:
    """The report that waits for its quality check, with its pictures."""
    waiting = case.reports.filter(passed=None).select_related("by")
    return waiting.prefetch_related("attachments").first()


def last_report(case: Case) -> Report | None:
    """The report whose reply the evaluator has read last."""
    return case.reports.filter(passed=True).prefetch_related("attachments").order_by("-id").first()


def waiting_request(case: Case, kind: Action) -> Request | None:
    """The request that waits for a decision."""
    return case.requests.filter(kind=kind, approved=None).select_related("by").first()


def rectify_deadline(case: Case) -> Deadline | None:
    """The running deadline of the rectification, with the rule it follows."""
    return case.deadlines.unmet().filter(duty=Duty.RECTIFY).select_related("rule").first()
