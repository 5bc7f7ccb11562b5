"""The codes of windows' printed signs: renewed with a reason, and old paper remembered."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from common.actors import Actor
from common.ids import readable_number
from organizations.access import STOPS_SIGNS, sign_duty
from organizations.actions.core import By, Refused, authorise, change
from organizations.models import RetiredSign, Window
from organizations.queries import staff_actor


def new_sign_code() -> str:
    """A code that no window has or had, short and readable enough to be typed from the paper."""
    while True:
        code = readable_number()
        known = Window.objects.filter(sign_code=code).exists() or RetiredSign.objects.filter(sign_code=code).exists()
        if not known:
            return code


@transaction.atomic
def renew_sign(window: Window, *, seen: str, reason: str, misused: bool = False, by: By, at: datetime) -> Window:
    """换发二维码: the window has a new code at once; the old one is remembered (`RetiredSign`).

    Args:
        seen: the code on the page from which this was asked, so that a second press does not renew twice.
        reason: for the trail.
        misused: the old code stops at once instead of being taken for some days more.

    Raises:
        PermissionDenied: by somebody who does not keep this sign; `misused` by anybody but an administrator.
        Refused: somebody else has renewed it in the meantime.
    """
    locked = Window.objects.select_for_update(of=("self",)).select_related("hall__unit", "unit").get(pk=window.pk)
    actor = authorise(by, STOPS_SIGNS) if misused else _keeper(by, locked)
    if locked.sign_code != seen:
        raise Refused(_("这个窗口的二维码刚刚已经换发,没有再换一次。"))
    RetiredSign.objects.create(window=locked, sign_code=locked.sign_code, retired_at=at, reason=reason, misused=misused)
    verb = "stop_sign" if misused else "renew_sign"
    facts = {"sign_code": new_sign_code()}
    change(locked, "window", locked.key, facts, actor=actor, at=at, verb=verb, reason=reason)
    return locked


@transaction.atomic
def stop_retired_sign(sign: RetiredSign, *, reason: str, by: By, at: datetime) -> bool:
    """Ends the days of grace of a code that turns out to be misused.

    Returns:
        Whether it was still running.

    Raises:
        PermissionDenied: not an administrator.
    """
    actor = authorise(by, STOPS_SIGNS)
    locked = RetiredSign.objects.select_for_update(of=("self",)).select_related("window__hall").get(pk=sign.pk)
    key = locked.window.key
    return change(locked, "window", key, {"misused": True}, actor=actor, at=at, verb="stop_sign", reason=reason)


def _keeper(by: By, window: Window) -> Actor:
    if isinstance(by, Actor):
        return by
    membership = sign_duty(by.duties, window)
    if membership is None:
        raise PermissionDenied
    return staff_actor(by, membership)
