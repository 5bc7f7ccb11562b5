"""The panels of the overview: what each finds in its facts, in words, drawings and tables (docs/overview.md). Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from oversight.panels import ages, appeals, campaigns, hours, integrity, numbers, places, reasons, steps, weeks
from oversight.panels.model import About, Ask, Big, Cell, Ids, Sets, Shown, Table


def _no_sets(_found: Any) -> Sets:
    return {}


@dataclass(frozen=True)
class Panel:
    """One panel.

    Attributes:
        serves: the decision it is for.
        show: its facts in words, drawings and tables.
        sets: of what its numbers count, by name.
        regional: it compares units, which a single unit has none of.
    """

    code: str
    label: Promise
    serves: Promise
    show: Callable[[Any, About], Shown]
    sets: Callable[[Any], Sets] = _no_sets
    regional: bool = False


PANELS = (
    Panel("numbers", _("五个数"), _("有没有变化"), numbers.show),
    Panel("weeks", _("每周差评率"), _("是真的变了,还是偶然"), weeks.show),
    Panel("reasons", _("差评原因"), _("该整治什么"), reasons.show, reasons.sets),
    Panel("steps", _("办理步骤"), _("件卡在哪一步"), steps.show, steps.sets),
    Panel("places", _("部门的按期和满意"), _("该帮谁、该约谈谁"), places.show, regional=True),
    Panel("ages", _("未办结的件"), _("今天督办谁"), ages.show, ages.sets),
    Panel("hours", _("窗口和时段"), _("窗口怎么排班"), hours.show, hours.sets),
    Panel("appeals", _("申诉情况"), _("申诉有没有被滥用"), appeals.show, appeals.sets),
    Panel("integrity", _("数据可信"), _("数据能不能信"), integrity.show),
    Panel("campaigns", _("专项整治前后"), _("整治有没有用"), campaigns.show, regional=True),
)
BY_CODE = {panel.code: panel for panel in PANELS}

__all__ = ["BY_CODE", "PANELS", "About", "Ask", "Big", "Cell", "Ids", "Panel", "Sets", "Shown", "Table"]
