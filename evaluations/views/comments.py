"""社会"综合点评": what somebody thinks of a hall, the platform, the hotline, a reform, or of it all."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from evaluations import queries, typed
from evaluations.actions import Rated, submit_evaluation
from evaluations.enums import Limited, Origin, RatingChannel
from evaluations.forms import CommentForm
from evaluations.typed import Place
from evaluations.views.limits import admitted, ways_on
from evaluations.views.manners import ask_to_wait, asker, waiting
from evaluations.views.receipts import RECEIPT
from rectification.enums import Target


@require_http_methods(["GET", "HEAD", "POST"])
def rate_comment(request: HttpRequest) -> HttpResponse:
    """The page of a comment (GET), or takes one (POST): counted apart from every rating of a service."""
    places = subjects()
    offered = [(key, _words(place)) for key, place in places.items()]
    form = CommentForm(request.POST if request.method == "POST" else None, subjects=offered)
    if request.method != "POST" or not form.is_valid():
        return _show(request, form)
    place = places[form.cleaned_data["about"]]
    rated = Rated(place.target, place.unit, hall=place.hall, topic=place.topic)
    nonce, channel = form.cleaned_data["nonce"], RatingChannel.SOCIAL
    admission = admitted(request, nonce, {Limited.ADDRESS: asker()})
    if admission.stopped:
        ask_to_wait(form)
        return waiting(_show(request, form, **ways_on(request, nonce)))
    words, over = form.words(), admission.over
    submit_evaluation(rated, words, nonce=nonce, channel=channel, origin=Origin.SOCIAL, at=timezone.now(), over=over)
    return redirect("receipt", signing.dumps(nonce, salt=RECEIPT))


def subjects() -> dict[str, Place]:
    """What can be commented on, by the key that the form sends; services as a whole first."""
    city = typed.city_places()
    whole = [place for place in city if place.target == Target.OVERALL]
    rest = [place for place in city if place.target != Target.OVERALL]
    halls = [typed.in_hall(hall) for hall in queries.halls()]
    return {_key(place): place for place in (*whole, *rest, *halls)}


def _key(place: Place) -> str:
    return ":".join(filter(None, (place.target, place.topic or "", place.hall.code if place.hall else "")))


def _words(place: Place) -> str | Promise:
    if place.hall:
        return place.hall.name
    return place.topic.label if place.topic else typed.OF_THE_CITY[place.target]


def _show(request: HttpRequest, form: CommentForm, **more: Any) -> HttpResponse:
    question = format_html("<h1>{}</h1>", gettext("综合点评:您满意吗?"))
    return render(request, "evaluations/comment.html", {"form": form, "question": question, **more})
