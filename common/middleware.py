"""Web manners for every page: where a request comes from, what it may contain, and what is said without a database."""

from __future__ import annotations

import ipaddress
import re
import uuid
from collections.abc import Callable, Iterator
from functools import lru_cache

import structlog
from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError, close_old_connections
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.http.request import UnreadablePostError
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.template import Context
from django.template.loader import get_template
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext
from django.views.defaults import bad_request
from django_structlog.middlewares import RequestMiddleware

from common.context import acting_from, surroundings

GetResponse = Callable[[HttpRequest], HttpResponse]
RETRY_AFTER = 10
SIGNED = "/api/v1/intake/"
# Of an answer that is no page.
_BARE = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Vary": "Accept-Language",
    "X-Frame-Options": "DENY",
}
METHODS = ("GET", "HEAD", "POST")
NEVER_KEPT = ("password", "csrfmiddlewaretoken", "code")
# Addresses that are keys themselves: whoever reads one in a log could rate or answer in the citizen's place.
_KEY_IN_ADDRESS = re.compile(
    r"^(/(?:a|r|f|k|o|v|receipt|kiosk/done|rate/service|suggest/receipt|accounts/password/reset/key"
    r"|accounts/confirm-email)/)[^/]+"
)


class RequestLog(RequestMiddleware):
    """One line for each request, without what opens doors: keys in addresses and everything after the question mark."""

    def prepare(self, request: HttpRequest) -> None:
        """Names what every line of this request carries. Its beginning is no news: one line says how it ended."""
        around = surroundings()
        structlog.contextvars.bind_contextvars(request_id=around.request_id, ip=around.address)

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """The method and the address as they may stand in a log (docs/decisions.md, D13)."""
        return f"{request.method} " + _KEY_IN_ADDRESS.sub(r"\1…", request.path)


class ContentPolicy(CSPMiddleware):
    """The policy of every page, put together once for all that have no style of their own."""

    _plain = ""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The answer with a policy; what is no page has brought its own."""
        if HEADER in response:
            return response
        if not self._plain or getattr(request, "_csp_nonce", None):
            return self._put_together(request, response)
        response[HEADER] = self._plain
        return response

    def _put_together(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response = super().process_response(request, response)
        if not getattr(request, "_csp_nonce", None):
            self._plain = response[HEADER]
        return response


def client_address(get_response: GetResponse) -> GetResponse:
    """Names the address and a request id for everything the request does."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with acting_from(_address(request), uuid.uuid4().hex):
            return get_response(request)

    return middleware


def _address(request: HttpRequest) -> str | None:
    """The client's address: what the outermost trusted proxy saw, never what the client claims."""
    hops = settings.TRUSTED_PROXY_HOPS
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    return _plain_address(seen[-hops] if hops and len(seen) >= hops else request.META.get("REMOTE_ADDR", ""))


@lru_cache(maxsize=10_000)
def _plain_address(claimed: str) -> str | None:
    try:
        return str(ipaddress.ip_address(claimed))
    except ValueError:
        return None


def known_methods(get_response: GetResponse) -> GetResponse:
    """Refuses methods no page of ours has; views that only ask "is it a POST?" would take them for a GET."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request) if request.method in METHODS else HttpResponseNotAllowed(METHODS)

    return middleware


def body_size(get_response: GetResponse) -> GetResponse:
    """Refuses what is longer than any form of ours, before a byte of it is read or stored.

    A few pages take large files (settings.LARGE_UPLOADS); from people who are signed in.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        length = _length(request)
        if length <= settings.REQUEST_MAX_BYTES:
            return get_response(request)
        if length <= settings.LARGE_UPLOADS.get(request.path_info, 0) and _is_signed_in(request):
            return get_response(request)
        response = bad_request(request, RequestDataTooBig(f"{length} bytes"))
        response.status_code = 413
        return response

    return middleware


def _length(request: HttpRequest) -> int:
    """The length a request says it has; without one the server hands over no body."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isascii() and said.isdigit() and len(said) < 16 else 0


def _is_signed_in(request: HttpRequest) -> bool:
    """Asked before the session of the request is there: a file of gigabytes would be stored before it."""
    return SESSION_KEY in SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))


def signed_requests(get_response: GetResponse) -> GetResponse:
    """Leads what another system signs straight to its view: there is no session, form, message or page about it.

    Its view reads the body as bytes and answers by name whatever is wrong with it (docs/intake.md).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(SIGNED):
            return get_response(request)
        try:
            found = resolve(request.path_info)
        except Resolver404:
            return get_response(request)
        request.get_host()
        translation.activate(translation.get_language_from_request(request))
        try:
            response: HttpResponse = found.func(request, *found.args, **found.kwargs)
        except (OperationalError, InterfaceError):
            response = _briefly_away()
        told = {**_BARE, "Content-Language": translation.get_language(), "Content-Length": str(len(response.content))}
        for name, value in told.items():
            response.headers[name] = value
        return response

    return middleware


def _briefly_away() -> HttpResponse:
    close_old_connections()
    words = gettext("系统暂时不可用,请稍后用新的随机串和时间戳再发一次")
    said = {"outcome": "denied", "code": "away", "message": words}
    return JsonResponse(said, status=503, headers={"Retry-After": str(RETRY_AFTER)})


def clean_input(get_response: GetResponse) -> GetResponse:
    """Refuses what no form of ours sends: NUL, half characters, too much. PostgreSQL would answer with an error."""

    def middleware(request: HttpRequest) -> HttpResponse:
        try:
            spoilt = any(map(_is_spoilt, _texts(request)))
        except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent, UnicodeError, UnreadablePostError) as error:
            return bad_request(request, error)
        return bad_request(request, ValueError("characters")) if spoilt else get_response(request)

    return middleware


def _texts(request: HttpRequest) -> Iterator[str]:
    yield request.path_info
    for data in (request.GET, request.POST):
        for name, values in data.lists():
            yield name
            yield from map(str, values)


def _is_spoilt(text: str) -> bool:
    return "\0" in text or any("\ud800" <= character <= "\udfff" for character in text)


def database_outage(get_response: GetResponse) -> GetResponse:
    """Says 503 and keeps every answer while the database is away; the next request tries a fresh connection."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        return _away(request) if isinstance(error, OperationalError | InterfaceError) else None

    def guarded(request: HttpRequest) -> HttpResponse:
        try:
            return middleware(request)
        except (OperationalError, InterfaceError):
            return _away(request)

    guarded.process_exception = process_exception  # type: ignore[attr-defined]  # Django looks for it there
    return guarded


def _away(request: HttpRequest) -> HttpResponse:
    close_old_connections()
    translation.activate(translation.get_language_from_request(request))
    # Without the form at hand only free text can be shown for what it is; codes and choices travel along unseen.
    kept = [("" if value.isascii() else gettext("您写的内容"), name, value) for name, value in _answers(request)]
    context = Context(
        {
            "kept": kept,
            "path": request.get_full_path(),
            "csrf_token": get_token(request),
            "retry_after": RETRY_AFTER,
            "request": request,
        }
    )
    template = get_template("503.html").template  # type: ignore[attr-defined]  # of Django's engine
    response = HttpResponse(template.render(context), status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response


def _answers(request: HttpRequest) -> Iterator[tuple[str, str]]:
    if _length(request) > settings.REQUEST_MAX_BYTES:
        return
    for name, values in request.POST.lists():
        if not any(word in name.lower() for word in NEVER_KEPT):
            yield from ((name, str(value)) for value in values)


def private_pages(get_response: GetResponse) -> GetResponse:
    """Pages of a signed-in person are not kept by any cache, and logging out clears what the browser has."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response

    return middleware
