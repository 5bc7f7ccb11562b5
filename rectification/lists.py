"""Saved filters of the desk: each is a name, a label and a question. A number on a page and the list behind it are one.

Which views a role sees, in which order, is `VIEWS_OF`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organizations.enums import REGION_ROLES, Role
from organizations.models import Membership, Staff, any_prefix
from rectification.enums import UNIT_STATES, ContactKind, ContactResult, Standing, State
from rectification.models import Case, CaseQuerySet, CoHandling, Deadline, Request
from rectification.queries import standing_is, with_next_due

Question = Callable[[Staff, datetime], Q]

# What waits for whom: the states in which the next step is this role's.
WAITS_FOR: dict[Role, frozenset[State]] = {
    Role.WINDOW: frozenset({State.DISPATCHED, State.SIGNED, State.RECTIFYING, State.REWORK, State.ESCALATED}),
    Role.UNIT_SUPERVISOR: frozenset({State.CHECKING}),
    Role.DISPATCHER: frozenset({State.RECEIVED, State.PRECHECKED}),
    Role.CALLBACK: frozenset({State.REPLIED}),
    Role.COUNTY_SUPERVISOR: frozenset({State.REFUSED, State.VERIFIED, State.UNREACHABLE}),
    Role.CITY_SUPERVISOR: frozenset({State.REFUSED, State.VERIFIED, State.UNREACHABLE}),
}


@dataclass(frozen=True)
class View:
    """One saved filter over the open cases a person may see. dated: it asks for next due times (`with_next_due`)."""

    label: str | Promise
    question: Question
    empty: str | Promise = ""
    dated: bool = False


def _in(*states: State) -> Question:
    return lambda user, at: Q(state__in=states)


def _todo(user: Staff, at: datetime) -> Q:
    condition = Q(pk__in=[])
    for membership in user.duties:
        states = WAITS_FOR.get(Role(membership.role))
        if states:
            condition |= Q(state__in=states) & _scope(user, membership)
    return condition | _co(user, at) | (_requests(user, at) if _supervises(user) else Q(pk__in=[]))


def _scope(user: Staff, membership: Membership) -> Q:
    if membership.role == Role.WINDOW:
        return (Q(handler=user) | Q(handler=None, unit=membership.unit)) & ~Q(rated_staff=user)
    if membership.role in REGION_ROLES:
        own = Q(unit=membership.unit) | Q(rated_unit=membership.unit)
        inside = Q(region_code__startswith=membership.region_prefix)
        return inside if membership.role == Role.DISPATCHER else inside & ~own
    return Q(unit__path__startswith=membership.unit.path)


def _supervises(user: Staff) -> bool:
    return user.has_role(Role.CITY_SUPERVISOR, Role.COUNTY_SUPERVISOR)


def _overdue(user: Staff, at: datetime) -> Q:
    return Q(pk__in=Deadline.objects.overdue(at).values("case_id"))


def _today(user: Staff, at: datetime) -> Q:
    day = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return Q(next_due_at__gte=at, next_due_at__lt=day + timedelta(days=1))


def _co(user: Staff, at: datetime) -> Q:
    paths = [m.unit.path for m in user.duties if m.role in (Role.WINDOW, Role.UNIT_SUPERVISOR)]
    asked = CoHandling.objects.filter(any_prefix("unit__path", paths), answered_at=None)
    return Q(pk__in=asked.values("case_id"))


def _requests(user: Staff, at: datetime) -> Q:
    return Q(pk__in=Request.objects.filter(approved=None).values("case_id"))


VIEWS: dict[str, View] = {
    "todo": View(_("待我处理"), _todo, _("没有待办。")),
    "checks": View(_("待质检"), _in(State.CHECKING), _("没有等待质检的报告。")),
    "unassigned": View(
        _("未指定经办人"), lambda user, at: Q(handler=None, state__in=UNIT_STATES), _("每一件都有经办人。")
    ),
    "co": View(_("请我单位协办"), _co, _("没有等待协办反馈的件。")),
    "received": View(_("待预审"), _in(State.RECEIVED), _("没有待预审的差评。")),
    "prechecked": View(_("待转办"), _in(State.PRECHECKED), _("没有待转办的件。")),
    "refused": View(_("退回待定"), _in(State.REFUSED), _("没有单位退回的件。")),
    "requests": View(_("待审批"), _requests, _("没有等待审批的申请。")),
    "signoff": View(_("待销号"), _in(State.VERIFIED, State.UNREACHABLE), _("没有等待销号的件。")),
    "callbacks": View(
        _("待回访"), lambda user, at: Q(state=State.REPLIED, evaluator__isnull=False), _("没有等待回访的件。")
    ),
    "onfile": View(_("待核查"), lambda user, at: Q(state=State.REPLIED, evaluator=None), _("没有等待核查的件。")),
    "escalated": View(_("提级督办"), _in(State.ESCALATED), _("没有提级督办的件。")),
    "reopened": View(_("还没解决"), lambda user, at: Q(reopenings__gt=0) | Q(state=State.REWORK), _("没有返工的件。")),
    "today": View(_("今天到期"), _today, _("今天没有到期的件。"), dated=True),
    "overdue": View(_("已逾期"), _overdue, _("没有逾期的件。")),
    "waiting": View(_("等回访"), _in(State.REPLIED), _("没有等回访的件。")),
    "all": View(_("全部在办"), lambda user, at: Q(), _("没有在办的件。")),
}

VIEWS_OF: dict[Role, tuple[str, ...]] = {
    Role.WINDOW: ("todo", "today", "overdue", "waiting", "all"),
    Role.UNIT_SUPERVISOR: ("checks", "unassigned", "co", "overdue", "today", "reopened", "all"),
    Role.DISPATCHER: ("received", "prechecked", "refused", "overdue", "all"),
    Role.CALLBACK: ("callbacks", "onfile", "overdue", "all"),
    Role.COUNTY_SUPERVISOR: ("refused", "requests", "signoff", "escalated", "reopened", "overdue", "all"),
    Role.CITY_SUPERVISOR: ("refused", "requests", "signoff", "escalated", "reopened", "overdue", "all"),
    Role.AUDITOR: ("overdue", "all"),
}


def views_of(user: Staff) -> list[str]:
    """The names of the saved filters a person sees, in the order of their roles."""
    names = [name for membership in user.duties for name in VIEWS_OF.get(Role(membership.role), ())]
    return list(dict.fromkeys(names))


def cases_in(name: str, user: Staff, at: datetime) -> CaseQuerySet:
    """The open cases of a saved filter, next due first.

    Raises:
        KeyError: there is no such filter.
    """
    cases = with_next_due(Case.objects.visible_to(user).open())
    return cases.filter(VIEWS[name].question(user, at)).order_by(F("next_due_at").asc(nulls_last=True), "pk")


def counts(names: list[str], user: Staff, at: datetime) -> dict[str, int]:
    """How many cases each saved filter holds, in one query."""
    if not names:
        return {}
    cases = Case.objects.visible_to(user).open()
    # The next due times are looked up only where a filter asks for them: the rail is drawn on every page.
    cases = with_next_due(cases) if any(VIEWS[name].dated for name in names) else cases
    return cases.aggregate(**{name: Count("pk", filter=VIEWS[name].question(user, at)) for name in names})


def with_tries(cases: CaseQuerySet) -> CaseQuerySet:
    """Cases with the number of callbacks nobody answered since the reply."""
    missed = Q(contacts__kind=ContactKind.CALLBACK, contacts__at__gte=F("replied_at")) & ~Q(
        contacts__result=ContactResult.REACHED
    )
    return cases.annotate(tries=Count("contacts", filter=missed))


@dataclass(frozen=True)
class Ageing:
    """Open cases of one unit by how their time stands; each count is a ledger list of the same length."""

    unit: str
    unit_id: int
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return self.counts[Standing.RUNNING]

    @property
    def bars(self) -> list[tuple[str, int, int]]:
        """Standing, where its bar begins and how long it is, in cases."""
        lengths = [(name, self.counts[name]) for name in AGES]
        ends = itertools.accumulate(length for _name, length in lengths)
        return [(name, end - length, length) for (name, length), end in zip(lengths, ends, strict=True)]


AGES = (Standing.VERY_LATE, Standing.LATE, Standing.SOON, Standing.IN_TIME)


def ageing(user: Staff, at: datetime, limit: int = 15) -> list[Ageing]:
    """未到期 / ≤1天 / 逾期≤5天 / 逾期>5天 by responsible unit, the latest first."""
    cases = with_next_due(Case.objects.visible_to(user).open()).filter(standing_is(Standing.RUNNING, at))
    numbers = {str(standing): Count("pk", filter=standing_is(standing, at)) for standing in Standing}
    rows: Any = cases.values("unit_id", "unit__name").annotate(**numbers)
    ordered = rows.order_by(*(f"-{name}" for name in AGES[:3]), "unit__name")
    return [Ageing(row["unit__name"], row["unit_id"], {name: row[name] for name in numbers}) for row in ordered[:limit]]
