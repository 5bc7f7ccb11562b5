"""The public home page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from disclosure.queries.public import last_rectified
from disclosure.views.manners import public_page
from evaluations.queries.suggestions import public_suggestions

CHANGED = 3


@require_safe
@public_page
def home(request: HttpRequest) -> HttpResponse:
    """Rate, track, read what came of it, and how a 差评 is dealt with."""
    adopted = public_suggestions(adopted=True).exclude(public_result="").order_by("-pk")[:CHANGED]
    context = {"changed": last_rectified(CHANGED), "adopted": adopted}
    return render(request, "reviews_portal/home.html", context)
