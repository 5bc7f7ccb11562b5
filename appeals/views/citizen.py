"""The evaluator's facts before a ruling: a public page behind a link, one question, nothing asked that identifies."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from appeals import actions
from appeals.casefile import Hearing, hearing_of
from appeals.forms import FactsForm
from evaluations.views.manners import gone, private
from rectification.actions.core import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@private
def facts(request: HttpRequest, token: str) -> HttpResponse:
    """What is contested in plain words, and a box for facts; afterwards, what was said."""
    now = timezone.now()
    hearing = hearing_of(token, now)
    if hearing is None:
        return gone(request)
    if request.method != "POST":
        return _show(request, hearing, FactsForm())
    if hearing.fact.said_at is not None:
        return redirect("appeal-facts", token)
    form = FactsForm(request.POST)
    if not form.is_valid():
        return _show(request, hearing, form)
    try:
        actions.answer_facts(token, form.cleaned_data["text"], at=now)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _show(request, hearing, form, status=409)
    return redirect("appeal-facts", token)


def _show(request: HttpRequest, hearing: Hearing, form: FactsForm, status: int = 200) -> HttpResponse:
    return render(request, "appeals/facts.html", {"hearing": hearing, "form": form}, status=status)
