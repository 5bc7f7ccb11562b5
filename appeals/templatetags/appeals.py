"""What pages of other apps ask of appeals while they are drawn, and small words of our own pages."""

from __future__ import annotations

from django import template
from django.utils import timezone

from appeals.casefile import Told, told_citizen
from appeals.contests import Contest, contest_of
from appeals.enums import Stage, Vote
from appeals.words import clock_words
from organizations.models import Staff
from rectification.models import Case

register = template.Library()
register.filter("clock_words", clock_words)


@register.filter
def vote_words(vote: str) -> str:
    """成立, 部分成立, 不成立, 证据不足; nothing for no ruling."""
    return str(Vote(vote).label) if vote else ""


@register.filter
def stage_words(stage: str) -> str:
    """The stage of the round that is open or was the last."""
    return str(Stage(stage).label)


@register.simple_tag
def contest(case: Case, reader: Staff) -> Contest:
    """How the reader of a case's page stands towards contesting the rating, and what was filed."""
    return contest_of(case, reader, timezone.now())


@register.simple_tag
def appeals_told(case: Case) -> list[Told]:
    """The appeals on a case, as its evaluator reads them."""
    return told_citizen(case)
