"""The receipt: rebuilt from what its address carries, so that it can be opened again, without a session."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from evaluations import queries
from evaluations.actions import Receipt, receipt_of
from evaluations.views.manners import gone, private
from rectification.actions import hide_text

RECEIPT, RECEIPT_SECONDS = "receipt", 24 * 3600


@require_http_methods(["GET", "HEAD", "POST"])
@private
def receipt(request: HttpRequest, signed: str) -> HttpResponse:
    """What became of a rating; POST turns "不想公开文字" on or off."""
    found = receipt_signed(signed)
    if found is None:
        return gone(request)
    if found.case is None:
        return render(request, "evaluations/thanks.html", {"evaluation": found.evaluation})
    if request.method == "POST":
        hide_text(found.case, at=timezone.now(), hidden=request.POST.get("hidden") == "1")
        return redirect("receipt", signed)
    return render(request, "evaluations/receipt.html", _negative(found))


def receipt_signed(signed: str, seconds: int = RECEIPT_SECONDS) -> Receipt | None:
    """The receipt an address stands for, if it was made no longer ago than so many seconds."""
    try:
        nonce = signing.loads(signed, salt=RECEIPT, max_age=seconds)
    except signing.BadSignature:
        return None
    evaluation = queries.rating_of_form(nonce)
    return receipt_of(evaluation, nonce) if evaluation else None


def _negative(found: Receipt) -> dict[str, Any]:
    assert found.case is not None
    address = f"{settings.PORTAL_URL}{reverse('track')}?n={found.case.number}"
    expected = queries.expectations(found.case)
    return {
        "case": found.case,
        "code": f"{found.code[:3]} {found.code[3:]}",
        "address": address,
        "expected": {str(duty): value for duty, value in expected.items()},
        "provisional": any(value.provisional for value in expected.values()),
    }
