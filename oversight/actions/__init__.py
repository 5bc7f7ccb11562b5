"""Every act of oversight, on the notice and on dossiers; nothing else writes them."""

from oversight.actions.campaigns import (
    Plan,
    ask_sign_off,
    change_campaign,
    finish_survey,
    go_back,
    look_again,
    plan_campaign,
    start_campaign,
)
from oversight.actions.dossiers import add_picture, close_dossier, drop_dossier
from oversight.actions.drafting import (
    approve_notice,
    draft_frozen,
    draft_notice,
    drop_notice,
    return_notice,
    submit_notice,
    write_notice,
)
from oversight.actions.issuing import issue_notice
from oversight.actions.scoring import tell_campaign_shares
from oversight.actions.serving import acknowledge, remind_unread
from oversight.actions.tasks import (
    Wanted,
    add_task,
    drop_task,
    extend_task,
    reassign_task,
    recount_tasks,
    report_task,
    return_task,
    sign_off_task,
    warn_tasks,
)
from oversight.actions.telling import Told, hush_case, tell_case

__all__ = [
    "Plan",
    "Told",
    "Wanted",
    "acknowledge",
    "add_picture",
    "add_task",
    "approve_notice",
    "ask_sign_off",
    "change_campaign",
    "close_dossier",
    "draft_frozen",
    "draft_notice",
    "drop_dossier",
    "drop_notice",
    "drop_task",
    "extend_task",
    "finish_survey",
    "go_back",
    "hush_case",
    "issue_notice",
    "look_again",
    "plan_campaign",
    "reassign_task",
    "recount_tasks",
    "remind_unread",
    "report_task",
    "return_notice",
    "return_task",
    "sign_off_task",
    "start_campaign",
    "submit_notice",
    "tell_campaign_shares",
    "tell_case",
    "warn_tasks",
    "write_notice",
]
