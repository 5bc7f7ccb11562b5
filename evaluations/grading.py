"""What a level means, and an answer. Pure."""

from collections.abc import Iterable

from evaluations.enums import Level
from evaluations.enums.reviews import QuestionKind, Scale, YesNo


def is_negative(level: int) -> bool:
    """Whether a level is a 差评: the last two of five (国办发〔2019〕51号)."""
    return level <= Level.DISSATISFIED


def needs_reason(level: int, *, required: bool) -> bool:
    """Whether a rating of this level needs a tag or some text (domain.md §3.1; setting NEGATIVE_REQUIRES_REASON)."""
    return required and is_negative(level)


def foreign_tags(level: int, codes: Iterable[str]) -> list[str]:
    """The tag codes that do not belong to a level: the first digit of a code is its level (domain.md §3.2)."""
    return [code for code in codes if not code.startswith(str(int(level)))]


def fits(kind: str, value: int | str) -> bool:
    """Whether a value can be the answer to a question of this kind; no answer is no value at all."""
    if kind == QuestionKind.TEXT:
        return isinstance(value, str) and bool(value.strip())
    return isinstance(value, int) and value in (Scale if kind == QuestionKind.SCALE else YesNo).values


def is_good_answer(kind: str, value: int) -> bool:
    """Whether an answer speaks well of what was asked: 好 or 很好 of five, or yes. 一般 does not."""
    return value >= (Scale.GOOD if kind == QuestionKind.SCALE else YesNo.YES)
