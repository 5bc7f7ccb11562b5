"""典型案例和警示案例: the file, an entry, its acts, and all of them on paper, one a page."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from organizations.models import Staff
from organizations.views.doors import Page, for_roles, keyset, one_act, staff_of
from oversight import actions
from oversight.access import MANAGES_DOSSIERS, MEETS_DOSSIERS, READS_DOSSIERS, managing
from oversight.enums import WarningAct, WarningStage
from oversight.forms.dossiers import ReasonForm, StepForm
from oversight.forms.warnings import ChangeWarningForm, WarningForm
from oversight.models import WarningCase
from oversight.queries.dossiers import Line
from oversight.views.dossiers import division_of
from oversight.views.kinds import ActPage
from rectification.models import Case

ACTS: dict[str, ActPage] = {
    WarningAct.APPROVE: ActPage(
        StepForm, actions.approve_warning, gettext_lazy("审定后工作台上人人能看,文字不能再改。")
    ),
    WarningAct.CHANGE: ActPage(ChangeWarningForm, actions.change_warning),
    WarningAct.WITHDRAW: ActPage(
        ReasonForm, actions.withdraw_warning, gettext_lazy("撤出后不再使用,经过留在库里。"), danger=True
    ),
}
FROM: dict[str, frozenset[str]] = {
    WarningAct.APPROVE: frozenset({WarningStage.DRAFT}),
    WarningAct.CHANGE: frozenset({WarningStage.DRAFT}),
    WarningAct.WITHDRAW: frozenset({WarningStage.DRAFT, WarningStage.APPROVED}),
}
OFFERED = 10


@require_safe
@for_roles(MEETS_DOSSIERS)
def warnings(request: HttpRequest) -> HttpResponse:
    """The file, the newest first; for whoever writes it, cases marked typical that are not in it yet."""
    user = staff_of(request)
    rows = WarningCase.objects.visible_to(user).exclude(stage=WarningStage.WITHDRAWN).select_related("unit")
    writes = user.has_role(*MANAGES_DOSSIERS)
    kept = WarningCase.objects.exclude(case=None).exclude(stage=WarningStage.WITHDRAWN).values("case")
    typical = Case.objects.visible_to(user).filter(typical=True).exclude(pk__in=kept).order_by("-pk")
    context = {
        "piece": keyset(request, rows, "pk"),
        "writes": writes,
        "typical": typical[:OFFERED] if writes else [],
    }
    return render(request, "oversight/warnings/list.html", context)


@require_safe
@for_roles(MEETS_DOSSIERS)
def printed(request: HttpRequest) -> HttpResponse:
    """Everything approved, one a page of A4."""
    rows = WarningCase.objects.visible_to(staff_of(request)).filter(stage=WarningStage.APPROVED)
    return render(request, "oversight/warnings/print.html", {"rows": rows.select_related("unit")})


@for_roles(MANAGES_DOSSIERS)
def begin(request: HttpRequest) -> HttpResponse:
    """Drafts an entry; `?case=` and `?dossier=` say what it comes from."""
    user = staff_of(request)
    region = division_of(user)
    initial = {name: request.GET.get(name, "")[:20] for name in ("case", "dossier")}
    form = WarningForm(request.POST or None, user=user, initial=initial)
    page = Page(str(_("新建案例")), reverse("warnings"), _("保存草稿"), _("已保存,由另一位督导审定。"))
    made: list[WarningCase] = []

    def act(**who: Any) -> None:
        made.append(actions.draft_warning(region, **form.arguments(), **who))

    answer = one_act(request, form, act, page)
    return redirect("warning", made[0].number) if made else answer


def _found(request: HttpRequest, number: str) -> WarningCase:
    rows = WarningCase.objects.visible_to(staff_of(request))
    related = ("unit", "region", "dossier", "case", "written_by", "approved_by")
    return get_object_or_404(rows.select_related(*related), number=number)


@require_safe
@for_roles(MEETS_DOSSIERS)
def warning(request: HttpRequest, number: str) -> HttpResponse:
    """One entry; where it comes from and what happened only for those who supervise."""
    row, user = _found(request, number), staff_of(request)
    inside = user.has_role(*READS_DOSSIERS)
    context = {
        "warning": row,
        "acts": [(WarningAct(name).label, reverse("warning-act", args=[row.number, name])) for name in _may(row, user)],
        "inside": inside,
        "case": Case.objects.visible_to(user).filter(pk=row.case_id).first() if inside and row.case_id else None,
        "dossier": row.dossier if inside and row.dossier and _sees(row, user) else None,
        "entries": [_line(event) for event in row.events.all()] if inside else [],
    }
    return render(request, "oversight/warnings/warning.html", context)


def _sees(row: WarningCase, user: Staff) -> bool:
    return row.dossier is not None and type(row.dossier).objects.visible_to(user).filter(pk=row.dossier.pk).exists()


def _line(event: Any) -> Line:
    who = f"{event.actor_name} {event.actor_unit}".strip()
    return Line(event.at, str(WarningAct(event.act).label), who, event.note)


def _may(row: WarningCase, user: Staff) -> list[str]:
    if managing(user.duties, row.region.code) is None:
        return []
    found = [name for name in ACTS if row.stage in FROM[name]]
    return [name for name in found if name != WarningAct.APPROVE or row.written_by_id != user.pk]


@for_roles(MANAGES_DOSSIERS)
def act(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """The form of an act on an entry; one that is not possible now says why."""
    row, user, verb = _found(request, number), staff_of(request), ACTS.get(name)
    if verb is None:
        raise Http404(name)
    if managing(user.duties, row.region.code) is None:
        raise PermissionDenied(name)
    form: Any = verb.form(request.POST or None, row=row, user=user)
    label = str(WarningAct(name).label)
    page = Page(
        title=label,
        back=reverse("warning", args=[row.number]),
        submit=label,
        done=_("%(act)s:已办。") % {"act": label},
        about=str(verb.about),
        danger=verb.danger,
        subject=str(row),
    )
    return one_act(request, form, lambda **who: verb.act(row, **form.arguments(), **who), page)
