"""答卷: the one place where an answer sheet is written, whether it was filled in or read out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from evaluations.grading import fits
from evaluations.models import (
    Answer,
    AnswerSheet,
    Evaluation,
    Question,
    Questionnaire,
    ReviewInvitation,
    SampledCall,
)
from organizations.models import Unit

Given = tuple[Question, int | str]


def write_sheet(
    questionnaire: Questionnaire,
    answers: Iterable[Given],
    *,
    level: int,
    at: datetime,
    unit: Unit | None,
    evaluation: Evaluation | None = None,
    invitation: ReviewInvitation | None = None,
    call: SampledCall | None = None,
) -> AnswerSheet:
    """Writes a sheet with its answers. What was left open gets no row.

    Args:
        level: the overall level, the one answer that is required.
        unit: whose service it was about, if that is known.
        evaluation, invitation: of a sheet from the page; `call` of one from the telephone.

    Raises:
        ValueError: an answer is to another questionnaire's question, or is none that its question allows.
    """
    given = list(answers)
    for question, value in given:
        if question.questionnaire_id != questionnaire.pk or not fits(question.kind, value):
            raise ValueError(f"no answer to question {question.pk}: {type(value).__name__}")
    sheet = AnswerSheet.objects.create(
        questionnaire=questionnaire,
        at=at,
        level=level,
        unit=unit,
        evaluation=evaluation,
        invitation=invitation,
        call=call,
    )
    Answer.objects.bulk_create(
        [
            Answer(sheet=sheet, question=question, text=value)
            if isinstance(value, str)
            else Answer(sheet=sheet, question=question, value=value)
            for question, value in given
        ]
    )
    return sheet
