"""The signals as a table: what each looks at, from how much on it speaks, what honest life can look like it. Pure.

domain.md §15, reliability.md §8.2. A suspicion is a number and a chance, never a verdict: a person decides. Nothing
here asks whether ratings are good or bad; the same rule holds for praise and for blame.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessment.enums import Direction, SignalCode
from assessment.likelihood import Tail


@dataclass(frozen=True)
class Rule:
    """One signal.

    Attributes:
        looks: what is counted, for whoever reads a finding.
        honest: what can look the same without anything being wrong.
        least: fewer than so many are no finding, however unlikely.
        above: at least so many more than expected.
        hard: what the order of things forbids, rather than what is rare.
        silent: the finding is that there is nothing.
    """

    code: SignalCode
    looks: Promise
    honest: Promise
    least: int
    above: float = 0.0
    hard: bool = False
    silent: bool = False


RULES: Mapping[SignalCode, Rule] = {
    rule.code: rule
    for rule in (
        Rule(
            SignalCode.DEVICE,
            _("同一部手机或电脑(按浏览器的随机标记)当天评价了多少次;评价器和自助终端除外"),
            _("代办人员、会计、中介或家人用一部手机替几位办事人评价"),
            least=6,
        ),
        Rule(
            SignalCode.DEVICES,
            _("当天带设备标记的评价里,有多少是某部设备的第二次及以后的评价"),
            _("集中办理日有人替同来的人操作;志愿者帮老年人评价"),
            least=6,
            above=4,
        ),
        Rule(
            SignalCode.OUT_OF_HOURS,
            _("开门前、关门后或非工作日,在评价器、自助终端、工作人员登录的浏览器或大厅网络里作出的评价,前后又没有办件"),
            _("延时服务、预约服务或周末值班,而办件没有及时上报"),
            least=3,
            above=2.5,
            hard=True,
        ),
        Rule(
            SignalCode.RAPID,
            _("同一窗口前后两次评价相隔不到 3 秒的次数,与当时的繁忙程度相比"),
            _("一个窗口放了几台评价器;讲解员请同来的一批人一起扫码"),
            least=4,
            above=3,
        ),
        Rule(
            SignalCode.SAME_TEXT,
            _("同一窗口当天有多少条文字几乎相同(去掉标点、数字后,相邻两字的组合大半相同)"),
            _("同来的人互相商量着写;大厅里贴了评价范例"),
            least=4,
            above=3,
        ),
        Rule(
            SignalCode.SAME_TAGS,
            _("同一窗口当天选了完全相同一组标签的评价有多少"),
            _("当天办的是同一件事,大家看到的优点确实相同"),
            least=6,
            above=5,
        ),
        Rule(
            SignalCode.SAME_DELAY,
            _("评价时间与办结时间相差的秒数完全相同的评价有多少"),
            _("来源系统按固定时间补记评价时间"),
            least=5,
            above=4,
        ),
        Rule(
            SignalCode.EARLY,
            _("服务还没有结束就已经作出的评价有多少(两边时钟相差在允许范围内的不算)"),
            _("窗口先请人评价、后点办结;来源系统时钟不准"),
            least=3,
            above=2.5,
            hard=True,
        ),
        Rule(
            SignalCode.LEVEL_JUMP,
            _("某一档满意度的评价占多少,与本窗口以往相比;通报、考核之后尤其要看"),
            _("服务确实变好或变坏了;当天系统故障或政策变化"),
            least=8,
            above=4,
        ),
        Rule(
            SignalCode.PARTICIPATION,
            _("当天的办件有多少作了评价,与本窗口以往相比"),
            _("工作人员当天提醒得勤;新装了评价器"),
            least=8,
            above=5,
        ),
        Rule(
            SignalCode.OVER_SERVICES,
            _("当天的评价比当天的办件还多多少"),
            _("办件数据晚到或漏报;咨询的人也作了评价"),
            least=5,
            above=4,
            hard=True,
        ),
        Rule(
            SignalCode.PUSHED,
            _("评价时间过了一个小时以上才收到的评价有多少,与本窗口以往相比"),
            _("网络或来源系统中断后补传"),
            least=6,
            above=5,
        ),
        Rule(
            SignalCode.SERIES,
            _("同一评价人(按手机号的加密索引或设备标记)七天内同一方向的评价有多少次"),
            _("一个人为同一件事跑了几个窗口,每次都不满意,或者每次都满意"),
            least=5,
        ),
        Rule(
            SignalCode.SEVERAL,
            _("几项各自不足以单独提出的迹象在同一窗口同一天一起出现"),
            _("集中办理日:人多、事同、时间紧,几项会一起升高"),
            least=3,
        ),
        Rule(
            SignalCode.CALLBACKS,
            _("近 90 天电话里说的满意度与网上评价方向相反的有多少"),
            _("办事人后来想法变了;接电话的不是评价的人"),
            least=3,
            above=2,
        ),
        Rule(
            SignalCode.NO_NEGATIVES,
            _("近 30 天一件差评也没有,而按以往应当有多少"),
            _("服务确实改进了;业务量下降"),
            least=0,
            silent=True,
        ),
        Rule(
            SignalCode.HOLE,
            _("来源平常在这个时段有多少数据,当天一条也没有"),
            _("停电、断网、系统升级;大厅临时停办"),
            least=0,
            silent=True,
        ),
    )
}
SILENCES = frozenset({SignalCode.CALLBACKS, SignalCode.NO_NEGATIVES, SignalCode.HOLE})
# Blame or praise is what at least so large a part of the ratings says.
ONE_SIDED = 0.8


@dataclass(frozen=True)
class Suspicion:
    """What one signal says of a place's day, before anybody has looked.

    Attributes:
        unit, window: primary keys; 0 is none.
        where: which ratings of the table `looked` it is about: a condition of ours with its values.
        rows: identifiers of the ratings, where they are known already.
    """

    signal: SignalCode
    unit: int
    window: int
    observed: int
    total: int
    tail: Tail
    subject: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    where: tuple[str, tuple[Any, ...]] = ("false", ())
    rows: tuple[Any, ...] = ()

    @property
    def key(self) -> tuple[str, int, int, str]:
        """What makes it the same finding when the day is searched again."""
        return self.signal, self.unit, self.window, self.subject

    def speaks(self, limit: float) -> bool:
        """Whether it is a finding: enough of it, and too unlikely to be chance."""
        rule = RULES[self.signal]
        enough = self.observed >= rule.least and self.observed - self.tail.expected >= rule.above
        return (enough or rule.silent) and self.tail.chance <= limit


def direction_of(good: int, bad: int) -> Direction:
    """What the ratings of a finding say together.

    Args:
        good, bad: how many have a level above 2, and how many one of the last two.
    """
    if not good + bad:
        return Direction.SILENCE
    if good >= ONE_SIDED * (good + bad):
        return Direction.PRAISE
    return Direction.BLAME if bad >= ONE_SIDED * (good + bad) else Direction.MIXED
