"""8 · Appeals by ground and by unit: is the right to appeal used as it should be? Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessment.words import period_words
from oversight.panels import drawing
from oversight.panels.model import About, Cell, Ids, Sets, Shown, Table, of_rows

DRAWN = 8


@dataclass(frozen=True)
class Row:
    """A ground or a unit: its appeals, and what those that were ruled came to. kind: "ground" or "unit"."""

    kind: str
    code: str
    name: str
    filed: Ids
    upheld: Ids
    rejected: Ids

    @property
    def open(self) -> int:
        return len(self.filed) - len(self.upheld) - len(self.rejected)


@dataclass(frozen=True)
class Found:
    grounds: tuple[Row, ...]
    units: tuple[Row, ...]


def sets(found: Found) -> Sets:
    return {
        f"{row.kind}:{row.code}:{which}": getattr(row, which)
        for row in (*found.grounds, *found.units)
        for which in ("filed", "upheld", "rejected")
    }


def show(found: Found, about: About) -> Shown:
    grounds, units = _most_first(found.grounds), _most_first(found.units)
    bars = [drawing.Stack(row.name, (row.open, 0, len(row.upheld), len(row.rejected), 0)) for row in grounds[:DRAWN]]
    key = [_("未裁定"), "", _("成立"), _("不成立"), ""]
    return Shown(
        title=title(found),
        n=f"{sum(len(row.filed) for row in grounds):,}",
        span=period_words(about.period),
        drawing=drawing.stacks(bars, key, "appeals") if grounds else "",
        tables=(_table(_("按理由"), grounds, about), _table(_("按单位"), units, about)) if grounds else (),
        notes=(_("按提出时间归入季度;复核过的算一件,以复核结果为准;部分成立算成立,证据不足算不成立。"),),
        metrics=("appeal", "upheld"),
        empty=not grounds,
    )


def _most_first(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-len(row.filed), row.code))


def title(found: Found) -> str:
    """How many there were and what came of them."""
    filed = sum(len(row.filed) for row in found.grounds)
    if not filed:
        return _("本季度尚无申诉")
    upheld, rejected = (sum(len(getattr(row, name)) for row in found.grounds) for name in ("upheld", "rejected"))
    return _("申诉 %(filed)s 件:成立 %(upheld)s,不成立 %(rejected)s") % {
        "filed": filed,
        "upheld": upheld,
        "rejected": rejected,
    }


def _table(name: str, rows: list[Row], about: About) -> Table:
    lines = [
        (
            Cell(row.name),
            *(
                of_rows("appeals", f"{row.kind}:{row.code}:{which}", getattr(row, which), about)
                for which in ("filed", "upheld", "rejected")
            ),
            Cell(f"{row.open:,}"),
        )
        for row in rows
    ]
    first = _("申诉理由") if rows and rows[0].kind == "ground" else _("单位")
    return Table((first, _("提出"), _("成立"), _("不成立"), _("未裁定")), tuple(lines), name)
