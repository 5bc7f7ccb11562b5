"""The rows of walks, inspections and the file of typical and warning cases: who looks at which address."""

from __future__ import annotations

from tests.ui.rows import SEND, Address, Row, first


def _dossier(kind: str, stage: str, more: str = "") -> Address:
    """The newest dossier of a kind in a stage."""
    statement = (
        f"SELECT number FROM oversight_dossier WHERE kind = '{kind}' AND stage = '{stage}' ORDER BY id DESC LIMIT 1"
    )
    return first(statement, "/desk/dossiers/{}/" + more)


def _warning(stage: str, more: str = "") -> Address:
    statement = f"SELECT number FROM oversight_warningcase WHERE stage = '{stage}' ORDER BY id DESC LIMIT 1"
    return first(statement, "/desk/warnings/{}/" + more)


_LAST = "to_char(max(walked_on), 'YYYY-\"Q\"Q')"
_summary = first(f"SELECT {_LAST} FROM oversight_walk", "/desk/supervision/walks/summary/?set=problems&period={}")
_PUBLIC = "SELECT number FROM disclosure_publicwalk WHERE shown ORDER BY id LIMIT 1"
_CLOSED = "SELECT number FROM oversight_dossier WHERE kind = 'walk' AND stage = 'closed' ORDER BY id DESC LIMIT 1"
_closed = first(_CLOSED, "/desk/disclosure/walks/{}/")
_public_desk = first(_PUBLIC, "/desk/disclosure/walks/{}/")
FIELD: dict[str, Row] = {
    "dossiers#walks": Row("qian", "/desk/supervision/walks/?all=1"),
    "dossiers#inspections": Row("qian", "/desk/supervision/inspections/?all=1"),
    "dossier-new#walk": Row("qian", "/desk/supervision/walks/new/", spoil=SEND),
    "dossier-new#inspection": Row("qian", "/desk/supervision/inspections/new/", spoil=SEND),
    "dossier#walk": Row("qian", _dossier("walk", "fixing")),
    "dossier#inspection": Row("qian", _dossier("inspection", "closed")),
    "dossier#covert": Row("lin", _dossier("inspection", "planned")),
    "dossier-act#walk": Row("qian", _dossier("walk", "planned", "do/walk/"), spoil=SEND),
    "dossier-act#record": Row("qian", _dossier("walk", "fixing", "do/record/")),
    "dossier-ledger#inspection": Row("qian", _dossier("inspection", "closed", "ledger/")),
    "walk-disclosures": Row("qian", "/desk/disclosure/walks/"),
    "walk-disclosure": Row("qian", _closed),
    "walk-take-down": Row("qian", lambda portal: _public_desk(portal) + "take-down/", spoil=SEND),
    "public-walks": Row("", "/walks/"),
    "public-walk": Row("", first(_PUBLIC, "/walks/{}/")),
    "walks-summary": Row("qian", _summary, empty="/desk/supervision/walks/summary/?period=2024"),
    "inspection-stop": Row("lin", _dossier("inspection", "planned", "stops/1/"), spoil=SEND),
    "warnings": Row("qian", "/desk/warnings/"),
    "warnings#unit": Row("zheng", "/desk/warnings/"),
    "warning-new": Row("qian", "/desk/warnings/new/", spoil=SEND),
    "warning": Row("qian", _warning("approved")),
    "warning#draft": Row("fang", _warning("draft")),
    "warning-act": Row("fang", _warning("draft", "approve/")),
    "warning-act#change": Row("qian", _warning("draft", "change/")),
    "warnings-print": Row("zheng", "/desk/warnings/print/"),
}
