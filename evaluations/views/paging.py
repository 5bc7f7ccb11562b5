"""Pages of a list found by where the last one ended, so that the last page costs as much as the first."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest

PAGE = 50


def newest(request: HttpRequest, rows: QuerySet[Any], size: int = PAGE) -> tuple[list[Any], str]:
    """The newest rows first, from `?before=` on, and the address of the next page, or nothing.

    A position that is none is the start.
    """
    before = _number(request, "before")
    found = list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[: size + 1])
    return found[:size], _next(request, "before", found[size - 1].pk) if len(found) > size else ""


def in_order(request: HttpRequest, rows: QuerySet[Any], key: str, size: int = PAGE) -> tuple[list[Any], str]:
    """Rows in the order of a unique number, from `?after=` on, and the address of the next page, or nothing."""
    after = _number(request, "after")
    found = list((rows.filter(**{f"{key}__gt": after}) if after else rows).order_by(key)[: size + 1])
    return found[:size], _next(request, "after", getattr(found[size - 1], key)) if len(found) > size else ""


def _number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _next(request: HttpRequest, name: str, value: object) -> str:
    kept = {key: text for key, text in request.GET.items() if key != name}
    return "?" + urlencode({**kept, name: value})
