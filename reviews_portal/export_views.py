"""导出记录: who took what out row by row, why, and with whose consent; and files of the trail itself."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from common.enums import ExportKind
from common.forms import InstructionsMixin
from common.models import Export
from organizations import actions
from organizations.access import READS_TRAIL
from organizations.calendar import end_of
from organizations.forms import ExportForm
from organizations.views.doors import Page, for_roles, one_act, staff_of
from reviews_portal.trail_views import BELIEVABLE, PAGE, READS_ADDRESSES, TrailForm, tabs


class ExportsForm(InstructionsMixin, forms.Form):
    mark_optional = False

    who = forms.CharField(label=gettext_lazy("申请人"), max_length=60, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("导出内容"), choices=[("", gettext_lazy("全部")), *ExportKind.choices], required=False
    )
    until = forms.DateField(label=gettext_lazy("止"), required=False, validators=BELIEVABLE)
    large = forms.BooleanField(label=gettext_lazy("只看需要第二人的"), required=False)


@for_roles(READS_TRAIL)
@require_safe
def exports(request: HttpRequest) -> HttpResponse:
    """Every file that was ordered, newest first."""
    form = ExportsForm(request.GET or None)
    rows = Export.objects.select_related("by", "decided_by").prefetch_related("takings")
    if form.is_valid():
        chosen = form.cleaned_data
        filters = {
            "by__name__icontains": chosen["who"],
            "kind": chosen["kind"],
            "requested_at__lte": end_of(chosen["until"]) if chosen["until"] else None,
            "takes_two": chosen["large"],
        }
        rows = rows.filter(**{name: value for name, value in filters.items() if value})
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: PAGE + 1])
    kept = request.GET.copy()
    if len(found) > PAGE:
        kept["before"] = str(found[PAGE - 1].pk)
    context = {
        "tabs": tabs("audit-exports"),
        "form": form,
        "exports": found[:PAGE],
        "next_url": f"?{kept.urlencode()}" if len(found) > PAGE else "",
    }
    return render(request, "reviews_portal/trail/exports.html", context)


@for_roles(READS_TRAIL)
def trail_file(request: HttpRequest) -> HttpResponse:
    """Orders what the search in the address finds as a file, with a reason."""
    user = staff_of(request)
    search = TrailForm(request.GET, addresses=user.has_role(*READS_ADDRESSES))
    filters = {name: value for name, value in request.GET.items() if name in search.fields and value}
    form = ExportForm(request.POST or None, initial={"format": "csv"})
    page = Page(
        _("导出审计记录"),
        reverse("exports"),
        _("申请导出"),
        _("已开始生成文件,完成后可在这里下载。"),
        about=_("导出的是刚才查到的全部记录;写明用途,导出本身也留下审计记录。"),
    )
    return one_act(
        request,
        form,
        lambda **who: actions.order_export(ExportKind.TRAIL, filters=filters, **form.cleaned_data, **who),
        page,
    )
