"""Moments, dues and history as people say them. Pure: the present comes in as an argument."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.enums import ActorKind
from organizations.enums import Role
from rectification.enums import Action, ContactResult, Duty, JointWork, ReportKind, State, Verdict


@dataclass(frozen=True)
class DueChip:
    """What components/due_chip.html draws: a state that picks shape and colour, and the words."""

    state: str
    label: str


def date_words(moment: datetime) -> str:
    """A full date as people say it: 11月26日(周四)."""
    local = timezone.localtime(moment)
    weekday = [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")][local.weekday()]
    return _("%(date)s(%(weekday)s)") % {"date": date_format(local, "MONTH_DAY_FORMAT"), "weekday": weekday}


def moment_words(moment: datetime) -> str:
    """A moment in full: 11月26日(周四) 17:00."""
    return f"{date_words(moment)} {date_format(timezone.localtime(moment), 'TIME_FORMAT')}"


def due_chip(due_at: datetime, *, at: datetime, paused: bool = False, met: bool = False) -> DueChip:
    """A due time in words; plain while there is time, marked when something has to happen (docs/ux.md §5.1).

    Args:
        due_at: when the duty is due.
        at: the present.
        paused: the clock stands still.
        met: the duty is done.
    """
    if met:
        return DueChip("done", _("已完成"))
    if paused:
        return DueChip("paused", _("暂停"))
    if due_at < at:
        return DueChip("overdue", _("逾期 %(span)s") % {"span": span_words(at - due_at)})
    clock = date_format(timezone.localtime(due_at), "TIME_FORMAT")
    days = (timezone.localdate(due_at) - timezone.localdate(at)).days
    if days == 0:
        return DueChip("soon", _("今天 %(clock)s") % {"clock": clock})
    if days == 1:
        return DueChip("soon", _("明天 %(clock)s") % {"clock": clock})
    return DueChip("open", moment_words(due_at))


def span_words(span: timedelta) -> str:
    """A length of time in its largest whole unit: days, hours or minutes."""
    if span.days:
        return ngettext("%(count)s 天", "%(count)s 天", span.days) % {"count": span.days}
    hours, minutes = span.seconds // 3600, max(1, span.seconds // 60)
    if hours:
        return ngettext("%(count)s 小时", "%(count)s 小时", hours) % {"count": hours}
    return ngettext("%(count)s 分钟", "%(count)s 分钟", minutes) % {"count": minutes}


def who_words(kind: str, name: str, unit: str, role: str, *, pseudonym: str) -> str:
    """Who did something: name, unit and role as they were then; the evaluator only by pseudonym."""
    if kind == ActorKind.CITIZEN:
        return pseudonym
    if kind == ActorKind.SYSTEM:
        return str(ActorKind.SYSTEM.label)
    words = [name, unit, str(Role(role).label) if role in Role.values else role]
    return " · ".join(word for word in words if word)


def event_words(action: str, data: Mapping[str, Any], from_state: str, to_state: str) -> str:
    """One line of history: the act, what is worth knowing of it, and where it led."""
    words = [str(Action(action).label), *_details(Action(action), data)]
    line = " · ".join(words)
    return f"{line} → {State(to_state).label}" if from_state != to_state else line


def _details(action: Action, data: Mapping[str, Any]) -> list[str]:
    """The facts of an event that its reader needs, in words."""
    if action in (Action.DISPATCH, Action.ADD_CO_HANDLER, Action.ANSWER_CO_HANDLING):
        return _known(data, "unit")
    if action == Action.ASSIGN_HANDLER:
        return _known(data, "handler")
    if action == Action.HAND_OVER:
        return _known(data, "to")
    if action in (Action.DECIDE_COMPLEX, Action.DECIDE_EXTENSION):
        return [_("同意") if data.get("approved") else _("不同意"), *_until(data)]
    if action == Action.REQUEST_EXTENSION:
        return _until(data)
    if action == Action.VERIFY_ON_FILE:
        return [_("整改属实") if data.get("fixed") else _("整改不到位")]
    if action == Action.MARK_TYPICAL:
        return [] if data.get("typical") else [_("取消")]
    if action == Action.HIDE_TEXT:
        return [] if data.get("hidden") else [_("恢复公开")]
    if action == Action.RECOMPUTE:
        return [_recomputed(data)]
    return _labels(data)


_CHOICES = {"result": ContactResult, "verdict": Verdict}


def _labels(data: Mapping[str, Any]) -> list[str]:
    labels = [str(kind(data[key]).label) for key, kind in _CHOICES.items() if data.get(key) in kind.values]
    if data.get("result") == "unreached":
        labels.append(_("多次未联系上,直接整改"))
    for choices in (ReportKind, JointWork):
        labels += [str(choices(data["kind"]).label)] if data.get("kind") in choices.values else []
    return labels


def _known(data: Mapping[str, Any], key: str) -> list[str]:
    return [str(data[key])] if data.get(key) else []


def _until(data: Mapping[str, Any]) -> list[str]:
    until = str(data.get("until") or "")
    return [_("至 %(date)s") % {"date": date.fromisoformat(until).isoformat()}] if until[:1].isdigit() else []


def _recomputed(data: Mapping[str, Any]) -> str:
    old, new = (datetime.fromisoformat(str(data[key])) for key in ("old", "new"))
    facts = {"duty": Duty(data["duty"]).label, "old": moment_words(old), "new": moment_words(new)}
    return _("%(duty)s: 原 %(old)s,现 %(new)s") % facts
