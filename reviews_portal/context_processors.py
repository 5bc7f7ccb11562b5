"""What the desk's frame shows on every page: where one can go, and how much waits."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from common.models import Notice
from evaluations.access import LISTENS
from organizations.enums import Role
from organizations.models import Staff
from rectification.lists import counts, views_of


@dataclass(frozen=True)
class Entry:
    """One line of the rail."""

    url: str
    label: str
    count: int
    current: bool


def rail(request: HttpRequest) -> dict[str, object]:
    """At most six entries by role, and the number of unread notices; asked only by pages that draw them."""
    return {
        "rail": SimpleLazyObject(lambda: _entries(request)),
        "notice_count": SimpleLazyObject(lambda: _unread(request)),
    }


def _unread(request: HttpRequest) -> int:
    user = request.user
    return Notice.objects.filter(staff=user, read_at=None).count() if isinstance(user, Staff) else 0


def _entries(request: HttpRequest) -> list[Entry]:
    user = request.user
    if not isinstance(user, Staff):
        return []
    wanted: list[tuple[str, str, int]] = []
    names = views_of(user)
    if names:
        todo = counts(["todo"], user, timezone.now())["todo"]
        wanted += [("desk", _("工作台"), 0), ("queue", _("差评件"), todo), ("ledger", _("台账"), 0)]
    else:
        wanted.append(("tools", _("工作台"), 0))
    if user.has_role(Role.CITY_SUPERVISOR):
        wanted.append(("pressure", _("要求改评价"), 0))
    if user.has_role(Role.UNIT_SUPERVISOR):
        wanted.append(("structure-hand-overs", _("移交"), 0))
    if user.has_role(*LISTENS):
        wanted.append(("voices", _("听取意见"), 0))
    if user.has_role(Role.SYSTEM_ADMIN):
        wanted += [("structure-home", _("机构和人员"), 0), ("structure-calendar", _("工作日历"), 0)]
        wanted += [("outbox", _("消息"), 0)]
    if user.has_role(Role.SECURITY_ADMIN):
        wanted.append(("structure-roles", _("角色和账号安全"), 0))
    if user.has_role(Role.AUDITOR, Role.AUDIT_ADMIN):
        wanted.append(("audit", _("审计记录"), 0))
    wanted.append(("rules", _("办理时限"), 0))
    return [Entry(reverse(name), label, count, reverse(name) == request.path) for name, label, count in wanted[:6]]
