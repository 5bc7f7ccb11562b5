"""退订: behind the link of an invitation, without any account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from evaluations import actions, queries
from evaluations.views.manners import gone, private


@require_http_methods(["GET", "HEAD", "POST"])
@private
def stop_invitations(request: HttpRequest, token: str) -> HttpResponse:
    """Asks once (GET: previews of messages open links too), stops (POST), and says that it is stopped."""
    link = queries.link_of_invitation(token)
    if link is None or link.service.contact is None:
        return gone(request)
    contact = link.service.contact
    if request.method == "POST":
        actions.stop_invitations(contact, at=timezone.now())
        return redirect("stop-invitations", token)
    return render(request, "evaluations/stop.html", {"stopped": queries.invitations_stopped(contact)})
