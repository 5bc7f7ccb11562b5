"""Accounts: who works here, how they get in, and what happens when they leave."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from organizations import actions
from organizations.access import EDITS_STRUCTURE, ENDS_ROLES, GRANTS_ROLES
from organizations.actions import Refused
from organizations.filters import StaffFilter
from organizations.forms import ReasonForm, StaffForm
from organizations.models import Staff
from organizations.queries import with_security
from organizations.views.doors import Page, for_roles, keyset, one_act, staff_of


@require_safe
@for_roles(EDITS_STRUCTURE)
def staff(request: HttpRequest) -> HttpResponse:
    """Everybody with an account, by number."""
    found = StaffFilter(request.GET, with_security(Staff.objects.all(), timezone.now()))
    page = keyset(request, found.qs, "username")
    return render(request, "organizations/staff.html", {"filter": found, "page": page})


@for_roles(EDITS_STRUCTURE)
def add_staff(request: HttpRequest) -> HttpResponse:
    form = StaffForm(request.POST or None)
    page = Page(
        _("新增人员"),
        reverse("structure-staff"),
        _("新增人员"),
        _("已新增人员。角色由安全管理员授予,密码在人员页发放。"),
        about=_("账号由系统管理员开,角色由安全管理员授予。"),
    )
    return one_act(request, form, lambda **who: actions.create_staff(**form.cleaned_data, **who), page)


@require_safe
@for_roles(ENDS_ROLES)
def person(request: HttpRequest, username: str) -> HttpResponse:
    """One person: account, second factor, roles past and present. What each administrator may do is offered."""
    row = get_object_or_404(Staff, username=username)
    me = staff_of(request)
    return render(
        request,
        "organizations/person.html",
        {
            "person": row,
            "memberships": row.memberships.select_related("unit", "window").order_by("-valid_from", "-pk"),
            "today": timezone.localdate(),
            "second_factor": is_mfa_enabled(row, [Authenticator.Type.TOTP]),
            "edits": me.has_role(*EDITS_STRUCTURE) and me != row,
            "grants": me.has_role(*GRANTS_ROLES) and me != row,
        },
    )


@for_roles(EDITS_STRUCTURE)
def edit_person(request: HttpRequest, username: str) -> HttpResponse:
    row = get_object_or_404(Staff, username=username)
    initial = {"username": row.username, "name": row.name, "email": row.email}
    form = StaffForm(request.POST or None, initial=initial, fixed=True)
    page = Page("", reverse("structure-person", args=[username]), _("保存"), _("已保存。"), subject=str(row))
    return one_act(request, form, lambda **who: actions.change_staff(row, **form.facts, **who), page)


@for_roles(EDITS_STRUCTURE)
def disable(request: HttpRequest, username: str) -> HttpResponse:
    row = get_object_or_404(Staff, username=username)
    form = ReasonForm(request.POST or None)
    page = Page(
        _("停用账号"),
        reverse("structure-person", args=[username]),
        _("停用账号"),
        _("已停用。此人的登录全部失效,本单位主管会收到移交提醒。"),
        about=_("立即生效:不能再登录,已登录的设备全部退出。未办结的件由本单位主管移交。"),
        danger=True,
        subject=str(row),
    )
    return one_act(request, form, lambda **who: actions.disable_staff(row, **form.cleaned_data, **who), page)


@for_roles(EDITS_STRUCTURE)
def enable(request: HttpRequest, username: str) -> HttpResponse:
    row = get_object_or_404(Staff, username=username)
    form = ReasonForm(request.POST or None)
    back = reverse("structure-person", args=[username])
    page = Page(_("恢复账号"), back, _("恢复账号"), _("已恢复。"), subject=str(row))
    return one_act(request, form, lambda **who: actions.enable_staff(row, **form.cleaned_data, **who), page)


@for_roles(EDITS_STRUCTURE)
@sensitive_variables("issued")
def password(request: HttpRequest, username: str) -> HttpResponse:
    """Shows a one-time password once; it is in no message, session or log."""
    row = get_object_or_404(Staff, username=username)
    issued = refusal = ""
    if request.method == "POST":
        try:
            issued = actions.issue_password(row, by=staff_of(request), at=timezone.now())
        except Refused as refused:
            refusal = str(refused)
    return render(request, "organizations/password.html", {"person": row, "issued": issued, "refusal": refusal})
