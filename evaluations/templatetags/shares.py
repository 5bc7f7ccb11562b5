"""Shares and their intervals, as pages show them."""

from __future__ import annotations

from django import template

from evaluations.intervals import interval_words, percent_words

register = template.Library()
register.filter("percent", percent_words)
register.filter("interval", interval_words)


@register.filter
def of_hundred(count: int, whole: int) -> float:
    """How long a bar is, of a hundred."""
    return round(100 * count / whole, 2) if whole else 0
