"""What the intake's pages share: who may open them, who acts, and the way between them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common.actors import Actor
from evaluations.access.intake import READS_INTAKE, RUNS_INTAKE
from organizations.actions.core import authorise
from organizations.enums import Role
from organizations.views.doors import staff_of

View = Callable[..., HttpResponseBase]


def _for(roles: Collection[Role]) -> Callable[[View], View]:
    """A page for staff who hold one of the roles today; nobody else learns that it is there."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not staff_of(request).has_role(*roles):
                raise Http404
            return view(request, *args, **kwargs)

        return login_required(guarded)

    return decorate


for_readers, for_runners = _for(READS_INTAKE), _for(RUNS_INTAKE)


def runs(request: HttpRequest) -> bool:
    """Whether the person may do more than look."""
    return staff_of(request).has_role(*RUNS_INTAKE)


def actor_of(request: HttpRequest) -> Actor:
    """How the person who acts appears in history.

    Raises:
        PermissionDenied: they may only look.
    """
    return authorise(staff_of(request), RUNS_INTAKE)


@dataclass(frozen=True)
class Tab:
    url: str
    label: str
    current: bool
    count: int | None = None


def tabs(request: HttpRequest, current: str) -> list[Tab]:
    """The four lists of the intake; whoever only looks has no business with partners' keys."""
    wanted = [("intake", pgettext("many", "批次")), ("intake-waiting", _("等待处理的行"))]
    wanted += [("intake-sources", pgettext("many", "来源系统"))]
    wanted += [("intake-partners", pgettext("many", "接入方"))] if runs(request) else []
    return [Tab(reverse(name), label, name == current) for name, label in wanted]


def number(text: str | None) -> int | None:
    """A primary key from an address; None for what is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else None
