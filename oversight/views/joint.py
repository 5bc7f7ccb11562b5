"""联动化解: opened from a case, and more cases of the same problem looked for and joined."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.views.doors import Page, for_roles, one_act, staff_of
from oversight import actions
from oversight.access import MANAGES_DOSSIERS
from oversight.enums import JointAct, Kind
from oversight.forms.joint import JoinForm, JointForm, LikeForm
from oversight.models import Dossier
from oversight.queries.joint import like_cases
from oversight.views.dossiers import division_of, may, shown
from rectification.models import Case


@for_roles(MANAGES_DOSSIERS)
def from_case(request: HttpRequest, number: str) -> HttpResponse:
    """转联动化解: opens a joint file from a case; its unit is proposed as the lead."""
    user = staff_of(request)
    case = get_object_or_404(Case.objects.visible_to(user).select_related("unit"), number=number)
    region = division_of(user)
    initial = {"cases": case.number, "lead": case.unit.name, "title": case.item_name}
    form = JointForm(request.POST or None, user=user, initial=initial)
    page = Page(_("转联动化解"), reverse("case", args=[case.number]), _("立卷"), _("已立卷。"), subject=case.number)
    made: list[Dossier] = []

    def act(**who: Any) -> None:
        made.append(actions.open_joint(region, **form.arguments(), **who))

    answer = one_act(request, form, act, page)
    return redirect("dossier", made[0].number) if made else answer


@for_roles(MANAGES_DOSSIERS)
def join(request: HttpRequest, number: str) -> HttpResponse:
    """并入同类件: cases like those of the file, and the form in which they are named."""
    row, user = shown(request, number), staff_of(request)
    if row.kind != Kind.JOINT:
        raise Http404(number)
    if not may(row, user):
        raise PermissionDenied
    search = LikeForm(request.GET)
    group, words = search.asked
    found = like_cases(user, row, group=group, words=words, at=timezone.now()) if group or words else []
    form = JoinForm(request.POST or None, row=row, user=user)
    label = str(JointAct.JOIN_CASES.label)
    back = reverse("dossier", args=[row.number])
    page = Page(
        label, back, label, _("已并入。"), str(_("并入后每件照自己的期限办理,结果逐件答复。")), subject=str(row)
    )
    more = {"search": search, "found": found, "asked": bool(group or words)}
    return one_act(
        request,
        form,
        lambda **who: actions.join_cases(row, **form.arguments(), **who),
        page,
        template="oversight/joint/join.html",
        **more,
    )
