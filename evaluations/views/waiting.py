"""等待处理的行: codes nobody here knows, mapped once or given up; ratings whose service has not come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from common.forms import InstructionsMixin, PortalForm
from evaluations.actions.releases import map_code, refuse_waiting
from evaluations.enums import CodeKind
from evaluations.lists.intake import (
    Thing,
    WaitingCode,
    negatives_among,
    thing_of,
    things_like,
    waiting_codes,
    waiting_for,
    waiting_services,
)
from evaluations.models import Source
from evaluations.views.desk import actor_of, for_readers, for_runners, number, runs, tabs
from organizations.models import ServiceItem, Window
from organizations.views.doors import staff_of

CODES, LOOKED_AT = 200, 2_000


@for_readers
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Codes and services that rows wait for."""
    codes = waiting_codes(CODES + 1)
    context = {
        "tabs": tabs(request, "intake-waiting"),
        "runs": runs(request),
        "codes": [(code, _query(code)) for code in codes[:CODES]],
        "more": len(codes) > CODES,
        "services": [(group, _query(group)) for group in waiting_services()],
        "names": dict(Source.objects.values_list("code", "name")),
    }
    return render(request, "evaluations/intake/waiting.html", context)


def _query(group: WaitingCode) -> str:
    return urlencode({"source": group.source, "kind": group.kind, "code": group.code})


@dataclass(frozen=True)
class Asked:
    """What an address names: the rows of a source that wait for one thing."""

    source: Source
    kind: CodeKind
    code: str
    rows: int

    @property
    def query(self) -> str:
        return urlencode({"source": self.source.pk, "kind": self.kind, "code": self.code})


def _asked(request: HttpRequest) -> Asked:
    """What the address names.

    Raises:
        Http404: nothing waits for it.
    """
    named = {name: request.GET.get(name, "") for name in ("source", "kind", "code")}
    source = Source.objects.filter(pk=named["source"][:20]).first()
    if source is None or named["kind"] not in CodeKind.values or bool(named["code"]) == (named["kind"] == "service"):
        raise Http404
    kind, code = CodeKind(named["kind"]), named["code"]
    count = waiting_for(source.pk, kind, code).count()
    if not count:
        raise Http404
    return Asked(source, kind, code, count)


class LookForm(InstructionsMixin, forms.Form):
    mark_optional = False

    q = forms.CharField(label=gettext_lazy("名称或编码"), max_length=60, required=False)


@for_runners
def map_to(request: HttpRequest) -> HttpResponse:
    """Looks for what a code means and says so; the rows come in with the next sweep, within a minute."""
    asked = _asked(request)
    if asked.kind == CodeKind.SERVICE:
        raise Http404
    if request.method == "POST":
        return _mapped(request, asked)
    look = LookForm({"q": request.GET.get("q", "")})
    words = look.cleaned_data["q"] if look.is_valid() else ""
    # Before anybody has looked for anything: what differs by zeros that a spreadsheet has eaten.
    found = things_like(asked.kind, words or asked.code.strip("0"))
    context = {"asked": asked, "form": look, "words": words, "found": [_told(thing) for thing in found]}
    return render(request, "evaluations/intake/map.html", context)


def _told(thing: Thing) -> dict[str, Any]:
    """A unit, item or window as somebody recognises it."""
    if isinstance(thing, Window):
        return {"pk": thing.pk, "name": f"{thing.hall} {thing}", "code": f"{thing.hall.code}-{thing.number}"}
    more = str(thing.unit) if isinstance(thing, ServiceItem) else ""
    return {"pk": thing.pk, "name": str(thing), "code": thing.code, "more": more}


def _mapped(request: HttpRequest, asked: Asked) -> HttpResponse:
    pk = number(request.POST.get("thing"))
    thing = thing_of(asked.kind, pk) if pk else None
    if thing is None:
        messages.warning(request, _("请从查到的结果里选一个。"))
        return redirect(f"{reverse('intake-map')}?{asked.query}")
    by, staff = actor_of(request), staff_of(request)
    map_code(asked.source.pk, asked.kind, asked.code, thing, by=by, staff=staff, at=timezone.now())
    words = {"code": asked.code, "thing": thing, "rows": asked.rows}
    messages.success(request, _("“%(code)s”已对应到%(thing)s,等待的 %(rows)d 行会在一分钟内入库。") % words)
    return redirect("intake-waiting")


class GiveUpForm(PortalForm):
    """Since when, if it is about services, and why."""

    before = forms.DateField(
        label=gettext_lazy("只处理这一天以前收到的"),
        required=False,
        help_text=gettext_lazy("不填就是全部。办件可能还会到的,请留着。"),
    )
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=200)


@for_runners
def give_up(request: HttpRequest) -> HttpResponse:
    """Refuses rows for good, with a reason that stands in the report of their batch."""
    asked = _asked(request)
    form = GiveUpForm(request.POST or None)
    if asked.kind != CodeKind.SERVICE:
        del form.fields["before"]
    if request.method == "POST" and form.is_valid():
        given = {"code": asked.code, "before": _midnight(form), "reason": form.cleaned_data["reason"]}
        count = refuse_waiting(asked.source.pk, asked.kind, by=actor_of(request), at=timezone.now(), **given)
        messages.success(request, _("已退回 %(count)d 行,不再等待。") % {"count": count})
        return redirect("intake-waiting")
    rows = waiting_for(asked.source.pk, asked.kind, asked.code)
    looked = min(asked.rows, LOOKED_AT)
    context = {"asked": asked, "form": form, "negatives": negatives_among(rows, LOOKED_AT), "looked": looked}
    return render(request, "evaluations/intake/give_up.html", context)


def _midnight(form: GiveUpForm) -> datetime | None:
    day = form.cleaned_data.get("before")
    return timezone.make_aware(datetime.combine(day, time())) if day else None
