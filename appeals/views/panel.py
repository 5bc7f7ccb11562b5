"""The page of an appeal, and the vote on it (docs/ux.md §7)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from appeals import actions
from appeals.casefile import read_appeal
from appeals.enums import Vote
from appeals.forms import VoteForm
from appeals.grounds import effects_of
from appeals.models import Appeal
from appeals.offers import Door
from appeals.queries import sitting
from appeals.views.finding import of_an_appeal
from appeals.words import effect_lines, need_words, votes_words
from organizations.views.doors import staff_of
from rectification.actions.core import Refused
from rectification.words import due_chip


@of_an_appeal
@require_safe
def appeal(request: HttpRequest, appeal: Appeal) -> HttpResponse:
    """Three columns, one time line; the vote for who may vote, the ruling for who may read it."""
    return show(request, appeal, VoteForm())


@of_an_appeal
@require_POST
def vote(request: HttpRequest, appeal: Appeal) -> HttpResponse:
    """表决. What is refused keeps everything typed."""
    form = VoteForm(request.POST)
    if not _sits(request, appeal):
        raise PermissionDenied(appeal.number)
    if not form.is_valid():
        return show(request, appeal, form)
    try:
        settled = actions.cast_vote(appeal, by=staff_of(request), at=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return show(request, appeal, form)
    messages.success(request, _("表决已提交。") if settled.is_open else _("表决已提交,全部投完,裁定已作出。"))
    return redirect("appeal", appeal.number)


def _sits(request: HttpRequest, appeal: Appeal) -> bool:
    return any(place.staff_id == staff_of(request).pk for place in sitting(appeal))


def show(request: HttpRequest, appeal: Appeal, form: VoteForm) -> HttpResponse:
    """The page, with a vote as it was left."""
    now = timezone.now()
    appeal.refresh_from_db(fields=["stage", "due_at", "heard_by", "ended_at"])
    file = read_appeal(appeal, staff_of(request), now)
    context = {
        "appeal": appeal,
        "case": file.case,
        "file": file,
        "form": form,
        "may_vote": Door.VOTE in file.doors,
        "acts": [door for door in file.doors if door != Door.VOTE],
        "due": due_chip(appeal.due_at, at=now, met=not appeal.is_open) if appeal.due_at else None,
        "effects": effect_lines(effects_of(Vote.UPHOLD, appeal.ground.effects, within_unit=appeal.within_unit)),
        "ruled_effects": effect_lines(file.ruling.effects) if file.ruling else [],
        "needs": [need_words(kinds) for kinds in appeal.ground.needs],
        "counts": votes_words(file.votes.counts) if file.ruling else "",
    }
    return render(request, "appeals/appeal.html", context)
