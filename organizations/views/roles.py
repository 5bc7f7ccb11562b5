"""Rights: who holds which role where, granted and ended by the security administrator."""

from __future__ import annotations

import csv
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.rows import safe_cell
from organizations import actions
from organizations.access import ENDS_ROLES, GRANTS_ROLES, takes_two
from organizations.enums import Role
from organizations.filters import SecurityFilter
from organizations.forms import EndForm, GrantForm, ReasonForm
from organizations.models import Membership, RoleProposal, Staff
from organizations.queries import with_security
from organizations.views.doors import PAGE, Page, for_roles, keyset, one_act, staff_of

# As many people as one prints; a city's staff is in the file.
PRINTED = 2000


def _people(request: HttpRequest) -> SecurityFilter:
    return SecurityFilter(request.GET, with_security(Staff.objects.filter(is_active=True), timezone.now()))


@require_safe
@for_roles(GRANTS_ROLES)
def grid(request: HttpRequest) -> HttpResponse:
    """People × roles, with who has no second factor and who has not been here for long; with `print`, all at once."""
    found = _people(request)
    printed = "print" in request.GET
    page = keyset(request, found.qs, "username", PRINTED if printed else PAGE)
    columns = [role for role in Role if any(duty.role == role for row in page.rows for duty in row.held)]
    rows = [(row, [[duty for duty in row.held if duty.role == role] for role in columns]) for row in page.rows]
    kept = request.GET.copy()
    for name in ("after", "before", "print"):
        kept.pop(name, None)
    context = {
        "filter": found,
        "page": page,
        "columns": columns,
        "rows": rows,
        "idle_days": settings.IDLE_DAYS,
        "printed": printed,
        "query": kept.urlencode(),
        "waiting": RoleProposal.objects.filter(approved=None).count(),
        "address": request.build_absolute_uri(),
    }
    return render(request, "organizations/grid.html", context)


@require_POST
@for_roles(GRANTS_ROLES)
def grid_file(request: HttpRequest) -> HttpResponse:
    """The same as a file: one line for each role somebody holds, and one for who holds none."""
    found = _people(request)
    people = list(found.qs.order_by("username")) if found.is_valid() else []
    actions.record_people_file(staff_of(request), len(people), at=timezone.now())
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="roles-{timezone.localdate():%Y%m%d}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(
        [_("工号"), _("姓名"), _("角色"), _("单位"), _("起"), _("止"), _("两步验证"), _("最近登录"), _("长期未登录")]
    )
    for row in people:
        for duty in row.held or [None]:
            writer.writerow([safe_cell(cell) for cell in _cells(row, duty)])
    return response


def _cells(row: Any, duty: Membership | None) -> list[str]:
    held = (
        [duty.get_role_display(), duty.unit.name, f"{duty.valid_from}", f"{duty.valid_to or ''}"] if duty else [""] * 4
    )
    seen = f"{timezone.localtime(row.last_login):%Y-%m-%d %H:%M}" if row.last_login else ""
    return [row.username, row.name, *held, _yes(row.second_factor), seen, _yes(row.idle)]


def _yes(value: bool) -> str:
    return _("是") if value else _("否")


@for_roles(GRANTS_ROLES)
def add(request: HttpRequest, username: str) -> HttpResponse:
    row = get_object_or_404(Staff, username=username)
    form = GrantForm(request.POST or None, initial={"valid_from": timezone.localdate()})
    two = takes_two(request.POST.get("role", ""), second_person=settings.ROLE_SECOND_PERSON)
    page = Page(
        _("授予角色"),
        reverse("structure-person", args=[username]),
        _("授予角色"),
        _("已提名,等待另一位管理员确认。") if two else _("已授予角色。"),
        about=_("三员分立:系统、安全、审计管理员不能由同一人兼任;不能给自己授权。"),
        subject=str(row),
    )
    return one_act(request, form, lambda **who: actions.grant_or_propose(row, **form.cleaned_data, **who), page)


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
