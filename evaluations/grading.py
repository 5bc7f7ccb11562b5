"""What a level means. Pure."""

from collections.abc import Iterable

from evaluations.enums import Level


def is_negative(level: int) -> bool:
    """Whether a level is a 差评: the last two of five (国办发〔2019〕51号)."""
    return level <= Level.DISSATISFIED


def needs_reason(level: int, *, required: bool) -> bool:
    """Whether a rating of this level needs a tag or some text (domain.md §3.1; setting NEGATIVE_REQUIRES_REASON)."""
    return required and is_negative(level)


def foreign_tags(level: int, codes: Iterable[str]) -> list[str]:
    """The tag codes that do not belong to a level: the first digit of a code is its level (domain.md §3.2)."""
    return [code for code in codes if not code.startswith(str(int(level)))]
