"""开放数据: the page about the files, and the files themselves, streamed and safe in a spreadsheet."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from common.rows import safe_cell
from disclosure.queries import open_data
from disclosure.queries.open_data import CASES, FIGURES, METRICS, Column
from disclosure.views.manners import public_file, public_page

FILES = (
    ("public-cases-csv", _("逐件公示,CSV"), _("电子表格可以直接打开")),
    ("public-cases-json", _("逐件公示,JSON"), _("给程序用")),
    ("public-figures-csv", _("各单位每月评价数,CSV"), _("按来源分开,不混算")),
    ("public-metrics-csv", _("指标,CSV"), _("按季度,全市和各单位,带分子、分母和区间")),
    ("public-metrics-json", _("指标,JSON"), _("给程序用")),
    ("public-feed", _("最新公示,RSS"), _("订阅后有新公示会收到")),
)


TABLES = (
    (_("逐件公示的列"), CASES),
    (_("各单位每月评价数的列"), FIGURES),
    (_("指标的列"), METRICS),
)


class _Line:
    """What csv writes a row into, to have the row back."""

    def write(self, text: str) -> str:
        return text


@require_safe
@public_page
def data(request: HttpRequest) -> HttpResponse:
    """Which files there are, what their columns mean, and on what terms they may be used."""
    files = [(settings.PORTAL_URL + reverse(route), label, use) for route, label, use in FILES]
    return render(request, "disclosure/data.html", {"files": files, "tables": TABLES})


@require_safe
@public_file
def cases_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Every case that is shown."""
    return _sheet("cases.csv", CASES, open_data.case_rows())


@require_safe
@public_file
def figures_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Ratings and services by month and unit."""
    return _sheet("figures.csv", FIGURES, open_data.figure_rows())


@require_safe
@public_file
def metrics_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Metrics by quarter, of the city and of units."""
    return _sheet("metrics.csv", METRICS, open_data.metric_rows())


@require_safe
@public_file
def metrics_json(request: HttpRequest) -> StreamingHttpResponse:
    """The same as objects in one list."""
    return StreamingHttpResponse(_objects(METRICS, open_data.metric_rows()), content_type="application/json")


def _sheet(name: str, columns: Iterable[Column], rows: Iterable[list[object]]) -> StreamingHttpResponse:
    lines = _lines([column.name for column in columns], rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


def _lines(head: list[str], rows: Iterable[list[object]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    # Without this mark spreadsheets take UTF-8 for the writing of their own country.
    yield "\ufeff"
    yield writer.writerow(head)
    for row in rows:
        yield writer.writerow([_cell(value) for value in row])


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return safe_cell(value) if isinstance(value, str) else "" if value is None else value


@require_safe
@public_file
def cases_json(request: HttpRequest) -> StreamingHttpResponse:
    """The same cases as objects in one list."""
    return StreamingHttpResponse(_objects(CASES, open_data.case_rows()), content_type="application/json")


def _objects(columns: Iterable[Column], rows: Iterable[list[object]]) -> Iterator[str]:
    names = [column.name for column in columns]
    before = "[\n"
    for row in rows:
        one = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in zip(names, row, strict=True)
        }
        yield before + json.dumps(one, ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"
