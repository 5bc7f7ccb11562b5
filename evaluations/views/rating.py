"""The rating page, the same for every way in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.context import surroundings
from evaluations import queries
from evaluations.access import rates_own
from evaluations.actions import AlreadyRated, Rated, refuse_own, submit_evaluation
from evaluations.enums import Limited, Origin, RatingChannel
from evaluations.forms import RatingForm
from evaluations.models import Evaluation, Service
from evaluations.presence import Trace, browser_mark, network_mark, network_of
from evaluations.views.limits import admitted, ways_on
from evaluations.views.manners import ask_to_wait, asker, waiting
from evaluations.views.receipts import RECEIPT
from organizations.models import Staff
from rectification.enums import Target

QUESTIONS = {
    Target.SERVICE: _("您对本次服务满意吗?"),
    Target.WINDOW: _("您对这个窗口的服务满意吗?"),
    Target.GUIDE: _("您对这份办事指南满意吗?"),
    Target.HALL: _("您对这个大厅满意吗?"),
    Target.PLATFORM: _("您对政务服务网站满意吗?"),
    Target.HOTLINE: _("您对 12345 热线满意吗?"),
    Target.TOPIC: _("您对这项改革满意吗?"),
}


def _own_receipt(signed: str) -> str:
    return reverse("receipt", args=[signed])


@dataclass(frozen=True)
class Screen:
    """What the page is read on: somebody's own, or the tablet that the next person will use (views/kiosk.py).

    rate, already, own: the templates.
    receipt: the address of what is shown afterwards, from the signed nonce.
    initial: what is already chosen, by the person's own touch.
    asking: the form is only shown, though it was posted: somebody has turned its language or its size.
    """

    rate: str = "evaluations/rate.html"
    already: str = "evaluations/already.html"
    own: str = "evaluations/own.html"
    form: type[RatingForm] = RatingForm
    receipt: Callable[[str], str] = _own_receipt
    initial: Mapping[str, object] = field(default_factory=dict)
    more: Mapping[str, object] = field(default_factory=dict)
    asking: bool = False


OWN_SCREEN = Screen()


@dataclass(frozen=True)
class Door:
    """A way in: what is rated, and how the rating will count.

    shows_earlier: whoever comes this way has shown that the service is theirs, so an earlier rating may be shown.
    invitation: the token of the SMS that led here, by which invitations can be stopped.
    counted: by what it is counted (`views.limits.admitted`).
    """

    rated: Rated
    channel: RatingChannel
    origin: Origin
    shows_earlier: bool = False
    invitation: str = ""
    counted: Mapping[Limited, str] = field(default_factory=dict)
    screen: Screen = OWN_SCREEN

    @property
    def question(self) -> SafeString:
        return format_html("<h1>{}</h1>", QUESTIONS[self.rated.target])


def of_service(
    service: Service, channel: RatingChannel, origin: Origin, *, shows_earlier: bool, invitation: str = ""
) -> Door:
    """The way to a known service. Network and window do not limit it: the service can be rated once."""
    return Door(Rated.of(service), channel, origin, shows_earlier=shows_earlier, invitation=invitation)


def unmatched(rated: Rated, channel: RatingChannel) -> Door:
    """The way to something that is not a service: anybody may come, so the sender and the window have limits."""
    counted = {Limited.ADDRESS: asker()}
    if rated.window:
        counted[Limited.WINDOW] = str(rated.window.pk)
    return Door(rated, channel, Origin.UNMATCHED, counted=counted)


def rate(request: HttpRequest, door: Door) -> HttpResponse:
    """Shows the page (GET) or takes the rating (POST) and leads to its receipt."""
    posted = request.method == "POST" and not door.screen.asking
    service = door.rated.service
    if is_own(request, door.rated):
        return refused_own(request, door.rated, door.screen)
    if service is not None:
        if not posted and (earlier := queries.rating_of(service.key)):
            return _already(request, door, earlier)
        if last_day := queries.closed_since(service, timezone.localdate()):
            return _too_old(request, door, service, last_day)
    form = door.screen.form(
        request.POST if posted else None, tags=queries.active_tags(), initial=dict(door.screen.initial)
    )
    if not posted or not form.is_valid():
        return _page(request, door, form)
    nonce = form.cleaned_data["nonce"]
    admission = admitted(request, nonce, door.counted)
    if admission.stopped:
        ask_to_wait(form)
        return waiting(_page(request, door, form, **ways_on(request, nonce)))
    try:
        submit_evaluation(
            door.rated,
            form.words(),
            nonce=nonce,
            channel=door.channel,
            origin=door.origin,
            at=timezone.now(),
            over=admission.over,
            trace=_trace(request, door.counted),
        )
    except AlreadyRated as known:
        return _already(request, door, known.evaluation)
    return redirect(door.screen.receipt(signing.dumps(nonce, salt=RECEIPT)))


def _trace(request: HttpRequest, counted: Mapping[Limited, str]) -> Trace:
    """The marks of whoever sends a rating (docs/integrity.md); a tablet is known by its key, not by its browser."""
    today, tablet = timezone.localdate(), counted.get(Limited.TABLET)
    cookie = "" if tablet else request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    network = network_mark(network_of(surroundings().address), today)
    staff = isinstance(request.user, Staff) and not tablet
    return Trace(browser_mark(cookie, today), network, int(tablet) if tablet else None, staff)


def _page(request: HttpRequest, door: Door, form: RatingForm, **more: Any) -> HttpResponse:
    return render(request, door.screen.rate, {"door": door, "form": form, **door.screen.more, **more})


def is_own(request: HttpRequest, rated: Rated) -> bool:
    """Whether somebody signed in as staff would rate their own work (setting STAFF_MAY_RATE_OWN)."""
    user = request.user
    if settings.STAFF_MAY_RATE_OWN or not isinstance(user, Staff):
        return False
    staff, window = rated.staff, rated.window
    return rates_own(
        user.pk,
        user.duties,
        rated_staff=staff.pk if staff else None,
        window=window.pk if window else None,
        unit=rated.unit.pk,
    )


def refused_own(request: HttpRequest, rated: Rated, screen: Screen = OWN_SCREEN) -> HttpResponse:
    """Says why not; an attempt to send is noted on the trail."""
    if request.method == "POST" and isinstance(request.user, Staff):
        refuse_own(rated, by=request.user, at=timezone.now())
    return render(request, screen.own, {"rated": rated, **screen.more}, status=403)


def _already(request: HttpRequest, door: Door, evaluation: Evaluation) -> HttpResponse:
    """One service, one review: when it was rated, and to its owner also how."""
    labels = [gettext(tag.label) for tag in queries.tags_of(evaluation)] if door.shows_earlier else []
    context = {"door": door, "evaluation": evaluation, "labels": labels, **door.screen.more}
    return render(request, door.screen.already, context, status=409 if request.method == "POST" else 200)


def _too_old(request: HttpRequest, door: Door, service: Service, last_day: date) -> HttpResponse:
    days = settings.SUPPLEMENT_WORKING_DAYS
    context = {"door": door, "service": service, "last_day": last_day, "days": days}
    return render(request, "evaluations/too_old.html", context, status=409 if request.method == "POST" else 200)
