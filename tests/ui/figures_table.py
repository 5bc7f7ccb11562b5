"""The rows of figures, doubts, scores and notices: who looks at which address."""

from __future__ import annotations

from tests.support.portal import Portal
from tests.ui.rows import SEND, Address, Row, finding_at, first

GAJ = "370600-GAJ"
_QUARTER = "to_char(begins, 'YYYY-\"Q\"Q')"


def _closing(state: str, more: str = "") -> Address:
    """The newest quarter in a state."""
    statement = f"SELECT {_QUARTER} FROM assessment_quarter WHERE state = '{state}' ORDER BY begins DESC LIMIT 1"
    return first(statement, "/desk/quarters/{}/" + more)


def _scores(state: str) -> Address:
    statement = f"SELECT {_QUARTER} FROM assessment_quarter WHERE state = '{state}' ORDER BY begins DESC LIMIT 1"
    return first(statement, "/desk/scores/{}/")


_frozen_scores, _open_scores = _scores("frozen"), _scores("objecting")
_scheme = first("SELECT id FROM assessment_scheme WHERE state = 'adopted' ORDER BY id LIMIT 1", "/desk/schemes/{}/")
_scheme_draft = first("SELECT id FROM assessment_scheme WHERE state = 'draft' ORDER BY id LIMIT 1", "/desk/schemes/{}/")
_objection = first("SELECT id FROM assessment_objection WHERE answered_at IS NULL LIMIT 1", "/desk/objections/{}/")
_exemption = first("SELECT id FROM assessment_exemption WHERE lifted_at IS NULL LIMIT 1", "/desk/exemptions/{}/lift/")


def _own_score(portal: Portal) -> str:
    return f"{_open_scores(portal)}city/unit:{GAJ}/"


_issued_notice = first(
    "SELECT id FROM oversight_quarternotice WHERE stage = 'issued' ORDER BY id LIMIT 1", "/desk/circulars/{}/"
)
_notice_draft = first(
    "SELECT id FROM oversight_quarternotice WHERE stage = 'draft' ORDER BY id LIMIT 1", "/desk/circulars/{}/"
)
_rules_draft = first("SELECT version FROM assessment_classrules WHERE state = 'draft' LIMIT 1", "/desk/classes/{}/")
_corrected = first(
    "SELECT number FROM rectification_case WHERE id = (SELECT min(case_id) FROM assessment_classcorrection)",
    "/desk/classes/cases/{}/",
)
FIGURES: dict[str, Row] = {
    "metrics": Row("qian", "/desk/metrics/"),
    "metrics#unit": Row("zheng", "/desk/metrics/"),
    "metric": Row("qian", "/desk/metrics/on-time/", empty="/desk/metrics/on-time/?period=2026-01"),
    "metric#negative": Row("qian", "/desk/metrics/negative/"),
    "metric-rows": Row(
        "qian", "/desk/metrics/appeal/rows/?side=whole", empty="/desk/metrics/upheld/rows/?side=part&period=2026-01"
    ),
    "overview": Row("qian", "/desk/overview/", empty="/desk/overview/?quarter=2026-Q1"),
    "overview#unit": Row("zheng", "/desk/overview/?whole=1"),
    "overview-panel": Row("qian", "/desk/overview/places/", empty="/desk/overview/appeals/?quarter=2026-Q1"),
    "overview-panel#ages": Row("he", "/desk/overview/ages/"),
    "overview-panel#hours": Row("qian", "/desk/overview/hours/", empty="/desk/overview/hours/?quarter=2026-Q1"),
    "overview-rows": Row("qian", "/desk/overview/steps/rows/?set=done:valid"),
    "analysis": Row("qian", "/desk/analysis/", empty="/desk/analysis/?period=2026-Q1&unit=370600-FGW"),
    "analysis#unit": Row("zheng", "/desk/analysis/"),
    "analysis-cases": Row(
        "qian",
        "/desk/analysis/cases/",
        empty="/desk/analysis/cases/?group=none",
    ),
    "class-rules": Row("qian", "/desk/classes/"),
    "class-rules-version": Row("fang", _rules_draft),
    "class-rules-version#adopted": Row("zheng", "/desk/classes/1/"),
    "class-rules-add": Row("qian", "/desk/classes/add/", spoil=SEND),
    "class-rules-edit": Row("fang", lambda portal: _rules_draft(portal) + "edit/"),
    "class-rules-act": Row("fang", lambda portal: _rules_draft(portal) + "propose/"),
    "case-class": Row("qian", _corrected),
    "case-class-correct": Row("qian", lambda portal: _corrected(portal) + "correct/", spoil=SEND),
    "scores": Row("qian", "/desk/scores/"),
    "scores-quarter": Row("qian", _frozen_scores),
    "scores-quarter#unit": Row("zheng", _open_scores),
    "score": Row("zheng", _own_score),
    "score-object": Row("zheng", lambda portal: _own_score(portal) + "object/", spoil=SEND),
    "schemes": Row("qian", "/desk/schemes/"),
    "scheme-add": Row("qian", "/desk/schemes/add/", spoil=SEND),
    "scheme": Row("qian", _scheme),
    "scheme#draft": Row("qian", _scheme_draft),
    "scheme-edit": Row("qian", lambda portal: _scheme_draft(portal) + "edit/", spoil=SEND),
    "scheme-act": Row("qian", lambda portal: _scheme_draft(portal) + "simulate/"),
    "quarters": Row("qian", "/desk/quarters/"),
    "quarter": Row("qian", _closing("objecting")),
    "quarter#frozen": Row("zhou", _closing("frozen")),
    "quarter-act": Row("qian", _closing("objecting", "confirm/"), spoil=SEND),
    "quarter-exempt": Row("qian", _closing("objecting", "exempt/"), spoil=SEND),
    "objection-answer": Row("qian", _objection, spoil=SEND),
    "exemption-lift": Row("qian", _exemption),
    "findings": Row("qian", "/desk/findings/", empty="/desk/findings/?since=2001-01-01&until=2001-01-02"),
    "finding": Row("qian", finding_at()),
    "finding-decide": Row("qian", finding_at("decide"), spoil=SEND),
    "finding-explain": Row("zheng", finding_at("explain"), spoil=SEND),
    "circulars": Row("qian", "/desk/circulars/"),
    "circular-new": Row("qian", "/desk/circulars/new/"),
    "circular": Row("qian", _issued_notice),
    "circular#draft": Row("lin", _notice_draft),
    "circular#unit": Row("zheng", _issued_notice),
    "circular-extracts": Row("qian", lambda portal: _issued_notice(portal) + "extracts/"),
    "circular-extracts#unit": Row("zheng", lambda portal: _issued_notice(portal) + "extracts/"),
    "circular-extract": Row("zheng", lambda portal: _issued_notice(portal) + f"extracts/{GAJ}/"),
    "circular-act": Row("lin", lambda portal: _notice_draft(portal) + "write/"),
    "circular-act#drop": Row("qian", lambda portal: _notice_draft(portal) + "drop/", spoil=SEND),
}
