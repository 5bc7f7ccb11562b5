"""What a scheme says, in words, and who is led to the class of a case."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from assessment.access import READS_CLASSES
from assessment.scoring import Item
from assessment.scoring.words import loss_words as losses
from assessment.scoring.words import rule_words as rules
from organizations.models import Staff

register = template.Library()


@register.filter
def rule_words(item: Item) -> list[str]:
    """How an item gives points."""
    return rules(item)


@register.filter
def loss_words(item: Item) -> list[str]:
    """What cases cost under an item."""
    return losses(item)


@register.filter
def named(names: Mapping[str, str], code: str) -> str:
    """The name of an item; its code where the scheme has none of that name."""
    return names.get(code, code)


@register.filter
def reads_classes(reader: Staff) -> bool:
    """Whether somebody may read problem classes."""
    return reader.has_role(*READS_CLASSES)
