"""The rows of oversight: the inbox, the supervisors' home, dossiers and their tasks, campaigns."""

from __future__ import annotations

from tests.ui.rows import SEND, Address, Row, first

_CAMPAIGN = (
    "SELECT d.number FROM oversight_dossier AS d JOIN oversight_campaign AS c ON c.dossier_id = d.id"
    " WHERE d.stage = '{}' ORDER BY d.id LIMIT 1"
)
_TASK = (
    "SELECT t.id FROM oversight_task AS t JOIN oversight_dossier AS d ON d.id = t.dossier_id"
    " WHERE d.kind = 'campaign' AND t.state = '{}' ORDER BY t.id DESC LIMIT 1"
)


def _campaign(stage: str, more: str = "") -> Address:
    return first(_CAMPAIGN.format(stage), "/desk/dossiers/{}/" + more)


def _task(state: str, more: str = "") -> Address:
    return first(_TASK.format(state), "/desk/tasks/{}/" + more)


OVERSEEN: dict[str, Row] = {
    "inbox": Row("qian", "/desk/inbox/", empty="/desk/inbox/?kind=x"),
    "inbox#unit": Row("zheng", "/desk/inbox/"),
    "inbox#admin": Row("xu", "/desk/inbox/"),
    "supervision": Row("qian", "/desk/supervision/"),
    "supervision#unit": Row("zheng", "/desk/supervision/"),
    "supervision-tasks": Row(
        "qian", "/desk/supervision/tasks/", empty="/desk/supervision/tasks/?quarter=2001-Q1&overdue=1"
    ),
    "campaign-board": Row("qian", "/desk/supervision/campaigns/board/"),
    "campaign-board#unit": Row("zheng", "/desk/supervision/campaigns/board/"),
    "dossiers": Row("qian", "/desk/supervision/campaigns/?all=1"),
    "dossiers#county": Row("he", "/desk/supervision/campaigns/"),
    "dossier-new": Row("qian", "/desk/supervision/campaigns/new/?template=payment", spoil=SEND),
    "dossier": Row("qian", _campaign("surveying")),
    "dossier#closed": Row("qian", _campaign("closed")),
    "dossier#unit": Row("zheng", _campaign("closed")),
    "dossier-ledger": Row("qian", _campaign("closed", "ledger/")),
    "dossier-act": Row("qian", _campaign("planned", "do/change/"), spoil=SEND),
    "dossier-act#drop": Row("qian", _campaign("surveying", "do/drop/"), spoil=SEND),
    "campaign-cases": Row("qian", _campaign("closed", "cases/baseline/"), empty=_campaign("closed", "cases/recur-30/")),
    "task-new": Row("qian", _campaign("surveying", "tasks/new/"), spoil=SEND),
    "task": Row("qian", _task("reported")),
    "task#open": Row("qian", _task("open")),
    "task#done": Row("qian", _task("done")),
    "task-act": Row("qian", _task("reported", "return_task/"), spoil=SEND),
    "task-act#extend": Row("qian", _task("open", "extend_task/"), spoil=SEND),
}
