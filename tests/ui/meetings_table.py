"""The rows of joint meetings and joint files: who looks at which address."""

from __future__ import annotations

from tests.support.portal import Portal
from tests.ui.rows import SEND, Address, Row, case_in, first

_DOSSIER = "SELECT number FROM oversight_dossier WHERE kind = '{}' AND stage = '{}' ORDER BY id DESC LIMIT 1"


def _dossier(kind: str, stage: str, more: str = "") -> Address:
    """The newest dossier of a kind in a stage."""
    return first(_DOSSIER.format(kind, stage), "/desk/dossiers/{}/" + more)


def _item(portal: Portal) -> str:
    """The first item of the agenda that is being prepared."""
    [(number, pk)] = portal.query(
        "SELECT d.number, i.id FROM oversight_agendaitem i JOIN oversight_dossier d ON d.id = i.meeting_id"
        " WHERE d.stage = 'preparing' ORDER BY i.number LIMIT 1"
    )
    return f"/desk/dossiers/{number}/agenda/{pk}/"


def _case(portal: Portal) -> str:
    return case_in("closed")(portal).replace("/desk/cases/", "/desk/joint/new/")


_prepared, _followed = _dossier("meeting", "preparing"), _dossier("meeting", "following")
_resolved, _done = _dossier("joint", "resolved"), _dossier("joint", "closed")
MEETINGS: dict[str, Row] = {
    "dossiers#meetings": Row("qian", "/desk/supervision/meetings/?all=1"),
    "dossiers#joint": Row("zheng", "/desk/supervision/joint/"),
    "dossier-new#meeting": Row("qian", "/desk/supervision/meetings/new/", spoil=SEND),
    "dossier-new#joint": Row("qian", "/desk/supervision/joint/new/", spoil=SEND),
    "dossier#meeting": Row("qian", _prepared),
    "dossier#meeting-unit": Row("zheng", _followed),
    "dossier#joint": Row("qian", _resolved),
    "dossier#joint-unit": Row("zheng", _resolved),
    "dossier#joint-done": Row("qian", _done),
    "dossier-act#hold": Row("qian", lambda portal: _prepared(portal) + "do/hold/", spoil=SEND),
    "dossier-act#correct": Row("qian", lambda portal: _followed(portal) + "do/correct_minutes/", spoil=SEND),
    "dossier-act#entry": Row("qian", lambda portal: _resolved(portal) + "do/add_entry/", spoil=SEND),
    "dossier-act#tell": Row("qian", lambda portal: _resolved(portal) + "do/tell_citizen/", spoil=SEND),
    "dossier-ledger#joint": Row("qian", lambda portal: _done(portal) + "ledger/"),
    "agenda-act": Row("qian", lambda portal: _item(portal) + "change_item/"),
    "agenda-act#remove": Row("qian", lambda portal: _item(portal) + "remove_item/"),
    "agenda-act#resolve": Row("qian", lambda portal: _item(portal) + "resolve/", spoil=SEND),
    "meeting-minutes": Row("zheng", lambda portal: _followed(portal) + "minutes/"),
    "joint-join": Row(
        "qian",
        lambda portal: _resolved(portal) + "join/?q=材料",
        empty=lambda portal: _resolved(portal) + "join/?q=zzzz",
        spoil="main form[method=post] button[type=submit]",
    ),
    "joint-new": Row("qian", _case, spoil=SEND),
}
