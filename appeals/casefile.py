"""What the page of an appeal shows to one reader: three sides over one time line, votes as far as they may be seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from appeals.access import sides
from appeals.enums import UPHELD, Appellant, Stage
from appeals.models import Appeal, CitizenFact, Exhibit, Place, Ruling, Service
from appeals.offers import Door, Facts, offered, theirs
from appeals.queries import (
    VotesSeen,
    Withdrawal,
    exhibits_shown,
    fact_of,
    reads_names,
    sitting,
    votes_seen_by,
    withdrawal_of,
)
from identity.redaction import redact
from organizations.models import Membership, Staff
from rectification.access import parties
from rectification.casefile import Entry
from rectification.enums import Action, Party
from rectification.models import Case

TOLD = (Action.DISPATCH, Action.SIGN, Action.RECORD_CONTACT, Action.ADD_STATEMENT, Action.SEND_REPLY)
SERVERS = frozenset({Party.DISPATCHER, Party.SUPERVISOR})


@dataclass(frozen=True)
class Said:
    """The citizen's side, without anything that says who they are."""

    text: str
    added: list[str]
    fact: str
    asked: bool
    answered: bool


@dataclass(frozen=True)
class AppealFile:
    """Everything about one appeal that one person may read, and what they may do.

    Attributes:
        earlier: of a review, the exhibits of its first round.
        places: everybody who was drawn, with who left and why; empty for those who may not read names.
        voted, seats: how many of the panel have voted; never how.
        ruling: as far as this reader may read it: the parties do once it is served.
        withdrawal: that the evaluator took the rating back after the unit's call; never for the parties.
        line: the shared time line; history: what happened to the appeal itself.
    """

    appeal: Appeal
    case: Case
    place: Place | None
    doors: list[Door]
    theirs: frozenset[Door]
    said: Said
    exhibits: list[Exhibit]
    earlier: list[Exhibit]
    line: list[Entry]
    history: list[Entry]
    places: list[Place]
    voted: int
    votes: VotesSeen
    ruling: Ruling | None
    service: Service | None
    review: Appeal | None
    heard: bool
    withdrawal: Withdrawal | None

    @property
    def waits_for_service(self) -> bool:
        return self.appeal.stage == Stage.RULED and self.service is None


@dataclass(frozen=True)
class _After:
    """What there is after the vote, as far as it has come."""

    ruling: Ruling | None
    service: Service | None
    review: Appeal | None


def read_appeal(appeal: Appeal, reader: Staff, at: datetime) -> AppealFile:
    """Gathers an appeal for one reader, in a fixed number of queries.

    Args:
        appeal: with case, unit, ground and first round loaded; the reader may see it.
        at: the present.
    """
    case, seats, after = appeal.case, sitting(appeal), _after(appeal)
    place = next((seat for seat in seats if seat.staff_id == reader.pk), None)
    fact = CitizenFact.objects.filter(appeal=appeal).first()
    names = reads_names(reader, appeal)
    facts = _facts(appeal, reader, place, fact, after, at)
    reads = after.service is not None or names or facts.serves
    shown = exhibits_shown(reader, appeal)
    places = list(appeal.places.select_related("staff")) if names else []
    return AppealFile(
        appeal=appeal,
        case=case,
        place=place,
        doors=offered(Stage(appeal.stage), facts),
        theirs=theirs(facts),
        said=_said(case, fact),
        exhibits=[exhibit for exhibit in shown if exhibit.appeal_id == appeal.pk],
        earlier=[exhibit for exhibit in shown if exhibit.appeal_id != appeal.pk],
        line=sorted(_line(case, shown, fact), key=lambda entry: entry.at),
        history=sorted(_history(appeal, places, fact, after), key=lambda entry: entry.at),
        places=places,
        voted=sum(hasattr(seat, "ballot") for seat in seats),
        votes=votes_seen_by(reader, appeal) if reads or after.ruling is None else VotesSeen({}, []),
        ruling=after.ruling if reads else None,
        service=after.service,
        review=after.review,
        heard=facts.heard,
        withdrawal=withdrawal_of(appeal) if names else None,
    )


def _after(appeal: Appeal) -> _After:
    ruling = Ruling.objects.filter(appeal=appeal).first()
    served = Service.objects.filter(ruling=ruling).select_related("by", "ruling")
    return _After(ruling, served.first() if ruling else None, Appeal.objects.filter(reviews=appeal).filed().first())


def _facts(
    appeal: Appeal, reader: Staff, place: Place | None, fact: CitizenFact | None, after: _After, at: datetime
) -> Facts:
    standing = parties(reader.pk, reader.duties, appeal.case)
    return Facts(
        sits=place is not None,
        voted=place is not None and hasattr(place, "ballot"),
        heard=is_heard(appeal, fact, at),
        contests=_contests(appeal, reader, standing),
        serves=not SERVERS.isdisjoint(standing),
        served=after.service is not None,
        asks_review=_asks_review(appeal, after.ruling, reader, standing),
        reviewable=_reviewable(appeal, after, at),
    )


def _said(case: Case, fact: CitizenFact | None) -> Said:
    added = case.events.filter(action=Action.ADD_STATEMENT).values_list("note", flat=True)
    return Said(
        text=redact(case.text).text,
        added=[redact(text).text for text in added],
        fact=redact(fact.text).text if fact else "",
        asked=fact is not None,
        answered=fact is not None and fact.said_at is not None,
    )


def is_heard(appeal: Appeal, fact: CitizenFact | None, at: datetime) -> bool:
    """Whether votes may be cast as far as the evaluator's word is concerned."""
    if appeal.heard_by is None or at >= appeal.heard_by:
        return True
    return fact is not None and fact.said_at is not None


def _contests(appeal: Appeal, reader: Staff, standing: dict[Party, Membership]) -> bool:
    if appeal.by_id == reader.pk:
        return True
    return appeal.side == Appellant.UNIT and Appellant.UNIT in sides(reader.pk, standing, appeal.case)


def _asks_review(appeal: Appeal, ruling: Ruling | None, reader: Staff, standing: dict[Party, Membership]) -> bool:
    """As `actions.begin_review` asks, so that nobody is offered what would be refused."""
    if ruling is not None and ruling.outcome in UPHELD:
        return Party.SUPERVISOR in standing
    return appeal.side in sides(reader.pk, standing, appeal.case)


def _reviewable(appeal: Appeal, after: _After, at: datetime) -> bool:
    service = after.service
    if service is None or after.review is not None or appeal.round > 1:
        return False
    return at <= service.review_until and not service.ruling.effects.moves_case


def _line(case: Case, exhibits: list[Exhibit], fact: CitizenFact | None) -> Iterator[Entry]:
    """What happened, whoever says so, each with the side that says it."""
    citizen, system, unit = _("评价人说"), _("系统记录"), _("单位或个人说")
    if case.served_at:
        yield Entry(case.served_at, _("办理服务"), system, case.item_name or case.place)
    yield Entry(case.received_at, _("收到评价"), system, "")
    for event in case.events.filter(action__in=TOLD):
        added = event.action == Action.ADD_STATEMENT
        said = redact(event.note).text if added else ""
        yield Entry(event.at, event.get_action_display(), citizen if added else system, said)
    for exhibit in exhibits:
        if exhibit.happened_at:
            yield Entry(exhibit.happened_at, exhibit.get_kind_display(), unit, exhibit.text or exhibit.name)
    if fact and fact.said_at:
        yield Entry(fact.said_at, _("补充事实"), citizen, redact(fact.text).text)


def _history(appeal: Appeal, places: list[Place], fact: CitizenFact | None, after: _After) -> Iterator[Entry]:
    """What happened to the appeal; who sat and who left only where the reader may know it."""
    if appeal.filed_at:
        yield Entry(appeal.filed_at, _("申诉提出") if appeal.round == 1 else _("复核提出"), appeal.unit.name, "")
    for place in places:
        if place.sits_from:
            yield Entry(place.sits_from, _("进入评审小组"), place.staff.name, "")
        if place.left_at:
            yield Entry(place.left_at, _("离开评审小组"), place.staff.name, place.get_left_for_display())
    if fact:
        yield Entry(fact.asked_at, _("请评价人补充事实"), "", "")
    if fact and fact.said_at:
        yield Entry(fact.said_at, _("评价人已答复"), "", "")
    if appeal.stage == Stage.WITHDRAWN and appeal.ended_at:
        yield Entry(appeal.ended_at, _("申诉撤回"), "", "")
    yield from _afterwards(after, known=bool(places))


def _afterwards(after: _After, *, known: bool) -> Iterator[Entry]:
    """The ruling and what followed; what was found only once it is served, or for who reads names."""
    if after.ruling:
        found = after.ruling.get_outcome_display() if after.service or known else ""
        yield Entry(after.ruling.at, _("裁定"), "", found)
    if after.service:
        yield Entry(after.service.at, _("裁定送达"), "", "")
    if after.review and after.review.filed_at:
        yield Entry(after.review.filed_at, _("复核提出"), after.review.number, "")


# --- the evaluator --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hearing:
    """What the evaluator's link leads to: their words, what is contested in plain words, and by when to answer."""

    fact: CitizenFact
    case: Case
    until: datetime
    open: bool


def hearing_of(token: str, at: datetime) -> Hearing | None:
    """The hearing behind a link; None for a link nobody has sent."""
    fact = fact_of(token)
    until = fact.appeal.heard_by if fact else None
    if fact is None or until is None:
        return None
    return Hearing(fact, fact.appeal.case, until, fact.said_at is None and fact.appeal.is_open and at <= until)


@dataclass(frozen=True)
class Told:
    """What the tracking page says of one appeal: that it is being judged, or in plain words what was found."""

    filed_at: datetime
    until: datetime | None
    plain: str
    at: datetime | None


def told_citizen(case: Case) -> list[Told]:
    """The appeals on a case as its evaluator reads them; who contests and who judges is not part of it."""
    filed = Appeal.objects.filter(case=case).filed().exclude(stage=Stage.WITHDRAWN).order_by("pk")
    return [_told(appeal) for appeal in filed.select_related("ruling__service")]


def _told(appeal: Appeal) -> Told:
    ruling = getattr(appeal, "ruling", None)
    service = getattr(ruling, "service", None) if ruling else None
    assert appeal.filed_at is not None
    if service is None:
        return Told(appeal.filed_at, appeal.due_at if ruling is None else None, "", None)
    return Told(appeal.filed_at, None, service.plain, service.at)
