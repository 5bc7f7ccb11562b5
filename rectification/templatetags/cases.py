"""Words that lists and pages of cases draw."""

from __future__ import annotations

from django import template

from rectification.enums import Level

register = template.Library()


@register.filter
def level_words(level: int) -> str:
    """满意度 in words."""
    return str(Level(level).label)
