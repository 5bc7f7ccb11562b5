"""Around a sealed dossier: what one looks at it for, its papers, and what a unit is asked and answers."""

from __future__ import annotations

import logging
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organizations.views.doors import Page, for_roles, keyset, one_act, staff_of
from oversight import actions
from oversight.access import ANSWERS_FOR_UNITS, MEETS_DOSSIERS
from oversight.enums import ClueStage, Kind
from oversight.forms.clues import AnswerForm, PurposeForm
from oversight.models import Statement
from oversight.queries.clues import statements_for
from oversight.views.dossiers import looked_at, picture_file, shown
from rectification.models import Case
from rectification.words import due_chip

log = logging.getLogger(__name__)
ANSWERABLE = frozenset({ClueStage.ASKED, ClueStage.ANSWERED})


@for_roles(MEETS_DOSSIERS)
def look(request: HttpRequest, number: str) -> HttpResponse:
    """查阅用途: asked once a day and person before a sealed dossier opens."""
    row = shown(request, number)
    if row.kind != Kind.CLUE:
        raise Http404(number)
    form = PurposeForm(request.POST or None)
    about = _("这是密封卷。每次查阅都会记下谁、何时、从哪里、为什么;用途每天填一次。")
    page = Page(_("查阅用途"), reverse("dossier", args=[number]), _("打开"), _("用途已记录。"), about)

    def act(**who: Any) -> None:
        actions.note_look(row, "purpose", form.cleaned_data["why"], **who)

    return one_act(request, form, act, page)


@require_safe
@for_roles(MEETS_DOSSIERS)
def paper(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """通报函 or 移送材料, exactly as it was made."""
    row = shown(request, number)
    kept = get_object_or_404(row.papers, pk=pk)
    if not looked_at(row, request):
        return redirect("dossier-look", number)
    try:
        content = kept.file.open()
    except FileNotFoundError as error:
        log.error("the file of paper %s is gone: %s", pk, kept.file.name)
        raise Http404(pk) from error
    return FileResponse(content, as_attachment=True, filename=f"{kept.get_kind_display()}.pdf")


# --- what a unit sees ------------------------------------------------------------------------------------------


@require_safe
@for_roles(ANSWERS_FOR_UNITS)
def statements(request: HttpRequest) -> HttpResponse:
    """请你单位说明: what the units one speaks for are asked."""
    at = timezone.now()
    piece = keyset(request, statements_for(staff_of(request)).order_by(), "pk")
    lines = [(one, due_chip(one.due_at, at=at, met=one.answered_at is not None)) for one in piece.rows]
    return render(request, "oversight/clues/statements.html", {"lines": lines, "piece": piece})


def _mine(request: HttpRequest, pk: int) -> Statement:
    """The question, if this person speaks for the unit; others meet a 404, whatever they know of the dossier."""
    return get_object_or_404(statements_for(staff_of(request)).select_related("dossier"), pk=pk)


@require_safe
@for_roles(ANSWERS_FOR_UNITS)
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """One question with its cases, by when, and the unit's own answer."""
    row, user = _mine(request, pk), staff_of(request)
    context = {
        "statement": row,
        "due": due_chip(row.due_at, at=timezone.now(), met=row.answered_at is not None),
        "cases": Case.objects.visible_to(user).filter(pk__in=row.cases).order_by("pk"),
        "open": row.answered_at is None and row.dossier.stage in ANSWERABLE,
        "pictures": row.pictures.all(),
    }
    return render(request, "oversight/clues/statement.html", context)


@for_roles(ANSWERS_FOR_UNITS)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The unit answers, once."""
    row = _mine(request, pk)
    if row.answered_at is not None:
        return redirect("statement", pk)
    form = AnswerForm(request.POST or None, request.FILES or None, row=row)
    about = _("提交后不能再改。")
    page = Page(_("作出说明"), reverse("statement", args=[pk]), _("提交说明"), _("说明已提交。"), about)
    return one_act(request, form, lambda **who: actions.answer_question(row, **form.cleaned_data, **who), page)


@require_safe
@for_roles(ANSWERS_FOR_UNITS)
def statement_picture(request: HttpRequest, pk: int, picture: int) -> HttpResponseBase:
    """A picture of the unit's own answer, to whoever speaks for it."""
    return picture_file(get_object_or_404(_mine(request, pk).pictures, pk=picture))
