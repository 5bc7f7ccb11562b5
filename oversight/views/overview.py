"""总览: the supervisors' dashboards. Each panel loads by itself, fails alone, and has a page and a file of its own."""

from __future__ import annotations

import csv
import logging
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessment import queries
from assessment.enums import Grain
from assessment.metrics import BY_CODE as METRICS
from assessment.periods import Period, period_of
from assessment.words import period_words
from common.display import COOKIE as DISPLAY
from common.memory import Memory
from common.queries import moved_on
from common.rows import safe_cell
from organizations.views.doors import for_roles, staff_of
from oversight.access import SUPERVISES
from oversight.forms import OverviewForm
from oversight.panels import BY_CODE, PANELS, About, Ask, Big, Cell, Panel, Shown, Table
from oversight.queries.kept import Kept, found_or_none, kept, kept_or_found, key_of, note_look
from oversight.queries.overview import Scope, reach_of, scope_of

# As long a process keeps what it has drawn; other processes may have drawn something newer meanwhile.
DRAWN_SECONDS = 10
# A page says what waits for its reader, so it is only shown again as long as nobody has done anything.
PAGE_SECONDS = 30
log = logging.getLogger(__name__)
_NAMES = re.compile(r"[\u3400-\u9fff](?:[\u3400-\u9fff〔〕\d]*[\u3400-\u9fff])?")


@dataclass(frozen=True)
class Looked:
    """Who looks at what: the quarter, what the person supervises, and the moment."""

    form: OverviewForm
    period: Period
    scope: Scope
    at: datetime

    @property
    def about(self) -> About:
        return About(self.period, timezone.localdate(self.at))

    @property
    def panels(self) -> list[Panel]:
        """Those that make sense for this person: a single unit is compared with nobody."""
        return [panel for panel in PANELS if self.scope.regional or not panel.regional]

    def url(self, route: str, panel: Panel) -> str:
        return f"{reverse(route, args=[panel.code])}?{urlencode({'quarter': self.period.name})}"


@dataclass(frozen=True)
class Drawn:
    """A panel as a piece of a page, and the facts it was made of."""

    html: SafeString
    kept: Kept


@dataclass(frozen=True)
class Whole:
    """A page with all its panels on it, and the facts they were made of."""

    content: bytes
    kept: tuple[Kept, ...]


_months: Memory[str, tuple[date, date]] = Memory(DRAWN_SECONDS)
_drawn: Memory[tuple[str, str], Drawn] = Memory(DRAWN_SECONDS)
_pages: Memory[tuple[object, ...], Whole] = Memory(PAGE_SECONDS, most=500)


def looked_at(request: HttpRequest) -> Looked:
    """What a page of the overview is asked for; what is not understood is said and the present quarter shown."""
    now = timezone.now()
    months = _months.get("", lambda _key: queries.known_months())
    today = timezone.localdate(now)
    form = OverviewForm(request.GET, first=months[0] if months else today, today=today)
    return Looked(form, form.chosen or period_of(today, Grain.QUARTER), scope_of(staff_of(request)), now)


def panel_of(code: str, looked: Looked) -> Panel:
    """The panel of this code, if the person has it.

    Raises:
        Http404: there is none.
    """
    panel = BY_CODE.get(code)
    if panel is None or panel not in looked.panels:
        raise Http404
    return panel


@require_safe
@for_roles(SUPERVISES)
def overview(request: HttpRequest) -> HttpResponse:
    """All panels: at once what is warm, and in place of the others a link that a script fills.

    With `whole=1` the server draws every one of them, for paper and for browsers without scripts. Whoever looks again
    soon, while nothing was done, gets the very page of before: its frame is most of the work.
    """
    note_look(staff_of(request))
    name, now = _page_name(request), timezone.now()
    known = _pages.get(name, lambda _name: None)
    # What is told once, after an act, is on a page of its own moment.
    quiet = not len(get_messages(request))
    if quiet and known is not None and all(one.is_fresh(now) for one in known.kept):
        return HttpResponse(known.content)
    looked = looked_at(request)
    response, facts = _page(request, looked)
    if quiet and len(facts) == len(looked.panels):
        _pages.forget(name)
        _pages.get(name, lambda _name: Whole(response.content, facts))
    return response


def _page_name(request: HttpRequest) -> tuple[object, ...]:
    """Everything a page depends on: session and what it may see, address, language and look, the token of its forms,
    the last act of anybody, and how many notices wait."""
    cookies = (request.COOKIES.get(name, "") for name in (DISPLAY, settings.CSRF_COOKIE_NAME))
    user, session = staff_of(request), request.session.session_key or ""
    return (session, reach_of(user), request.get_full_path(), get_language() or "", *cookies, *moved_on(user.pk))


def _page(request: HttpRequest, looked: Looked) -> tuple[HttpResponse, tuple[Kept, ...]]:
    """The page drawn now, and the facts of the panels that are on it."""
    warm = _warm(looked)
    whole = request.GET.get("whole") == "1"
    parts = [(panel, warm.get(panel.code) or (_part(panel, looked) if whole else "")) for panel in looked.panels]
    context = {
        "form": looked.form,
        "period": period_words(looked.period),
        "parts": [
            {
                "panel": panel,
                "html": html,
                "url": looked.url("overview-panel", panel),
                "part_url": looked.url("overview-part", panel),
            }
            for panel, html in parts
        ],
        "cold": not all(html for _panel, html in parts),
        "whole_url": f"?{urlencode({'quarter': looked.period.name, 'whole': '1'})}",
    }
    drawn = (_drawn.get(_name(panel.code, looked), lambda _name: None) for panel, html in parts if html)
    facts = tuple(one.kept for one in drawn if one is not None)
    return render(request, "oversight/overview/overview.html", context), facts


@require_safe
@for_roles(SUPERVISES)
def part(request: HttpRequest, code: str) -> HttpResponse:
    """One panel as a piece of a page."""
    looked = looked_at(request)
    return HttpResponse(_part(panel_of(code, looked), looked))


@require_safe
@for_roles(SUPERVISES)
def panel(request: HttpRequest, code: str) -> HttpResponse:
    """One panel on a page of its own, with its tables open, for reading and for paper."""
    looked = looked_at(request)
    asked = panel_of(code, looked)
    one, shown = _told(asked, looked)
    context = {
        "form": looked.form,
        "panel": asked,
        "period": period_words(looked.period),
        "quarter": looked.period.name,
        "html": _drawing(asked, looked, one, shown, alone=True),
    }
    return render(request, "oversight/overview/panel.html", context, status=200 if shown else 503)


@require_safe
@for_roles(SUPERVISES)
def panel_file(request: HttpRequest, code: str) -> HttpResponse:
    """The tables of a panel as a file, one below the other."""
    looked = looked_at(request)
    asked = panel_of(code, looked)
    _one, shown = _told(asked, looked)
    if shown is None:
        return HttpResponse(_("暂时无法显示"), status=503, content_type="text/plain; charset=utf-8")
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{asked.code}-{looked.period.name}.csv"'
    response["Cache-Control"] = "no-store"
    writer = csv.writer(response)
    for number, table in enumerate(shown.tables):
        if number:
            writer.writerow([])
        writer.writerow(table.columns)
        writer.writerows([safe_cell(cell.text) for cell in row] for row in table.rows)
    return response


# --- drawing ------------------------------------------------------------------------------------------------------


def _warm(looked: Looked) -> dict[str, SafeString]:
    """The panels whose facts are kept, in one question for all that this process has not drawn lately."""
    names = {panel.code: _name(panel.code, looked) for panel in looked.panels}
    found = {}
    for code, name in names.items():
        known = _drawn.get(name, lambda _name: None)
        if known is not None and known.kept.is_fresh(looked.at):
            found[code] = known.html
    missing = [code for code in names if code not in found]
    if missing:
        for code, one in kept(missing, looked.scope, looked.period, at=looked.at).items():
            shown = _shown(BY_CODE[code], looked, one)
            if shown:
                found[code] = _remembered(BY_CODE[code], looked, one, shown)
    return found


def _part(asked: Panel, looked: Looked) -> SafeString:
    """A panel as a piece of a page; one that cannot be had says so."""
    one, shown = _told(asked, looked)
    return _remembered(asked, looked, one, shown) if one and shown else _drawing(asked, looked, one, None)


def _remembered(asked: Panel, looked: Looked, one: Kept, shown: Shown) -> SafeString:
    """A panel as a piece of a page, kept for the next who looks."""
    name, html = _name(asked.code, looked), _drawing(asked, looked, one, shown)
    _drawn.forget(name)
    _drawn.get(name, lambda _name: Drawn(html, one))
    return html


def _told(asked: Panel, looked: Looked) -> tuple[Kept | None, Shown | None]:
    """The facts of a panel and what they say. Facts that another version of the portal has kept are found anew."""
    where = asked.code, looked.scope, looked.period
    one = kept_or_found(*where, at=looked.at)
    shown = _shown(asked, looked, one)
    if one is None or shown:
        return one, shown
    one = found_or_none(*where, at=looked.at)
    return one, _shown(asked, looked, one)


def _shown(asked: Panel, looked: Looked, one: Kept | None) -> Shown | None:
    """What a panel says; None if its facts cannot be had, or not be read, which concerns no other panel."""
    if one is None:
        return None
    try:
        return asked.show(one.facts, looked.about)
    except Exception:
        log.exception("panel %s of the overview cannot be drawn", asked.code)
        return None


def _name(code: str, looked: Looked) -> tuple[str, str]:
    return key_of(code, looked.scope, looked.period), get_language() or ""


def _drawing(asked: Panel, looked: Looked, one: Kept | None, shown: Shown | None, *, alone: bool = False) -> SafeString:
    context = {
        "panel": asked,
        "alone": alone,
        "shown": _with_addresses(shown) if shown else None,
        "drawing": mark_safe(shown.drawing) if shown else "",  # noqa: S308 - our own SVG, every word in it escaped
        "as_of": one.as_of if one else None,
        "url": looked.url("overview-panel", asked),
        "file_url": looked.url("overview-file", asked),
        "definitions": [
            (METRICS[code].label, f"{reverse('metric', args=[code])}?period={looked.period.name}#definition")
            for code in (shown.metrics if shown else ())
        ],
    }
    return render_to_string("oversight/overview/_panel.html", context)


def _with_addresses(shown: Shown) -> dict[str, Any]:
    """A panel as its template reads it, each number with the address of its list."""
    return {
        "title": _marked(shown.title),
        "n": shown.n,
        "span": shown.span,
        "empty": shown.empty,
        "notes": shown.notes,
        "numbers": [_big(one) for one in shown.numbers],
        "tables": [_table(table) for table in shown.tables],
    }


def _big(one: Big) -> dict[str, Any]:
    counts = [_cell(cell) for cell in one.counts]
    return {"label": one.label, "value": _cell(one.value), "counts": counts, "before": one.before, "change": one.change}


def _table(table: Table) -> dict[str, Any]:
    rows = [[_cell(cell) for cell in row] for row in table.rows]
    return {"name": table.name, "note": table.note, "columns": table.columns, "rows": rows}


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "text": _marked(cell.text),
        "url": url_of(cell.ask) if cell.ask else "",
        "hollow": cell.hollow,
        "shade": cell.shade,
    }


def _marked(text: str) -> SafeString:
    """A text with its Chinese names marked as such where the page is in another language."""
    escaped = escape(text)
    if (get_language() or "").startswith("zh"):
        return escaped
    return mark_safe(_NAMES.sub(r'<span lang="zh">\g<0></span>', escaped))  # noqa: S308 - escaped before


def url_of(ask: Ask) -> str:
    """The address of the list behind a number."""
    return f"{reverse(ask.route, args=ask.args)}?{urlencode(ask.query)}"
