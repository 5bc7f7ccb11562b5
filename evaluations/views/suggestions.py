"""意见建议, the citizen's side: suggesting, the receipt, how it stands, and what has changed because of others."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from evaluations.actions.suggestions import code_of, submit_suggestion
from evaluations.enums.suggestions import SuggestionOrigin
from evaluations.forms.suggestions import SuggestForm
from evaluations.queries import suggestions as queries
from evaluations.views.admission import is_admitted
from evaluations.views.manners import ask_to_wait, asker, gone, private, waiting, within
from evaluations.views.paging import newest
from organizations.enums import Topic

RECEIPT, RECEIPT_SECONDS = "suggestion", 24 * 3600
HOUR = timedelta(hours=1)
SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request: HttpRequest) -> HttpResponse:
    """Asks for a suggestion. `?unit=` and `?topic=` say where somebody came from."""
    about = queries.unit_coded(request.GET.get("unit", "")[:40])
    topic = request.GET.get("topic", "")
    form = SuggestForm(request.POST or None, initial={"topic": topic if topic in Topic.values else ""})
    if request.method != "POST" or not form.is_valid():
        return _ask(request, form)
    if not within({f"suggest:{asker()}": (settings.SUGGESTIONS_PER_ADDRESS_HOUR, HOUR)}):
        ask_to_wait(form, 60)
        return waiting(_ask(request, form), 60)
    origin = SuggestionOrigin.RATING if request.GET.get("from") == "rating" else SuggestionOrigin.PAGE
    nonce = form.cleaned_data["nonce"]
    submit_suggestion(form.proposal(origin, about), nonce=nonce, at=timezone.now())
    return redirect("suggestion-receipt", signing.dumps(nonce, salt=RECEIPT))


def _ask(request: HttpRequest, form: SuggestForm) -> HttpResponse:
    return render(request, "evaluations/suggestions/suggest.html", {"form": form})


@require_safe
@private
def suggestion_receipt(request: HttpRequest, signed: str) -> HttpResponse:
    """Number and code, rebuilt from what the address carries."""
    try:
        nonce = signing.loads(signed, salt=RECEIPT, max_age=RECEIPT_SECONDS)
    except signing.BadSignature:
        return gone(request)
    suggestion = queries.suggestion_of_form(nonce)
    if suggestion is None:
        return gone(request)
    code = code_of(nonce)
    context = {
        "suggestion": suggestion,
        "code": f"{code[:3]} {code[3:]}",
        "address": f"{settings.PORTAL_URL}{reverse('track')}?n={suggestion.number}",
    }
    return render(request, "evaluations/suggestions/receipt.html", context)


@require_safe
@private
def suggestion_status(request: HttpRequest, number: str) -> HttpResponse:
    """How a suggestion stands, for whoever has shown its code."""
    suggestion = queries.suggestion_numbered(number) if is_admitted(request, number) else None
    if suggestion is None:
        return redirect(f"{reverse('track')}?{urlencode({'n': number[:30]})}")
    return render(request, "evaluations/suggestions/status.html", {"shown": queries.followed(suggestion)})


@require_safe
def public_suggestions(request: HttpRequest) -> HttpResponse:
    """The funnel, and every suggestion that was adopted with what changed; with `?declined=1` the others, and why."""
    declined = request.GET.get("declined") == "1"
    rows, next_url = newest(request, queries.public_suggestions(adopted=not declined), SHOWN)
    context = {"funnel": queries.funnel(), "rows": rows, "next_url": next_url, "declined": declined}
    return render(request, "evaluations/suggestions/public.html", context)
