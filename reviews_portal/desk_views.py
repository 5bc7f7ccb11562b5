"""Pages that gather from all apps: notices, the audit trail, the outbox, and the administrators' start."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from common.actions import read_notices, resend_message
from common.forms import InstructionsMixin
from common.models import AuditEntry, AuditSeal, Notice, OutboxMessage
from common.queries import outbox_health
from organizations.access import READS_TRAIL
from organizations.enums import Role
from organizations.queries import staff_actor
from organizations.views.doors import for_roles, staff_of
from reviews_portal.menu import places_for
from reviews_portal.words import kind_words

PAGE = 50
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


class TrailForm(InstructionsMixin, forms.Form):
    mark_optional = False

    who = forms.CharField(label=gettext_lazy("行为人"), max_length=60, required=False)
    what = forms.CharField(label=gettext_lazy("行为"), max_length=60, required=False)
    about = forms.CharField(label=gettext_lazy("对象编号"), max_length=60, required=False)
    since = forms.DateField(label=gettext_lazy("起"), required=False)
    until = forms.DateField(label=gettext_lazy("止"), required=False)


@for_roles(READS_TRAIL)
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """The trail: who, what, when, which case; newest first."""
    form = TrailForm(request.GET or None)
    entries = AuditEntry.objects.order_by("-pk")
    if form.is_valid():
        chosen = {
            "actor_name__icontains": form.cleaned_data["who"],
            "action__icontains": form.cleaned_data["what"],
            "object_id__istartswith": form.cleaned_data["about"],
            "at__date__gte": form.cleaned_data["since"],
            "at__date__lte": form.cleaned_data["until"],
        }
        entries = entries.filter(**{name: value for name, value in chosen.items() if value})
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 18:
        entries = entries.filter(pk__lt=int(before))
    found = list(entries[: PAGE + 1])
    kept = request.GET.copy()
    if len(found) > PAGE:
        kept["before"] = str(found[PAGE - 1].pk)
    context = {
        "form": form,
        "entries": found[:PAGE],
        "next_url": f"?{kept.urlencode()}" if len(found) > PAGE else "",
        "seal": AuditSeal.objects.order_by("-to_transaction").first(),
    }
    return render(request, "reviews_portal/audit.html", context)


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
