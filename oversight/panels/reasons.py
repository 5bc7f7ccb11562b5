"""3 · What was wrong, this quarter and the last: which campaign to start? Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessment.uncertainty import UNKNOWN, Compared, rate_ratio
from assessment.words import change_words, period_words
from evaluations.intervals import CONFIDENCE
from oversight.panels import drawing
from oversight.panels.model import About, Cell, Ids, Sets, Shown, Table, of_rows

DRAWN = 8


@dataclass(frozen=True)
class Found:
    """The valid 差评 of the quarter and of the one before, by the class of what was wrong; "" is none."""

    now: Mapping[str, Ids]
    before: Mapping[str, Ids]


def sets(found: Found) -> Sets:
    named = (("now", found.now), ("before", found.before))
    return {f"{which}:{name}": ids for which, classes in named for name, ids in classes.items()}


def show(found: Found, about: About) -> Shown:
    order = _order(found)
    now, before = _("本季度"), _("上季度")
    bars = [drawing.Pair(_named(name), *_counts(found, name)) for name in order[:DRAWN]]
    total = sum(len(ids) for ids in found.now.values())
    return Shown(
        title=title(found, about),
        n=f"{total:,}",
        span=period_words(about.period),
        drawing=drawing.pairs(bars, now=now, before=before, mark="reasons") if order else "",
        tables=(_table(found, order, about),) if order else (),
        notes=(
            _("按有效差评计;类别由归类规则得出,有人更正的以更正为准。"),
            _("按每天平均和上季度比较;有几类就按几次比较放宽,不让偶然的差别算作变化。"),
        ),
        empty=not order,
    )


def title(found: Found, about: About) -> str:
    """The class that changed, the largest first; if none did, the largest."""
    order = [name for name in _order(found) if name]
    if not order:
        return _("本季度的差评都没有归类") if found.now.get("") else _("本季度尚无差评")
    changes = {name: change_words(_compared(found, name, about)) for name in order}
    none = _("没有证据表明有变化")
    chosen = next((name for name in order if changes[name] not in (none, change_words(UNKNOWN))), order[0])
    now, _before = _counts(found, chosen)
    return _("“%(reason)s”%(n)s 件,%(change)s") % {"reason": chosen, "n": now, "change": changes[chosen]}


def _order(found: Found) -> list[str]:
    names = {*found.now, *found.before}
    return sorted(names, key=lambda name: (-_counts(found, name)[0], -_counts(found, name)[1], name))


def _counts(found: Found, name: str) -> tuple[int, int]:
    return len(found.now.get(name, ())), len(found.before.get(name, ()))


def _compared(found: Found, name: str, about: About) -> Compared:
    """By day, and each at its part of the chance of being wrong (Bonferroni)."""
    now, before = _counts(found, name)
    many = len({*found.now, *found.before})
    return rate_ratio(now, about.days, before, about.days_before, 1 - (1 - CONFIDENCE) / many)


def _named(name: str) -> str:
    return name or _("未归类")


def _table(found: Found, order: list[str], about: About) -> Table:
    rows = [
        (
            Cell(_named(name)),
            of_rows("reasons", f"now:{name}", found.now.get(name, ()), about),
            of_rows("reasons", f"before:{name}", found.before.get(name, ()), about),
            Cell(change_words(_compared(found, name, about))),
        )
        for name in order
    ]
    return Table((_("问题类别"), _("本季度"), _("上季度"), _("与上季度比")), tuple(rows))
