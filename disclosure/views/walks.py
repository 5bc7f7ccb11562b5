"""局长走流程 for everybody: which matters leaders walked through, what stood in the way, what has changed."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from disclosure.models import PublicWalk
from disclosure.views.manners import public_page
from organizations.views.doors import keyset

SHOWN = 20


@require_safe
@public_page
def walks(request: HttpRequest) -> HttpResponse:
    """Every public walk, twenty at a time."""
    piece = keyset(request, PublicWalk.objects.filter(shown=True), "number", SHOWN)
    return render(request, "disclosure/walks.html", {"piece": piece})


@require_safe
@public_page
def walk(request: HttpRequest, number: str) -> HttpResponse:
    """One walk. One that was taken down and one that never was are the same nothing."""
    found = PublicWalk.objects.filter(number=number, shown=True).first() if len(number) <= 20 else None
    if found is None:
        raise Http404(number)
    return render(request, "disclosure/walk.html", {"walk": found})
