"""评价疑点: the list, one finding, its explanation by the unit, its decision by a supervisor. Praise as blame."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessment import lists
from assessment.access import DECIDES_FINDINGS, EXPLAINS_FINDINGS, READS_FINDINGS, explaining_duty
from assessment.actions import decide_finding, explain_finding
from assessment.enums import FindingState
from assessment.filters import FindingsFilter
from assessment.forms import DecisionForm, ExplanationForm
from assessment.models import Finding
from organizations.views.doors import Page, for_roles, one_act, staff_of

PAGE = 50


@require_safe
@for_roles(READS_FINDINGS)
def findings(request: HttpRequest) -> HttpResponse:
    """The findings one reads, the newest first, and how many there are of each signal."""
    seen = Finding.objects.visible_to(staff_of(request))
    form = FindingsFilter(request.GET, rows=seen)
    before = request.GET.get("before", "")
    rows = form.narrowed().select_related("unit", "window__hall").order_by("-pk")
    if before.isascii() and before.isdigit() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE + 1])
    query = request.GET.copy()
    if len(found) > PAGE:
        query["before"] = str(found[PAGE - 1].pk)
    context = {
        "form": form,
        "narrowed": any(request.GET.get(name) for name in form.fields),
        "rows": found[:PAGE],
        "signals": lists.by_signal(form.of_days()),
        "next_url": f"?{query.urlencode()}" if len(found) > PAGE else "",
    }
    return render(request, "assessment/findings.html", context)


def _seen(request: HttpRequest, number: int) -> Finding:
    rows = Finding.objects.visible_to(staff_of(request)).select_related("unit__region", "window__hall", "decided_by")
    return get_object_or_404(rows, pk=number)


@require_safe
@for_roles(READS_FINDINGS)
def finding(request: HttpRequest, number: int) -> HttpResponse:
    """One finding: what was counted, against what, how likely, what else it may be, and the ratings it is about."""
    user, one = staff_of(request), _seen(request, number)
    explains = one.state == FindingState.OPEN and explaining_duty(user.duties, one.unit) is not None
    context = {"told": lists.told(one), "finding": one, "decides": lists.decides(user, one), "explains": explains}
    return render(request, "assessment/finding.html", context)


@for_roles(DECIDES_FINDINGS)
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """A supervisor of the region says what it is, with a reason."""
    one = _seen(request, number)
    form = DecisionForm(request.POST or None)
    page = Page(
        title=_("认定疑点"),
        back=reverse("finding", args=[one.pk]),
        submit=_("认定"),
        done=_("已认定。评价原样保留。"),
        about=_("认定只记录结论,不删除、不修改评价;是否影响得分由考核方案决定。可以重新认定,每次都留痕。"),
        subject=f"{one.get_signal_display()} · {one.unit or one.subject}",
    )
    return one_act(request, form, lambda **who: decide_finding(one, **form.cleaned_data, **who), page)


@for_roles(EXPLAINS_FINDINGS)
def explain(request: HttpRequest, number: int) -> HttpResponse:
    """The unit says what it knows, before anybody decides."""
    one = _seen(request, number)
    form = ExplanationForm(request.POST or None, initial={"note": one.explanation})
    page = Page(
        title=_("说明情况"),
        back=reverse("finding", args=[one.pk]),
        submit=_("提交说明"),
        done=_("说明已提交,认定的人会看到。"),
        subject=f"{one.get_signal_display()} · {one.day:%F}",
    )
    return one_act(request, form, lambda **who: explain_finding(one, **form.cleaned_data, **who), page)
