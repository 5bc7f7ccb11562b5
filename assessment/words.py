"""Periods and numbers as people say them. Pure."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessment.enums import Grain
from assessment.metrics import CLOCKS, ZERO, Kind, Measured, Metric, Rules
from assessment.periods import Period
from assessment.uncertainty import Change, Compared
from evaluations.intervals import percent_words


def period_words(period: Period) -> str:
    """2026年11月, 2026年第4季度, 2026年."""
    if period.grain == Grain.MONTH:
        return date_format(period.begins, "YEAR_MONTH_FORMAT")
    year = period.begins.year
    if period.grain == Grain.QUARTER:
        return _("%(year)s年第%(quarter)s季度") % {"year": year, "quarter": period.quarter}
    return _("%(year)s年") % {"year": year} if period.grain == Grain.YEAR else date_format(period.begins, "DATE_FORMAT")


def number_words(metric: Metric, value: float | None) -> str:
    """A value as it is shown: never 0 % or 100 % of what is neither; of nothing a dash."""
    if value is None or metric.kind == Kind.SHARE:
        return percent_words(value)
    return f"{value:.2f}"


def ends_words(metric: Metric, measured: Measured) -> str:
    """Both ends of an interval; a dash where there is none."""
    found = measured.interval
    return f"{number_words(metric, found.low)} – {number_words(metric, found.high)}" if found else "—"


def change_words(compared: Compared, *, enough: bool = True) -> str:
    """What can be said of two periods. That nothing is shown does not mean that nothing has changed."""
    if compared.change == Change.UNKNOWN:
        return _("无法比较")
    if not enough:
        return _("样本不足,不比较")
    return {
        Change.NO_EVIDENCE: _("没有证据表明有变化"),
        Change.MORE: _("比上期高"),
        Change.LESS: _("比上期低"),
    }[compared.change]


def definition(metric: Metric, rules: Rules) -> list[tuple[str, str]]:
    """The text of a metric: formula, base set, clock, zero rule, minimum sample, remarks."""
    formula = f"{metric.part.label} ÷ {metric.whole.label}"
    if metric.kind == Kind.RATE:
        formula += " × 100,000"
    return [
        (_("公式"), formula),
        (_("基数"), str(metric.whole.label)),
        (_("时钟"), str(CLOCKS[metric.clock])),
        (_("分母为零"), str(ZERO)),
        (_("最小样本"), _("少于 %(count)s 的不比较、不排名,数字显示为空心") % {"count": metric.least(rules)}),
        (_("说明"), str(metric.note)),
    ]
