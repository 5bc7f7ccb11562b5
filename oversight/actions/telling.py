"""公示文字: what of a case may stand in a notice, kept as it is published and gone when it is taken down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from oversight.models import CaseText
from rectification.models import Case


@dataclass(frozen=True)
class Told:
    """The words of a case as they are public: 公示编号, matter, and each part as somebody has let it out."""

    number: str
    item: str
    problem: str
    changed: str
    reply: str


def tell_case(case: Case, told: Told, *, at: datetime) -> None:
    """Keeps what is public of a case, in the transaction that publishes it. Without any words nothing is kept."""
    if not (told.problem or told.changed or told.reply):
        hush_case(case)
        return
    words = {name: getattr(told, name) for name in ("number", "item", "problem", "changed", "reply")}
    CaseText.objects.update_or_create(case=case, defaults={**words, "at": at})


def hush_case(case: Case) -> None:
    """Forgets the words of a case that are public no longer; an issued notice stays as it was signed."""
    CaseText.objects.filter(case=case).delete()
