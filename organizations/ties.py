"""What still hangs on a unit in apps that this one does not know. They add their counts when they are loaded."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.functional import Promise

from organizations.models import Unit

COUNTS_OF_UNIT: list[tuple[Promise | str, Callable[[Unit], int]]] = []
