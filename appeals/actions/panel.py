"""The panel: drawn by lot, asked again and again who may still sit, and filled up from deputies and the pool."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from appeals import ballot
from appeals.access import barred
from appeals.actions import telling
from appeals.actions.core import audit, lock
from appeals.enums import Recusal, Seat, Stage
from appeals.models import Appeal, Place
from appeals.queries import candidates, contested, deputies, limit_of, sitting
from common.actors import SYSTEM, Actor
from organizations.models import Staff
from organizations.queries import staff_actor
from rectification.actions.core import Refused
from rectification.enums import Duty


@transaction.atomic
def draw_panel(appeal: Appeal, *, at: datetime) -> Appeal:
    """Fills the empty seats of an appeal that waits for its panel; at another stage nothing happens.

    The seed of every draw is random and is on the trail before anybody looks who is in the pool; the trail then tells
    the pool and whom the lot fell on, so that everybody can draw again (`ballot.fill`).
    """
    locked = lock(appeal)
    return fill_seats(locked, at=at) if locked.stage == Stage.DRAWING else locked


def fill_seats(appeal: Appeal, *, at: datetime) -> Appeal:
    """Lets deputies step in and draws who is still missing; votes begin when every seat is taken.

    Where there are too few people the appeal waits, its supervisors are told, and a sweep tries again.
    """
    vacant = appeal.seats - len(sitting(appeal))
    vacant -= _step_in(appeal, vacant, at=at)
    vacant -= _draw(appeal, vacant, at=at) if vacant else 0
    appeal.stage = Stage.DRAWING if vacant else Stage.VOTING
    appeal.save(update_fields=["stage"])
    if vacant:
        telling.tell_supervisors(appeal, "waiting", at=at)
    telling.tell_panel(appeal, at=at)
    return appeal


def _draw(appeal: Appeal, vacant: int, *, at: datetime) -> int:
    """Draws people for vacant seats, and new deputies; returns how many seats were filled: all or none."""
    appeal.seed = secrets.token_hex(16)
    appeal.save(update_fields=["seed"])
    audit("seed", appeal, by=SYSTEM, at=at, after={"seed": appeal.seed})
    about, taken = contested(appeal), dict(appeal.places.values_list("staff_id", "order"))
    free = [who.staff for who in candidates(at) if who.staff not in taken and barred(who, about) is None]
    try:
        drawn = ballot.fill(free, vacant=vacant, deputies=settings.APPEAL_DEPUTIES, seed=appeal.seed)
    except ballot.TooFew as few:
        audit("too_few", appeal, by=SYSTEM, at=at, after={"candidates": free, "there": few.there, "vacant": vacant})
        return 0
    first = max(taken.values(), default=0) + 1
    seats: list[tuple[int, Seat, datetime | None]] = [(person, Seat.MEMBER, at) for person in drawn.members]
    seats += [(person, Seat.DEPUTY, None) for person in drawn.deputies]
    Place.objects.bulk_create(
        Place(appeal=appeal, staff_id=person, seat=seat, sits_from=since, order=order)
        for order, (person, seat, since) in enumerate(seats, start=first)
    )
    facts = {"candidates": free, "members": drawn.members, "deputies": drawn.deputies}
    audit("draw", appeal, by=SYSTEM, at=at, after=facts)
    return vacant


def _step_in(appeal: Appeal, vacant: int, *, at: datetime) -> int:
    """Lets deputies take vacant seats, each asked once more whether they may; returns how many did."""
    waiting, filled = {place.staff_id: place for place in deputies(appeal)}, 0
    reasons = _barred(appeal, waiting, at=at) if vacant else {}
    while filled < vacant and (person := ballot.next_deputy(waiting, reasons)) is not None:
        place = waiting.pop(person)
        place.sits_from = at
        place.save(update_fields=["sits_from"])
        audit("step_in", appeal, by=SYSTEM, at=at, after={"staff": person})
        filled += 1
    return filled


def _barred(appeal: Appeal, staff: Iterable[int], *, at: datetime) -> dict[int, Recusal]:
    """Of some people those who may not sit today, with the reason."""
    about = contested(appeal)
    found = ((who.staff, barred(who, about)) for who in candidates(at, staff))
    return {person: why for person, why in found if why is not None}


def why_barred(appeal: Appeal, staff_id: int, *, at: datetime) -> Recusal | None:
    """Why somebody may not sit on this panel today; None if they may."""
    return _barred(appeal, [staff_id], at=at).get(staff_id)


def leave(appeal: Appeal, place: Place, why: Recusal, *, by: Actor, at: datetime, note: str = "") -> None:
    """Takes somebody off the panel; what they have voted counts no longer, and they see nothing of it any more."""
    place.left_at, place.left_for = at, why
    if why == Recusal.ASKED:
        place.asked_at, place.asked_note = at, note
    place.save()
    telling.untell(appeal, place.staff_id)
    audit("leave", appeal, by=by, at=at, after={"staff": place.staff_id, "why": why}, note=note)


@transaction.atomic
def ask_recusal(appeal: Appeal, *, by: Staff, at: datetime, note: str) -> Appeal:
    """申请回避: a member leaves the panel, and the next deputy who may sit steps in.

    Raises:
        Refused: not on this panel, has voted already, gives no reason, or there is nothing to vote on any more.
    """
    locked = lock(appeal)
    place = locked.places.filter(staff=by, left_at=None).first()
    if place is None or not locked.is_open:
        raise Refused(_("您不在本件的评审小组,或评审已结束。"))
    if hasattr(place, "ballot"):
        raise Refused(_("您已表决,不能再申请回避。"))
    if not note.strip():
        raise Refused(_("请说明回避理由。"))
    leave(locked, place, Recusal.ASKED, by=staff_actor(by), at=at, note=note.strip())
    return fill_seats(locked, at=at)


@transaction.atomic
def renew_panel(appeal: Appeal, *, at: datetime) -> Appeal:
    """Asks of everybody who sits whether they still may, and replaces who may not.

    When time is up and too few have voted, whoever has been silent is replaced as far as there are successors, and the
    panel has the time of a ruling once more; the case's own deadline stays overdue, for everybody to see.
    """
    locked = lock(appeal)
    if locked.stage != Stage.VOTING:
        return locked
    seats = sitting(locked)
    reasons = _barred(locked, [place.staff_id for place in seats], at=at)
    for place in seats:
        if place.staff_id in reasons:
            leave(locked, place, reasons[place.staff_id], by=SYSTEM, at=at)
    late = locked.due_at is not None and at >= locked.due_at and not _enough(locked)
    if late:
        _replace_silent(locked, at=at)
    return fill_seats(locked, at=at) if reasons or late else locked


def _enough(appeal: Appeal) -> bool:
    voted = sum(hasattr(place, "ballot") for place in sitting(appeal))
    return voted >= ballot.quorum(appeal.seats)


def _replace_silent(appeal: Appeal, *, at: datetime) -> None:
    """Only as many leave as can be replaced: a late vote is better than an empty seat."""
    about, taken = contested(appeal), set(appeal.places.values_list("staff_id", flat=True))
    waiting = {place.staff_id for place in deputies(appeal)}
    there = sum(barred(who, about) is None and who.staff not in taken - waiting for who in candidates(at))
    vacant = appeal.seats - len(sitting(appeal))
    silent = [place for place in sitting(appeal) if not hasattr(place, "ballot")]
    for place in silent[: max(0, there - vacant)]:
        leave(appeal, place, Recusal.SILENT, by=SYSTEM, at=at)
    appeal.due_at = limit_of(Duty.APPEAL, at)
    appeal.save(update_fields=["due_at"])
    telling.tell_supervisors(appeal, "waiting", at=at)
