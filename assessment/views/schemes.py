"""考核办法: versions, the editor of a draft, its simulation, and its way through two people."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from assessment import actions
from assessment.access import KEEPS_SCHEMES, READS_SCHEMES
from assessment.enums import EventKind, SchemeKind, SchemeState
from assessment.forms import NewSchemeForm, SchemeForm
from assessment.models import Scheme
from assessment.scoring import problems_of, read_scheme
from assessment.views.versions import Act, confirm, edit_draft, way_of, ways
from organizations.models import Staff
from organizations.views.doors import Page, for_roles, one_act, staff_of

SHOWN = 40
page = require_http_methods(["GET", "HEAD", "POST"])


@for_roles(READS_SCHEMES)
@require_safe
def schemes(request: HttpRequest) -> HttpResponse:
    """Every version, the city's and the county's."""
    keeps = staff_of(request).has_role(*KEEPS_SCHEMES)
    known = Scheme.objects.select_related("proposed_by", "adopted_by")
    seen = known if keeps else known.filter(adopted_at__isnull=False)
    return render(request, "assessment/schemes/list.html", {"schemes": seen, "keeps": keeps})


@for_roles(READS_SCHEMES)
@require_safe
def scheme(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: what it says, what is not sound yet, and what it would have made of past quarters."""
    user = staff_of(request)
    found = _found(pk, keeps=user.has_role(*KEEPS_SCHEMES))
    content = read_scheme(found.content)
    simulation = [{**one, "rows": one["rows"][:SHOWN], "more": len(one["rows"]) - SHOWN} for one in found.simulation]
    context = {
        "scheme": found,
        "content": content,
        "vetoes": [EventKind(kind).label for kind in content.vetoes],
        "problems": problems_of(content),
        "simulation": simulation,
        "names": {item.code: item.name for item in content.items},
        "keeps": user.has_role(*KEEPS_SCHEMES),
        **way_of(found, ACTS, user),
    }
    return render(request, "assessment/schemes/scheme.html", context)


@for_roles(KEEPS_SCHEMES)
@page
def add(request: HttpRequest) -> HttpResponse:
    """A draft that begins as a copy of the newest adopted version, or of the preset."""
    form = NewSchemeForm(request.POST or None)
    words = Page(
        _("起草新版本"),
        reverse("schemes"),
        _("起草"),
        _("已建立草稿。"),
        about=_("内容从最近施行的版本复制;没有的,从建议方案复制。"),
    )

    def act(by: Staff, at: datetime) -> Scheme:
        kind = SchemeKind(form.cleaned_data["kind"])
        base = Scheme.objects.filter(kind=kind, state=SchemeState.ADOPTED).first()
        return actions.draft_scheme(kind, valid_from=form.cleaned_data["valid_from"], base=base, by=by, at=at)

    return one_act(request, form, act, words)


@for_roles(KEEPS_SCHEMES)
@page
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The editor. What is typed is kept though it is not sound yet; the page of the draft says what is not."""
    found = _found(pk, keeps=True)
    initial = {"name": found.name, "valid_from": found.valid_from, "note": found.note}
    form = SchemeForm(request.POST or None, stored=found.content, initial=initial)

    def save(by: Staff, at: datetime) -> bool:
        data = form.cleaned_data
        said = actions.Wording(data["name"], data["valid_from"], form.content(), data["note"])
        return actions.change_scheme(found, said, by=by, at=at)

    back = reverse("scheme", args=[pk])
    return edit_draft(request, found, form, save, back=back, template="assessment/schemes/edit.html", scheme=found)


ACTS = ways(
    {
        "simulate": Act(
            SchemeState.DRAFT,
            gettext_lazy("用往季数据模拟"),
            gettext_lazy("按这个版本给最近几个季度重新计分,看谁的名次变、变多少、因为什么。不改变任何已有的得分。"),
            actions.simulate_scheme,
        )
    },
    propose=actions.propose_scheme,
    discard=actions.discard_scheme,
    adopt=actions.adopt_scheme,
    adopting=gettext_lazy("审定后不能修改,从施行日期所在的季度起按它计分。"),
    send_back=actions.send_back_scheme,
)


@for_roles(KEEPS_SCHEMES)
@page
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One act on a version, confirmed on a page of its own."""
    own = reverse("scheme", args=[pk])
    return confirm(request, _found(pk, keeps=True), ACTS, verb, listed=reverse("schemes"), own=own)


def _found(pk: int, *, keeps: bool) -> Scheme:
    known = Scheme.objects.select_related("proposed_by", "adopted_by", "changed_by")
    return get_object_or_404(known if keeps else known.filter(adopted_at__isnull=False), pk=pk)
