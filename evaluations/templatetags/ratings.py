"""What the citizen's pages draw: dates as people say them, and QR codes."""

from __future__ import annotations

import segno
from django import template
from django.utils.safestring import SafeString, mark_safe

from rectification.words import date_words

register = template.Library()
register.filter("day_words", date_words)


@register.simple_tag
def qr(address: str) -> SafeString:
    """A QR code as a picture inside the page. The caller names it for those who cannot see it."""
    drawing: str = segno.make(address, error="m", micro=False).svg_inline(border=2, omitsize=True, lineclass=None)
    return mark_safe(drawing)  # noqa: S308 - drawn here, from our own address
