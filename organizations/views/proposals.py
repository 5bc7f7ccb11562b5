"""角色提名: what waits for another administrator, and what came of the others."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organizations import actions
from organizations.access import DECIDES_PROPOSALS, may_decide
from organizations.forms import DecisionForm
from organizations.models import RoleProposal
from organizations.views.doors import Page, for_roles, one_act, staff_of

SHOWN = 50


@require_safe
@for_roles(DECIDES_PROPOSALS)
def proposals(request: HttpRequest) -> HttpResponse:
    """What waits first, then what was decided last."""
    me = staff_of(request).pk
    rows = RoleProposal.objects.select_related("staff", "unit", "proposed_by", "decided_by")
    waiting = [
        (row, may_decide(me, proposer=row.proposed_by_id, staff=row.staff_id)) for row in rows.filter(approved=None)
    ]
    context = {"waiting": waiting, "decided": rows.exclude(approved=None).order_by("-decided_at", "-pk")[:SHOWN]}
    return render(request, "organizations/proposals.html", context)


@for_roles(DECIDES_PROPOSALS)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposed role, and the word of another administrator."""
    row = get_object_or_404(RoleProposal.objects.select_related("staff", "unit", "proposed_by"), pk=pk)
    form = DecisionForm(request.POST or None)
    page = Page(
        _("确认角色"), reverse("structure-proposals"), _("提交"), _("已处理,提名人会收到通知。"), subject=str(row.staff)
    )
    return one_act(
        request,
        form,
        lambda **who: actions.decide_proposal(row, **form.cleaned_data, **who),
        page,
        template="organizations/proposal.html",
        proposal=row,
    )
