"""Attempts on a case: who there is, how they stand towards it by the book, and arguments good or bad for every act.

Nothing here asks the portal what is allowed: `standing` is written from docs/domain.md §6, as a second opinion.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.conf import settings
from django.utils import timezone

from organizations.models import Staff, Unit
from rectification import actions
from rectification.actions.clocks import latest_extension
from rectification.actions.closing import Answers
from rectification.actions.rectifying import QUALITY_CHECKS, Findings
from rectification.casefile import rectify_deadline
from rectification.enums import Action, ContactResult, JointWork, Judgement, Party, ReportKind, Verdict
from rectification.models import Case
from rectification.offers import DOORS
from tests.factories import Cast

Arguments = dict[str, Any]

VERBS: dict[str, Callable[..., Any]] = {
    "precheck": actions.precheck_case,
    "dispatch": actions.dispatch_case,
    "sign": actions.sign_case,
    "refuse": actions.refuse_case,
    "accept_refusal": actions.accept_refusal,
    "deny_refusal": actions.deny_refusal,
    "assign_handler": actions.assign_handler,
    "record_contact": actions.record_contact,
    "start_without_contact": actions.start_without_contact,
    "request_complex": actions.request_complex,
    "decide_complex": actions.decide_complex,
    "request_extension": actions.request_extension,
    "decide_extension": actions.decide_extension,
    "add_co_handler": actions.add_co_handler,
    "answer_co_handling": actions.answer_co_handling,
    "record_joint_work": actions.record_joint_work,
    "submit_report": actions.submit_report,
    "return_report": actions.return_report,
    "send_reply": actions.send_reply,
    "record_callback": actions.record_callback,
    "give_up_callback": actions.give_up_callback,
    "verify_on_file": actions.verify_on_file,
    "escalate": actions.escalate_case,
    "close": actions.close_case,
    "supervise": actions.supervise_case,
    "answer_supervision": actions.answer_supervision,
    "mark_typical": actions.mark_typical,
}
assert set(VERBS) == set(DOORS), "every door is tried"


@dataclass
class World:
    """The people and units of a run, and the one case they meet over."""

    cast: Cast
    case: Case
    now: datetime

    def __post_init__(self) -> None:
        self.take(self.case)

    def take(self, case: Case) -> None:
        """Looks at the case as it stands now."""
        self.case = case
        self.asked = set(case.co_handlings.values_list("unit_id", flat=True))

    @property
    def today(self) -> Any:
        return timezone.localdate(self.now)

    @functools.cached_property
    def people(self) -> dict[str, Staff]:
        return self.cast.everybody

    @functools.cached_property
    def units(self) -> list[Unit]:
        return [self.cast.unit, self.cast.other_unit, self.cast.body]

    def window_staff(self) -> list[Staff]:
        """Who may be named handler: window staff of the responsible unit, but not the rated one."""
        cast = self.cast
        return {cast.unit.pk: [cast.wu, cast.wei], cast.other_unit.pk: [cast.sun]}.get(self.case.unit_id, [])


def standing(world: World, name: str) -> set[Party]:
    """In what capacities a person stands towards the case, by the book and not by `access`."""
    case, cast = world.case, world.cast
    home = {"wu": cast.unit, "wei": cast.unit, "zheng": cast.unit, "sun": cast.other_unit, "song": cast.other_unit}
    if name in home:
        unit = home[name].pk
        found = {Party.CO_HANDLER} if unit in world.asked else set()
        if unit == case.unit_id and name in ("zheng", "song"):
            found.add(Party.UNIT_SUPERVISOR)
        elif unit == case.unit_id and case.handler_id in (None, world.people[name].pk):
            found.add(Party.HANDLER)
        return found
    if name == "lin":
        return {Party.DISPATCHER}
    if name in ("zhao", "qian") and cast.body.pk not in (case.unit_id, case.rated_unit_id):
        return {Party.CALLBACK if name == "zhao" else Party.SUPERVISOR}
    return set()


def good(door: str, world: World, draw: Random) -> Arguments | None:
    """Arguments that leave nothing to be desired; None where there are none."""
    make = GOOD.get(door)
    return make(world, draw) if make else {}


def _pick(draw: Random, choices: list[Any], name: str) -> Arguments | None:
    return {name: draw.choice(choices)} if choices else None


def _dispatch(world: World, draw: Random) -> Arguments | None:
    let_off = world.case.unit_id if world.case.dispatched_at else None
    usual = [world.cast.unit, world.cast.other_unit] * 4
    return _pick(draw, [unit for unit in [*usual, world.cast.body] if unit.pk != let_off], "unit")


def _co_handler(world: World, draw: Random) -> Arguments | None:
    taken = {world.case.unit_id, *world.asked}
    chosen = _pick(draw, [unit for unit in world.units[:2] if unit.pk not in taken], "unit")
    return chosen and {**chosen, "task": "请提供材料清单"}


def _until(world: World, draw: Random) -> Arguments:
    row = rectify_deadline(world.case)
    if row is None:
        return {"until": world.today + timedelta(days=1), "reason": "样本需重新印制", "limit": settings.EXTENSIONS_MAX}
    first, last = timezone.localdate(row.due_at) + timedelta(days=1), latest_extension(row)
    until = first + timedelta(days=draw.randint(0, (last - first).days))
    return {"until": until, "reason": "样本需重新印制", "limit": settings.EXTENSIONS_MAX}


def _decide_extension(world: World, draw: Random) -> Arguments:
    row = rectify_deadline(world.case)
    return {"approved": row is not None and row.due_at > world.now and draw.random() < 0.5}


def _report(world: World, draw: Random) -> Arguments:
    kind = draw.choice(list(ReportKind))
    basis = "《行政许可法》第三十条" if kind == ReportKind.EXPLAINED else ""
    return {"findings": Findings(kind, "未提供样本", "已改正", changed="补齐样本", legal_basis=basis)}


def _callback(world: World, draw: Random) -> Arguments:
    result = draw.choice([ContactResult.REACHED, ContactResult.REACHED, ContactResult.NO_ANSWER])
    answers = None
    if result == ContactResult.REACHED:
        solved, verdict = draw.choice([True, True, False]), draw.choice(list(Verdict))
        answers = Answers(True, solved, verdict, draw.randint(0, 9) == 0, retaliated=False)
    return {"result": result, "answers": answers, "reworks_max": settings.REWORKS_MAX}


def _judgements(world: World, draw: Random) -> Arguments:
    return {name: draw.choice(list(Judgement)) for name in ("true", "reasonable", "malicious")}


GOOD: Mapping[str, Callable[[World, Random], Arguments | None]] = {
    "precheck": _judgements,
    "dispatch": _dispatch,
    "refuse": lambda w, draw: {"reason": "不属本单位职责", "limit": settings.REFUSALS_MAX},
    "accept_refusal": lambda w, draw: {"note": "同意"},
    "deny_refusal": lambda w, draw: {"note": "属本单位职责"},
    "assign_handler": lambda w, draw: _pick(draw, w.window_staff(), "handler"),
    "record_contact": lambda w, draw: {"result": draw.choice(list(ContactResult))},
    "start_without_contact": lambda w, draw: {"note": "多次未接", "attempts_min": settings.CALLBACK_ATTEMPTS_MIN},
    "request_complex": lambda w, draw: {"reason": "涉及两个部门"},
    "decide_complex": lambda w, draw: {"approved": draw.random() < 0.5},
    "request_extension": _until,
    "decide_extension": _decide_extension,
    "add_co_handler": _co_handler,
    "answer_co_handling": lambda w, draw: {"answer": "已提供"},
    "record_joint_work": lambda w, draw: {
        "kind": draw.choice(list(JointWork)),
        "held_on": w.today,
        "place": "政务大厅",
        "participants": "两个部门",
        "result": "已上门",
    },
    "submit_report": _report,
    "return_report": lambda w, draw: {"note": "请写明时间"},
    "send_reply": lambda w, draw: {"ticks": QUALITY_CHECKS},
    "record_callback": _callback,
    "give_up_callback": lambda w, draw: {"attempts_min": settings.CALLBACK_ATTEMPTS_MIN},
    "verify_on_file": lambda w, draw: {
        "fixed": draw.random() < 0.5,
        "note": "现场核查",
        "reworks_max": settings.REWORKS_MAX,
    },
    "escalate": lambda w, draw: {"note": "提级"},
    "supervise": lambda w, draw: {"text": "请尽快"},
    "answer_supervision": lambda w, draw: {"answer": "已办"},
    "mark_typical": lambda w, draw: {"typical": draw.random() < 0.5},
}

REACHED, REWORKS = ContactResult.REACHED, 2
# Arguments nobody may get away with, in whatever state and by whomever.
BAD: list[tuple[str, Callable[[World], Arguments]]] = [
    ("send_reply", lambda w: {"ticks": QUALITY_CHECKS[:-1]}),
    ("submit_report", lambda w: {"findings": Findings(ReportKind.RECTIFIED, "未提供样本", "已改正", changed=" ")}),
    ("submit_report", lambda w: {"findings": Findings(ReportKind.EXPLAINED, "没有依据", "抱歉", legal_basis="")}),
    ("record_callback", lambda w: {"result": REACHED, "answers": None, "reworks_max": REWORKS}),
    ("give_up_callback", lambda w: {"attempts_min": 99}),
    ("start_without_contact", lambda w: {"note": "", "attempts_min": 99}),
    ("refuse", lambda w: {"reason": "", "limit": 0}),
    ("request_extension", lambda w: {"until": w.today + timedelta(days=400), "reason": "久", "limit": 1}),
    ("request_extension", lambda w: {"until": w.today - timedelta(days=1), "reason": "早", "limit": 1}),
    ("assign_handler", lambda w: {"handler": w.cast.rated}),
    ("assign_handler", lambda w: {"handler": w.cast.zheng}),
    ("add_co_handler", lambda w: {"unit": w.case.unit, "task": "自己"}),
    (
        "record_joint_work",
        lambda w: {
            "kind": JointWork.VISIT,
            "held_on": w.today + timedelta(days=1),
            "place": "",
            "participants": "",
            "result": "",
        },
    ),
]

CITIZEN_ADDS: list[tuple[Action, str, Arguments]] = [
    (Action.ADD_STATEMENT, "add_statement", {"text": "补充"}),
    (Action.HIDE_TEXT, "hide_text", {"hidden": True}),
    (Action.HIDE_TEXT, "hide_text", {"hidden": False}),
    (Action.REPORT_PRESSURE, "report_pressure", {"text": "有人打电话要我改评价"}),
]
