"""Pages that gather from all apps: notices, the outbox, and the administrators' start."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.actions import read_notices, resend_message
from common.models import Notice, OutboxMessage
from common.queries import outbox_health
from organizations.enums import Role
from organizations.queries import staff_actor
from organizations.views.doors import for_roles, staff_of
from reviews_portal.menu import places_for
from reviews_portal.words import kind_words

RUNS_SYSTEM = frozenset({Role.SYSTEM_ADMIN})


@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """One's notices, newest first; a POST marks them read."""
    user = staff_of(request)
    if request.method == "POST":
        read_notices(user.pk, at=timezone.now())
        return redirect("notices")
    rows = [(notice, kind_words(notice.kind)) for notice in Notice.objects.filter(staff=user).order_by("-pk")[:100]]
    return render(request, "reviews_portal/notices.html", {"rows": rows})


@dataclass(frozen=True)
class Tool:
    url: str
    label: str
    about: str


@login_required
@require_safe
def tools(request: HttpRequest) -> HttpResponse:
    """Where those without cases begin: what their role may do."""
    return _places(request, _("工作台"))


@login_required
@require_safe
def more(request: HttpRequest) -> HttpResponse:
    """Every place one may go to, for those whose rail is too short for all."""
    return _places(request, _("更多"))


def _places(request: HttpRequest, title: str) -> HttpResponse:
    places = [place for place in places_for(staff_of(request)) if place.route not in ("desk", "tools")]
    found = [Tool(reverse(place.route), str(place.label), str(place.about)) for place in places]
    return render(request, "reviews_portal/tools.html", {"tools": found, "title": title})


@for_roles(RUNS_SYSTEM)
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """What was not delivered, without texts or addresses."""
    dead = OutboxMessage.objects.dead().defer("body").order_by("-pk")[:100]
    context = {"dead": dead, "health": outbox_health(timezone.now()), "demo": settings.DEMO}
    return render(request, "reviews_portal/outbox.html", context)


@for_roles(RUNS_SYSTEM)
@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Gives a dead message another life."""
    message = get_object_or_404(OutboxMessage.objects.dead(), pk=pk)
    resend_message(message, by=staff_actor(staff_of(request)), at=timezone.now())
    return redirect("outbox")


@require_safe
def demo_outbox(request: HttpRequest) -> HttpResponse:
    """演示发件箱: what citizens would have received, with links to click. Exists in the demo only."""
    if not settings.DEMO:
        raise Http404
    newest = OutboxMessage.objects.order_by("-pk")[:60]
    return render(request, "reviews_portal/demo_outbox.html", {"outbox": newest})
