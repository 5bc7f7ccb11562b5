"""Lists of the desk: what somebody has entered, what they have checked, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from evaluations.entering import CHECKERS, CLERKS, ENTERED
from evaluations.enums import Origin
from evaluations.models import Evaluation
from organizations.enums import REGION_ROLES, Role
from organizations.models import Hall, Staff, any_prefix

LAST, CHECKS = 10, 200
RELATED = "unit", "item", "hall", "window__hall", "case"


@dataclass(frozen=True)
class Reach:
    """For what a person may enter ratings: divisions they oversee, and units whose halls they supervise."""

    prefixes: tuple[str, ...]
    managed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.prefixes or self.managed)


def entry_reach(user: Staff) -> Reach:
    """Where somebody may enter slips; asks for halls only if it depends on them."""
    prefixes = _prefixes(user, CLERKS)
    paths = [m.unit.path for m in user.duties if m.role == Role.UNIT_SUPERVISOR]
    manages = bool(paths) and not prefixes and Hall.objects.filter(any_prefix("unit__path", paths)).exists()
    return Reach(prefixes, tuple(paths) if manages or prefixes else ())


def check_reach(user: Staff) -> Reach:
    """Where somebody may check."""
    return Reach(_prefixes(user, CHECKERS))


def _prefixes(user: Staff, roles: frozenset[Role]) -> tuple[str, ...]:
    held = [m for m in user.duties if m.role in roles & REGION_ROLES]
    return tuple(dict.fromkeys(m.region_prefix for m in held if m.region_prefix))


def last_entered(user: Staff) -> QuerySet[Evaluation]:
    """The last slips somebody has entered, newest first."""
    mine = Evaluation.objects.filter(entered_by=user, channel__in=ENTERED).exclude(origin=Origin.CHECK)
    return mine.select_related(*RELATED).order_by("-received_at")[:LAST]


def own_checks(user: Staff) -> QuerySet[Evaluation]:
    """What somebody has found when checking, newest first."""
    mine = Evaluation.objects.filter(entered_by=user, origin=Origin.CHECK)
    return mine.select_related(*RELATED).order_by("-received_at")[:CHECKS]
