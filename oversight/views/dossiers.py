"""督办卷: lists by kind, a dossier, its acts, its ledger, its pictures."""

from __future__ import annotations

from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organizations.models import Region, Staff
from organizations.views.doors import Page, View, for_roles, keyset, one_act, staff_of
from oversight.access import MANAGES_DOSSIERS, MEETS_DOSSIERS, READS_DOSSIERS, managing
from oversight.actions import note_look
from oversight.actions.dossiers import acting
from oversight.courses import COURSES, label_of, possible, stage_label
from oversight.enums import Kind
from oversight.models import Dossier, DossierPicture
from oversight.paper import Paper
from oversight.queries.clues import last_purpose, purpose_today
from oversight.queries.dossiers import history_of, tasks_of, with_counts
from oversight.queries.inspections import may_see_picture
from oversight.queries.ledgers import ledger_of
from oversight.renderings import as_workbook
from oversight.renderings.printed import as_data
from oversight.views.kinds import BY_KIND, BY_SLUG, KindPages
from oversight.words import task_chip
from rectification.models import Case
from rectification.words import DueChip, due_chip


def pages_of(slug: str) -> KindPages:
    """The pages of a kind by what addresses call it.

    Raises:
        Http404: there is no such kind.
    """
    if slug not in BY_SLUG:
        raise Http404(slug)
    return BY_SLUG[slug]


def shown(request: HttpRequest, number: str) -> Dossier:
    """The dossier, if this person may see it; strangers meet a 404."""
    rows = Dossier.objects.visible_to(staff_of(request)).select_related("region", "unit", "opened_by", "closed_by")
    return get_object_or_404(rows, number=number)


def looked_at(row: Dossier, request: HttpRequest) -> bool:
    """Keeps that somebody looks at a sealed dossier, with what for; False where that was not said today.

    A form that was opened yesterday is still taken, for what was said then: nothing typed is lost.
    """
    if row.kind != Kind.CLUE:
        return True
    user, at = staff_of(request), timezone.now()
    why = purpose_today(row, user, at) or (last_purpose(row, user) if request.method == "POST" else "")
    if why and request.resolver_match is not None:
        note_look(row, request.resolver_match.view_name, why, by=user, at=at)
    return bool(why)


def through_the_seal(view: View) -> View:
    """A page of one dossier: of a sealed one each look is kept, and its purpose is asked for once a day."""

    @wraps(view)
    def guarded(request: HttpRequest, number: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not looked_at(shown(request, number), request):
            return redirect("dossier-look", number)
        return view(request, number, *args, **kwargs)

    return guarded


@require_safe
@for_roles(MEETS_DOSSIERS)
def dossiers(request: HttpRequest, slug: str) -> HttpResponse:
    """Every dossier of a kind one may see, the newest first; in progress only, unless all are asked for."""
    pages, user, at = pages_of(slug), staff_of(request), timezone.now()
    rows = Dossier.objects.visible_to(user).of(pages.kind)
    everything = bool(request.GET.get("all"))
    chosen = rows if everything else rows.open()
    piece = keyset(request, with_counts(chosen, at).select_related("unit", "region"), "pk")
    lines = [(row, stage_label(row.kind, row.stage), _due(row, at)) for row in piece.rows]
    context = {"pages": pages, "lines": lines, "piece": piece, "everything": everything, "opens": _opens(user, pages)}
    return render(request, "oversight/dossiers/list.html", context)


def _due(row: Any, at: datetime) -> DueChip | None:
    return due_chip(row.next_due, at=at) if row.next_due else None


def _opens(user: Staff, pages: KindPages) -> bool:
    return pages.form is not None and user.has_role(*MANAGES_DOSSIERS)


@for_roles(MANAGES_DOSSIERS)
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Opens a dossier in one's own division."""
    pages, user = pages_of(slug), staff_of(request)
    if pages.form is None or pages.open is None:
        raise Http404(slug)
    region, opened = division_of(user), pages.open
    form = pages.form(request.POST or None, user=user, initial=pages.hints(request.GET, user))
    title = _("%(kind)s:新建") % {"kind": pages.label}
    page = Page(title, reverse("dossiers", args=[slug]), _("立卷"), _("已立卷。"), str(pages.about))
    made: list[Dossier] = []

    def act(**who: Any) -> None:
        made.append(opened(region, **form.arguments(), **who))

    answer = one_act(request, form, act, page)
    return redirect("dossier", made[0].number) if made else answer


def division_of(user: Staff) -> Region:
    """Where somebody opens dossiers: the division whose managing body they sit in.

    Raises:
        PermissionDenied: in none.
    """
    for held in user.duties:
        if held.role in MANAGES_DOSSIERS and managing([held], held.unit.region.code):
            return held.unit.region
    raise PermissionDenied


@require_safe
@for_roles(MEETS_DOSSIERS)
@through_the_seal
def dossier(request: HttpRequest, number: str) -> HttpResponse:
    """One dossier: where it stands, what can be done, its tasks, what happened."""
    row, user, at = shown(request, number), staff_of(request), timezone.now()
    pages = BY_KIND[row.kind]
    tasks = list(tasks_of(row, user))
    context = {
        "dossier": row,
        "pages": pages,
        "stage": stage_label(row.kind, row.stage),
        "acts": offered(row, user, pages),
        "tasking": row.stage in COURSES[row.kind].tasking and may(row, user),
        "tasks": [(task, task_chip(task, at)) for task in tasks],
        "units": row.units.select_related("unit"),
        "cases": row.cases.select_related("case").filter(case__in=Case.objects.visible_to(user)),
        "pictures": row.pictures.filter(task=None, statement=None),
        "entries": history_of(row) if may(row, user) or user.has_role(*READS_DOSSIERS) else [],
        **pages.more(row, user, at),
    }
    return render(request, pages.template, context)


def may(row: Dossier, user: Staff) -> bool:
    """Whether somebody leads this dossier, as its acts would ask."""
    try:
        acting(row, COURSES[row.kind].who, user)
    except PermissionDenied:
        return False
    return True


def offered(row: Dossier, user: Staff, pages: KindPages) -> list[tuple[str, str]]:
    """What this person can do with it now: label and address of each act that has a page."""
    found = []
    for name in possible(COURSES[row.kind], row.stage, pages.acts.keys() - pages.pointless(row, user)):
        try:
            acting(row, COURSES[row.kind].step(name).who, user)
        except PermissionDenied:
            continue
        found.append((str(label_of(row.kind, name)), reverse("dossier-act", args=[row.number, name])))
    return found


@for_roles(MEETS_DOSSIERS)
@through_the_seal
def act(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """The form of an act on a dossier; an act that is not possible now says why."""
    row, user = shown(request, number), staff_of(request)
    verb = BY_KIND[row.kind].acts.get(name)
    if verb is None:
        raise Http404(name)
    acting(row, COURSES[row.kind].step(name).who, user)
    form = verb.form(request.POST or None, request.FILES or None, row=row, user=user)
    label = str(label_of(row.kind, name))
    page = Page(
        title=label,
        back=reverse("dossier", args=[row.number]),
        submit=label,
        done=_("%(act)s:已办。") % {"act": label},
        about=str(verb.about),
        danger=verb.danger,
        subject=str(row),
    )
    return one_act(request, form, lambda **who: verb.act(row, **form.arguments(), **who), page, template=verb.template)


@require_safe
@for_roles(MEETS_DOSSIERS)
def picture(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A picture, to whoever may see its dossier, and its task if it is of one."""
    row = get_object_or_404(DossierPicture.objects.select_related("dossier", "task"), pk=pk)
    kept = shown(request, row.dossier.number)
    if not looked_at(kept, request):
        return redirect("dossier-look", kept.number)
    if row.task is not None and not tasks_of(kept, staff_of(request)).filter(pk=row.task.pk).exists():
        raise Http404(pk)
    if not may_see_picture(row, staff_of(request)):
        raise Http404(pk)
    return picture_file(row)


def picture_file(row: DossierPicture) -> FileResponse:
    """The picture as it was kept.

    Raises:
        Http404: its file is gone.
    """
    try:
        return FileResponse(row.file.open(), content_type="image/jpeg")
    except FileNotFoundError as error:
        raise Http404(row.pk) from error


@require_safe
@for_roles(MEETS_DOSSIERS)
@through_the_seal
def ledger(request: HttpRequest, number: str) -> HttpResponse:
    """台账 on a page, made for paper in landscape."""
    row, paper = shown(request, number), _ledger(request, number)
    context = {"dossier": row, "paper": as_data(paper)}
    return render(request, "oversight/dossiers/ledger.html", context)


@require_safe
@for_roles(MEETS_DOSSIERS)
@through_the_seal
def ledger_file(request: HttpRequest, number: str) -> FileResponse:
    """台账 as a workbook: numbers as numbers, no formulas."""
    made = ContentFile(as_workbook(_ledger(request, number)))
    return FileResponse(made, as_attachment=True, filename=f"{number}.xlsx")


def _ledger(request: HttpRequest, number: str) -> Paper:
    row, user, at = shown(request, number), staff_of(request), timezone.now()
    with translation.override(settings.LANGUAGE_CODE):
        return ledger_of(row, user, at=at, more=BY_KIND[row.kind].blocks(row, user, at))
