"""The evaluator's word: found by the secret of their link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from appeals.enums import Proof
from appeals.models import Appeal, CitizenFact
from common.ids import keyed_hash
from rectification.enums import PressureKind, PressureOutcome


def fact_of(token: str) -> CitizenFact | None:
    """What a link asks the evaluator for; None for a link nobody has sent."""
    return CitizenFact.objects.filter(token_hash=token_hash(token)).select_related("appeal__case").first()


def token_hash(token: str) -> str:
    """What is stored of the secret in an evaluator's link."""
    return keyed_hash("appeal-facts", token)


@dataclass(frozen=True)
class Withdrawal:
    """That an evaluator confirmed an error after the unit had spoken with them, and what came of looking into it.

    outcome: of the city supervisor; "" as long as it is being looked into.
    """

    at: datetime
    outcome: PressureOutcome | Literal[""]


def withdrawal_of(appeal: Appeal) -> Withdrawal | None:
    """What a panel has to know before it trusts a confirmed error (W1); None where there is nothing to know."""
    if [Proof.CONFIRMATION.value] not in appeal.ground.needs:
        return None
    report = appeal.case.pressure_reports.filter(kind=PressureKind.WITHDRAWAL).order_by("pk").last()
    return Withdrawal(report.at, PressureOutcome(report.outcome) if report.outcome else "") if report else None


def was_pressed(appeal: Appeal) -> bool:
    """Whether it was found that the evaluator took the rating back because the unit wanted it."""
    found = withdrawal_of(appeal)
    return found is not None and found.outcome in (PressureOutcome.FOUND, PressureOutcome.PARTLY)
