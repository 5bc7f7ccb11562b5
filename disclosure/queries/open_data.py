"""开放数据: the columns of the files for everybody, what they mean, and their rows.

One list of columns, so that the dictionary on the page and the files cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessment.enums import Grain
from assessment.figures import Counts
from assessment.metrics import BY_CODE, Kind
from assessment.models import SERVICES, UNITS
from assessment.queries import rules_now
from assessment.queries.sums import Rows
from disclosure.anonymity import first_day
from disclosure.enums import DateGrain, Result
from disclosure.models import PublicCase, PublicFigure
from evaluations.enums import Origin, RatingChannel
from organizations.models import Unit
from rectification.enums import Level, Stage, Verdict

STEP = 500
FIRST_MONTH = "2000-01-01"


@dataclass(frozen=True)
class Column:
    """A column of a file: its name, what it means, the codes it may hold, and how it is read off a row."""

    name: str
    meaning: str | Promise
    value: Callable[[Any], object]
    codes: Any = None

    @property
    def values(self) -> list[tuple[str, str | Promise]]:
        """The codes with what they stand for."""
        return [(str(code), label) for code, label in self.codes.choices] if self.codes else []


def _told(name: str, meaning: str | Promise) -> Column:
    return Column(name, meaning, lambda case: _as_told(getattr(case, name), DateGrain(case.rated_grain)))


def _as_told(day: date | None, grain: DateGrain) -> date | None:
    return first_day(day, grain) if day else None


def _field(name: str, meaning: str | Promise, codes: Any = None) -> Column:
    return Column(name, meaning, lambda case: getattr(case, name), codes)


CASES = (
    _field("number", _("公示编号,也是网页地址的一部分")),
    _field("unit_name", _("责任单位,按公示时的名称")),
    _field("region_code", _("责任单位所在地的12位区划代码")),
    _field("item", _("事项;同类办件太少时只写类别")),
    _field("channel", _("从哪里评价的"), RatingChannel),
    _field("level", _("满意度"), Level),
    Column("reasons", _("评价人选的原因,用分号隔开"), lambda case: ";".join(case.tags)),
    _told("rated_on", _("评价日期;写得较粗时是那段时间的第一天")),
    _field("rated_grain", _("评价、答复、公示的日期写到多细"), DateGrain),
    _field("stage", _("办到哪一步"), Stage),
    _field("result", _("处理结果"), Result),
    _field("ground", _("认定无效的依据")),
    _told("replied_on", _("答复日期;写得较粗时同上")),
    _field("working_days", _("从评价到答复的工作日数")),
    _field("on_time", _("是否按期整改;没有办完的为空")),
    _field("verdict", _("评价人对整改是否满意;没有联系上的为空"), Verdict),
    _field("reopened", _("评价人是否反映过没有解决")),
    _field("hidden", _("是否应评价人要求不再展示文字")),
    _field("problem", _("反映的问题,已隐去能认出个人的内容")),
    _field("changed", _("整改措施或解释依据,已隐去能认出个人的内容")),
    _field("reply", _("给评价人的答复,已隐去能认出个人的内容")),
    _told("published_on", _("公示日期;写得较粗时同上")),
)


def case_rows() -> Iterator[list[object]]:
    """Every case that is shown, the newest first, in the order of CASES."""
    for case in PublicCase.objects.shown().order_by("-pk").iterator(STEP):
        yield [column.value(case) for column in CASES]


Figure = dict[str, object]


def _figure(name: str, meaning: str | Promise, codes: Any = None) -> Column:
    return Column(name, meaning, lambda row: row.get(name), codes)


def _level(level: Level) -> Column:
    return _figure(f"level_{level.value}", level.label)


FIGURES = (
    _figure("month", _("月份的第一天")),
    _figure("unit_code", _("单位编码")),
    _figure("unit_name", _("单位名称")),
    _figure("origin", _("评价来源;为空的行是办件数,各来源不能相加成“满意率”"), Origin),
    *(_level(level) for level in Level),
    _figure("negative", _("收到的差评")),
    _figure("invalid", _("其中认定无效的")),
    _figure("effective", _("其中有效的")),
    _figure("left_out", _("不计入统计的评价")),
    _figure("services", _("办件服务数")),
    _figure("rated", _("其中有人评价过的")),
)
OPEN_ORIGINS = [origin.value for origin in Origin if origin != Origin.TEST]


def figure_rows() -> Iterator[list[object]]:
    """Ratings by month, unit and origin, and services by month and unit, in the order of FIGURES."""
    units = {unit.pk: {"unit_code": unit.code, "unit_name": unit.name} for unit in Unit.objects.all()}
    for row in [*_ratings(), *_services()]:
        named: Figure = {**row, **units[row["unit"]]}  # type: ignore[index]  # a key of a unit
        yield [column.value(named) for column in FIGURES]


def _ratings() -> Iterator[Figure]:
    table = next(rung for rung in UNITS if rung.grain == Grain.MONTH)
    rows = Rows.of(table, "begins >= %s AND origin = ANY(%s)", FIRST_MONTH, OPEN_ORIGINS)
    key = ("begins", "unit_id", "origin")
    for (month, unit, origin), counts in rows.counted(*key, order=key):
        yield {"month": month, "unit": unit, "origin": origin, **_counts(counts)}


def _counts(counts: Counts) -> Figure:
    levels = {f"level_{level}": getattr(counts, f"n{level}") for level in Level.values}
    more = {name: getattr(counts, name) for name in ("negative", "invalid", "effective", "left_out")}
    return {**levels, **more}


def _services() -> Iterator[Figure]:
    table = next(rung for rung in SERVICES if rung.grain == Grain.MONTH)
    rows = Rows.of(table, "begins >= %s", FIRST_MONTH)
    for month, unit, services, rated in rows.asked("begins, unit_id, services, rated", "ORDER BY begins, unit_id"):
        yield {"month": month, "unit": unit, "services": services, "rated": rated}


METRICS = (
    _figure("quarter", _("季度的第一天")),
    _figure("unit_code", _("单位编码,含下属单位;全市为空")),
    _figure("unit_name", _("单位名称")),
    _figure("metric", _("指标的代码,定义见指标页")),
    _figure("name", _("指标的名称")),
    _figure("part", _("分子")),
    _figure("whole", _("分母")),
    _figure("value", _("数值:比率以1为全部,差评率为每十万条,平均分为分;分母为零时为空")),
    _figure("low", _("95%精确区间的下限;没有区间时为空")),
    _figure("high", _("95%精确区间的上限")),
    _figure("enough", _("样本是否够作比较")),
)
DIGITS = 6


def metric_rows() -> Iterator[list[object]]:
    """Every metric by quarter, of the city and of units, the newest quarter first, in the order of METRICS."""
    rules = rules_now()
    kept = PublicFigure.objects.select_related("unit").order_by("-quarter", F("unit__code").asc(nulls_first=True), "pk")
    for row in kept.iterator(STEP):
        metric = BY_CODE[row.code]
        found = metric.measured(row.part, row.whole, rules)
        ends = (found.interval.low, found.interval.high) if found.interval else (None, None)
        told: Figure = {
            "quarter": row.quarter,
            "unit_code": row.unit.code if row.unit else "",
            "unit_name": row.unit.name if row.unit else "",
            "metric": row.code,
            "name": str(metric.label),
            "part": row.part,
            "whole": row.whole,
            "enough": found.enough,
        }
        for name, value in zip(("value", "low", "high"), (found.value, *ends), strict=True):
            told[name] = None if value is None else round(value, 2 if metric.kind == Kind.RATE else DIGITS)
        yield [column.value(told) for column in METRICS]
