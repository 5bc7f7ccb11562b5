"""What stands on printed signs and slips: the data for templates/print/. Paper speaks Chinese, whoever prints it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from evaluations.enums import Level, SignKind, SlipPaper
from evaluations.models import Service
from evaluations.queries import last_day_to_rate
from organizations.models import Window

PAPER_LANGUAGES = (("zh", settings.LANGUAGE_CODE), ("en", "en"))
UNSAFE_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|\s]+')


def in_order(windows: Iterable[Window]) -> list[Window]:
    """Windows by number as people count: A2 before A10."""
    return sorted(windows, key=lambda window: [_countable(part) for part in re.split(r"([0-9]+)", window.number)])


def _countable(part: str) -> tuple[int, str]:
    return (int(part), "") if part.isascii() and part.isdigit() else (0, part)


def code_of(url: str) -> dict[str, str]:
    """A QR without its quiet zone, what it holds, and the same to be typed.

    Level Q: it is still read with a quarter of it worn off.
    """
    return {"svg": _drawn(segno.make(url, error="q", micro=False).matrix), "url": url, "address": typeable(url)}


def _drawn(matrix: Sequence[Sequence[int]]) -> str:
    """The dark modules as one SVG path, a rectangle for every run in a row."""
    path = "".join(
        f"M{run.start()} {row}h{len(run[0])}v1h-{len(run[0])}z"
        for row, modules in enumerate(matrix)
        for run in re.finditer(b"\x01+", bytes(modules))
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(matrix)} {len(matrix)}"><path d="{path}"/></svg>'


def typeable(url: str) -> str:
    """An address as one types it."""
    return url.partition("://")[2].rstrip("/")


def url_of(sign_code: str) -> str:
    """What the static QR of a window holds: the address with its code and nothing else (reliability.md §8.3)."""
    return f"{settings.PORTAL_URL}{reverse('rate-window', args=[sign_code])}"


def sign_sheets(windows: Sequence[Window], kinds: Sequence[SignKind]) -> dict[str, Any]:
    """Data for print/sign.typ: all windows in one kind, then in the next, since a printer holds one kind of paper.

    Args:
        windows: at least one, with hall and unit, in the order of the pages.
    """
    with override(settings.LANGUAGE_CODE):
        title = f"{_('评价二维码')} {windows[0].hall}"
    facts = [_facts(window) for window in windows]
    return {"title": title, "faces": _faces(), "pages": [{"kind": kind, **one} for kind in kinds for one in facts]}


def _facts(window: Window) -> dict[str, Any]:
    return {
        "hall": str(window.hall),
        "number": window.number,
        "name": window.name,
        "unit": str(window.unit),
        "code": code_of(url_of(window.sign_code)),
    }


def _faces() -> list[dict[str, Any]]:
    """The five levels in the words of the rating page, the best first as there."""
    words: dict[str, list[str]] = {}
    for key, language in PAPER_LANGUAGES:
        with override(language):
            words[key] = [str(level.label) for level in Level]
    return [{"level": level.value, "zh": words["zh"][i], "en": words["en"][i]} for i, level in enumerate(Level)]


def slip_sheets(issued: Sequence[tuple[Service, str]], paper: SlipPaper) -> dict[str, Any]:
    """Data for print/slip.typ. Neither applicant nor staff member stands on a slip.

    Args:
        issued: services with item, window and hall, each with the token of its link.
    """
    last_days = {timezone.localdate(service.served_at): service for service, _token in issued}
    until = {day: _until(service) for day, service in last_days.items()}
    with override(settings.LANGUAGE_CODE):
        slips = [_slip(service, token, until[timezone.localdate(service.served_at)]) for service, token in issued]
        return {"title": _("评价小票"), "paper": paper, "slips": slips}


def _until(service: Service) -> date:
    """The last day on which the link of a slip printed today takes a rating."""
    expires = timezone.localdate() + timedelta(days=settings.RATING_LINK_DAYS - 1)
    return min(last_day_to_rate(service), expires)


def _slip(service: Service, token: str, until: date) -> dict[str, Any]:
    assert service.window is not None
    served = timezone.localtime(service.served_at)
    return {
        "hall": str(service.window.hall),
        "window": str(service.window),
        "item": str(service.item),
        "number": service.project_number,
        "times": service.service_number,
        "served": date_format(served, "DATETIME_FORMAT"),
        "until": date_format(until, "DATE_FORMAT"),
        "code": code_of(f"{settings.PORTAL_URL}{reverse('rate-link', args=[token])}"),
        "way": typeable(f"{settings.PORTAL_URL}{reverse('rate-start')}"),
    }


def sign_file(windows: Sequence[Window]) -> str:
    """What the file of some windows of a hall is called."""
    with override(settings.LANGUAGE_CODE):
        which = windows[0].number if len(windows) == 1 else _("%(count)d个窗口") % {"count": len(windows)}
        return _file_name(_("评价二维码"), windows[0].hall, which)


def slip_file(issued: Sequence[tuple[Service, str]]) -> str:
    """What the file of some slips is called."""
    with override(settings.LANGUAGE_CODE):
        return _file_name(
            _("评价小票"), f"{timezone.localtime():%Y%m%d-%H%M}", _("%(count)d份") % {"count": len(issued)}
        )


def _file_name(*parts: object) -> str:
    """A name that every system takes: without its own signs, and short enough to be saved."""
    words = "-".join(UNSAFE_IN_FILE_NAMES.sub("_", str(part))[:40] for part in parts)
    return f"{words}.pdf"
