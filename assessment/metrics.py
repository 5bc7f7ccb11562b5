"""The catalogue: every metric of domain.md §10 once, for page, file, report, API and public statistics. Pure.

A metric is so many of so many, and each of the two is a list somebody can open. Methods and choices: docs/metrics.md.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessment.figures import Counts, Figures, total
from assessment.loop import APPEALS, Ids, Loop
from assessment.uncertainty import UNKNOWN, Compared, rate, rate_ratio, share_difference
from evaluations.enums import SAID, Origin
from evaluations.intervals import Interval, clopper_pearson


@dataclass(frozen=True)
class Rules:
    """The settings a metric asks for: GOOD_THRESHOLD_LEVEL, LEVEL_SCORES, RANK_MIN_SAMPLE, CASE_MIN_SAMPLE."""

    good: int
    scores: Mapping[int, int]
    ratings: int
    cases: int


@dataclass(frozen=True)
class Facts:
    """What a unit or a part of the city had in a period.

    units, items: that could be rated. rated, rated_items: those of them with at least one rating that counts.
    """

    rules: Rules
    figures: Figures = field(default_factory=Figures)
    loop: Loop = field(default_factory=Loop)
    units: Ids = ()
    rated: Ids = ()
    items: Ids = ()
    rated_items: Ids = ()

    @classmethod
    def sum(cls, rules: Rules, parts: Collection[Facts]) -> Facts:
        return cls(
            rules,
            Figures.sum([part.figures for part in parts]),
            Loop.sum(part.loop for part in parts),
            *(
                tuple(pk for part in parts for pk in getattr(part, name))
                for name in ("units", "rated", "items", "rated_items")
            ),
        )

    @cached_property
    def said(self) -> Counts:
        """What people said themselves about their services; silence is not among it."""
        return total(self.figures.of(origin) for origin in SAID)


class Rows(StrEnum):
    """What a number counts."""

    RATINGS = "ratings"
    SERVICES = "services"
    CASES = "cases"
    APPEALS = "appeals"
    UNITS = "units"
    ITEMS = "items"


COVERED = frozenset({Rows.UNITS, Rows.ITEMS})


@dataclass(frozen=True)
class Side:
    """One of the two numbers of a metric. asks: how the list of ratings asks for the same. sets: of the loop."""

    label: Promise
    rows: Rows
    count: Callable[[Facts], int]
    asks: Mapping[str, str] = field(default_factory=dict)
    sets: tuple[str, ...] = ()

    def ids(self, facts: Facts) -> Ids:
        """The cases or appeals that are counted; as many as the number says."""
        return tuple(sorted({pk for name in self.sets for pk in getattr(facts.loop, name)}))


def _loop(label: Promise, *sets: str) -> Side:
    def count(facts: Facts) -> int:
        return len({pk for name in sets for pk in getattr(facts.loop, name)})

    return Side(label, Rows.APPEALS if APPEALS.issuperset(sets) else Rows.CASES, count, sets=sets)


def _ratings(label: Promise, count: Callable[[Facts], int], **asks: str) -> Side:
    return Side(label, Rows.RATINGS, count, asks)


class Kind(StrEnum):
    SHARE = "share"
    RATE = "rate"
    SCORE = "score"


class Clock(StrEnum):
    """What puts a rating or a case into a period."""

    RATED = "rated"
    DUE = "due"
    DONE = "done"


CLOCKS = {
    Clock.RATED: _("按评价时间(办件按服务时间)归入期间"),
    Clock.DUE: _("按期限届满的时间归入期间,没有到期的不算"),
    Clock.DONE: _("按事情发生的时间归入期间"),
}
ZERO = _("分母为零时显示“—”,不写 0% 或 100%")


@dataclass(frozen=True)
class Measured:
    """A metric of a unit in a period. value: of 1 for a share, per 100,000 for a rate, in points for a score.

    interval: exact, of 95 %, in what the value is in; None for a score, and for nothing. enough: whether it may be
    compared with others.
    """

    part: int
    whole: int
    value: float | None
    interval: Interval | None
    enough: bool


@dataclass(frozen=True)
class Metric:
    """One definition. better: 1 where more is better, -1 where less is, 0 where neither can be said."""

    code: str
    label: Promise
    part: Side
    whole: Side
    clock: Clock
    note: Promise
    better: int = 1
    kind: Kind = Kind.SHARE

    @property
    def of_loop(self) -> bool:
        """Whether it is made of cases, and not of ratings or services."""
        return self.whole.rows in (Rows.CASES, Rows.APPEALS)

    def least(self, rules: Rules) -> int:
        """The smallest sample that is compared with others."""
        if self.whole.rows in COVERED:
            return 1
        return rules.cases if self.of_loop else rules.ratings

    def counts(self, facts: Facts) -> tuple[int, int]:
        """The two numbers: so many of so many."""
        return self.part.count(facts), self.whole.count(facts)

    def value(self, facts: Facts) -> Measured:
        """What it comes to. Of nothing there is no value."""
        return self.measured(*self.counts(facts), facts.rules)

    def measured(self, part: int, whole: int, rules: Rules) -> Measured:
        """What its two numbers come to, wherever they were kept."""
        enough = whole >= self.least(rules)
        if not whole:
            return Measured(part, whole, None, None, False)
        if self.kind == Kind.RATE:
            found = rate(part, whole)
            return Measured(part, whole, found.value, found.interval, enough)
        # Points have no exact interval; and ratings without a service can outnumber the services.
        exact = self.kind == Kind.SHARE and part <= whole
        return Measured(part, whole, part / whole, clopper_pearson(part, whole) if exact else None, enough)

    def compare(self, now: Measured, before: Measured) -> Compared:
        """Two periods or units beside one another; unknown for points, and where one of them is of nothing."""
        if self.kind == Kind.SCORE or now.value is None or before.value is None:
            return UNKNOWN
        if self.kind == Kind.RATE or now.part > now.whole or before.part > before.whole:
            return rate_ratio(now.part, now.whole, before.part, before.whole)
        return share_difference(now.part, now.whole, before.part, before.whole)


def _points(facts: Facts) -> int:
    return sum(facts.rules.scores[level] * count for level, count in facts.figures.active.valid_levels.items())


ACTIVE = {"origin": Origin.ACTIVE.value}
SERVICES = Side(_("办件服务"), Rows.SERVICES, lambda facts: facts.figures.services)
UNRATED = Side(_("没有人评价的办件"), Rows.SERVICES, lambda facts: facts.figures.unrated.part, {"unrated": "1"})
VALID = _ratings(_("有效主动评价"), lambda facts: facts.figures.active.valid, **ACTIVE, counted="valid")
DUE = _loop(_("到期的整改件"), "due")

METRICS: tuple[Metric, ...] = (
    Metric("active", _("主动评价率"), VALID, SERVICES, Clock.RATED, _("没有关联办件的主动评价也在分子里。")),
    Metric(
        "unrated",
        _("未评率"),
        UNRATED,
        SERVICES,
        Clock.RATED,
        _("默认评价是没有评价。过后补评的,当天重算。"),
        better=-1,
    ),
    Metric(
        "good",
        _("好评率"),
        _ratings(_("本人评价中的好评"), lambda facts: facts.said.good(facts.rules.good), counted="said_good"),
        _ratings(_("本人作出的有效评价"), lambda facts: facts.said.valid, counted="said"),
        Clock.RATED,
        _("主动、邀请和外部导入的本人评价;默认评价不算满意,监督查评、综合点评另计。"),
    ),
    Metric(
        "active-good",
        _("主动评价好评率"),
        _ratings(
            _("主动评价中的好评"),
            lambda facts: facts.figures.active.good(facts.rules.good),
            **ACTIVE,
            counted="good",
        ),
        VALID,
        Clock.RATED,
        _("好评从哪一级起由参数 GOOD_THRESHOLD_LEVEL 决定。"),
    ),
    Metric(
        "very-satisfied",
        _("非常满意度"),
        _ratings(_("非常满意"), lambda facts: facts.figures.active.n5, **ACTIVE, level="5"),
        VALID,
        Clock.RATED,
        _("只算主动评价。"),
    ),
    Metric(
        "negative",
        _("差评率(每十万条)"),
        _ratings(_("有效差评"), lambda facts: facts.figures.active.effective, **ACTIVE, negative="effective"),
        VALID,
        Clock.RATED,
        _("只算主动评价;收到、认定无效、有效三个数总在一起给出。"),
        better=-1,
        kind=Kind.RATE,
    ),
    Metric(
        "score",
        _("平均分"),
        _ratings(_("得分合计"), _points),
        VALID,
        Clock.RATED,
        _("各级得分由参数 LEVEL_SCORES 决定;没有精确区间,不排名。"),
        kind=Kind.SCORE,
    ),
    Metric(
        "reply",
        _("差评回复率"),
        _loop(_("已答复"), "replied"),
        _loop(_("到期的实名有效差评"), "reply_due"),
        Clock.DUE,
        _("留了联系方式的有效差评;逾期后答复的也算答复,是否按期看按期整改率。"),
    ),
    Metric(
        "callback",
        _("回访率"),
        _loop(_("已回访"), "called"),
        _loop(_("回访到期的件"), "call_due"),
        Clock.DUE,
        _("打过电话就算回访,没有打通也算;评价人自己再次评价的,视为已回访。"),
    ),
    Metric(
        "rectification",
        _("整改率"),
        _loop(_("已整改或解释并核实"), "rectified"),
        DUE,
        Clock.DUE,
        _("核实包括回访、核查和多次联系不上;又被退回整改的,不算。"),
    ),
    Metric(
        "on-time",
        _("按期整改率"),
        _loop(_("按期答复"), "on_time"),
        DUE,
        Clock.DUE,
        _("以质检通过并答复的时间为准;延期按批准后的期限,申诉期间停表。"),
    ),
    Metric(
        "sign-late",
        _("签收超时率"),
        _loop(_("超时签收"), "signed_late"),
        _loop(_("签收到期的件"), "signed_due"),
        Clock.DUE,
        _("到期没有签收的也算超时。"),
        better=-1,
    ),
    Metric(
        "contact-late",
        _("首次联系超时率"),
        _loop(_("超时联系"), "contact_late"),
        _loop(_("首次联系到期的件"), "contact_due"),
        Clock.DUE,
        _("评价人没有留联系方式的,不在其中。"),
        better=-1,
    ),
    Metric(
        "satisfaction",
        _("回访整改满意率"),
        _loop(_("满意和基本满意"), "satisfied"),
        _loop(_("回访打通的件"), "reached"),
        Clock.DONE,
        _("期间内最后一次打通的回访;没有打通的不算满意,也不算不满意。"),
    ),
    Metric(
        "rework",
        _("二次整改率"),
        _loop(_("被退回再整改"), "reworked"),
        _loop(_("回访打通或被退回的件"), "reached", "reworked"),
        Clock.DONE,
        _("回访、核查或评价人认为没有解决而退回的件。"),
        better=-1,
    ),
    Metric(
        "appeal",
        _("申诉率"),
        _loop(_("提出申诉的件"), "appealed"),
        _loop(_("转办的件"), "dispatched"),
        Clock.DONE,
        _("按转办时间归入期间;认定无效的也在其中。"),
        better=0,
    ),
    Metric(
        "upheld",
        _("申诉成立率"),
        _loop(_("成立和部分成立"), "upheld", "partly"),
        _loop(_("已送达裁定的申诉"), "ruled"),
        Clock.DONE,
        _("按首次裁定送达的时间;复核改变裁定的,以复核为准。"),
        better=0,
    ),
    Metric(
        "repeat",
        _("同类问题复发率"),
        _loop(_("同类问题再次出现"), "repeated"),
        _loop(_("有问题类别的有效差评"), "repeat_base"),
        Clock.DONE,
        _("按接收时间;同一单位同一问题类别在 REPEAT_DAYS 天内出现过,就算复发。"),
        better=-1,
    ),
    Metric(
        "coverage",
        _("评价覆盖率"),
        Side(_("有评价的单位"), Rows.UNITS, lambda facts: len(facts.rated), {"rated": "1"}),
        Side(_("全部单位"), Rows.UNITS, lambda facts: len(facts.units)),
        Clock.RATED,
        _("期间内至少有一条本人评价的单位;撤并的单位不在其中。"),
    ),
    Metric(
        "item-coverage",
        _("事项评价覆盖率"),
        Side(_("有评价的事项"), Rows.ITEMS, lambda facts: len(facts.rated_items), {"rated": "1"}),
        Side(_("全部事项"), Rows.ITEMS, lambda facts: len(facts.items)),
        Clock.RATED,
        _("期间内至少有一条本人评价的事项,在哪个单位评的都算;算在实施单位名下。取消的事项不在其中。"),
    ),
)
BY_CODE = {metric.code: metric for metric in METRICS}
