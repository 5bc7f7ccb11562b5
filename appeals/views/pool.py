"""评审名单: who may be drawn, kept by the city's supervisors; ties are declared by members or by a supervisor."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from appeals import actions
from appeals.forms import EndForm, MemberForm, NewMemberForm, RelationForm
from appeals.lists import pool_on
from appeals.models import PanelMember, Relation
from organizations.enums import Role
from organizations.models import Membership, Staff
from organizations.views.doors import Page, for_roles, one_act, staff_of

KEEPS = frozenset({Role.CITY_SUPERVISOR})
page = require_http_methods(["GET", "HEAD", "POST"])


@for_roles({*KEEPS, Role.AUDITOR})
@require_safe
def pool(request: HttpRequest) -> HttpResponse:
    """Everybody on the list, with unit, expertise and declared relations."""
    user = staff_of(request)
    context = {"rows": pool_on(timezone.localdate()), "keeps": user.has_role(*KEEPS), "me": user}
    return render(request, "appeals/pool.html", context)


@for_roles(KEEPS)
@page
def add(request: HttpRequest) -> HttpResponse:
    """Puts somebody on the list who holds the role 评审成员."""
    held = Membership.objects.in_force(timezone.localdate()).filter(role=Role.PANEL).values("staff")
    people = Staff.objects.filter(pk__in=held, panel_membership=None).exclude(pk=staff_of(request).pk)
    form = NewMemberForm(request.POST or None, people=people.order_by("username"))
    words = Page(
        _("列入评审名单"),
        reverse("panel-pool"),
        _("列入名单"),
        _("已列入名单。"),
        about=_("只列出持有“评审成员”角色、尚未在名单的人;角色由安全管理员授予。"),
    )
    return one_act(
        request,
        form,
        lambda by, at: actions.list_member(
            form.cleaned_data["staff"], by=by, at=at, expertise=form.cleaned_data["expertise"]
        ),
        words,
    )


@for_roles(KEEPS)
@page
def member(request: HttpRequest, username: str) -> HttpResponse:
    """Changes what somebody knows of, or takes them off the list."""
    found = _member(username)
    form = MemberForm(request.POST or None, initial={"expertise": found.expertise, "active": found.active})
    words = Page(_("评审员"), reverse("panel-pool"), _("保存"), _("已保存。"), subject=found.staff.name)
    return one_act(
        request, form, lambda by, at: actions.list_member(found.staff, by=by, at=at, **form.cleaned_data), words
    )


@login_required
@page
def declare(request: HttpRequest, username: str) -> HttpResponse:
    """利害关系申报, by the member or by a city supervisor."""
    user = staff_of(request)
    keeps = user.has_role(*KEEPS)
    if user.username != username and not keeps:
        raise PermissionDenied(username)
    found = _member(username)
    form = RelationForm(request.POST or None)
    words = Page(
        _("申报利害关系"),
        reverse("panel-pool" if keeps else "panel"),
        _("申报"),
        _("已申报,有关的申诉不会再抽到您。") if user.username == username else _("已记录。"),
        about=_("与某个单位或某个人有关系的,不参加涉及他们的评审。申报后由市级督导才能解除。"),
        subject=found.staff.name,
    )
    return one_act(
        request, form, lambda by, at: actions.declare_relation(found, by=by, at=at, **form.cleaned_data), words
    )


@for_roles(KEEPS)
@page
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """A relation that no longer holds."""
    found = get_object_or_404(Relation.objects.select_related("member__staff", "unit", "staff"), pk=pk)
    form = EndForm(request.POST or None)
    words = Page(
        _("解除利害关系"),
        reverse("panel-pool"),
        _("解除"),
        _("已解除。"),
        about=f"{found.unit or found.staff}: {found.note}",
        subject=found.member.staff.name,
        danger=True,
    )
    return one_act(request, form, lambda by, at: actions.end_relation(found, by=by, at=at, **form.cleaned_data), words)


def _member(username: str) -> PanelMember:
    found = PanelMember.objects.select_related("staff").filter(staff__username=username).first()
    if found is None:
        raise Http404(username)
    return found
