"""The rows of follow-ups and clues: who looks at which address."""

from __future__ import annotations

from tests.support.portal import Portal
from tests.ui.rows import SEND, Address, Row, first


def _dossier(kind: str, stage: str, more: str = "") -> Address:
    """The first dossier of a kind in a stage."""
    return first(
        f"SELECT number FROM oversight_dossier WHERE kind = '{kind}' AND stage = '{stage}' ORDER BY id LIMIT 1",
        "/desk/dossiers/{}/" + more,
    )


_handed, _asked = _dossier("clue", "handed"), _dossier("clue", "asked")
_followed = _dossier("follow_up", "running")
_statement = first("SELECT id FROM oversight_statement WHERE answered_at IS NULL LIMIT 1", "/desk/statements/{}/")


def _after(address: Address, more: str) -> Address:
    def longer(portal: Portal) -> str:
        return address(portal) + more

    return longer


ACCOUNTING: dict[str, Row] = {
    "dossiers#follow-ups": Row("qian", "/desk/supervision/follow-ups/?all=1"),
    "dossiers#clues": Row("qian", "/desk/supervision/clues/?all=1", empty="/desk/supervision/clues/?before=1"),
    "dossier-new#clue": Row("qian", "/desk/supervision/clues/new/", spoil=SEND),
    "dossier#follow-up": Row("qian", _followed),
    "dossier#clue": Row("qian", _handed),
    "dossier-ledger#clue": Row("qian", _after(_handed, "ledger/")),
    "dossier-look": Row("qian", _after(_handed, "look/"), spoil=SEND),
    "dossier-act#hear": Row("qian", _after(_asked, "do/hear/"), spoil=SEND),
    "dossier-act#let-in": Row("qian", _after(_asked, "do/let_in/"), spoil=SEND),
    "dossier-act#close": Row("qian", _after(_handed, "do/close/"), spoil=SEND),
    "supervision#asked": Row("zheng", "/desk/supervision/"),
    "statements": Row("zheng", "/desk/statements/"),
    "statement": Row("zheng", _statement),
    "statement-answer": Row("zheng", _after(_statement, "answer/"), spoil=SEND),
}
