"""办理时限: the regulation's numbers, and a new version of one of them."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from common.forms import PortalForm
from organizations.access import EDITS_STRUCTURE
from organizations.views.doors import for_roles, staff_of
from rectification.actions import Refused, revise_rule
from rectification.enums import TimeUnit
from rectification.models import DutyRule
from rectification.queries import rules_in_force


class RuleForm(PortalForm):
    amount = forms.IntegerField(label=gettext_lazy("时限"), min_value=1, max_value=365)
    time_unit = forms.ChoiceField(label=gettext_lazy("单位"), choices=TimeUnit)
    extension_max = forms.IntegerField(label=gettext_lazy("可延长"), min_value=0, max_value=365)
    valid_from = forms.DateField(label=gettext_lazy("起用日期"))
    source = forms.CharField(label=gettext_lazy("依据"), max_length=200)


@login_required
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """All versions of the preset in use."""
    rows = DutyRule.objects.filter(preset=settings.DUTY_PRESET)
    may_edit = staff_of(request).has_role(*EDITS_STRUCTURE)
    current = {rule.pk for rule in rules_in_force(timezone.localdate())}
    context = {"rules": rows, "current": current, "may_edit": may_edit, "preset": settings.DUTY_PRESET}
    return render(request, "rectification/lists/rules.html", context)


@for_roles(EDITS_STRUCTURE)
def revise(request: HttpRequest, pk: int) -> HttpResponse:
    """A new version of one rule."""
    rule = get_object_or_404(DutyRule, pk=pk)
    start = {"amount": rule.amount, "time_unit": rule.time_unit, "extension_max": rule.extension_max}
    form = RuleForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            revise_rule(rule, by=staff_of(request), at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error("valid_from", str(refusal))
        else:
            messages.success(request, _("新规则已保存。已经开始的期限不变。"))
            return redirect("rules")
    return render(request, "rectification/lists/rule.html", {"rule": rule, "form": form})
