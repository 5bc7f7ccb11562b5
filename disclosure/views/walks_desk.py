"""走流程公示 at the desk: which walks are public, what goes out, and taking it back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from disclosure import actions
from disclosure.forms.walks import TakeDownForm, WalkWordsForm
from disclosure.models import PublicWalk
from organizations.views.doors import Page, for_roles, keyset, one_act, staff_of
from oversight.access import MANAGES_DOSSIERS
from oversight.enums import Kind, WalkStage
from oversight.models import Dossier


@require_safe
@for_roles(MANAGES_DOSSIERS)
def walks(request: HttpRequest) -> HttpResponse:
    """The closed walks one may see, with whether they are public."""
    rows = Dossier.objects.visible_to(staff_of(request)).filter(kind=Kind.WALK, stage=WalkStage.CLOSED)
    piece = keyset(request, rows.select_related("unit", "walk"), "pk")
    public = {one.number: one for one in PublicWalk.objects.filter(number__in=[row.number for row in piece.rows])}
    lines = [(row, public.get(row.number)) for row in piece.rows]
    return render(request, "disclosure/desk/walks.html", {"lines": lines, "piece": piece})


def _found(request: HttpRequest, number: str) -> Dossier:
    rows = Dossier.objects.visible_to(staff_of(request)).filter(kind=Kind.WALK)
    return get_object_or_404(rows.select_related("region", "unit", "walk"), number=number)


@for_roles(MANAGES_DOSSIERS)
def walk(request: HttpRequest, number: str) -> HttpResponse:
    """What goes out, to be looked at and let out."""
    row = _found(request, number)
    public = PublicWalk.objects.filter(number=row.number).first()
    form = WalkWordsForm(request.POST or None, row=row, public=public)
    page = Page(
        title=_("走流程公示"),
        back=reverse("walk-disclosures"),
        submit=_("重新公示") if public and public.shown else _("公示"),
        done=_("已公示。"),
        about=_("只写职务,不写姓名;能认出个人的文字会被拦下。"),
        subject=str(row),
    )
    return one_act(
        request,
        form,
        lambda **who: actions.publish_walk(row, **form.arguments(), **who),
        page,
        template="disclosure/desk/walk.html",
        public=public,
        dossier=row,
    )


@for_roles(MANAGES_DOSSIERS)
def take_down(request: HttpRequest, number: str) -> HttpResponse:
    """撤下."""
    row = _found(request, number)
    public = PublicWalk.objects.filter(number=row.number).first()
    form = TakeDownForm(request.POST or None, initial={"seen": public.version if public else 0})
    page = Page(
        title=_("撤下走流程公示"),
        back=reverse("walk-disclosures"),
        submit=_("撤下公示"),
        done=_("已撤下,一分钟内各处都看不到。"),
        danger=True,
        subject=str(row),
    )
    return one_act(request, form, lambda **who: actions.take_down_walk(row, **form.cleaned_data, **who), page)
