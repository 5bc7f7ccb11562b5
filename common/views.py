from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language as django_set_language

from common.display import COOKIE, COOKIE_SECONDS, read_display
from common.queries import broker_answers, database_answers, schema_is_current


# What these two remember changes nobody's data. A token in their forms would make every page one visitor's own: no
# page could then be kept for all, and each would set a cookie.
@csrf_exempt
@require_POST
def set_display(request: HttpRequest) -> HttpResponse:
    """Remembers text size and contrast (`text`, `contrast`; one or both) and goes back to `next`."""
    display = read_display(request.COOKIES.get(COOKIE, "")).changed(request.POST.dict())
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    response.set_cookie(
        COOKIE, display.cookie, COOKIE_SECONDS, secure=settings.SECURE_COOKIES, httponly=True, samesite="Lax"
    )
    return response


@csrf_exempt
def set_language(request: HttpRequest) -> HttpResponseBase:
    """Remembers the language (`language`) and goes back to `next`."""
    return django_set_language(request)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process lives."""
    return JsonResponse({"alive": True})


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Database, schema and broker. A broker outage degrades the portal but does not stop it, unless ?strict=1 asks."""
    try:
        database = database_answers()
        current = schema_is_current()
    except (DatabaseError, LookupError):
        return JsonResponse({"ready": False}, status=503)
    broker = broker_answers()
    ready = database and current and (broker or "strict" not in request.GET)
    return JsonResponse({"ready": ready, "broker": broker}, status=200 if ready else 503)
