"""The rating page, the same for every way in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluations import queries
from evaluations.actions import AlreadyRated, Rated, submit_evaluation
from evaluations.enums import Origin, RatingChannel
from evaluations.forms import RatingForm
from evaluations.models import Evaluation, Service
from evaluations.views.manners import ask_to_wait, asker, waiting, within
from evaluations.views.receipts import RECEIPT
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
MINUTE = timedelta(minutes=1)
PER_ADDRESS, PER_WINDOW = 200, 30


@dataclass(frozen=True)
class Door:
    """A way in: what is rated, and how the rating will count.

    shows_earlier: whoever comes this way has shown that the service is theirs, so an earlier rating may be shown.
    invitation: the token of the SMS that led here, by which invitations can be stopped.
    """

    rated: Rated
    channel: RatingChannel
    origin: Origin
    shows_earlier: bool = False
    invitation: str = ""
    limits: dict[str, tuple[int, timedelta]] = field(default_factory=dict)

    @property
    def question(self) -> SafeString:
        return format_html("<h1>{}</h1>", QUESTIONS[self.rated.target])


def of_service(
    service: Service, channel: RatingChannel, origin: Origin, *, shows_earlier: bool, invitation: str = ""
) -> Door:
    """The way to a known service. It needs no limit: the service can be rated once."""
    return Door(Rated.of(service), channel, origin, shows_earlier=shows_earlier, invitation=invitation)


def unmatched(rated: Rated, channel: RatingChannel) -> Door:
    """The way to something that is not a service: anybody may come, so the sender and the window have limits."""
    limits = {f"rate:{asker()}": (PER_ADDRESS, MINUTE)}
    if rated.window:
        limits[f"rate:window:{rated.window.pk}"] = (PER_WINDOW, MINUTE)
    return Door(rated, channel, Origin.UNMATCHED, limits=limits)


def rate(request: HttpRequest, door: Door) -> HttpResponse:
    """Shows the page (GET) or takes the rating (POST) and leads to its receipt."""
    posted = request.method == "POST"
    service = door.rated.service
    if service is not None:
        if not posted and (earlier := queries.rating_of(service.key)):
            return _already(request, door, earlier)
        if last_day := queries.closed_since(service, timezone.localdate()):
            return _too_old(request, door, service, last_day)
    form = RatingForm(request.POST if posted else None, tags=queries.active_tags())
    if not posted or not form.is_valid():
        return _page(request, door, form)
    if not within(door.limits):
        ask_to_wait(form)
        return waiting(_page(request, door, form))
    nonce = form.cleaned_data["nonce"]
    try:
        submit_evaluation(
            door.rated, form.words(), nonce=nonce, channel=door.channel, origin=door.origin, at=timezone.now()
        )
    except AlreadyRated as known:
        return _already(request, door, known.evaluation)
    return redirect("receipt", signing.dumps(nonce, salt=RECEIPT))


def _page(request: HttpRequest, door: Door, form: RatingForm) -> HttpResponse:
    return render(request, "evaluations/rate.html", {"door": door, "form": form})


def _already(request: HttpRequest, door: Door, evaluation: Evaluation) -> HttpResponse:
    """One service, one review: when it was rated, and to its owner also how."""
    labels = [gettext(tag.label) for tag in queries.tags_of(evaluation)] if door.shows_earlier else []
    context = {"door": door, "evaluation": evaluation, "labels": labels}
    return render(request, "evaluations/already.html", context, status=409 if request.method == "POST" else 200)


def _too_old(request: HttpRequest, door: Door, service: Service, last_day: date) -> HttpResponse:
    days = settings.SUPPLEMENT_WORKING_DAYS
    context = {"door": door, "service": service, "last_day": last_day, "days": days}
    return render(request, "evaluations/too_old.html", context, status=409 if request.method == "POST" else 200)
