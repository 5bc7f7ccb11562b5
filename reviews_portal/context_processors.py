"""What the desk's frame shows on every page: where one can go, and how much waits."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from appeals.lists import Task, tasks_for
from assessment.lists import tasks_for as findings_for
from assessment.queries.waiting import tasks_for as quarter_tasks
from common.queries import waiting_notices
from disclosure.queries.desk import drafts_waiting
from organizations.models import Staff
from rectification.lists import counts
from reviews_portal.menu import rail_for


@dataclass(frozen=True)
class Entry:
    """One line of the rail."""

    url: str
    label: str
    count: int
    current: bool


def rail(request: HttpRequest) -> dict[str, object]:
    """At most six entries by role, the number of unread notices, and what waits in apps right of the case.

    Asked only by pages that draw them.
    """
    return {
        "rail": SimpleLazyObject(lambda: _entries(request)),
        "notice_count": SimpleLazyObject(lambda: _unread(request)),
        "desk_tasks": SimpleLazyObject(lambda: _tasks(request)),
    }


def _unread(request: HttpRequest) -> int:
    user = request.user
    return waiting_notices(user.pk) if isinstance(user, Staff) else 0


def _tasks(request: HttpRequest) -> list[Task]:
    user = request.user
    if not isinstance(user, Staff):
        return []
    now = timezone.now()
    return [*tasks_for(user, now), *findings_for(user), *quarter_tasks(user, now)]


def _entries(request: HttpRequest) -> list[Entry]:
    user = request.user
    if not isinstance(user, Staff):
        return []
    places = rail_for(user)
    return [
        Entry(address, str(place.label), waiting(place.route, user), address == request.path)
        for place in places
        for address in [reverse(place.route)]
    ]


def waiting(route: str, user: Staff) -> int:
    """How much waits for somebody at a place of the rail."""
    if route == "queue":
        return counts(["todo"], user, timezone.now())["todo"]
    return drafts_waiting(user) if route == "disclosures" else 0
