"""提出申诉: what may be contested and on what ground, the draft with its evidence, and the evaluator's confirmation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from appeals import actions
from appeals.actions import Piece
from appeals.contests import Contest, case_for, contest_of
from appeals.enums import NotAGround, Proof, Vote
from appeals.forms import ConfirmForm, DraftForm, GroundForm
from appeals.grounds import effects_of
from appeals.models import CONFIRMERS, Appeal
from appeals.queries import exhibits_shown, needs_of, new_evidence
from appeals.views.finding import find_draft
from appeals.words import effect_lines, need_words
from organizations.views.doors import staff_of
from rectification.actions.core import Refused
from rectification.workflow import NotAllowed

page = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@page
def new(request: HttpRequest, number: str) -> HttpResponse:
    """The grounds, what each needs and does, and what is none; choosing one begins a draft."""
    user, now = staff_of(request), timezone.now()
    case = case_for(user, number)
    if case is None:
        raise Http404(number)
    contest = contest_of(case, user, now)
    if contest.side is None:
        raise PermissionDenied(number)
    if contest.draft is not None and request.method != "POST":
        return redirect("appeal-draft", contest.draft.pk)
    form = GroundForm(request.POST or None, used=contest.used)
    if request.method != "POST" or not contest.may or not form.is_valid():
        return _grounds(request, contest, form)
    if contest.draft is None:
        try:
            begun = actions.begin_draft(
                case, by=user, at=now, side=contest.side, ground=form.cleaned_data["ground"], statement=""
            )
        except NotAllowed:
            return _grounds(request, contest, form)
        return redirect("appeal-draft", begun.pk)
    return redirect("appeal-draft", contest.draft.pk)


def _grounds(request: HttpRequest, contest: Contest, form: GroundForm) -> HttpResponse:
    chosen = form["ground"].value()
    rows = [
        (ground, [need_words(kinds) for kinds in ground.needs], effect_lines(ground.effects)) for ground in form.every
    ]
    context = {
        "contest": contest,
        "case": contest.case,
        "form": form,
        "rows": rows,
        "chosen": str(chosen or ""),
        "never": NotAGround.labels,
    }
    closed = request.method == "POST" and not contest.may
    return render(request, "appeals/grounds.html", context, status=409 if closed else 200)


@login_required
@page
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft, for its writer: words, evidence piece by piece, what is missing; saved, and filed, by its buttons."""
    appeal = find_draft(request, pk)
    if appeal.by_id != staff_of(request).pk:
        return redirect("appeal-confirm", pk)
    if request.method != "POST":
        return _draft(request, appeal, _missing(appeal) if "missing" in request.GET else DraftForm(draft=appeal))
    form = DraftForm(request.POST, request.FILES, draft=appeal, adding="add" in request.POST)
    if not form.is_valid():
        return _draft(request, appeal, form)
    try:
        _save(request, appeal, form)
    except Refused as refusal:
        form.add_error("file" if form.cleaned_data["file"] else None, str(refusal))
        return _draft(request, appeal, form)
    if "file_it" in request.POST:
        return _file(request, appeal)
    messages.success(request, _("已保存。"))
    return redirect(f"{reverse('appeal-draft', args=[pk])}#evidence" if form.has_piece else "appeal-draft", pk)


def _save(request: HttpRequest, appeal: Appeal, form: DraftForm) -> None:
    """Keeps what was typed, takes out or adds one piece of evidence: all of it, or nothing.

    Raises:
        Refused: the file is not taken, there is too much, or the draft is not this person's any more.
    """
    user, now = staff_of(request), timezone.now()
    with transaction.atomic():
        actions.revise_draft(appeal, by=user, at=now, **form.words())
        dropped = request.POST.get("drop", "")
        found = appeal.exhibits.filter(pk=dropped).first() if dropped.isascii() and dropped.isdigit() else None
        if found is not None:
            actions.drop_exhibit(found, by=user, at=now)
        elif form.has_piece:
            actions.add_exhibit(appeal, form.piece(), by=user, at=now)


def _file(request: HttpRequest, appeal: Appeal) -> HttpResponse:
    verb = actions.file_appeal if appeal.reviews_id is None else actions.file_review
    try:
        filed = verb(appeal, by=staff_of(request), at=timezone.now())
    except Refused as refusal:
        appeal.refresh_from_db()
        if not _missing(appeal).errors:
            messages.error(request, _("没有提出: %(why)s") % {"why": refusal})
        return redirect(f"{reverse('appeal-draft', args=[appeal.pk])}?missing=1")
    except NotAllowed:
        messages.error(request, _("没有提出: 本件现在不能申诉,草稿已保留。"))
        return redirect("appeal-draft", appeal.pk)
    messages.success(request, _("已提出。案件的整改期限从现在起暂停,首次联系照常。"))
    return redirect("appeal", filed.number)


def _missing(appeal: Appeal) -> DraftForm:
    """The draft as it is kept, with what it lacks said beside each field."""
    blank = DraftForm(draft=appeal)
    form = DraftForm({name: blank[name].value() or "" for name in blank.fields}, draft=appeal)
    if not appeal.statement:
        form.add_error("statement", _("请写明申诉理由和事实。"))
    if form.asks_unit and appeal.other_unit is None and appeal.other_staff is None:
        form.add_error("other_unit", _("请写明应由哪个单位负责。"))
    for need in needs_of(appeal):
        if not need.met:
            form.add_error("kind", _("还缺: %(kinds)s") % {"kinds": need_words(need.kinds)})
    if appeal.reviews_id is not None and not new_evidence(appeal):
        form.add_error("kind", _("复核只凭新证据。请补充原来没有的证据。"))
    return form


def _draft(request: HttpRequest, appeal: Appeal, form: DraftForm) -> HttpResponse:
    needs = [(need_words(need.kinds), need.met, Proof.CONFIRMATION in need.kinds) for need in needs_of(appeal)]
    contest = contest_of(appeal.case, staff_of(request), timezone.now())
    shown = exhibits_shown(staff_of(request), appeal)
    context = {
        "appeal": appeal,
        "case": appeal.case,
        "form": form,
        "needs": needs,
        "effects": effect_lines(
            effects_of(Vote.UPHOLD, appeal.ground.effects, within_unit=appeal.within_unit),
        ),
        "exhibits": [exhibit for exhibit in shown if exhibit.appeal_id == appeal.pk],
        "earlier": [exhibit for exhibit in shown if exhibit.appeal_id != appeal.pk],
        "until": _until(appeal, contest),
        "late": appeal.reviews_id is None and not contest.may,
    }
    return render(request, "appeals/draft.html", context)


def _until(appeal: Appeal, contest: Contest) -> Any:
    if appeal.reviews is None:
        return contest.until
    return appeal.reviews.ruling.service.review_until


@login_required
@page
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """W1: a supervisor or callback officer records what the evaluator confirmed; the rated unit never does."""
    appeal, user = find_draft(request, pk), staff_of(request)
    if appeal.by_id == user.pk or not user.has_role(*CONFIRMERS):
        raise PermissionDenied(pk)
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        piece = Piece(Proof.CONFIRMATION, text=form.cleaned_data["text"])
        try:
            actions.add_exhibit(appeal, piece, by=user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已记录,申诉人可以提出了。"))
            return redirect("appeals")
    given = list(appeal.exhibits.filter(kind=Proof.CONFIRMATION))
    return render(
        request, "appeals/confirm.html", {"appeal": appeal, "case": appeal.case, "form": form, "given": given}
    )
