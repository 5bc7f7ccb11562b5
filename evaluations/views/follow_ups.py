"""再次评价 through the link that came with the reply."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from evaluations import queries
from evaluations.actions import AlreadyFollowedUp
from evaluations.actions import follow_up as record_follow_up
from evaluations.forms import FollowUpForm
from evaluations.queries import Tracked
from evaluations.views.manners import gone, private
from rectification.enums import Action, Verdict
from rectification.workflow import NotAllowed


@require_http_methods(["GET", "HEAD", "POST"])
@private
def follow_up(request: HttpRequest, token: str) -> HttpResponse:
    """The reply in full and one question with three answers; afterwards, what was answered."""
    now = timezone.now()
    link = queries.case_of_follow_up(token, now)
    if link is None:
        return gone(request)
    shown = queries.tracked(link.case, now)
    posted = request.method == "POST"
    if posted and shown.follow_up is not None:
        return redirect("follow-up", token)
    form = FollowUpForm(request.POST if posted else None)
    if not posted or not form.is_valid():
        return _show(request, shown, form)
    said = form.cleaned_data
    try:
        record_follow_up(link.case, verdict=Verdict(said["verdict"]), text=said["text"], at=now)
    except AlreadyFollowedUp:
        return redirect("follow-up", token)
    except NotAllowed:
        return _show(request, shown, form, status=409)
    return redirect("follow-up", token)


def _show(request: HttpRequest, shown: Tracked, form: FollowUpForm, status: int = 200) -> HttpResponse:
    context = {"shown": shown, "form": form, "open": Action.RECORD_VERDICT in shown.acts}
    return render(request, "evaluations/follow_up.html", context, status=status)
