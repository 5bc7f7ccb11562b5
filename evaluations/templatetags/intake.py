"""What the intake's pages look up while they are drawn."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def of(names: Mapping[str, str], code: str) -> str:
    """The name that goes with a code; the code itself where there is none."""
    return names.get(code, code)


@register.filter
def grouped(count: int) -> str:
    """A number of rows in groups of three digits, in every language: tens of millions must be read at a glance."""
    return f"{count:,}"
