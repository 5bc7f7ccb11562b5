"""Every act on a case, one verb each. All doors (page, API, clock, command) end here."""

from rectification.actions.aids import drop_draft, keep_draft, record_presence
from rectification.actions.appeals import move_case_on, restore_case, resume_case, suspend_case, void_case
from rectification.actions.citizen import (
    add_statement,
    hide_text,
    record_citizen_verdict,
    reopen_case,
    report_pressure,
)
from rectification.actions.clocks import plan_warning, warn_each
from rectification.actions.closing import (
    answer_supervision,
    close_case,
    escalate_case,
    give_up_callback,
    mark_typical,
    record_callback,
    supervise_case,
    verify_on_file,
)
from rectification.actions.core import By, Conflict, Refused
from rectification.actions.dispatching import (
    accept_refusal,
    assign_handler,
    deny_refusal,
    dispatch_case,
    hand_over_cases,
    open_case,
    precheck_case,
    refuse_case,
    sign_case,
)
from rectification.actions.evidence import clean_picture, store_picture
from rectification.actions.exports import request_export
from rectification.actions.messages import message_unreached
from rectification.actions.pressure import flag_withdrawal, settle_pressure_report
from rectification.actions.rectifying import (
    add_co_handler,
    answer_co_handling,
    decide_complex,
    decide_extension,
    record_contact,
    record_joint_work,
    request_complex,
    request_extension,
    return_report,
    send_reply,
    start_without_contact,
    submit_report,
)
from rectification.actions.rules import revise_rule
from rectification.actions.sweeps import recompute_deadlines, warn_due

__all__ = [
    "By",
    "Conflict",
    "Refused",
    "accept_refusal",
    "add_co_handler",
    "add_statement",
    "answer_co_handling",
    "answer_supervision",
    "assign_handler",
    "clean_picture",
    "close_case",
    "decide_complex",
    "decide_extension",
    "deny_refusal",
    "dispatch_case",
    "drop_draft",
    "escalate_case",
    "flag_withdrawal",
    "give_up_callback",
    "hand_over_cases",
    "hide_text",
    "keep_draft",
    "mark_typical",
    "message_unreached",
    "move_case_on",
    "open_case",
    "plan_warning",
    "precheck_case",
    "recompute_deadlines",
    "record_callback",
    "record_citizen_verdict",
    "record_contact",
    "record_joint_work",
    "record_presence",
    "refuse_case",
    "reopen_case",
    "report_pressure",
    "request_complex",
    "request_export",
    "request_extension",
    "restore_case",
    "resume_case",
    "return_report",
    "revise_rule",
    "send_reply",
    "settle_pressure_report",
    "sign_case",
    "start_without_contact",
    "store_picture",
    "submit_report",
    "supervise_case",
    "suspend_case",
    "verify_on_file",
    "void_case",
    "warn_due",
    "warn_each",
]
