"""Words and shapes of public cases."""

from __future__ import annotations

from django import template

from disclosure.models import PublicCase
from disclosure.words import Chip, result_chip, told_words

register = template.Library()


@register.filter
def told(case: PublicCase, what: str) -> str:
    """A day of a case ("rated_on", "replied_on", "published_on"), as exactly as its days are told."""
    return told_words(getattr(case, what), case.rated_grain)


@register.filter
def chip(case: PublicCase) -> Chip:
    """The result, as components/due_chip.html draws it."""
    return result_chip(case.result)
