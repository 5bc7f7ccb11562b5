"""The evaluator's word: found by the secret of their link."""

from __future__ import annotations

from appeals.models import CitizenFact
from common.ids import keyed_hash


def fact_of(token: str) -> CitizenFact | None:
    """What a link asks the evaluator for; None for a link nobody has sent."""
    return CitizenFact.objects.filter(token_hash=token_hash(token)).select_related("appeal__case").first()


def token_hash(token: str) -> str:
    """What is stored of the secret in an evaluator's link."""
    return keyed_hash("appeal-facts", token)
