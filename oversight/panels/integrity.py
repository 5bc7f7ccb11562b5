"""9 · What speaks against the data, and who was looked up: can the numbers be trusted? Pure."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessment.figures import Share
from assessment.words import period_words
from evaluations.intervals import percent_words
from identity.enums import Purpose
from oversight.panels.model import About, Ask, Cell, Shown, Table, of_rows


@dataclass(frozen=True)
class Found:
    """Counts alone, never who.

    Attributes:
        suspected, confirmed: good ratings that look brushed or were found to be.
        blamed: bad ratings that are doubted or were found to be none.
        defaults: default ratings, of all that count.
        duplicates: rows that came twice, of those received; None where somebody reads a part of the city.
        looks: into the vault, by purpose.
    """

    suspected: int
    confirmed: int
    blamed: int
    defaults: Share
    duplicates: Share | None
    looks: dict[str, int]


def show(found: Found, about: About) -> Shown:
    return Shown(
        title=title(found),
        n=f"{found.defaults.whole:,}",
        span=period_words(about.period),
        tables=(_doubts(found, about), _looks(found, about)),
        notes=(
            _("疑点由人认定,不改变任何评价和统计数。"),
            _("查看身份只列次数和目的;每一次都在审计记录里。"),
        ),
    )


def title(found: Found) -> str:
    """What a person has to look at first."""
    looked = sum(found.looks.values())
    if found.suspected + found.confirmed:
        words = _("好评疑点 %(n)s 条,属实 %(confirmed)s 条")
        return words % {"n": found.suspected + found.confirmed, "confirmed": found.confirmed}
    return _("没有好评疑点;查看身份 %(n)s 次") % {"n": looked}


def _doubts(found: Found, about: About) -> Table:
    rows = [
        (Cell(_("疑似刷好评(待核、存疑)")), of_rows("integrity", "suspected", found.suspected, about), Cell("—")),
        (Cell(_("属实的刷好评、逼评")), of_rows("integrity", "confirmed", found.confirmed, about), Cell("—")),
        (Cell(_("有疑点的差评")), of_rows("integrity", "blamed", found.blamed, about), Cell("—")),
        (Cell(_("默认评价")), _ratings(found.defaults.part, about, origin="default"), Cell(_share(found.defaults))),
    ]
    if found.duplicates is not None:
        count = of_rows("integrity", "duplicates", found.duplicates.part, about)
        rows.append((Cell(_("重复上报的行")), count, Cell(_share(found.duplicates))))
    return Table((_("数据"), _("数量"), _("占比")), tuple(rows), _("数据疑点"))


def _share(share: Share) -> str:
    if not share.whole:
        return "—"
    return f"{percent_words(share.part / share.whole)} (n={share.whole:,})"


def _ratings(count: int, about: About, **asks: str) -> Cell:
    return Cell(f"{count:,}", Ask("ratings", (), {**about.dates, **asks}) if count else None, count)


def _looks(found: Found, about: About) -> Table:
    rows = [
        (Cell(str(purpose.label)), of_rows("integrity", f"look:{purpose}", found.looks.get(purpose, 0), about))
        for purpose in Purpose
    ]
    return Table((_("目的"), _("次数")), tuple(rows), _("查看评价人身份"))
