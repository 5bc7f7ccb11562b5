"""4 · How far the cases of a quarter have come, and how long it took them: where do they stick? Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from django.utils.translation import gettext as _

from assessment.loop import PLEASED, Story
from assessment.words import period_words
from oversight.panels import drawing
from oversight.panels.model import About, Cell, Ids, Sets, Shown, Table, of_rows
from rectification.enums import Duty

DAY = 86400.0


@dataclass(frozen=True)
class Step:
    """The cases that have come to a step, of those that have to; days: from receipt, the median of them."""

    name: str
    done: Ids
    asked: Ids
    days: float | None


@dataclass(frozen=True)
class Found:
    steps: tuple[Step, ...]

    @classmethod
    def of(cls, stories: Iterable[Story]) -> Found:
        """The steps of these cases, as their dated rows tell them."""
        every = list(stories)
        valid = [story for story in every if not story.void]
        reachable = [story for story in valid if story.reachable]
        return cls(
            (
                Step("received", _ids(every), _ids(every), None),
                Step("valid", _ids(valid), _ids(every), None),
                _step("signed", valid, Duty.SIGN),
                _step("contacted", reachable, Duty.CONTACT),
                _step("rectified", valid, Duty.RECTIFY),
                _called(reachable),
            )
        )


def _ids(stories: Iterable[Story]) -> Ids:
    return tuple(sorted(story.case for story in stories))


def _done(name: str, asked: list[Story], when: dict[int, datetime]) -> Step:
    days = [(when[story.case] - story.received).total_seconds() / DAY for story in asked if story.case in when]
    return Step(name, tuple(sorted(when)), _ids(asked), round(median(days), 1) if days else None)


def _step(name: str, asked: list[Story], duty: Duty) -> Step:
    """A duty counts when it was first met, whoever had the case then."""
    met = {story.case: [clock.met for clock in story.clocks if clock.duty == duty and clock.met] for story in asked}
    return _done(name, asked, {case: min(moments) for case, moments in met.items() if moments})


def _called(asked: list[Story]) -> Step:
    """回访满意: the last callback that reached somebody found them content."""
    last = {story.case: [call for call in story.calls if call.verdict][-1:] for story in asked}
    pleased = {case: calls[0].at for case, calls in last.items() if calls and calls[0].verdict in PLEASED}
    return _done("satisfied", asked, pleased)


def sets(found: Found) -> Sets:
    named = {f"{which}:{step.name}": getattr(step, which) for step in found.steps for which in ("done", "asked")}
    left = {f"left:{step.name}": tuple(sorted({*step.asked} - {*step.done})) for step in found.steps}
    return named | left


def show(found: Found, about: About) -> Shown:
    total = len(found.steps[0].done)
    bars = [(_named(step.name), len(step.done), _behind(step)) for step in found.steps]
    return Shown(
        title=title(found),
        n=f"{total:,}",
        span=period_words(about.period),
        drawing=drawing.steps(bars, "steps") if total else "",
        tables=(_table(found, about),) if total else (),
        notes=(
            _("本季度收到的件到现在为止走到哪一步;天数从收到起算,是走到这一步的件的中位数。"),
            _("联系和回访只算留了联系方式的有效件。"),
        ),
        empty=not total,
    )


def title(found: Found) -> str:
    """The step at which most cases still are."""
    if not found.steps[0].done:
        return _("本季度尚无差评件")
    waits = {step.name: len(step.asked) - len(step.done) for step in found.steps[2:]}
    most = max(waits, key=lambda name: waits[name])
    if not waits[most]:
        return _("收到的件都走完了各步")
    return _("还没有“%(step)s”的最多:%(n)s 件") % {"step": _named(most), "n": waits[most]}


def _named(name: str) -> str:
    return {
        "received": _("收到"),
        "valid": _("有效"),
        "signed": _("签收"),
        "contacted": _("联系"),
        "rectified": _("整改"),
        "satisfied": _("回访满意"),
    }[name]


def _behind(step: Step) -> str:
    count = f"{len(step.done)}/{len(step.asked)}"
    return count if step.days is None else _("%(count)s,%(days)s 天") % {"count": count, "days": step.days}


def _table(found: Found, about: About) -> Table:
    rows = [
        (
            Cell(_named(step.name)),
            of_rows("steps", f"done:{step.name}", step.done, about),
            of_rows("steps", f"asked:{step.name}", step.asked, about),
            of_rows("steps", f"left:{step.name}", len(step.asked) - len(step.done), about),
            Cell("—" if step.days is None else f"{step.days}"),
        )
        for step in found.steps
    ]
    return Table((_("步骤"), _("走到的件"), _("应走的件"), _("还没有走到"), _("中位天数")), tuple(rows))
