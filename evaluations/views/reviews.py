"""精准评议, the citizen's side: the page of a questionnaire, and the link of an invitation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from evaluations.actions.reviews import AlreadyAnswered, Closed, stop_review_invitations, submit_review
from evaluations.enums import Limited
from evaluations.forms.reviews import ReviewForm
from evaluations.models import Questionnaire, ReviewInvitation
from evaluations.queries import reviews as queries
from evaluations.views.limits import admitted, ways_on
from evaluations.views.manners import ask_to_wait, asker, gone, private, waiting
from evaluations.views.receipts import RECEIPT

page = require_http_methods(["GET", "HEAD", "POST"])


@page
def review(request: HttpRequest, code: str) -> HttpResponse:
    """The questionnaire of a reform topic, for whoever comes."""
    questionnaire = _shown(request, code)
    if questionnaire is None:
        return gone(request)
    units = queries.units_of_topic(questionnaire.topic)
    form = ReviewForm(request.POST or None, questionnaire=questionnaire, units=units)
    return _answer(request, questionnaire, form, counted={Limited.ADDRESS: asker()})


@page
@private
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """The same behind the link of an invitation; it also says where to stop such messages."""
    invitation = queries.invitation_of_link(token, timezone.now())
    if invitation is None:
        return gone(request)
    if "stop" in request.POST:
        stop_review_invitations(invitation, at=timezone.now())
        return render(request, "evaluations/review_over.html", {"stopped": True})
    questionnaire = _shown(request, invitation.wave.questionnaire.code)
    if questionnaire is None:
        return gone(request)
    if request.method != "POST" and hasattr(invitation, "sheet"):
        return render(request, "evaluations/review_over.html", {"sheet": invitation.sheet})
    form = ReviewForm(request.POST or None, questionnaire=questionnaire)
    return _answer(request, questionnaire, form, invitation, counted={Limited.TOKEN: str(invitation.pk)})


def _shown(request: HttpRequest, code: str) -> Questionnaire | None:
    """The version in use; whoever has begun to fill in the one before may finish it."""
    typed = request.POST.get("version", "")
    version = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0
    return queries.open_review(code, version=version, at=timezone.now())


def _answer(
    request: HttpRequest,
    questionnaire: Questionnaire,
    form: ReviewForm,
    invitation: ReviewInvitation | None = None,
    *,
    counted: Mapping[Limited, str],
) -> HttpResponse:
    if request.method != "POST" or not form.is_valid():
        return _page(request, questionnaire, form, invitation)
    nonce = form.cleaned_data["nonce"]
    admission = admitted(request, nonce, counted)
    if admission.stopped:
        ask_to_wait(form)
        return waiting(_page(request, questionnaire, form, invitation, **ways_on(request, nonce)))
    try:
        submit_review(
            questionnaire,
            form.words(),
            form.answers(),
            nonce=nonce,
            at=timezone.now(),
            unit=form.cleaned_data.get("unit"),
            invitation=invitation,
            over=admission.over,
        )
    except AlreadyAnswered as known:
        return render(request, "evaluations/review_over.html", {"sheet": known.sheet}, status=409)
    except Closed:
        return gone(request)
    return redirect("receipt", signing.dumps(nonce, salt=RECEIPT))


def _page(
    request: HttpRequest,
    questionnaire: Questionnaire,
    form: ReviewForm,
    invitation: ReviewInvitation | None = None,
    **more: Any,
) -> HttpResponse:
    topic = questionnaire.get_topic_display()
    question = format_html("<h1>{}</h1>", _("总的来说,您对“%(topic)s”改革满意吗?") % {"topic": topic})
    context = {"questionnaire": questionnaire, "form": form, "invitation": invitation, "question": question, **more}
    return render(request, "evaluations/review.html", context)
