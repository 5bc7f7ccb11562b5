"""Rights: who holds which role where, granted and ended by the security administrator."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organizations import actions
from organizations.access import ENDS_ROLES, GRANTS_ROLES
from organizations.enums import Role
from organizations.filters import SecurityFilter
from organizations.forms import EndForm, ReasonForm, RoleForm
from organizations.models import Membership, Staff
from organizations.queries import with_security
from organizations.views.doors import Page, for_roles, keyset, one_act


@require_safe
@for_roles(GRANTS_ROLES)
def grid(request: HttpRequest) -> HttpResponse:
    """People × roles, with who has no second factor and who has not been here for 90 days."""
    people = with_security(Staff.objects.filter(is_active=True), timezone.now())
    found = SecurityFilter(request.GET, people)
    page = keyset(request, found.qs, "username")
    columns = [role for role in Role if any(duty.role == role for row in page.rows for duty in row.held)]
    rows = [(row, [[duty for duty in row.held if duty.role == role] for role in columns]) for row in page.rows]
    context = {"filter": found, "page": page, "columns": columns, "rows": rows}
    return render(request, "organizations/grid.html", context)


@for_roles(GRANTS_ROLES)
def add(request: HttpRequest, username: str) -> HttpResponse:
    row = get_object_or_404(Staff, username=username)
    form = RoleForm(request.POST or None, initial={"valid_from": timezone.localdate()})
    page = Page(
        _("授予角色"),
        reverse("structure-person", args=[username]),
        _("授予角色"),
        _("已授予角色。"),
        about=_("三员分立:系统、安全、审计管理员不能由同一人兼任;不能给自己授权。"),
        subject=str(row),
    )
    return one_act(request, form, lambda **who: actions.add_membership(row, **form.cleaned_data, **who), page)


@for_roles(ENDS_ROLES)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Membership.objects.select_related("staff", "unit"), pk=pk)
    form = EndForm(request.POST or None, initial={"on": timezone.localdate()})
    page = Page(
        _("结束任职"),
        reverse("structure-person", args=[row.staff.username]),
        _("确定最后一天"),
        _("已确定最后一天。"),
        about=_("%(role)s,%(unit)s。最后一天当天仍然有效;要立即失效请填昨天。")
        % {"role": row.get_role_display(), "unit": row.unit},
        subject=str(row.staff),
    )
    return one_act(request, form, lambda **who: actions.end_membership(row, **form.cleaned_data, **who), page)


@for_roles(GRANTS_ROLES)
def second_factor(request: HttpRequest, username: str) -> HttpResponse:
    row = get_object_or_404(Staff, username=username)
    form = ReasonForm(request.POST or None)
    page = Page(
        _("重置两步验证"),
        reverse("structure-person", args=[username]),
        _("重置两步验证"),
        _("已重置。此人下次登录时重新设置。"),
        about=_("请先当面或电话核实身份。此人已登录的设备全部退出。"),
        danger=True,
        subject=str(row),
    )
    return one_act(request, form, lambda **who: actions.reset_second_factor(row, **form.cleaned_data, **who), page)
