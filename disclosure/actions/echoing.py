"""我也遇到过."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from disclosure.models import Echo, PublicCase


def record_echo(case: PublicCase, *, device: str, at: datetime) -> bool:
    """Counts that somebody met with the same.

    Args:
        device: a keyed hash of the browser's mark; nothing else is known of it.

    Returns:
        Whether it was this browser's first time.
    """
    _, new = Echo.objects.get_or_create(case=case, device=device, defaults={"on": timezone.localdate(at)})
    return new
