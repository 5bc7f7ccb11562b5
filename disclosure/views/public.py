"""公示: the list of cases with search and filters, one case with what was and what has changed, 我也遇到过."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common.ids import keyed_hash
from disclosure.actions import record_echo
from disclosure.forms.public import CaseFilter
from disclosure.models import PublicCase
from disclosure.queries import narrowing
from disclosure.queries import public as queries
from disclosure.queries.public import LONGEST, Position
from disclosure.views.manners import MAX_AGE, gated, public_page
from disclosure.words import steps, told_words
from evaluations.views.manners import asker, within
from rectification.enums import Stage

SHOWN, LONG = 20, 600
HOUR = timedelta(hours=1)


@require_safe
@public_page
def cases(request: HttpRequest) -> HttpResponse:
    """Every public case that meets the conditions in the address, twenty at a time."""
    form = CaseFilter(request.GET, choices=narrowing.choices())
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        context |= _found(request, form)
    return render(request, "disclosure/cases.html", context)


def _found(request: HttpRequest, form: CaseFilter) -> dict[str, Any]:
    rows = queries.public_cases(form.wanted)
    said = queries.summary(rows)
    if not said.found:
        return {"said": said, "looser": _looser(request, form)}
    after = _position(request.GET.get("after", ""))
    shown = queries.page_of(rows, form.sorting, after, SHOWN + 1)
    return {
        "said": said,
        "rows": shown[:SHOWN],
        "next_url": _address(request, after=_mark(shown[SHOWN - 1], form.sorting)) if len(shown) > SHOWN else "",
        "first_url": _address(request, after="") if after else "",
        "longest": form.sorting == LONGEST,
    }


def _looser(request: HttpRequest, form: CaseFilter) -> dict[str, Any] | None:
    """The filter that leaves most when it is dropped: its label, how many there are then, and the address."""
    best = narrowing.loosened(form.wanted)
    if best is None:
        return None
    name = next(field for field, asks in form.ASKS.items() if asks == best.name)
    return {"label": form[name].label, "found": best.found, "url": _address(request, **{name: "", "after": ""})}


def _mark(case: PublicCase, sorting: str) -> str:
    return f"{case.working_days}-{case.pk}" if sorting == LONGEST else str(case.pk)


def _position(text: str) -> Position | None:
    """Where the page before has ended; what is no position is the start."""
    days, dash, pk = text.rpartition("-")
    parts = (days, pk) if dash else (pk,)
    if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
        return None
    return Position(int(pk), int(days or 0))


def _address(request: HttpRequest, **changed: str) -> str:
    """This page with other conditions; empty ones are left out."""
    kept = {**{name: str(value) for name, value in request.GET.items()}, **changed}
    return "?" + urlencode({name: value for name, value in kept.items() if value})


@require_safe
@public_page
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One case: what was, what has changed, what was answered, and which way it went."""
    shown = _shown(number)
    days: dict[str, str] = {Stage.RATED: told_words(shown.rated_on, shown.rated_grain)}
    if shown.replied_on:
        days[Stage.REPLIED] = told_words(shown.replied_on, shown.rated_grain)
    context = {
        "case": shown,
        "steps": steps(shown.stage, days),
        "pictures": shown.pictures.all(),
        "address": settings.PORTAL_URL + reverse("public-case", args=[shown.number]),
        # On paper two columns of so much would run on to another page.
        "long": len(shown.problem) + len(shown.changed) + len(shown.reply) > LONG,
    }
    return render(request, "disclosure/case.html", context)


@require_safe
def picture(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A picture of before or after, for as long as its case is shown.

    Not gated: a page asks for several at once, and each costs what a style sheet costs.
    """
    found = _shown(number).pictures.filter(pk=pk).first()
    try:
        content = found.file.read() if found else b""
    except FileNotFoundError as error:
        raise Http404 from error
    if not content:
        raise Http404
    return HttpResponse(content, "image/jpeg", headers={"Cache-Control": f"public, max-age={MAX_AGE}"})


def _shown(number: str) -> PublicCase:
    """A case that everybody may read. One that is withheld and one that never was are the same nothing."""
    found = queries.public_case(number.upper()) if len(number) < 20 else None
    if found is None or not found.shown:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@gated
def met(request: HttpRequest, number: str) -> HttpResponse:
    """我也遇到过: asks, and counts each browser once. A page of its own, for its form is one visitor's alone."""
    shown = _shown(number)
    device = _browser(request, shown)
    if request.method == "POST" and device:
        if not within({f"met:{asker()}": (settings.ECHOES_PER_ADDRESS_HOUR, HOUR)}):
            return render(request, "disclosure/met.html", {"case": shown, "crowded": True}, status=429)
        record_echo(shown, device=device, at=timezone.now())
        return redirect("public-met", shown.number)
    counted = bool(device) and queries.has_met(shown, device)
    return render(request, "disclosure/met.html", {"case": shown, "counted": counted})


def _browser(request: HttpRequest, shown: PublicCase) -> str:
    """A browser by the random cookie that guards its forms; another name for every case, so none can be followed."""
    cookie = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    return keyed_hash("echo", f"{shown.number}:{cookie}") if cookie else ""
