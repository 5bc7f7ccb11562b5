"""The ways in: a one-time link, the sign of a window, number and name, or a thing that is not a service."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from evaluations import queries
from evaluations.actions import Rated
from evaluations.enums import Limited, LinkKind, Origin, RatingChannel
from evaluations.forms import FindServiceForm, SearchForm
from evaluations.views.manners import (
    ask_to_wait,
    asker,
    gone,
    private,
    replaced,
    service_on_phone,
    waiting,
    within,
)
from evaluations.views.rating import of_service, rate, unmatched
from organizations.enums import Topic
from organizations.models import RetiredSign, Window
from organizations.queries import sign_of
from rectification.enums import Target

FOUND, FOUND_SECONDS = "found-service", 30 * 60
HOUR = timedelta(hours=1)
# Of one network. A right link is always opened, however many wrong ones came from there: 128 bits are not guessed.
WRONG_LINKS, TEN_MINUTES = 20, timedelta(minutes=10)
page = require_http_methods(["GET", "HEAD", "POST"])
# Of these there is one in the city, so the key says no more than that.
THE_CITY = "city"
LINKS = {
    LinkKind.SLIP: (RatingChannel.SLIP, Origin.ACTIVE),
    LinkKind.SMS: (RatingChannel.SMS, Origin.INVITED),
}


@require_safe
def rate_start(request: HttpRequest) -> HttpResponse:
    """Where one begins without a link: a service by number and name, or something else to rate."""
    search = SearchForm(request.GET) if "q" in request.GET else SearchForm()
    words = search.cleaned_data["q"].strip() if search.is_bound and search.is_valid() else ""
    context = {
        "form": FindServiceForm(),
        "search": search,
        "words": words,
        "items": queries.items_named(words) if words else [],
        "halls": queries.halls(),
        "topics": Topic,
        "city": THE_CITY,
    }
    return render(request, "evaluations/start.html", context)


@page
def rate_find(request: HttpRequest) -> HttpResponse:
    """Finds a service by number and name. Whatever does not fit gets the same answer."""
    form = FindServiceForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "evaluations/find.html", {"form": form})
    number, name = form.cleaned_data["number"], form.cleaned_data["name"]
    limits = {
        f"find:{number[:60]}": (settings.TRACKING_TRIES_PER_CASE_HOUR, HOUR),
        f"find:from:{asker()}": (settings.TRACKING_TRIES_PER_ADDRESS, HOUR),
    }
    if not within(limits):
        ask_to_wait(form, wait := int(HOUR.total_seconds()) // settings.TRACKING_TRIES_PER_CASE_HOUR)
        return waiting(render(request, "evaluations/find.html", {"form": form}), wait)
    service = queries.find_service(number, name)
    if service is None:
        form.add_error(None, _("没有找到这次办件。请对照回执检查编号和姓名;也可以直接评价窗口、大厅或办事指南。"))
        return render(request, "evaluations/find.html", {"form": form})
    return redirect("rate-service", signing.dumps(service.pk.hex, salt=FOUND))


@page
@private
def rate_service(request: HttpRequest, signed: str) -> HttpResponse:
    """The rating page of a service that was found by number and name a moment ago."""
    try:
        service = queries.service_with(uuid.UUID(signing.loads(signed, salt=FOUND, max_age=FOUND_SECONDS)))
    except signing.BadSignature:
        service = None
    if service is None:
        return gone(request)
    return rate(request, of_service(service, RatingChannel.WEB, Origin.ACTIVE, shows_earlier=True))


@page
@private
def rate_link(request: HttpRequest, token: str) -> HttpResponse:
    """The rating page behind a one-time link. Opening it spends nothing: previews of messages open links too."""
    link = queries.service_of_link(token, timezone.now())
    if link is None:
        wait = not within({f"link:wrong:{asker()}": (WRONG_LINKS, TEN_MINUTES)})
        return waiting(gone(request), 60) if wait else gone(request)
    channel, origin = LINKS[LinkKind(link.kind)]
    invitation = token if link.kind == LinkKind.SMS and link.service.contact_id else ""
    door = of_service(link.service, channel, origin, shows_earlier=True, invitation=invitation)
    return rate(request, replace(door, counted={Limited.TOKEN: str(link.pk)}))


@page
@private
def rate_phone(request: HttpRequest, signed: str) -> HttpResponse:
    """The rating page of a service that somebody has scanned from the tablet at the window, to rate it in private."""
    service = service_on_phone(signed)
    if service is None:
        return gone(request)
    return rate(request, of_service(service, RatingChannel.WINDOW_QR, Origin.ACTIVE, shows_earlier=False))


@page
@private
def rate_window(request: HttpRequest, sign_code: str) -> HttpResponse:
    """The static sign of a window: choose one of today's services, or rate the window itself.

    Only the evaluator's own choice binds a rating to a service (docs/decisions.md D14).
    """
    sign = sign_of(sign_code)
    if sign is None:
        return gone(request)
    if isinstance(sign, RetiredSign) and sign.taken_until(settings.SIGN_GRACE_DAYS) <= timezone.now():
        return replaced(request, sign)
    window = sign.window if isinstance(sign, RetiredSign) else sign
    today, chosen = timezone.localdate(), request.GET.get("matter", "")
    service = queries.service_at_window(window, today, chosen)
    if service is not None:
        return rate(request, of_service(service, RatingChannel.WINDOW_QR, Origin.ACTIVE, shows_earlier=False))
    services = [] if chosen or request.method == "POST" else list(queries.services_at_window(window, today)[:30])
    if services:
        return render(request, "evaluations/window.html", {"window": window, "services": services})
    return rate(request, unmatched(window_itself(window), RatingChannel.WINDOW_QR))


def window_itself(window: Window) -> Rated:
    """A window as the thing that is rated, by somebody who names no service."""
    return Rated(target=Target.WINDOW, unit=window.unit, hall=window.hall, window=window)


@page
def rate_about(request: HttpRequest, target: str, key: str) -> HttpResponse:
    """The rating page of something that is not a service: guide, hall, platform, hotline or reform topic."""
    rated = _thing(target, key)
    return gone(request) if rated is None else rate(request, unmatched(rated, RatingChannel.WEB))


def _thing(target: str, key: str) -> Rated | None:
    if target == Target.GUIDE and (item := queries.guide_of(key)):
        return Rated(target=Target.GUIDE, unit=item.unit, item=item)
    if target == Target.HALL and (hall := queries.hall_of(key)):
        return Rated(target=Target.HALL, unit=hall.unit, hall=hall)
    body = queries.city_body()
    if body and target == Target.TOPIC and key in Topic.values:
        return Rated(target=Target.TOPIC, unit=body, topic=Topic(key))
    if body and target in (Target.PLATFORM, Target.HOTLINE) and key == THE_CITY:
        return Rated(target=Target(target), unit=body)
    return None
