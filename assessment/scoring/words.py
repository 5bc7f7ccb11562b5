"""Scores and schemes as people read them. Pure."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from assessment.enums import Cases, EventKind, LineKind, Measure, Rule
from assessment.scoring.points import Line
from assessment.scoring.record import plain
from assessment.scoring.scheme import Item


def metric_words(reference: str) -> str:
    """A metric with its two counts: "active:3/40" is 主动评价率 3/40."""
    code, _colon, counts = reference.partition(":")
    name, before = code.removesuffix("_before"), code.endswith("_before")
    label = str(Measure(name).label) if name in Measure.values else name
    return f"{_('上年同期')}{label} {counts}" if before else f"{label} {counts}"


def line_words(line: Line) -> str:
    """What a line of a score says beside its points, without the item's name."""
    said = [str(LineKind(line.kind).label)]
    if line.kind == LineKind.EXEMPT:
        said.append(line.words)
    elif line.words in Cases.values:
        said.append(str(Cases(line.words).label))
    elif line.kind in (LineKind.DEDUCTION, LineKind.BONUS, LineKind.VETO) and line.item in EventKind.values:
        said.append(str(EventKind(line.item).label))
    said += [metric_words(ref) for ref in line.refs if not ref.startswith(("case:", "event:"))]
    return ":".join(said[:2]) if len(said) == 2 else " ".join(said)


def group_words(group: str) -> str:
    """With whom somebody is compared, without the county and the volume."""
    names = {"city_units": _("市直部门"), "counties": _("县市区"), "units": _("县直部门"), "townships": _("乡镇街道")}
    return names.get(group.rpartition("/")[2], group)


def rule_words(item: Item) -> list[str]:
    """How an item gives points: the rule, what is measured, and the numbers."""
    said = [str(item.rule.label)]
    if item.metric:
        said.append(str(Measure(item.metric).label))
    if item.rule == Rule.LINEAR:
        said.append(_("零分 %(floor)s,满分 %(full)s") % {"floor": percent(item.floor), "full": percent(item.full)})
    for band in item.bands:
        share = percent(band.share)
        if band.upto is None:
            said.append(_("更高:得 %(share)s") % {"share": share})
        else:
            said.append(_("不超过上年的 %(upto)s 倍:得 %(share)s") % {"upto": plain(band.upto), "share": share})
    return said


def loss_words(item: Item) -> list[str]:
    """What each case of a set costs."""
    return [
        _("%(cases)s:每件 −%(points)s") % {"cases": Cases(loss.cases).label, "points": plain(loss.points)}
        if loss.cases in Cases.values
        else loss.cases
        for loss in item.losses
    ]


def percent(share: Decimal) -> str:
    return f"{plain(share * 100)}%"
