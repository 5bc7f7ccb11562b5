"""What the administrators' pages share: who may open them, one form one act, and pages of a list."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from organizations.actions import Refused
from organizations.enums import Role
from organizations.models import Staff

View = Callable[..., HttpResponseBase]
PAGE = 50


def for_roles(roles: Collection[Role]) -> Callable[[View], View]:
    """A page for signed-in staff who hold one of the roles today; 403 for everybody else who is signed in."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not staff_of(request).has_role(*roles):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return login_required(guarded)

    return decorate


def staff_of(request: HttpRequest) -> Staff:
    """The signed-in person.

    Raises:
        PermissionDenied: nobody is.
    """
    if not isinstance(request.user, Staff):
        raise PermissionDenied
    return request.user


@dataclass(frozen=True)
class Page:
    """The words of a page with one form.

    title: ours; `subject` is the name of the row it is about.
    back: where it leads.
    danger: it cannot simply be undone.
    """

    title: str
    back: str
    submit: str
    done: str
    about: str = ""
    danger: bool = False
    subject: str = ""


def one_act(
    request: HttpRequest,
    form: BaseForm,
    act: Callable[..., object],
    page: Page,
    *,
    template: str = "organizations/one_act.html",
    **more: object,
) -> HttpResponse:
    """Shows a form, or carries out its act by the signed-in person and goes back.

    Args:
        act: takes by and at; what it refuses is said on the form, with everything typed kept.
        template: for a page that shows more than the form.
    """
    if request.method == "POST" and form.is_valid():
        try:
            act(by=staff_of(request), at=timezone.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, page.done)
            return redirect(page.back)
    return render(request, template, {"form": form, "page": page, **more})


@dataclass(frozen=True)
class Slice:
    """Some rows of a list, with the addresses of those before and after."""

    rows: list[Any]
    previous_url: str
    next_url: str


def keyset(request: HttpRequest, rows: QuerySet[Any], key: str, size: int = PAGE) -> Slice:
    """One page of a list ordered by a unique column, found by its neighbours, so that the last costs as the first.

    Args:
        key: the column; `after` and `before` in the address hold its values.
    """
    after, before = (_position(rows, key, request.GET.get(side, "")) for side in ("after", "before"))
    if before:
        found = list(rows.filter(**{f"{key}__lt": before}).order_by(f"-{key}")[: size + 1])
        more_before, more_after = len(found) > size, True
        found = found[:size][::-1]
    else:
        found = list((rows.filter(**{f"{key}__gt": after}) if after else rows).order_by(key)[: size + 1])
        more_before, more_after = bool(after), len(found) > size
        found = found[:size]
    return Slice(
        found,
        _beside(request, "before", found[0], key) if found and more_before else "",
        _beside(request, "after", found[-1], key) if found and more_after else "",
    )


def _position(rows: QuerySet[Any], key: str, asked: str) -> Any:
    """A value of the column from an address; None for what the column cannot hold."""
    meta = rows.model._meta
    try:
        return (meta.pk if key == "pk" else meta.get_field(key)).to_python(asked) if asked else None
    except ValidationError:
        return None


def _beside(request: HttpRequest, side: str, row: Model, key: str) -> str:
    query = request.GET.copy()
    for old in ("after", "before"):
        query.pop(old, None)
    query[side] = str(getattr(row, key))
    return f"?{query.urlencode()}"
