"""A clue on its way, each act by the person whose act it is: Qian raises and proposes, Pei confirms."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from organizations.enums import Role
from organizations.models import Staff
from oversight import actions
from oversight.actions import Judged, Raised
from oversight.enums import ClueSort, Level
from oversight.models import Dossier, Statement
from tests.factories import NOW, Cast, staff

HOUR = timedelta(hours=1)
SECRET = "密语:窗口长期两套告知单"
QUESTION = "请说明三号窗口告知单与公示不一致的原因"
ANSWER = "系旧版告知单未收回,已全部更换"


def second(cast: Cast) -> Staff:
    """Another city supervisor, of another body."""
    body = type(cast.body).objects.get(code="370600-DSJ")
    return Staff.objects.filter(username="pei").first() or staff("pei", "裴督导", (Role.CITY_SUPERVISOR, body))


def raised(cast: Cast, *, at: datetime = NOW, **changes: Any) -> Dossier:
    said: dict[str, Any] = {"unit": cast.unit, "sort": ClueSort.REPEAT, "about": SECRET}
    return actions.raise_clue(cast.body.region, Raised(**{**said, **changes}), by=cast.qian, at=at)


def asked(cast: Cast, row: Dossier, *, at: datetime = NOW, **changes: Any) -> Statement:
    return actions.ask_unit(row, QUESTION, by=cast.qian, at=at, **changes)


def heard(cast: Cast, *, at: datetime = NOW, **changes: Any) -> Dossier:
    """Raised, asked and answered."""
    row = raised(cast, at=at, **changes)
    actions.answer_question(asked(cast, row, at=at), ANSWER, by=cast.zheng, at=at + HOUR)
    row.refresh_from_db()
    return row


def judged(level: Level = Level.REMINDER, **changes: Any) -> Judged:
    said: dict[str, Any] = {
        "level": level,
        "facts": "同类问题一季度内出现三次",
        "document": "《演示问责办法》(演发〔2026〕1号)",
        "article": "第八条",
        "clause": "同类问题反复出现的,按情节处理。",
    }
    return Judged(**{**said, **changes})


def final(cast: Cast, level: Level = Level.REMINDER, *, at: datetime = NOW, why: str = "情节较重") -> Dossier:
    """Proposed by Qian and confirmed by Pei, whom she has let in."""
    row, pei = heard(cast, at=at), second(cast)
    actions.let_in(row, pei, "复核处理层级", by=cast.qian, at=at + HOUR)
    actions.propose_level(row, judged(level, why_level=why), by=cast.qian, at=at + HOUR)
    return actions.confirm_level(row, by=pei, at=at + 2 * HOUR)
