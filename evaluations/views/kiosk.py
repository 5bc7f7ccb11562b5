"""评价器: the tablet at a window. It remembers nothing of a person: what they chose is in the address and the form.

Every screen works without JavaScript. static/js/kiosk.js adds the sign of life, the clearing and the way out without
a network.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.context import surroundings
from common.display import COOKIE as DISPLAY_COOKIE
from common.display import read_display
from evaluations import queries, tablets
from evaluations.actions import enrol_device, note_pulse, report_stray
from evaluations.enums import Level, Limited, Origin, RatingChannel
from evaluations.forms import EnrolForm, TabletForm, TabletTextForm
from evaluations.models import Device
from evaluations.presence import network_of, strays
from evaluations.views.doors import HOUR, page, window_itself
from evaluations.views.manners import ask_to_wait, asker, phone_address, private, waiting, within
from evaluations.views.rating import Door, Screen, is_own, of_service, rate, refused_own, unmatched
from evaluations.views.receipts import receipt_signed
from evaluations.views.wishes import FOR_EVERYBODY, Wish

COOKIE, COOKIE_SECONDS = "tablet", 400 * 24 * 3600
THE_WINDOW = "none"
# An hour; enough for a hall that puts up all its tablets in one morning, behind one address.
CODE_TRIES = 120
# The receipt is fetched once, right after the rating; later its address leads home, for the next person.
RECEIPT_SLACK = 5
CLOCKS = ("pulse", "idle", "warning", "receipt")
TabletView = Callable[..., HttpResponse]


def home(wish: Wish = FOR_EVERYBODY) -> str:
    """The address of the screen a tablet comes back to."""
    return f"{reverse('kiosk')}?{wish.query}" if wish.query else reverse("kiosk")


def _signer() -> signing.Signer:
    return signing.Signer(salt=COOKIE)


def _device(request: HttpRequest) -> Device | None:
    """The device whose key the browser holds, wherever it stands."""
    try:
        secret = _signer().unsign(request.COOKIES.get(COOKIE, ""))
    except signing.BadSignature:
        return None
    return tablets.device_with_secret(secret)


def _keep_key(response: HttpResponse, signed: str) -> HttpResponse:
    """Puts the key into the browser, or keeps it there: browsers throw away what is older than 400 days."""
    response.set_cookie(
        COOKIE,
        signed,
        COOKIE_SECONDS,
        path=reverse("kiosk"),
        secure=settings.SECURE_COOKIES,
        httponly=True,
        samesite="Strict",
    )
    return response


def _turned_away(request: HttpRequest, device: Device, wish: Wish) -> HttpResponse | None:
    """Refuses a key that comes from another network than its tablet's; that is reported, never passed over."""
    network = network_of(surroundings().address)
    if not strays(device.network, network, bound=settings.KIOSK_NETWORK_BOUND):
        return None
    report_stray(device, network=network, at=timezone.now())
    return render(request, "evaluations/kiosk/stray.html", _context(wish, screen="stuck"), status=403)


def tablet(view: TabletView) -> TabletView:
    """A screen of an enrolled tablet in its own network, in the language of the person before it."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        wish = Wish.of(request.GET).turned(request.POST.get("turn", ""))
        translation.activate(wish.code)
        device = _device(request)
        if device is None:
            return redirect(home(wish))
        return _turned_away(request, device, wish) or view(request, device, wish, *args, **kwargs)

    return private(guarded)


def _context(wish: Wish, device: Device | None = None, screen: str = "busy") -> dict[str, Any]:
    """What every screen is drawn with.

    Args:
        screen: "idle" (nothing to clear), "busy" (cleared when nobody touches it), "done" (cleared soon), "enrol"
            (waits for somebody of the staff), or "stuck" (tried again now and then).
    """
    sign = device and f"{settings.PORTAL_URL}{reverse('rate-window', args=[device.window.sign_code])}"
    seconds = {name: getattr(settings, f"KIOSK_{name.upper()}_SECONDS") for name in CLOCKS}
    return {
        "wish": wish,
        "display": wish.display,
        "device": device,
        "screen": screen,
        "sign": sign,
        "seconds": seconds,
    }


@page
@private
def kiosk(request: HttpRequest) -> HttpResponse:
    """The screen a tablet rests on; a tablet that is none yet enrols here."""
    device = None if request.method == "POST" or "code" in request.GET else _device(request)
    if device is None:
        return _enrol(request, Wish.of({**_kept_wish(request).asked, **request.GET.dict()}))
    wish = Wish.of(request.GET)
    translation.activate(wish.code)
    return _turned_away(request, device, wish) or _rest(request, device, wish)


def _rest(request: HttpRequest, device: Device, wish: Wish) -> HttpResponse:
    """What there is to rate now: the service just called, one of today's, or the window itself."""
    now, others = timezone.now(), "others" in request.GET
    note_pulse(device, at=now)
    rated = window_itself(device.window)
    if is_own(request, rated):
        return refused_own(request, rated, _screen(device, wish))
    offered = tablets.offered_at(device.window, now, others=others)
    context = _context(wish, device, "busy" if wish.query or others else "idle")
    context |= {
        "offered": offered,
        "services": offered.services[: tablets.SHOWN_EARLIER if others else tablets.SHOWN],
        "earlier": not others and len(offered.services) > tablets.SHOWN,
        "matter": offered.called.pk if offered.called else THE_WINDOW,
        "phone": phone_address(offered.called) if offered.called else context["sign"],
        "levels": Level,
    }
    return _keep_key(render(request, "evaluations/kiosk/rest.html", context), request.COOKIES[COOKIE])


def _kept_wish(request: HttpRequest) -> Wish:
    """How the staff who enrol a tablet read all their pages."""
    language = "en" if translation.get_language() == "en" else "zh"
    return Wish(language, read_display(request.COOKIES.get(DISPLAY_COOKIE, "")))


def _enrol(request: HttpRequest, wish: Wish) -> HttpResponse:
    """Takes the code of a device, and hands its key to the browser."""
    translation.activate(wish.code)
    form = EnrolForm(request.POST if request.method == "POST" else None, initial={"code": request.GET.get("code", "")})
    context = _context(wish, screen="enrol") | {"form": form}
    if request.method == "POST" and form.is_valid():
        if not within({f"device-code:{asker()}": (CODE_TRIES, HOUR)}):
            ask_to_wait(form, 60)
            return waiting(render(request, "evaluations/kiosk/enrol.html", context), 60)
        network = network_of(surroundings().address)
        enrolled = enrol_device(form.cleaned_data["code"], network=network, at=timezone.now())
        if enrolled is not None:
            return _keep_key(redirect("kiosk"), _signer().sign(enrolled[1]))
        form.add_error("code", _("登记码不对,或者已经用过、过期。请在工作台重新生成。"))
    return render(request, "evaluations/kiosk/enrol.html", context)


@page
@tablet
def kiosk_rate(request: HttpRequest, device: Device, wish: Wish) -> HttpResponse:
    """The rating page of what was chosen. A rating here spends the service, as one from any other door does."""
    door = _door(request, device, wish)
    return redirect(home(wish)) if door is None else rate(request, door)


def _door(request: HttpRequest, device: Device, wish: Wish) -> Door | None:
    chosen = request.POST.get("matter") or request.GET.get("matter", "")
    if chosen == THE_WINDOW:
        door = unmatched(window_itself(device.window), RatingChannel.KIOSK)
    else:
        service = queries.service_at_window(device.window, timezone.localdate(), chosen)
        if service is None:
            return None
        door = of_service(service, RatingChannel.KIOSK, Origin.ACTIVE, shows_earlier=False)
    counted = {**door.counted, Limited.TABLET: str(device.pk)}
    screen = _screen(device, wish, door, initial=_chosen(request), asking="turn" in request.POST)
    return replace(door, counted=counted, screen=screen)


def _chosen(request: HttpRequest) -> dict[str, Any]:
    """What somebody has already touched: a face on the screen before, or everything when they turned the language."""
    if "turn" not in request.POST:
        return {"level": request.GET.get("level", "")}
    kept = {name: request.POST[name] for name in ("nonce", "level", "text") if name in request.POST}
    return {**kept, "tags": request.POST.getlist("tags")}


def _screen(device: Device, wish: Wish, door: Door | None = None, **more: Any) -> Screen:
    """The rating page as this tablet shows it.

    Args:
        more: what is chosen already, and whether it is only asked (`Screen.initial`, `Screen.asking`).
    """
    service = door.rated.service if door else None
    context = _context(wish, device)
    matter = urlencode({"matter": str(service.pk) if service else THE_WINDOW})
    return Screen(
        rate="evaluations/kiosk/rate.html",
        already="evaluations/kiosk/already.html",
        own="evaluations/kiosk/own.html",
        form=TabletTextForm if device.takes_text else TabletForm,
        receipt=lambda signed: f"{reverse('kiosk-done', args=[signed])}?{wish.query}",
        more=context
        | {
            "phone": phone_address(service) if service else context["sign"],
            "action": f"{reverse('kiosk-rate')}?{matter}&{wish.query}",
        },
        **more,
    )


@require_safe
@tablet
def kiosk_done(request: HttpRequest, device: Device, wish: Wish, signed: str) -> HttpResponse:
    """已收到, for some seconds. The slip of a 差评 goes to the evaluator's own telephone."""
    found = receipt_signed(signed, settings.KIOSK_RECEIPT_SECONDS + RECEIPT_SLACK)
    if found is None:
        return redirect(home())
    context = _context(wish, device, "done") | {
        "case": found.case,
        "code": f"{found.code[:3]} {found.code[3:]}",
        "slip": f"{settings.PORTAL_URL}{reverse('receipt', args=[signed])}",
    }
    return render(request, "evaluations/kiosk/done.html", context)


@require_POST
@tablet
def kiosk_pulse(request: HttpRequest, device: Device, wish: Wish) -> HttpResponse:
    """The sign of life, and what the resting screen should show by now."""
    now = timezone.now()
    note_pulse(device, at=now, battery=_percent(request.POST.get("battery", "")), charging="charging" in request.POST)
    return JsonResponse({"mark": tablets.offered_at(device.window, now).mark})


def _percent(told: str) -> int | None:
    return int(told) if told.isascii() and told.isdigit() and len(told) <= 3 and int(told) <= 100 else None
