"""差评分析: what the valid 差评 of a quarter have in common; every number leads to the cases it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessment.access import READS_FIGURES
from assessment.periods import Period
from assessment.queries import as_of, known_months
from assessment.uncertainty import Change
from assessment.words import change_words, period_words
from evaluations.enums import RatingChannel
from evaluations.lists import units_read_by
from organizations.models import Unit
from organizations.views.doors import for_roles, staff_of
from oversight import charts
from oversight.access import MANAGES_DOSSIERS
from oversight.analysing import UNCLASSED, Bad, ClassLine, Pair, Selection, grouped
from oversight.forms import AnalysisForm, SelectionForm
from oversight.presets import TEMPLATES
from oversight.queries.analysis import Analysis, analysis_of, new_topics, selected
from rectification.models import Case

PAGE = 50


@dataclass(frozen=True)
class Scope:
    """What a page is about: a quarter, and the units somebody reads, or a chosen one with all below it."""

    period: Period
    unit: Unit | None
    units: QuerySet[Unit]

    def query(self, period: Period | None = None, **more: str) -> str:
        """The address's part that leads to the same."""
        where = {"unit": self.unit.code} if self.unit else {}
        return urlencode({"period": (period or self.period).name, **where, **more})

    def list_url(self, period: Period | None = None, *, earlier: bool = False, **asked: Any) -> str:
        """The list of a selection: this quarter's, another's, or that of the year before."""
        more = {"earlier": "1"} if earlier else {}
        return f"{reverse('analysis-cases')}?{self.query(period, **Selection(**asked).query(), **more)}"


@dataclass(frozen=True)
class Number:
    """A number with the list it is the length of."""

    value: int
    url: str


@dataclass(frozen=True)
class Line:
    """A row: what it is called, its numbers in the order of the columns, and words beside them."""

    label: str
    numbers: list[Number]
    words: list[str]
    hollow: bool = False


def _asked(request: HttpRequest, kind: type[AnalysisForm]) -> tuple[Any, Scope]:
    """The form of a page, and what it asks for; what is not understood is said and the running quarter shown."""
    today, readable = timezone.localdate(), units_read_by(staff_of(request))
    months = known_months()
    form = kind(request.GET, units=readable, first=months[0] if months else today, today=today)
    unit = form.chosen_unit
    units = readable.filter(path__startswith=unit.path) if unit else readable
    return form, Scope(form.chosen_period, unit, units)


@require_safe
@for_roles(READS_FIGURES)
def analysis(request: HttpRequest) -> HttpResponse:
    """Classes beside the last quarter's, what could become a campaign, matters, repeats, places, channels, topics."""
    form, scope = _asked(request, AnalysisForm)
    found = analysis_of(scope.period, scope.units, at=timezone.now())
    classes = [_class_line(scope, line) for line in found.classes]
    context = {
        "form": form,
        "scope": scope,
        "period": period_words(scope.period),
        "as_of": as_of(),
        "total": Number(len(found.now), scope.list_url()),
        "before": Number(len(found.before), scope.list_url(scope.period.before())),
        "chart": _chart(found.classes),
        "finding": _marked(*_finding(found.classes)),
        "classes": classes,
        "candidates": [(_pair_line(scope, pair), _begin_url(scope, pair)) for pair in found.candidates],
        "leads": staff_of(request).has_role(*MANAGES_DOSSIERS),
        "least": settings.CAMPAIGN_CLASS_MIN,
        "matters": _matters(scope, found),
        "repeats": [_pair_line(scope, pair, again=True) for pair in found.repeats],
        "days": settings.REPEAT_DAYS,
        "tables": [_by_channel(scope, found), _by_unit(scope, found)],
        "topics": _topics(scope, found),
    }
    return render(request, "oversight/analysis/page.html", context)


def named(group: str) -> str:
    """A class as the page writes it."""
    return str(_("未归类")) if group == UNCLASSED else group


def _class_line(scope: Scope, line: ClassLine) -> Line:
    now = Number(line.now, scope.list_url(group=line.group))
    before = Number(line.before, scope.list_url(scope.period.before(), group=line.group))
    low, high = line.compared.interval.low, line.compared.interval.high
    unknown = line.compared.change == Change.UNKNOWN or line.compared.ratio is None
    told = [f"{value:.2f}".replace("inf", "∞") for value in (line.compared.ratio or 0.0, low, high)]
    ends = "—" if unknown else "{} ({} – {})".format(*told)
    words = [ends, change_words(line.compared, enough=line.enough)]
    return Line(named(line.group), [now, before], words, hollow=not line.enough)


def _chart(lines: list[ClassLine]) -> dict[str, str]:
    rows = [charts.Bar(named(line.group), line.now, line.before, str(line.now)) for line in lines]
    return {"svg": charts.bars(rows, now=_("本季度"), before=_("上季度")), "says": _finding(lines)[0]}


def _finding(lines: list[ClassLine]) -> tuple[str, str]:
    """What is to be seen: a class that has changed beyond chance, else the most frequent one; and its name."""
    if not lines or not lines[0].now:
        return str(_("本季度没有有效差评")), ""
    changed = [line for line in lines if line.enough and line.compared.change in (Change.MORE, Change.LESS)]
    line = min(changed, key=lambda one: one.compared.p) if changed else lines[0]
    facts = {"name": named(line.group), "now": line.now, "before": line.before}
    if not changed:
        return _("“%(name)s”最多:%(now)s 件,上季度 %(before)s 件;没有哪一类有变化的证据") % facts, named(line.group)
    if line.compared.change == Change.MORE:
        return _("“%(name)s”比上季度多:%(before)s → %(now)s 件") % facts, named(line.group)
    return _("“%(name)s”比上季度少:%(before)s → %(now)s 件") % facts, named(line.group)


def _marked(words: str, name: str) -> str:
    """A sentence in the reader's language with a class in its own."""
    before, found, after = words.partition(name) if name else (words, "", "")
    return format_html('{}<span lang="zh">{}</span>{}', before, found, after) if found else words


def _pair_line(scope: Scope, pair: Pair, *, again: bool = False) -> Line:
    url = scope.list_url(unit=pair.unit, group=pair.group, again=again)
    return Line(pair.unit_name, [Number(len(pair.bads), url)], [named(pair.group)])


def _begin_url(scope: Scope, pair: Pair) -> str:
    """Where a campaign against this class in this unit is begun, with the cases of the quarter; "" without a class."""
    if pair.group == UNCLASSED:
        return ""
    asked = {"quarter": scope.period.name, "unit": pair.unit, "group": pair.group}
    template = next((code for code, one in TEMPLATES.items() if one.klass == pair.group), None)
    query = urlencode(asked | ({"template": template} if template else {}))
    return f"{reverse('dossier-new', args=['campaigns'])}?{query}"


def _matters(scope: Scope, found: Analysis) -> list[Line]:
    lines = []
    for one in found.matters:
        value, ends = one.rate.value, one.rate.interval
        words = [f"{one.rate.exposure:,.0f}", "—" if value is None else f"{value:,.2f}"]
        words.append(f"{ends.low:,.2f} – {ends.high:,.2f}" if ends else "—")
        lines.append(Line(one.name, [Number(one.count, scope.list_url(item=one.item))], words, hollow=not one.enough))
    return lines


@dataclass(frozen=True)
class Table:
    """Counts by two things; `columns` are the classes."""

    name: str
    columns: list[str]
    lines: list[Line]


def _by_channel(scope: Scope, found: Analysis) -> Table:
    labels = dict(RatingChannel.choices)
    return _crossed(
        scope,
        found,
        _("按渠道"),
        lambda bad: bad.channel,
        lambda bad: str(labels.get(bad.channel, bad.channel or _("未知"))),
        lambda channel: {"channel": channel},
    )


def _by_unit(scope: Scope, found: Analysis) -> Table:
    return _crossed(
        scope, found, _("按单位"), lambda bad: bad.unit, lambda bad: bad.unit_name, lambda unit: {"unit": unit}
    )


def _crossed(
    scope: Scope,
    found: Analysis,
    name: str,
    key: Callable[[Bad], str],
    label: Callable[[Bad], str],
    asks: Callable[[str], dict[str, Any]],
) -> Table:
    groups = list(grouped(found.now, lambda bad: bad.group))
    lines = []
    for value, bads in grouped(found.now, key).items():
        counts = {group: len(some) for group, some in grouped(bads, lambda bad: bad.group).items()}
        numbers = [Number(counts.get(group, 0), scope.list_url(group=group, **asks(value))) for group in groups]
        lines.append(Line(label(bads[0]), [Number(len(bads), scope.list_url(**asks(value))), *numbers], []))
    return Table(name, [named(group) for group in groups], lines)


def _topics(scope: Scope, found: Analysis) -> list[Line]:
    lines = []
    for topic in new_topics(scope.period, found.now, scope.units, at=timezone.now()):
        now = Number(len(topic.now), scope.list_url(term=topic.words))
        before = Number(len(topic.before), scope.list_url(earlier=True, term=topic.words))
        lines.append(Line(topic.words, [now, before], [f"{topic.chance:.4f}", str(topic.looked)]))
    return lines


@require_safe
@for_roles(READS_FIGURES)
def cases(request: HttpRequest) -> HttpResponse:
    """The cases behind a number: as many rows as the number says."""
    form, scope = _asked(request, SelectionForm)
    selection, earlier = form.selection, form.of_the_year_before
    bads = selected(scope.period, scope.units, selection, before=earlier)[::-1]
    begin = _number(request.GET.get("from", ""))
    rows = bads[begin : begin + PAGE]
    numbers = [bad.number for bad in rows]
    open_to = Case.objects.visible_to(staff_of(request)).filter(number__in=numbers).values_list("number", flat=True)
    more = {**selection.query(), **({"earlier": "1"} if earlier else {}), "from": str(begin + PAGE)}
    context = {
        "form": form,
        "scope": scope,
        "period": period_words(scope.period),
        "earlier": earlier,
        "words": _words(selection, bads),
        "total": len(bads),
        "rows": rows,
        "open_to": set(open_to),
        "next_url": f"?{scope.query(**more)}" if begin + PAGE < len(bads) else "",
    }
    return render(request, "oversight/analysis/cases.html", context)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _words(selection: Selection, bads: list[Bad]) -> str:
    """What was asked for, in words; units and matters by the names their cases have."""
    first = bads[0] if bads else None
    parts = [
        named(selection.group) if selection.group else "",
        (first.unit_name if first else selection.unit) if selection.unit else "",
        (first.item_name if first else selection.item) if selection.item else "",
        str(dict(RatingChannel.choices).get(selection.channel, selection.channel)),
        str(_("再次出现")) if selection.again else "",
        f"“{selection.term}”" if selection.term else "",
    ]
    return " · ".join(part for part in parts if part) or str(_("全部有效差评"))
