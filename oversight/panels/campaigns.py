"""10 · Campaigns before and after, in windows of the same length, beside units that had none: did it work? Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from django.utils.translation import gettext as _

from oversight.effect import Around, Effect
from oversight.enums import Moved
from oversight.panels import drawing
from oversight.panels.model import About, Ask, Cell, Shown, Table

DRAWN = 8


@dataclass(frozen=True)
class Row:
    """One campaign that has started, and what it has come to."""

    number: str
    title: str
    effect: Effect


@dataclass(frozen=True)
class Found:
    rows: tuple[Row, ...]


def show(found: Found, _about: About) -> Shown:
    begun = [row for row in found.rows if row.effect.windows.days]
    bars = [_bars(row) for row in begun[:DRAWN]]
    return Shown(
        title=title(found),
        n=f"{len(found.rows)}",
        drawing=drawing.pairs(bars, now=_("整治后"), before=_("整治前"), mark="campaigns") if bars else "",
        tables=(_table(found),),
        notes=(_("前后按同样天数比;因件多才立项的,件数会自己回落一部分,见各项的成效。"),),
        empty=not found.rows,
    )


def _bars(row: Row) -> drawing.Pair:
    return drawing.Pair(row.title, row.effect.units.after.count, row.effect.units.before.count)


def title(found: Found) -> str:
    """How many fell with evidence; the first of them by name."""
    if not found.rows:
        return _("一年内没有启动专项整治")
    down = [row for row in found.rows if row.effect.moved == Moved.DOWN]
    if not down:
        return _("%(n)s 项专项整治,还没有一项有下降的证据") % {"n": len(found.rows)}
    values = {"n": len(found.rows), "down": len(down)}
    return _("%(n)s 项专项整治,%(down)s 项差评率下降有证据") % values


def _table(found: Found) -> Table:
    heads = (_("专项整治"), _("整治前"), _("整治后"), _("差评率下降"), _("对照单位"), _("结论"))
    return Table(heads, tuple(_line(row) for row in found.rows))


def _line(row: Row) -> tuple[Cell, ...]:
    units, beside = row.effect.units, row.effect.beside
    return (
        Cell(row.title, Ask("dossier", (row.number,))),
        _count(row, "scope-before", units.before.count),
        _count(row, "scope-after", units.after.count),
        Cell(fall_words(units)),
        Cell(fall_words(beside) if beside else "—"),
        Cell(str(row.effect.moved.label)),
    )


def _count(row: Row, name: str, count: int) -> Cell:
    return Cell(f"{count:,}", Ask("campaign-cases", (row.number, name)), count)


def fall_words(around: Around) -> str:
    """By how much a rate fell, with its exact interval: a share in per cent, or a dash where there was nothing."""
    share, interval = around.reduction, around.reduction_interval
    if share is None or interval is None or not around.days:
        return "—"
    low = "-∞" if interval.low == -inf else f"{interval.low * 100:.1f}%"
    return f"{share * 100:.1f}% ({low} – {interval.high * 100:.1f}%)".replace("-", "−")
