"""有人要求改评价: the ledger of the city supervisors. The unit never sees it."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from common.forms import PortalForm
from organizations.enums import Role
from organizations.views.doors import for_roles, staff_of
from rectification.actions import Refused, settle_pressure_report
from rectification.enums import PressureOutcome
from rectification.forms.base import choice
from rectification.models import PressureReport
from rectification.queries import pressure_figures


class FindingForm(PortalForm):
    outcome = choice(_("核查结果"), PressureOutcome)
    finding = forms.CharField(label=_("核查情况和处理"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


@for_roles({Role.CITY_SUPERVISOR})
@require_safe
def pressure(request: HttpRequest) -> HttpResponse:
    """All reports, the open ones first, and how many came to what."""
    seen = PressureReport.objects.visible_to(staff_of(request))
    reports = seen.select_related("case", "settled_by").order_by("-settled_at", "-pk")[:200]
    return render(request, "rectification/lists/pressure.html", {"reports": reports, "figures": pressure_figures(seen)})


@for_roles({Role.CITY_SUPERVISOR})
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """One report: what was said, and what was found."""
    report = get_object_or_404(PressureReport.objects.visible_to(staff_of(request)).select_related("case"), pk=pk)
    form = FindingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            settle_pressure_report(report, by=staff_of(request), at=timezone.now(), **form.cleaned_data)
            return redirect("pressure")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "rectification/lists/settle.html", {"report": report, "form": form})
