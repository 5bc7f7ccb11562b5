"""The tree of departments."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organizations import actions
from organizations.access import EDITS_STRUCTURE
from organizations.filters import UnitFilter
from organizations.forms import CloseForm, UnitForm
from organizations.models import Unit
from organizations.views.doors import Page, for_roles, keyset, one_act


@require_safe
@for_roles(EDITS_STRUCTURE)
def units(request: HttpRequest) -> HttpResponse:
    """Units in the order of the tree, with how deep each lies."""
    found = UnitFilter(request.GET, Unit.objects.select_related("region", "parent"))
    page = keyset(request, found.qs, "code")
    return render(request, "organizations/units.html", {"filter": found, "page": page})


@for_roles(EDITS_STRUCTURE)
def add_unit(request: HttpRequest) -> HttpResponse:
    form = UnitForm(request.POST or None, initial={"parent": request.GET.get("parent", "")})
    page = Page(_("新增单位"), reverse("structure-units"), _("新增单位"), _("已新增单位。"))
    return one_act(request, form, lambda **who: actions.add_unit(**form.key, **form.facts, **who), page)


@for_roles(EDITS_STRUCTURE)
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """A unit's facts as a form, with what hangs on it and what it was called."""
    row = get_object_or_404(Unit.objects.select_related("region", "parent"), code=code)
    plain = ("code", "name", "short_name", "uscc", "level", "supervises", "phone")
    initial = {name: getattr(row, name) for name in plain}
    initial |= {"region": row.region.code, "parent": row.parent.code if row.parent else ""}
    form = UnitForm(request.POST or None, initial=initial, fixed=True)
    page = Page("", reverse("structure-unit", args=[code]), _("保存"), _("已保存。"), subject=str(row))
    return one_act(
        request,
        form,
        lambda **who: actions.change_unit(row, **form.facts, **who),
        page,
        template="organizations/unit.html",
        unit=row,
        names=row.names.order_by("-valid"),
        children=row.children.active(),
    )


@for_roles(EDITS_STRUCTURE)
def close_unit(request: HttpRequest, code: str) -> HttpResponse:
    row = get_object_or_404(Unit, code=code)
    form = CloseForm(request.POST or None)
    page = Page(
        _("撤并单位"),
        reverse("structure-unit", args=[code]),
        _("撤并单位"),
        _("已撤并。"),
        about=_("先移走或结束它的下级单位、窗口、事项和任职。已有评价和案件保留原单位。"),
        danger=True,
        subject=row.name,
    )
    return one_act(request, form, lambda **who: actions.close_unit(row, **form.cleaned_data, **who), page)
