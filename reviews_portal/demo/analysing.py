"""差评分析 in the demo city: some corrections, and a draft of new rules that was tried."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from assessment import actions
from assessment.classing import Rule, read_rules
from assessment.enums import Grain
from assessment.periods import period_of
from organizations.models import Staff
from rectification.models import Case

# What the words of a case say, where the tag that was chosen says something else.
CORRECTED = (
    ("问一句答半句", "业务能力", "演示:文字说的是答不全,不是态度"),
    ("催了没人回", "咨询与电话", "演示:催办电话没有人回"),
    ("等了两个小时没人理", "多头跑与排队", "演示:说的是等候时间"),
)
QUEUES = Rule("排号和叫号", "排队与叫号", 60, words=("叫号", "取号", "才叫到", "重新排队"))


def classify(people: dict[str, Staff], *, now: datetime) -> int:
    """Corrects the class of some cases and drafts a second version of the rules; returns how many were corrected.

    Before any quarter is frozen: a correction holds from its moment on, and the demo's quarters are cut in this one.

    Args:
        people: by account; qian and fang supervise the city.
    """
    corrected = 0
    for words, name, reason in CORRECTED:
        for case in Case.objects.select_related("unit__region").filter(text__contains=words)[:1]:
            actions.correct_class(case, name, reason, by=people["qian"], at=now)
            corrected += 1
    _draft(people["fang"], now)
    return corrected


def _draft(fang: Staff, now: datetime) -> None:
    """Queues as a class of their own, tried on the last two quarters."""
    since = period_of(timezone.localdate(now), Grain.QUARTER).begins
    draft = actions.draft_class_rules(by=fang, at=now, valid_from=since)
    rules = (QUEUES, *read_rules(draft.content))
    note = "演示:排号和叫号单列一类"
    actions.change_class_rules(draft, rules, by=fang, at=now, valid_from=since, note=note)
    actions.try_class_rules(draft, by=fang, at=now)
