"""Who may sit on a panel, and who does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from appeals.access import Candidate, Contested
from appeals.enums import Seat
from appeals.models import Appeal, PanelMember, Place, Relation
from appeals.queries.proof import exhibits_of
from organizations.enums import Role, UnitLevel
from organizations.models import Membership, Unit


def contested(appeal: Appeal) -> Contested:
    """What an appeal is about, as far as it bars people: units, the rated person, everybody who had to do with it."""
    case = appeal.case
    units = [pk for pk in (appeal.unit_id, case.unit_id, case.rated_unit_id, appeal.other_unit_id) if pk is not None]
    second = appeal.reviews_id is not None
    acted = set(case.events.exclude(actor=None).values_list("actor_id", flat=True))
    wrote = {person for pair in case.reports.values_list("by_id", "checked_by_id") for person in pair}
    filed = set(case.appeals.values_list("by_id", flat=True))
    brought = set(exhibits_of(appeal).values_list("by_id", flat=True))
    seated = Place.objects.filter(appeal=appeal.reviews_id, sits_from__isnull=False)
    return Contested(
        paths=frozenset(Unit.objects.filter(pk__in=units).values_list("path", flat=True)),
        rated_staff=case.rated_staff_id,
        other_staff=appeal.other_staff_id,
        handlers=frozenset(pk for pk in (*acted, *wrote, *filed, *brought, case.handler_id) if pk is not None),
        earlier=frozenset(seated.values_list("staff_id", flat=True)) if second else frozenset(),
        next_level=second and appeal.unit.level != UnitLevel.CITY,
    )


def candidates(at: datetime, staff: Iterable[int] | None = None) -> list[Candidate]:
    """The pool as it stands on a day, with units, roles and declared relations.

    Args:
        staff: only these people; whoever of them is in no pool comes back as not listed.
    """
    today = timezone.localdate(at)
    listed = dict(PanelMember.objects.values_list("staff_id", "active"))
    people = set(listed) if staff is None else set(staff)
    held: dict[int, set[str]] = {}
    panel: set[int] = set()
    city: set[int] = set()
    memberships = Membership.objects.in_force(today).filter(staff__in=people)
    for person, role, path, level in memberships.values_list("staff_id", "role", "unit__path", "unit__level"):
        held.setdefault(person, set()).add(path)
        if role == Role.PANEL:
            panel.add(person)
            city |= {person} if level == UnitLevel.CITY else set()
    units: dict[int, set[str]] = {}
    others: dict[int, set[int]] = {}
    declared = Relation.objects.filter(member__staff__in=people, ended_at=None)
    for person, path, other in declared.values_list("member__staff_id", "unit__path", "staff_id"):
        if path:
            units.setdefault(person, set()).add(path)
        else:
            others.setdefault(person, set()).add(other)
    return [
        Candidate(
            staff=person,
            paths=frozenset(held.get(person, ())),
            related_paths=frozenset(units.get(person, ())),
            related_staff=frozenset(others.get(person, ())),
            listed=listed.get(person, False) and person in panel,
            of_city=person in city,
        )
        for person in sorted(people)
    ]


def sitting(appeal: Appeal) -> list[Place]:
    """Who sits on the panel now, in the order of their seats."""
    return list(appeal.places.filter(sits_from__isnull=False, left_at=None).select_related("staff", "ballot"))


def deputies(appeal: Appeal) -> list[Place]:
    """Who has not been needed yet, in the order in which they step in."""
    return list(appeal.places.filter(seat=Seat.DEPUTY, sits_from=None, left_at=None))
