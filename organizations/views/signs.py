"""Renewing the code of a window's sign, and stopping an old one."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from organizations import actions
from organizations.access import STOPS_SIGNS, sign_scope
from organizations.forms import ReasonForm, RenewSignForm
from organizations.models import RetiredSign, Window
from organizations.views.doors import Page, for_roles, one_act, staff_of


@login_required
def renew_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """换发二维码 of one window; 404 for whoever does not keep its sign."""
    user = staff_of(request)
    kept = Window.objects.kept_by(sign_scope(user.duties)).select_related("hall")
    row = get_object_or_404(kept, pk=pk)
    form = RenewSignForm(request.POST or None, initial={"seen": row.sign_code}, stops=user.has_role(*STOPS_SIGNS))
    page = Page(
        _("换发二维码"),
        reverse("signs-window", args=[pk]),
        _("换发二维码"),
        _("已换发。请打印新码,换下旧码。"),
        about=_("新码马上生效。旧码在 %(days)d 天内仍收评价,之后扫旧码的人会看到别的评价办法。")
        % {"days": settings.SIGN_GRACE_DAYS},
        danger=True,
        subject=f"{row.hall} {row}",
    )
    return one_act(request, form, lambda **who: actions.renew_sign(row, **form.cleaned_data, **who), page)


@for_roles(STOPS_SIGNS)
def stop_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends the days of grace of an old code."""
    row = get_object_or_404(RetiredSign.objects.select_related("window__hall"), pk=pk)
    form = ReasonForm(request.POST or None)
    page = Page(
        _("立即停用旧码"),
        reverse("signs-window", args=[row.window_id]),
        _("立即停用"),
        _("已停用旧码。"),
        about=_("扫这个旧码的人马上不能再评价窗口,会看到别的评价办法。"),
        danger=True,
        subject=f"{row.window.hall} {row.window} · {row}",
    )
    return one_act(
        request,
        form,
        lambda **who: actions.stop_retired_sign(row, reason=form.cleaned_data["note"], **who),
        page,
    )
