"""A drawing of a paper inside a page, and cells beside their columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def drawing(block: Mapping[str, str]) -> SafeString:
    """The SVG of a chart with what it says for those who cannot see it; its words were escaped when it was drawn."""
    says = escape(block["says"])
    return mark_safe(block["svg"].replace("<svg ", f'<svg role="img" aria-label="{says}" ', 1))  # noqa: S308 - drawn by oversight.charts


@register.filter
def beside(row: Sequence[str], columns: Sequence[Mapping[str, object]]) -> Iterator[tuple[str, Mapping[str, object]]]:
    """The cells of a row, each with its column."""
    return zip(row, columns, strict=True)
