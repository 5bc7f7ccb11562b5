"""The other acts on an appeal, each a form of its own: recusal, withdrawal, service of the ruling, review."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from appeals import actions
from appeals.casefile import read_appeal
from appeals.enums import Stage
from appeals.forms import NoteForm, ReasonForm, ServeForm
from appeals.models import Appeal
from appeals.offers import Door
from appeals.views.finding import of_an_appeal
from appeals.words import effect_lines
from organizations.models import Staff
from organizations.views.doors import staff_of
from rectification.actions.core import Refused
from rectification.workflow import NotAllowed

page = require_http_methods(["GET", "HEAD", "POST"])
Verb = Callable[[Staff, datetime], HttpResponse]


@dataclass(frozen=True)
class Words:
    """What the page of an act says: its title, what follows from it, and afterwards that it was done."""

    title: Promise
    hint: Promise
    done: Promise


ACTS: dict[Door, Words] = {
    Door.RECUSE: Words(
        _("申请回避"),
        _("提交后您离开本件的评审小组,不能再看到本件的任何内容。"),
        _("已回避,席位由候补接替。"),
    ),
    Door.WITHDRAW: Words(
        _("撤回申诉"),
        _("撤回后案件继续办理,剩下的期限接着计算;不能再按同一理由提出。"),
        _("申诉已撤回,案件继续办理。"),
    ),
    Door.SERVE: Words(
        _("核对并送达裁定"),
        _("文字由表决生成,请核对后送达。认定、票数和效果不随文字改变。"),
        _("裁定已送达。"),
    ),
    Door.REVIEW: Words(
        _("申请复核"),
        _("复核只有一次,只凭新证据,由其他人员和更多席位评审。"),
        _("请写明理由,补充新证据后提出。"),
    ),
}


@of_an_appeal
@page
def recuse(request: HttpRequest, appeal: Appeal) -> HttpResponse:
    """申请回避."""
    form = ReasonForm(request.POST or None)
    return _one(request, appeal, Door.RECUSE, form, lambda by, at: _recuse(appeal, form, by, at))


def _recuse(appeal: Appeal, form: Form, by: Staff, at: datetime) -> HttpResponse:
    actions.ask_recusal(appeal, by=by, at=at, note=form.cleaned_data["note"])
    return redirect("panel")


@of_an_appeal
@page
def withdraw(request: HttpRequest, appeal: Appeal) -> HttpResponse:
    """撤回."""
    form = NoteForm(request.POST or None)
    return _one(request, appeal, Door.WITHDRAW, form, lambda by, at: _withdraw(appeal, form, by, at))


def _withdraw(appeal: Appeal, form: Form, by: Staff, at: datetime) -> HttpResponse:
    actions.withdraw_appeal(appeal, by=by, at=at, note=form.cleaned_data["note"])
    return redirect("appeal", appeal.number)


@of_an_appeal
@page
def serve(request: HttpRequest, appeal: Appeal) -> HttpResponse:
    """The generated words, to be looked over and served."""
    ruling = appeal.ruling if appeal.stage == Stage.RULED else None
    initial = {"text": ruling.text, "plain": ruling.plain} if ruling else {}
    form = ServeForm(request.POST or None, initial=initial)
    more = {"ruling": ruling, "effects": effect_lines(ruling.effects) if ruling else []}
    return _one(request, appeal, Door.SERVE, form, lambda by, at: _serve(appeal, form, by, at), **more)


def _serve(appeal: Appeal, form: Form, by: Staff, at: datetime) -> HttpResponse:
    actions.serve_ruling(appeal, by=by, at=at, **form.cleaned_data)
    return redirect("appeal", appeal.number)


@of_an_appeal
@page
def review(request: HttpRequest, appeal: Appeal) -> HttpResponse:
    """申请复核: begins the draft, in which the new evidence is given."""
    kept = Appeal.objects.filter(reviews=appeal, stage=Stage.DRAFT, by=staff_of(request)).first()
    if kept is not None:
        return redirect("appeal-draft", kept.pk)
    form = Form(request.POST if request.method == "POST" else None)
    return _one(request, appeal, Door.REVIEW, form, lambda by, at: _review(appeal, by, at))


def _review(appeal: Appeal, by: Staff, at: datetime) -> HttpResponse:
    # There is one draft only, which a colleague may have begun.
    begun = Appeal.objects.filter(reviews=appeal, stage=Stage.DRAFT).first()
    draft = actions.begin_review(appeal, by=by, at=at, statement=begun.statement if begun else "")
    return redirect("appeal-draft", draft.pk)


def _one(request: HttpRequest, appeal: Appeal, door: Door, form: Form, act: Verb, **more: Any) -> HttpResponse:
    """Shows a form or carries its act out; an act that is over is said so, with what was typed (409).

    Raises:
        PermissionDenied: this is not the reader's to do at any time.
    """
    now = timezone.now()
    file = read_appeal(appeal, staff_of(request), now)
    is_open = door in file.doors
    if door not in file.theirs:
        raise PermissionDenied(door)
    if request.method == "POST" and is_open and form.is_valid():
        try:
            done = act(staff_of(request), now)
        except (Refused, NotAllowed) as refusal:
            form.add_error(None, str(refusal) if isinstance(refusal, Refused) else gettext("这一步现在不能做了。"))
        else:
            messages.success(request, str(ACTS[door].done))
            return done
    context = {"appeal": appeal, "case": appeal.case, "form": form, "act": ACTS[door], "open": is_open, **more}
    return render(request, "appeals/act.html", context, status=200 if is_open else 409)
