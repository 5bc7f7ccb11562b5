"""How pages for everybody behave: the same for all, kept for some seconds, and never at the cost of the intake."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

from common.display import COOKIE, read_display
from common.memory import Memory

View = Callable[..., HttpResponse]
FileView = Callable[..., StreamingHttpResponse]
# Together half a minute at most: what is taken down is gone everywhere within a minute (docs/reliability.md §9.3).
KEPT_SECONDS, MAX_AGE = 10, 20
RETRY_AFTER = 5
# About 30 KB each. Longer questions than people put are answered, but not kept.
MOST_ANSWERS, LONGEST_QUESTION = 400, 400


@dataclass(frozen=True)
class Answer:
    """A page as it is the same for everybody who asks so."""

    content: bytes
    kind: str


class _ForNobodyElse(Exception):
    """What is no page for everybody: a redirect, a full house."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__(response.status_code)
        self.response = response


ANSWERS: Memory[tuple[str, ...], Answer] = Memory(KEPT_SECONDS, most=MOST_ANSWERS)


class Gate:
    """Lets so many in at once and makes nobody wait: each holds one of the threads that take in ratings too."""

    def __init__(self, most: Callable[[], int]) -> None:
        self._most, self._inside, self._lock = most, 0, threading.Lock()

    def enter(self) -> bool:
        with self._lock:
            if self._inside >= self._most():
                return False
            self._inside += 1
            return True

    def leave(self) -> None:
        with self._lock:
            self._inside -= 1


READING = Gate(lambda: settings.PUBLIC_AT_ONCE)
# Whoever takes a file slowly holds a thread for long: half of the places are not for files.
FILES = Gate(lambda: max(1, settings.PUBLIC_AT_ONCE // 2))


def public_page(view: View) -> View:
    """A page that is the same for everybody: kept in this process for some seconds, and by caches for some more.

    Whoever is signed in, or is being told something, gets a page of their own that nobody keeps.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if _has_a_page_of_its_own(request):
            response = _within_reading(view, request, *args, **kwargs)
            response["Cache-Control"] = "no-store"
            return response
        try:
            answer = ANSWERS.get(_question(request), lambda _key: _asked(view, request, *args, **kwargs))
        except _ForNobodyElse as other:
            return other.response
        return _public(answer)

    return guarded


def _has_a_page_of_its_own(request: HttpRequest) -> bool:
    theirs = (settings.SESSION_COOKIE_NAME, "messages")
    return any(name in request.COOKIES for name in theirs) or len(request.META["QUERY_STRING"]) > LONGEST_QUESTION


def _question(request: HttpRequest) -> tuple[str, ...]:
    display = read_display(request.COOKIES.get(COOKIE, ""))
    return (request.path, request.META["QUERY_STRING"], get_language() or "", display.cookie)


def _asked(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> Answer:
    response = _within_reading(view, request, *args, **kwargs)
    if response.status_code != 200:
        raise _ForNobodyElse(response)
    return Answer(response.content, response["Content-Type"])


def _public(answer: Answer | None) -> HttpResponse:
    response = HttpResponse(answer.content, content_type=answer.kind) if answer else HttpResponse()
    response["Cache-Control"] = f"public, max-age={MAX_AGE}"
    patch_vary_headers(response, ("Accept-Language", "Cookie"))
    return response


def gated(view: View) -> View:
    """A page of one visitor's own that still counts among what the public may ask at once."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _within_reading(view, request, *args, **kwargs)

    return guarded


def _within_reading(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    if not READING.enter():
        return _full(request)
    try:
        return view(request, *args, **kwargs)
    finally:
        READING.leave()


def public_file(view: FileView) -> Callable[..., HttpResponseBase]:
    """A file for everybody, written while it is read: its place is held until the reader has it all, or has gone."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "HEAD":
            return HttpResponse()
        if not _enter_both():
            return _full(request)
        try:
            response = view(request, *args, **kwargs)
        except BaseException:
            _leave_both()
            raise
        response.streaming_content = _Held(iter(response), _leave_both)
        response["Cache-Control"] = f"public, max-age={MAX_AGE}"
        return response

    return guarded


def _enter_both() -> bool:
    if not FILES.enter():
        return False
    if READING.enter():
        return True
    FILES.leave()
    return False


def _leave_both() -> None:
    READING.leave()
    FILES.leave()


class _Held:
    """The parts of a file, and what is to be done once nobody wants more of them."""

    def __init__(self, parts: Iterator[bytes], after: Callable[[], None]) -> None:
        self._parts, self._after = parts, [after]

    def __iter__(self) -> Iterator[bytes]:
        return self._parts

    def close(self) -> None:
        """Called by the server, whether all was read or not; the second time nothing is left to do."""
        if self._after:
            self._after.pop()()

    def __del__(self) -> None:
        """Where no server has asked for it: a place that is never left would be lost until the next start."""
        self.close()


def _full(request: HttpRequest) -> HttpResponse:
    context = {"seconds": RETRY_AFTER, "address": request.get_full_path()}
    response = render(request, "disclosure/full.html", context, status=503)
    response["Retry-After"], response["Cache-Control"] = str(RETRY_AFTER), "no-store"
    return response
