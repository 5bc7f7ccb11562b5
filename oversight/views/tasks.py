"""任务: one is given, reported, signed off, sent back; its page for whoever does it and whoever checks it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from organizations.models import Staff
from organizations.views.doors import Page, for_roles, one_act, staff_of
from oversight import actions
from oversight.access import MANAGES_DOSSIERS, MEETS_DOSSIERS, answering, arranges
from oversight.actions.dossiers import acting
from oversight.courses import COURSES
from oversight.enums import DossierAct, TaskState
from oversight.forms.dossiers import ExtendForm, OwnerForm, ReasonForm, ReportTaskForm, StepForm, TaskForm
from oversight.models import Task
from oversight.queries.dossiers import history_of
from oversight.views.dossiers import may, shown, through_the_seal
from oversight.views.kinds import ActPage
from oversight.words import task_chip

ACTS: dict[str, ActPage] = {
    DossierAct.REPORT_TASK: ActPage(ReportTaskForm, actions.report_task, gettext_lazy("报结后由督导单位核对销号。")),
    DossierAct.SIGN_OFF_TASK: ActPage(StepForm, actions.sign_off_task, gettext_lazy("核对属实后销号,不能再改。")),
    DossierAct.RETURN_TASK: ActPage(ReasonForm, actions.return_task, gettext_lazy("退回后期限不变。")),
    DossierAct.EXTEND_TASK: ActPage(ExtendForm, actions.extend_task),
    DossierAct.REASSIGN_TASK: ActPage(OwnerForm, actions.reassign_task),
    DossierAct.DROP_TASK: ActPage(
        ReasonForm, actions.drop_task, gettext_lazy("任务留在卷里,不再要求办理。"), danger=True
    ),
}
FROM: dict[str, frozenset[str]] = {
    DossierAct.REPORT_TASK: frozenset({TaskState.OPEN}),
    DossierAct.SIGN_OFF_TASK: frozenset({TaskState.REPORTED}),
    DossierAct.RETURN_TASK: frozenset({TaskState.REPORTED}),
    DossierAct.EXTEND_TASK: frozenset({TaskState.OPEN}),
    DossierAct.REASSIGN_TASK: frozenset({TaskState.OPEN}),
    DossierAct.DROP_TASK: frozenset({TaskState.OPEN, TaskState.REPORTED}),
}


@for_roles(MANAGES_DOSSIERS)
@through_the_seal
def new_task(request: HttpRequest, number: str) -> HttpResponse:
    """交办."""
    row, user = shown(request, number), staff_of(request)
    if not may(row, user):
        raise PermissionDenied
    form = TaskForm(request.POST or None, row=row, user=user)
    back = reverse("dossier", args=[row.number])
    page = Page(_("交办任务"), back, _("交办"), _("已交办。"), subject=str(row))
    return one_act(request, form, lambda **who: actions.add_task(row, form.asked, **who), page)


def found(request: HttpRequest, pk: int) -> Task:
    """The task, if this person may see it; strangers meet a 404."""
    rows = Task.objects.visible_to(staff_of(request))
    related = ("dossier__region", "dossier__unit", "unit", "owner", "case", "reported_by", "checked_by")
    return get_object_or_404(rows.select_related(*related), pk=pk)


@require_safe
@for_roles(MEETS_DOSSIERS)
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """One task: what is asked, what was done, what can be done now."""
    row, user, at = found(request, pk), staff_of(request), timezone.now()
    acts = [
        (DossierAct(name).label, reverse("task-act", args=[row.pk, name])) for name in ACTS if _may(row, name, user)
    ]
    context = {
        "task": row,
        "due": task_chip(row, at),
        "acts": acts,
        "pictures": row.pictures.all(),
        "entries": history_of(row.dossier, row.events.select_related("task")),
    }
    return render(request, "oversight/tasks/task.html", context)


@for_roles(MEETS_DOSSIERS)
def task_act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """The form of an act on a task; one that is not possible now says why."""
    row, user, verb = found(request, pk), staff_of(request), ACTS.get(name)
    if verb is None:
        raise Http404(name)
    if not _is_theirs(row, name, user):
        raise PermissionDenied(name)
    form: Any = verb.form(request.POST or None, request.FILES or None, row=row, user=user)
    label: str | Promise = DossierAct(name).label
    page = Page(
        title=str(label),
        back=reverse("task", args=[row.pk]),
        submit=str(label),
        done=_("%(act)s:已办。") % {"act": label},
        about=str(verb.about),
        danger=verb.danger,
        subject=f"{row} {row.wanted}",
    )
    return one_act(request, form, lambda **who: verb.act(row, **form.arguments(), **who), page)


def _may(row: Task, name: str, user: Staff) -> bool:
    if row.state not in FROM[name] or not _is_theirs(row, name, user):
        return False
    return name != DossierAct.SIGN_OFF_TASK or row.reported_by_id != user.pk


def _is_theirs(row: Task, name: str, user: Staff) -> bool:
    """Whose act it is, as the act itself asks: the unit's, its judge's, or of who leads the dossier."""
    if name == DossierAct.REPORT_TASK:
        return answering(user.duties, row.unit) is not None
    judged = row.unit if name in (DossierAct.SIGN_OFF_TASK, DossierAct.RETURN_TASK) else None
    if name == DossierAct.REASSIGN_TASK and arranges(user.duties, row.unit):
        return True
    try:
        acting(row.dossier, COURSES[row.dossier.kind].who, user, judged=judged)
    except PermissionDenied:
        return False
    return True
