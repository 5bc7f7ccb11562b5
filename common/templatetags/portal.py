"""Template tags that every app's pages use."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_NEVER_SHOWN = re.compile(r"csrf|password|code|token|nonce|next", re.IGNORECASE)


@register.simple_tag(takes_context=True)
def inline_css(context: Context, path: str) -> SafeString:
    """A style sheet inside the page: no second request. Carries the nonce the content security policy asks for.

    Args:
        path: below static/, for example "css/rate.css".

    Raises LookupError when there is no such file.
    """
    nonce = getattr(context.get("request"), "csp_nonce", "")
    return format_html('<style nonce="{}">{}</style>', str(nonce), mark_safe(squeezed_css(path)))  # noqa: S308 - our own file


@lru_cache
def squeezed_css(path: str) -> str:
    """The text of one of our style sheets without comments and needless white space."""
    found = finders.find(path)
    if not found:
        raise LookupError(path)
    css = re.sub(r"/\*.*?\*/", "", Path(found).read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"\s*([{};,])\s*", r"\1", re.sub(r"\s+", " ", css)).strip()


@register.simple_tag(takes_context=True)
def kept_answers(context: Context) -> list[tuple[str, str]]:
    """What somebody typed into the form that was not accepted, to copy it back: names and texts, never secrets."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return []
    typed = ((name, value) for name, values in request.POST.lists() for value in values)
    return [(name, str(value)) for name, value in typed if value and not _NEVER_SHOWN.search(name)]


@register.simple_block_tag
def scroller(content: str, caption: str, fits: bool = False) -> SafeString:
    """Lets a wide table scroll by itself, reachable by keyboard and named for a screen reader.

    Usage: {% scroller caption %}<table>…</table>{% endscroller %}; the table's own <caption> may be hidden.

    Args:
        caption: what the table holds.
        fits: few columns; on a wide screen it scrolls with the page and its head stays in sight.
    """
    kind = "scroller fits" if fits else "scroller"
    return format_html('<div class="{}" role="region" tabindex="0" aria-label="{}">{}</div>', kind, caption, content)
