"""Votes and the ruling: one vote each, once, with its reason; the last one settles the appeal in the same breath."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from appeals import ballot
from appeals.actions import telling
from appeals.actions.core import audit, in_the_portals_language, lock, require_nobody_named
from appeals.actions.panel import renew_panel, why_barred
from appeals.enums import UPHELD, Stage, Vote
from appeals.grounds import effects_of
from appeals.models import Appeal, Ballot, Place, Ruling
from appeals.queries import dissents, sitting
from appeals.words import Found, plain_text, ruling_text
from common.actors import SYSTEM
from organizations.enums import Role
from organizations.models import Staff
from organizations.queries import staff_actor
from rectification.actions import move_case_on, restore_case, resume_case, void_case
from rectification.actions.core import Refused
from rectification.enums import Party, State
from rectification.models import Case


def cast_vote(
    appeal: Appeal,
    *,
    by: Staff,
    at: datetime,
    vote: Vote,
    reason: str,
    lenient_basis: str = "",
) -> Appeal:
    """表决. Whether the member may sit is asked again in this moment; who may not is off the panel from now on.

    Args:
        reason: of at least `ballot.REASON_MIN` characters.
        lenient_basis: on what the member proposes 容错, if they do.

    Raises:
        Refused: not on the panel (any more), has voted, no reason, the evaluator is still being heard, or it is over.
    """
    with transaction.atomic():
        locked = lock(appeal)
        place = _place_of(locked, by)
        if why_barred(locked, by.pk, at=at) is None:
            return _vote(locked, place, by=by, at=at, vote=vote, reason=reason.strip(), basis=lenient_basis.strip())
    # Not in the transaction that is refused: the member stays away, and a deputy steps in.
    renew_panel(appeal, at=at)
    raise Refused(_("您已不能评审本件,席位由候补接替。"))


def _place_of(appeal: Appeal, by: Staff) -> Place:
    place = next((place for place in sitting(appeal) if place.staff_id == by.pk), None)
    if place is None or appeal.stage != Stage.VOTING:
        raise Refused(_("您不在本件的评审小组,或评审已结束。"))
    return place


def _vote(appeal: Appeal, place: Place, *, by: Staff, at: datetime, vote: Vote, reason: str, basis: str) -> Appeal:
    if hasattr(place, "ballot"):
        raise Refused(_("您已表决。表决后不能更改。"))
    if len(reason) < ballot.REASON_MIN:
        raise Refused(_("请写明理由,至少%(count)d个字。") % {"count": ballot.REASON_MIN})
    if not heard(appeal, at):
        raise Refused(_("正在等评价人补充事实,期满后再表决。"))
    require_nobody_named(reason, basis)
    Ballot.objects.create(place=place, vote=vote, reason=reason, lenient=bool(basis), lenient_basis=basis, at=at)
    seat = next((held for held in by.duties if held.role == Role.PANEL), None)
    # What was voted stays off the trail, whose readers are not the panel.
    audit("vote", appeal, by=staff_actor(by, seat), at=at)
    return _settle_if_ripe(appeal, at=at)


def heard(appeal: Appeal, at: datetime) -> bool:
    """Whether the evaluator has said what they had to say, or has let the time pass, or was not to be asked."""
    if appeal.heard_by is None or at >= appeal.heard_by:
        return True
    fact = getattr(appeal, "citizen_fact", None)
    return fact is not None and fact.said_at is not None


@transaction.atomic
def settle_appeal(appeal: Appeal, *, at: datetime) -> Appeal:
    """Gives the ruling if all have voted, or time is up and there is a quorum; otherwise nothing happens."""
    locked = lock(appeal)
    return _settle_if_ripe(locked, at=at) if locked.stage == Stage.VOTING else locked


def _settle_if_ripe(appeal: Appeal, *, at: datetime) -> Appeal:
    seats = sitting(appeal)
    votes = {place.staff_id: Vote(place.ballot.vote) for place in seats if hasattr(place, "ballot")}
    time_is_up = appeal.due_at is not None and at >= appeal.due_at
    ripe = ballot.may_settle(votes, {place.staff_id for place in seats}, seats=appeal.seats, time_is_up=time_is_up)
    if not ripe or not heard(appeal, at):
        return appeal
    outcome = ballot.settle(votes.values(), upheld_min=appeal.ground.upheld_min)
    ruling = _rule(appeal, outcome, [place.ballot for place in seats if hasattr(place, "ballot")], at=at)
    appeal.stage, appeal.ended_at = Stage.RULED, at
    appeal.save(update_fields=["stage", "ended_at"])
    facts = {"outcome": outcome, "public": ruling.public, "unit": ruling.unit_score, "staff": ruling.staff_score}
    audit("settle", appeal, by=SYSTEM, at=at, after=facts)
    _lead_case_on(appeal, ruling, at=at)
    telling.tell_supervisors(appeal, "ruled", at=at, also=[Party.DISPATCHER])
    return appeal


def _rule(appeal: Appeal, outcome: Vote, ballots: list[Ballot], *, at: datetime) -> Ruling:
    effects = effects_of(outcome, appeal.ground.effects, within_unit=appeal.within_unit)
    counts = Counter(one.vote for one in ballots)
    with in_the_portals_language():
        found = Found(
            number=str(appeal.number),
            case=appeal.case.number,
            unit=appeal.unit.name,
            ground=str(appeal.ground),
            outcome=outcome,
            votes=counts,
            effects=effects,
            agreeing=[one.reason for one in ballots if not dissents(one.vote, outcome)],
            dissenting=[one.reason for one in ballots if dissents(one.vote, outcome)],
            lenient=[one.lenient_basis for one in ballots if one.lenient],
            review=appeal.round > 1,
        )
        text, plain = ruling_text(found), plain_text(outcome, effects)
    return Ruling.objects.create(
        appeal=appeal,
        outcome=outcome,
        votes={vote: counts[vote] for vote in Vote if counts[vote]},
        ends_case=effects.ends_case,
        text=text,
        plain=plain,
        at=at,
        **effects._asdict(),
    )


def _lead_case_on(appeal: Appeal, ruling: Ruling, *, at: datetime) -> None:
    """What a ruling does to its case: it goes on, ends as invalid, goes to another unit, or counts again."""
    case = Case.objects.get(pk=appeal.case_id)
    effects = ruling.effects
    with in_the_portals_language():
        note = f"{appeal.number} {appeal.ground}: {Vote(ruling.outcome).label}"
        if appeal.other_unit and ruling.outcome in UPHELD:
            note += _(",应由%(unit)s负责") % {"unit": appeal.other_unit.name}
    if case.state == State.INVALID:
        if not effects.ends_case:
            restore_case(case, by=SYSTEM, at=at, note=note)
    elif effects.moves_case:
        move_case_on(case, by=SYSTEM, at=at, note=note)
    elif effects.ends_case:
        void_case(case, by=SYSTEM, at=at, note=note)
    else:
        resume_case(case, by=SYSTEM, at=at, note=note)
