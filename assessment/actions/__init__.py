"""Every act on figures and scores. Tallies are counted again, never adjusted; a frozen quarter never changes."""

from assessment.actions.baselines import set_baseline
from assessment.actions.classing import (
    adopt_class_rules,
    change_class_rules,
    correct_class,
    discard_class_rules,
    draft_class_rules,
    propose_class_rules,
    send_back_class_rules,
    try_class_rules,
)
from assessment.actions.closing import (
    check_quarter,
    confirm_checks,
    declare_total,
    freeze_quarter,
    open_objections,
    open_quarter,
    preview_quarter,
)
from assessment.actions.events import exempt, lift_exemption, record_score_event, withdraw_score_event
from assessment.actions.finding import (
    Looked,
    count_day,
    days_to_look,
    decide_finding,
    explain_finding,
    look_at_day,
    uncounted_base,
)
from assessment.actions.objecting import answer_objection, may_object, object_to_score
from assessment.actions.probing import probe, watch_probes
from assessment.actions.recalling import ask_past, count_past
from assessment.actions.refreshing import Refreshed, refresh
from assessment.actions.scheming import (
    Wording,
    adopt_scheme,
    change_scheme,
    discard_scheme,
    draft_scheme,
    propose_scheme,
    send_back_scheme,
    simulate_scheme,
)
from assessment.actions.sweeping import close_quarters, correct_quarters

__all__ = [
    "Looked",
    "Refreshed",
    "Wording",
    "adopt_class_rules",
    "adopt_scheme",
    "answer_objection",
    "ask_past",
    "change_class_rules",
    "change_scheme",
    "check_quarter",
    "close_quarters",
    "confirm_checks",
    "correct_class",
    "correct_quarters",
    "count_day",
    "count_past",
    "days_to_look",
    "decide_finding",
    "declare_total",
    "discard_class_rules",
    "discard_scheme",
    "draft_class_rules",
    "draft_scheme",
    "exempt",
    "explain_finding",
    "freeze_quarter",
    "lift_exemption",
    "look_at_day",
    "may_object",
    "object_to_score",
    "open_objections",
    "open_quarter",
    "preview_quarter",
    "probe",
    "propose_class_rules",
    "propose_scheme",
    "record_score_event",
    "refresh",
    "send_back_class_rules",
    "send_back_scheme",
    "set_baseline",
    "simulate_scheme",
    "try_class_rules",
    "uncounted_base",
    "watch_probes",
    "withdraw_score_event",
]
