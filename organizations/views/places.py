"""Regions, halls and their windows."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organizations import actions
from organizations.access import EDITS_STRUCTURE
from organizations.forms import CloseForm, HallForm, RegionForm, WindowForm
from organizations.models import Hall, Region, Window
from organizations.queries import structure_counts
from organizations.views.doors import Page, for_roles, one_act


@require_safe
@for_roles(EDITS_STRUCTURE)
def structure(request: HttpRequest) -> HttpResponse:
    """The way to each list, with how much is in it."""
    return render(request, "organizations/structure.html", {"counts": structure_counts()})


@require_safe
@for_roles(EDITS_STRUCTURE)
def regions(request: HttpRequest) -> HttpResponse:
    """All divisions in the order of their codes, which is the tree."""
    return render(request, "organizations/regions.html", {"regions": Region.objects.annotate(Count("units"))})


@for_roles(EDITS_STRUCTURE)
def add_region(request: HttpRequest) -> HttpResponse:
    form = RegionForm(request.POST or None)
    page = Page(_("新增区划"), reverse("structure-regions"), _("新增区划"), _("已新增区划。"))
    return one_act(request, form, lambda **who: actions.add_region(**form.key, **form.facts, **who), page)


@for_roles(EDITS_STRUCTURE)
def region(request: HttpRequest, code: str) -> HttpResponse:
    row = get_object_or_404(Region, code=code)
    initial = {"code": row.code, "name": row.name, "level": row.level, "functional_zone": row.functional_zone}
    form = RegionForm(request.POST or None, initial=initial, fixed=True)
    page = Page("", reverse("structure-regions"), _("保存"), _("已保存。"), subject=str(row))
    return one_act(request, form, lambda **who: actions.change_region(row, **form.facts, **who), page)


@require_safe
@for_roles(EDITS_STRUCTURE)
def halls(request: HttpRequest) -> HttpResponse:
    """All halls with the number of their windows."""
    counted = Hall.objects.select_related("region", "unit").annotate(
        open_windows=Count("windows", filter=Q(windows__closed_on=None))
    )
    return render(request, "organizations/halls.html", {"halls": counted})


@for_roles(EDITS_STRUCTURE)
def add_hall(request: HttpRequest) -> HttpResponse:
    form = HallForm(request.POST or None)
    page = Page(_("新增大厅"), reverse("structure-halls"), _("新增大厅"), _("已新增大厅。"))
    return one_act(request, form, lambda **who: actions.add_hall(**form.key, **form.facts, **who), page)


@for_roles(EDITS_STRUCTURE)
def hall(request: HttpRequest, code: str) -> HttpResponse:
    """A hall's facts as a form, and its windows below."""
    row = get_object_or_404(Hall.objects.select_related("region", "unit"), code=code)
    initial = {
        "code": row.code,
        "name": row.name,
        "region": row.region.code,
        "unit": row.unit.code,
        "address": row.address,
    }
    form = HallForm(request.POST or None, initial=initial, fixed=True)
    page = Page("", reverse("structure-hall", args=[code]), _("保存"), _("已保存。"), subject=str(row))
    return one_act(
        request,
        form,
        lambda **who: actions.change_hall(row, **form.facts, **who),
        page,
        template="organizations/hall.html",
        hall=row,
        windows=row.windows.select_related("unit"),
        has_signs=row.windows.open().exists(),
    )


@for_roles(EDITS_STRUCTURE)
def add_window(request: HttpRequest, code: str) -> HttpResponse:
    row = get_object_or_404(Hall, code=code)
    form = WindowForm(request.POST or None, initial={"hall": row.code})
    page = Page(_("新增窗口"), reverse("structure-hall", args=[code]), _("新增窗口"), _("已新增窗口。"))
    return one_act(request, form, lambda **who: actions.add_window(**form.key, **form.facts, **who), page)


@for_roles(EDITS_STRUCTURE)
def window(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Window.objects.select_related("hall", "unit"), pk=pk)
    initial = {"hall": row.hall.code, "number": row.number, "name": row.name, "unit": row.unit.code}
    form = WindowForm(request.POST or None, initial=initial, fixed=True)
    page = Page("", reverse("structure-hall", args=[row.hall.code]), _("保存"), _("已保存。"), subject=str(row))
    return one_act(
        request,
        form,
        lambda **who: actions.change_window(row, **form.facts, **who),
        page,
        template="organizations/window.html",
        window=row,
    )


@for_roles(EDITS_STRUCTURE)
def close_window(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Window.objects.select_related("hall"), pk=pk)
    form = CloseForm(request.POST or None)
    page = Page(
        _("关闭窗口"),
        reverse("structure-hall", args=[row.hall.code]),
        _("关闭窗口"),
        _("已关闭窗口。"),
        about=_("关闭以后不再打印它的二维码。已贴出的二维码仍能评价在这里办过的事,请取下。"),
        danger=True,
        subject=str(row),
    )
    return one_act(request, form, lambda **who: actions.close_window(row, **form.cleaned_data, **who), page)
