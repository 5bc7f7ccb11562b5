"""What the page of an appeal shows to one reader: three sides over one time line, votes as far as they may be seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from appeals.access import sides
from appeals.enums import OPEN_STAGES, UPHELD, Appellant, Stage
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


def read_appeal(appeal: Appeal, reader: Staff, at: datetime) -> AppealFile:
    """Gathers an appeal for one reader, in a fixed number of queries.

    Args:
        appeal: with case, unit, ground and first round loaded; the reader may see it.
        at: the present.
    """
    case, seats = appeal.case, sitting(appeal)
    place = next((seat for seat in seats if seat.staff_id == reader.pk), None)
    standing = parties(reader.pk, reader.duties, case)
    fact = CitizenFact.objects.filter(appeal=appeal).first()
    ruling = Ruling.objects.filter(appeal=appeal).first()
    service = Service.objects.filter(ruling=ruling).select_related("by", "ruling").first() if ruling else None
    names = reads_names(reader, appeal)
    review = Appeal.objects.filter(reviews=appeal).filed().first()
    facts = Facts(
        sits=place is not None,
        voted=place is not None and hasattr(place, "ballot"),
        heard=is_heard(appeal, fact, at),
        contests=_contests(appeal, reader, standing),
        serves=not SERVERS.isdisjoint(standing),
        served=service is not None,
        asks_review=_asks_review(appeal, ruling, reader, standing),
        reviewable=_reviewable(appeal, service, review, at),
    )
    shown = exhibits_shown(reader, appeal)
    exhibits = [exhibit for exhibit in shown if exhibit.appeal_id == appeal.pk]
    earlier = [exhibit for exhibit in shown if exhibit.appeal_id != appeal.pk]
    added = list(case.events.filter(action=Action.ADD_STATEMENT).values_list("note", flat=True))
    places = list(appeal.places.select_related("staff")) if names else []
    return AppealFile(
        appeal=appeal,
        case=case,
        place=place,
        doors=offered(Stage(appeal.stage), facts),
        theirs=theirs(facts),
        said=Said(
            text=redact(case.text).text,
            added=[redact(text).text for text in added],
            fact=redact(fact.text).text if fact else "",
            asked=fact is not None,
            answered=fact is not None and fact.said_at is not None,
        ),
        exhibits=exhibits,
        earlier=earlier,
        line=sorted(_line(case, [*earlier, *exhibits], fact), key=lambda entry: entry.at),
        history=sorted(_history(appeal, places, fact, ruling, service, review), key=lambda entry: entry.at),
        places=places,
        voted=sum(hasattr(seat, "ballot") for seat in seats),
        votes=votes_seen_by(reader, appeal),
        ruling=ruling if service or names or facts.serves else None,
        service=service,
        review=review,
        heard=facts.heard,
        withdrawal=withdrawal_of(appeal) if names else None,
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


def _reviewable(appeal: Appeal, service: Service | None, review: Appeal | None, at: datetime) -> bool:
    if service is None or review is not None or appeal.round > 1:
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


def _history(
    appeal: Appeal,
    places: list[Place],
    fact: CitizenFact | None,
    ruling: Ruling | None,
    service: Service | None,
    review: Appeal | None,
) -> Iterator[Entry]:
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
    if ruling:
        yield Entry(ruling.at, _("裁定"), "", ruling.get_outcome_display() if service or places else "")
    if service:
        yield Entry(service.at, _("裁定送达"), "", "")
    if review and review.filed_at:
        yield Entry(review.filed_at, _("复核提出"), review.number, "")


def open_appeal_of(case: Case) -> Appeal | None:
    """The appeal that pauses a case now."""
    return Appeal.objects.filter(case=case, stage__in=OPEN_STAGES).first()


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
