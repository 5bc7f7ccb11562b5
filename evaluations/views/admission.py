"""Who has shown number and code on this device, for two hours: the key to a case's or a suggestion's page."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE, COOKIE_SECONDS = "tracking", 2 * 3600


def admit(response: HttpResponse, number: str, path: str) -> HttpResponse:
    """Gives the device the key to the page of a number, and to no other page."""
    response.set_cookie(
        COOKIE,
        _signer().sign(number),
        COOKIE_SECONDS,
        path=path,
        secure=settings.SECURE_COOKIES,
        httponly=True,
        samesite="Lax",
    )
    return response


def is_admitted(request: HttpRequest, number: str) -> bool:
    """Whether this device holds the key to the page of a number."""
    try:
        return _signer().unsign(request.COOKIES.get(COOKIE, ""), max_age=COOKIE_SECONDS) == number
    except signing.BadSignature:
        return False


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=COOKIE)
