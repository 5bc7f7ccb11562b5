"""抽访 on the desk: plans, whom the lot fell on, how far the calls are, and what people said."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from evaluations.access import READS_SURVEYS, RUNS_SURVEYS
from evaluations.actions.drawing import close_plan, order_draw
from evaluations.enums.surveys import CallStage, PlanStage, SampleMethod
from evaluations.forms.surveys import PlanForm
from evaluations.models import SamplingPlan
from evaluations.queries import surveys as queries
from evaluations.queries.reviews import results_of
from evaluations.views.paging import in_order, newest
from organizations.actions import Refused
from organizations.models import Staff
from organizations.views.doors import Page, for_roles, one_act, staff_of


def _find(pk: int) -> SamplingPlan:
    found = SamplingPlan.objects.select_related("questionnaire", "made_by").filter(pk=pk).first()
    if found is None:
        raise Http404(str(pk))
    return found


@for_roles(READS_SURVEYS)
@require_safe
def surveys(request: HttpRequest) -> HttpResponse:
    """All plans, the newest first, with how far each is."""
    plans, next_url = newest(request, SamplingPlan.objects.select_related("questionnaire"))
    progress = queries.progress_of(plans)
    context = {
        "rows": [(plan, progress[plan.pk]) for plan in plans],
        "next_url": next_url,
        "runs": staff_of(request).has_role(*RUNS_SURVEYS),
    }
    return render(request, "evaluations/surveys/list.html", context)


@for_roles(RUNS_SURVEYS)
def survey_add(request: HttpRequest) -> HttpResponse:
    """Orders a draw."""
    form = PlanForm(request.POST or None)

    def order(*, by: Staff, at: datetime) -> None:
        order_draw(form.design(), form.cleaned_data["script"], by=by, at=at)

    about = _("从留了手机号并同意回访的人里抽,好评差评一样抽,每个号码最多抽中一次。随机种子会记下来,可以重抽核对。")
    words = Page(_("新建抽访"), reverse("surveys"), _("抽取"), _("已安排,几分钟内抽好。"), about=about)
    return one_act(request, form, order, words)


@for_roles(READS_SURVEYS)
@require_safe
def survey(request: HttpRequest, pk: int) -> HttpResponse:
    """One plan: its design with the seed, how far it is, and who calls."""
    plan = _find(pk)
    context = {
        "plan": plan,
        "progress": queries.progress_of([plan])[plan.pk],
        "callers": queries.callers_of(plan),
        "runs": staff_of(request).has_role(*RUNS_SURVEYS),
        "open": plan.stage == PlanStage.OPEN,
        "stratified": plan.method == SampleMethod.STRATIFIED,
    }
    return render(request, "evaluations/surveys/page.html", context)


@for_roles(READS_SURVEYS)
@require_safe
def survey_calls(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom the lot fell on, in the order of the lots; `?stage=` narrows it."""
    plan, stage = _find(pk), request.GET.get("stage", "")
    calls = plan.calls.select_related("unit", "item", "taken_by")
    rows, next_url = in_order(request, calls.filter(stage=stage) if stage in CallStage.values else calls, "position")
    context = {"plan": plan, "rows": rows, "next_url": next_url, "stages": CallStage, "stage": stage}
    return render(request, "evaluations/surveys/calls.html", context)


@for_roles(READS_SURVEYS)
@require_safe
def survey_results(request: HttpRequest, pk: int) -> HttpResponse:
    """What people said, with how sure that is, and whether it is what they had rated."""
    plan = _find(pk)
    strata = queries.strata_of(plan)
    context = {
        "plan": plan,
        "progress": queries.progress_of([plan])[plan.pk],
        "results": results_of(plan.questionnaire, queries.sheets_of(plan)),
        "strata": strata,
        "estimate": queries.estimate(strata) if plan.method == SampleMethod.STRATIFIED else None,
        "matrix": queries.matrix_of(plan),
    }
    return render(request, "evaluations/surveys/results.html", context)


@for_roles(RUNS_SURVEYS)
@require_POST
def survey_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends a survey."""
    plan = _find(pk)
    try:
        close_plan(plan, by=staff_of(request), at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("抽访已结束。"))
    return redirect("survey", plan.pk)
