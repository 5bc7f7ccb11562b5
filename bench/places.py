"""What the invented ratings are about: units, items and windows of the example city."""

from __future__ import annotations

import random

import bench.ready  # noqa: F401 - makes Django ready
from bench.rows import Place
from organizations.models import ServiceItem, Unit, Window

COUNT = 2000


def places(count: int = COUNT) -> list[Place]:
    """Places in a fixed order that has nothing to do with their names: the first will have most ratings."""
    draw = random.Random(11)
    items = list(ServiceItem.objects.select_related("unit").order_by("code"))
    windows = list(Window.objects.select_related("hall", "unit").order_by("hall__code", "number"))
    units = list(Unit.objects.order_by("code"))
    found = []
    for number in range(count):
        item = draw.choice(items)
        window = draw.choice(windows) if number % 3 == 0 else None
        unit = window.unit if window else draw.choice([item.unit, draw.choice(units)])
        sign = f"{window.hall.code}-{window.number}" if window else ""
        found.append(Place(unit.code, item.code, sign, unit.pk, item.pk))
    return found
