"""The desk's lists: one page, many saved filters."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from organizations.models import Staff
from rectification import workflow
from rectification.access import parties
from rectification.enums import Action, State
from rectification.lists import VIEWS, cases_in, counts, views_of, with_tries
from rectification.models import Case, CaseQuerySet
from rectification.queries import on_time_share
from rectification.words import DueChip, due_chip

PAGE = 25
ONE_CLICK = frozenset({Action.SIGN})


@dataclass(frozen=True)
class Row:
    """One case in a list, with what its reader can do next."""

    case: Case
    due: DueChip | None
    action: Action | None
    tries: int

    @property
    def one_click(self) -> bool:
        return self.action in ONE_CLICK


@dataclass(frozen=True)
class Tab:
    url: str
    label: str
    count: int
    current: bool


def rows_of(cases: Iterable[Case], user: Staff, at: datetime) -> list[Row]:
    """Cases as rows; the button is the next step if it is this person's."""
    return [Row(case, chip_of(case, at), next_action(case, user), getattr(case, "tries", 0)) for case in cases]


def chip_of(case: Case, at: datetime) -> DueChip | None:
    """The due chip of a case annotated by `with_next_due`."""
    due_at = getattr(case, "next_due_at", None)
    if due_at is not None:
        return due_chip(due_at, at=at)
    return due_chip(at, at=at, paused=True) if getattr(case, "paused_since", None) else None


def next_action(case: Case, user: Staff) -> Action | None:
    """The step the case waits for, if this person may take it."""
    wanted = workflow.NEXT_STEP.get(State(case.state))
    if case.state == State.REPLIED and not case.reachable:
        wanted = Action.VERIFY_ON_FILE
    standing = parties(user.pk, user.duties, case)
    return wanted if wanted in workflow.allowed(State(case.state), standing) else None


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """A saved filter over the open cases one may see; `?view=` names it, `?q=` narrows it by number or matter."""
    user, at = staff(request), timezone.now()
    names = views_of(user)
    if not names:
        raise Http404
    name = request.GET.get("view") or names[0]
    if name not in names:
        raise Http404
    words = request.GET.get("q", "").strip()[:60]
    cases = _narrowed(cases_in(name, user, at), words).select_related("unit")
    page, next_url = _page(with_tries(cases) if name == "callbacks" else cases, request)
    numbers = counts(names, user, at)
    tabs = [Tab(f"?view={key}", str(VIEWS[key].label), numbers[key], key == name) for key in names]
    context = {
        "tabs": tabs,
        "rows": rows_of(page, user, at),
        "view": VIEWS[name],
        "name": name,
        "words": words,
        "next_url": next_url,
        "search_all": "?" + urlencode({"view": "all", "q": words}) if words and name != "all" else "",
        "share": None if page else on_time_share(user, at),
    }
    return render(request, "rectification/lists/queue.html", context)


def staff(request: HttpRequest) -> Staff:
    """The signed-in person.

    Raises:
        Http404: there is none (the login decorator comes first, so this does not happen).
    """
    if not isinstance(request.user, Staff):
        raise Http404
    return request.user


def _narrowed(cases: CaseQuerySet, words: str) -> CaseQuerySet:
    if not words:
        return cases
    return cases.filter(Q(number__istartswith=words) | Q(item_name__icontains=words) | Q(text__icontains=words))


def _page(cases: CaseQuerySet, request: HttpRequest) -> tuple[list[Case], str]:
    """One page from the position in `?after=`; the next page's address, or empty. A broken position is the start."""
    position = _read_position(request.GET.get("after", ""))
    if position:
        due, pk = position
        later = (
            Q(next_due_at__gt=due) | Q(next_due_at=due, pk__gt=pk) | Q(next_due_at=None)
            if due
            else Q(next_due_at=None, pk__gt=pk)
        )
        cases = cases.filter(later)
    found = list(cases.order_by(F("next_due_at").asc(nulls_last=True), "pk")[: PAGE + 1])
    if len(found) <= PAGE:
        return found, ""
    last = found[PAGE - 1]
    kept = {key: value for key, value in request.GET.items() if key != "after"}
    return found[:PAGE], "?" + urlencode({**kept, "after": _position(last)})


def _position(case: Case) -> str:
    due = getattr(case, "next_due_at", None)
    text = json.dumps([due.isoformat() if due else None, case.pk])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _read_position(text: str) -> tuple[datetime | None, int] | None:
    try:
        due, pk = json.loads(base64.urlsafe_b64decode(text.encode()))
        moment = datetime.fromisoformat(due) if due else None
        if moment is not None and timezone.is_naive(moment):
            return None
        # In UTC: PostgreSQL knows no offset as large as Python does.
        return moment.astimezone(UTC) if moment else None, int(pk)
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error):
        return None


def view_url(name: str) -> str:
    """The address of a saved filter."""
    return f"{reverse('queue')}?{urlencode({'view': name})}"
