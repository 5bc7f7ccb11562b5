"""Findings as lists: how many of each signal, one with everything that is known of it, and what waits for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appeals.lists import Task
from assessment.access import DECIDES_FINDINGS, EXPLAINS_FINDINGS, deciding_duty
from assessment.enums import FindingState, SignalCode
from assessment.models import Finding, FindingEvent, FindingQuerySet
from assessment.suspicions import RULES, Rule
from evaluations.models import Evaluation
from identity.redaction import redact
from organizations.models import Staff

SHOWN = 100


@dataclass(frozen=True)
class OfSignal:
    """How many findings a signal has, by what became of them."""

    signal: SignalCode
    open: int
    confirmed: int
    refuted: int
    doubtful: int


def by_signal(rows: FindingQuerySet) -> list[OfSignal]:
    """The counts of each signal that has any, in the order of the rules."""
    counts: dict[str, dict[str, int]] = {}
    for signal, state, count in rows.order_by().values_list("signal", "state").annotate(n=Count("pk")):
        counts.setdefault(signal, {})[state] = count
    states = (FindingState.OPEN, FindingState.CONFIRMED, FindingState.REFUTED, FindingState.DOUBTFUL)
    return [
        OfSignal(signal, *(counts[signal].get(state, 0) for state in states)) for signal in RULES if signal in counts
    ]


@dataclass(frozen=True)
class Fact:
    label: Promise
    value: Any


@dataclass(frozen=True)
class Told:
    """One finding as its page tells it.

    facts: what was counted. ratings: the first of those it is about, with their text less what identifies somebody;
    more: so many others.
    """

    finding: Finding
    rule: Rule
    facts: list[Fact]
    one_in: int
    corrected: int
    times: float | None
    ratings: list[tuple[Evaluation, str]]
    more: int
    events: list[FindingEvent]


def told(finding: Finding) -> Told:
    """Everything a page shows of a finding."""
    rows = Evaluation.objects.filter(findings__finding=finding).select_related("unit", "window", "item")
    count = finding.ratings.count()
    chance = max(finding.chance, 1e-12)
    return Told(
        finding,
        RULES[SignalCode(finding.signal)],
        _facts(finding.evidence),
        round(1 / chance),
        round(1 / min(1.0, chance * finding.looked)),
        finding.observed / finding.expected if finding.expected > 0 else None,
        [(rating, redact(rating.text).text) for rating in rows.order_by("pk")[:SHOWN]],
        max(0, count - SHOWN),
        list(finding.events.order_by("pk")),
    )


FACTS: Mapping[str, Promise] = {
    "days": _("对照的天数"),
    "base_hits": _("本处以往这样的有"),
    "base_total": _("本处以往总共"),
    "elsewhere": _("其他地方这样的有"),
    "elsewhere_total": _("其他地方总共"),
    "services": _("当天办件"),
    "usual": _("同类日子平常的评价"),
    "places": _("涉及窗口数"),
    "hours": _("没有数据的钟点"),
    "value": _("相同的内容"),
    "good": _("其中基本满意及以上"),
    "bad": _("其中不满意"),
}


def _facts(evidence: Mapping[str, Any]) -> list[Fact]:
    found = [
        Fact(label, _plain(evidence[name])) for name, label in FACTS.items() if evidence.get(name) not in (None, "")
    ]
    for signal, (observed, total, expected, _chance) in evidence.get("parts", {}).items():
        found.append(Fact(SignalCode(signal).label, f"{observed}/{total} ({expected:.1f})"))
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return round(value) if value.is_integer() else round(value, 1)
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def tasks_for(user: Staff) -> list[Task]:
    """Findings that wait for somebody: to be decided, or to be explained by the unit they are about."""
    if not user.has_role(*DECIDES_FINDINGS, *EXPLAINS_FINDINGS):
        return []
    waiting = Finding.objects.visible_to(user).undecided()
    if user.has_role(*DECIDES_FINDINGS):
        label, count = _("评价疑点待核"), waiting.count()
    else:
        label, count = _("评价疑点可以说明"), waiting.filter(Q(explanation="")).count()
    return [Task(label, count, reverse("findings"))] if count else []


def decides(user: Staff, finding: Finding) -> bool:
    """Whether this person may decide the finding now."""
    return finding.state != FindingState.GONE and deciding_duty(user.duties, finding.unit) is not None
