"""Service items (事项)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organizations import actions
from organizations.access import EDITS_STRUCTURE
from organizations.filters import ItemFilter
from organizations.forms import CloseForm, ItemForm
from organizations.models import ServiceItem
from organizations.views.doors import Page, for_roles, keyset, one_act


@require_safe
@for_roles(EDITS_STRUCTURE)
def items(request: HttpRequest) -> HttpResponse:
    """Service items by code."""
    found = ItemFilter(request.GET, ServiceItem.objects.select_related("unit"))
    return render(request, "organizations/items.html", {"filter": found, "page": keyset(request, found.qs, "code")})


@for_roles(EDITS_STRUCTURE)
def add_item(request: HttpRequest) -> HttpResponse:
    form = ItemForm(request.POST or None)
    page = Page(_("新增事项"), reverse("structure-items"), _("新增事项"), _("已新增事项。"))
    return one_act(request, form, lambda **who: actions.add_item(**form.key, **form.facts, **who), page)


@for_roles(EDITS_STRUCTURE)
def item(request: HttpRequest, code: str) -> HttpResponse:
    row = get_object_or_404(ServiceItem.objects.select_related("unit"), code=code)
    initial = {
        "code": row.code,
        "name": row.name,
        "unit": row.unit.code,
        "task_type": row.task_type,
        "topics": row.topics,
    }
    form = ItemForm(request.POST or None, initial=initial, fixed=True)
    page = Page("", reverse("structure-items"), _("保存"), _("已保存。"), subject=str(row))
    return one_act(
        request,
        form,
        lambda **who: actions.change_item(row, **form.facts, **who),
        page,
        template="organizations/item.html",
        item=row,
    )


@for_roles(EDITS_STRUCTURE)
def close_item(request: HttpRequest, code: str) -> HttpResponse:
    row = get_object_or_404(ServiceItem, code=code)
    form = CloseForm(request.POST or None)
    page = Page(
        _("取消事项"),
        reverse("structure-items"),
        _("取消事项"),
        _("已取消事项。"),
        about=_("取消以后不再能被评价。已有评价和案件不变。"),
        danger=True,
        subject=row.name,
    )
    return one_act(request, form, lambda **who: actions.close_item(row, **form.cleaned_data, **who), page)
