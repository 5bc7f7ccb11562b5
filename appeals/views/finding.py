"""Which appeal, and whether the reader may know anything of it: the same questions for every page of an appeal."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from appeals.actions.panel import why_barred
from appeals.enums import OPEN_STAGES
from appeals.models import Appeal, AppealQuerySet, Place
from organizations.models import Staff
from organizations.views.doors import staff_of

View = Callable[..., HttpResponseBase]
WITH = ("case__unit__region", "ground", "unit", "reviews", "other_unit", "other_staff", "by")


def of_an_appeal(view: View) -> View:
    """A page of one appeal: the view gets the appeal in place of its number.

    Whoever has left its panel, or may not sit on it any more as of this moment, reads that and nothing else (403);
    a stranger's appeal and one that does not exist look the same (404). docs/ux.md §7, docs/reliability.md §5.
    """

    @wraps(view)
    def guarded(request: HttpRequest, number: str, *more: Any, **words: Any) -> HttpResponseBase:
        user, named = staff_of(request), Appeal.objects.filter(number=number)
        if has_left(user, named) or barred_from(user, named):
            return recused(request)
        appeal = _known(user).filter(number=number).first()
        if appeal is None:
            raise Http404(number)
        return view(request, appeal, *more, **words)

    return login_required(guarded)


def _known(user: Staff) -> AppealQuerySet:
    seen: AppealQuerySet = Appeal.objects.visible_to(user).select_related(*WITH)
    return seen


def has_left(user: Staff, appeals: AppealQuerySet) -> bool:
    """Whether somebody has sat on the panel of one of these appeals, or was drawn for it, and does not any more."""
    return Place.objects.filter(staff=user, appeal__in=appeals).exclude(left_at=None).exists()


def barred_from(user: Staff, appeals: AppealQuerySet) -> bool:
    """Whether somebody sits who may not, which the next sweep will notice; they see nothing until then either."""
    sits = Place.objects.filter(staff=user, sits_from__isnull=False, left_at=None, appeal__stage__in=OPEN_STAGES)
    seated = sits.filter(appeal__in=appeals).select_related("appeal__case", "appeal__unit", "appeal__reviews")
    return any(why_barred(place.appeal, user.pk, at=timezone.now()) is not None for place in seated)


def recused(request: HttpRequest) -> HttpResponse:
    """您已回避本件, and nothing else."""
    return render(request, "appeals/recused.html", status=403)


def find_draft(request: HttpRequest, pk: int) -> Appeal:
    """A draft this person may see.

    Raises:
        Http404: there is none; it has been filed; or it is somebody else's business.
    """
    found = _known(staff_of(request)).filter(pk=pk, number="").first()
    if found is None:
        raise Http404(pk)
    return found
