"""How the citizen's pages behave: secrets in addresses stay there, limits speak to people, dead ends lead on."""

from __future__ import annotations

import ipaddress
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.core import signing
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from common.actions import take_each
from common.context import surroundings
from evaluations import queries
from evaluations.enums import Level
from evaluations.models import Service
from organizations.models import RetiredSign
from rectification.enums import Target

View = Callable[..., HttpResponse]
# Long enough to take out a telephone and to write in peace.
ON_PHONE, ON_PHONE_SECONDS = "service-on-phone", 60 * 60


def private(view: View) -> View:
    """A page whose address or content is a secret: not kept, not listed, not told to other sites."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        # Not "no-referrer": browsers then hide the origin of our own forms as well, and they would be refused.
        response["Referrer-Policy"] = "same-origin"
        return response

    return guarded


def gone(request: HttpRequest) -> HttpResponse:
    """The one page for every link that leads nowhere, whether it never was or is over."""
    return render(request, "evaluations/gone.html", status=404)


def replaced(request: HttpRequest, sign: RetiredSign) -> HttpResponse:
    """The page behind a sign code that has been replaced: the other ways, with everything typed kept for one of them.

    The new code of a misused sign is not given away here; the hall can be rated without it.
    """
    window = sign.window
    hall = reverse("rate-about", args=[Target.HALL, window.hall.code])
    present = "" if sign.misused else reverse("rate-window", args=[window.sign_code])
    context = {
        "window": window,
        "retired_on": timezone.localdate(sign.retired_at),
        "present": present,
        "hall": hall,
        "kept": _kept(request.POST),
        "path": f"{present}?{request.GET.urlencode()}" if present else hall,
    }
    return render(request, "evaluations/replaced.html", context, status=410)


def _kept(post: QueryDict) -> list[tuple[object, str, object]]:
    """A rating that came too late, as components/kept_form.html takes it: words to be seen, the rest unseen."""
    seen = {"text": _("还想说点什么?"), "phone": _("手机号")}
    kept: list[tuple[object, str, object]] = [
        (_("满意度"), "", level.label) for level in Level if str(level.value) == post.get("level")
    ]
    return kept + [
        (seen.get(name, ""), name, value)
        for name, values in post.lists()
        for value in values
        if name != "csrfmiddlewaretoken"
    ]


def asker() -> str:
    """The network a request comes from: an address, or the /64 of an IPv6 one, which is one household."""
    address = surroundings().address or "unknown"
    if ":" not in address:
        return address
    return str(ipaddress.ip_network(f"{address}/64", strict=False))


def within(limits: dict[str, tuple[int, timedelta]]) -> bool:
    """Takes a token from every bucket; False when one is empty.

    Args:
        limits: what is limited, how often, in what time.
    """
    return len(take_each(limits, at=timezone.now())) == len(limits)


def ask_to_wait(form: Form, seconds: int = 20) -> None:
    """Says on the form when to try again; everything typed stays in it."""
    if seconds < 60:
        form.add_error(None, _("人多,请 %(seconds)d 秒后再按") % {"seconds": seconds})
    else:
        form.add_error(None, _("尝试次数太多,请 %(minutes)d 分钟后再试") % {"minutes": seconds // 60})


def waiting(response: HttpResponse, seconds: int = 20) -> HttpResponse:
    """Marks an answer as 429, with the time after which to try again."""
    response.status_code = 429
    response["Retry-After"] = str(seconds)
    return response


def phone_address(service: Service) -> str:
    """The whole address under which a service can be rated on a telephone, for a QR code: short, and good for an hour.

    Nothing is stored for it: the page that shows it is read many times before anybody scans it.
    """
    name = urlsafe_b64encode(service.pk.bytes).decode().rstrip("=")
    signed = signing.TimestampSigner(salt=ON_PHONE).sign(name)
    return f"{settings.PORTAL_URL}{reverse('rate-phone', args=[signed])}"


def service_on_phone(signed: str) -> Service | None:
    """The service of such an address; None if it was never made, or too long ago."""
    try:
        name = signing.TimestampSigner(salt=ON_PHONE).unsign(signed, max_age=ON_PHONE_SECONDS)
    except signing.BadSignature:
        return None
    return queries.service_with(uuid.UUID(bytes=urlsafe_b64decode(f"{name}==")))
