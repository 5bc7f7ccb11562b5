from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from common.display import COOKIE, COOKIE_SECONDS, read_display


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
