"""Words and shapes of public cases."""

from __future__ import annotations

from django import template

from disclosure.models import PublicCase
from disclosure.words import Chip, result_chip, told_words

register = template.Library()


@register.filter
def rated_words(case: PublicCase) -> str:
    """The day of the rating, as exactly as it is told."""
    return told_words(case.rated_on, case.rated_grain)


@register.filter
def chip(case: PublicCase) -> Chip:
    """The result, as components/due_chip.html draws it."""
    return result_chip(case.result)
