"""Questionnaires: what was started is not edited, by the actions and by the database, only followed by a version."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, InternalError, transaction

from common.models import AuditEntry
from evaluations.actions.questionnaires import (
    Heading,
    add_question,
    close_questionnaire,
    draft_questionnaire,
    remove_question,
    revise_questionnaire,
    reword_questionnaire,
    start_questionnaire,
)
from evaluations.actions.sheets import write_sheet
from evaluations.enums.reviews import Dimension, Purpose, QuestionKind
from evaluations.models import Question, Questionnaire
from evaluations.queries.reviews import open_review, questionnaires, takes_answers
from organizations.actions import Refused
from organizations.enums import Topic
from tests.factories import NOW, Cast
from tests.support.listening import DAY, questionnaire, questions

pytestmark = pytest.mark.django_db
MORE = {"dimension": Dimension.OTHER, "kind": QuestionKind.TEXT, "text": "还有吗?"}


def test_a_draft_is_edited_until_it_is_started(cast: Cast) -> None:
    made = questionnaire(cast, started=False)
    remove_question(questions(made)[1], by=cast.qian, at=NOW)
    add_question(made, by=cast.qian, at=NOW, **MORE)
    reword_questionnaire(made, Heading("新标题", Topic.INSTANT, "请说说"), by=cast.qian, at=NOW)
    made.refresh_from_db()
    assert [q.position for q in questions(made)] == [1, 3, 4]
    assert (made.title, made.topic) == ("新标题", Topic.INSTANT)
    assert not open_review("one-go")
    start_questionnaire(made, by=cast.qian, at=NOW)
    assert open_review("one-go") == made
    assert AuditEntry.objects.filter(action__startswith="questionnaire.").count() == 8


def test_a_started_one_is_not_edited(cast: Cast) -> None:
    made = questionnaire(cast)
    for change in (
        lambda: add_question(made, by=cast.qian, at=NOW, **MORE),
        lambda: remove_question(questions(made)[0], by=cast.qian, at=NOW),
        lambda: reword_questionnaire(made, Heading("改名", Topic.ONE_GO), by=cast.qian, at=NOW),
        lambda: start_questionnaire(made, by=cast.qian, at=NOW),
    ):
        with pytest.raises(Refused, match="修订"):
            change()


def test_the_database_does_not_let_a_started_one_be_edited(cast: Cast) -> None:
    made = questionnaire(cast)
    first = questions(made)[0]
    other = questionnaire(cast, "other", started=False)
    for change in (
        lambda: Question.objects.filter(pk=first.pk).update(text="别的"),
        lambda: Question.objects.filter(pk=first.pk).update(questionnaire=other),
        lambda: Question.objects.filter(pk=first.pk).delete(),
        lambda: Question.objects.create(questionnaire=made, position=9, **MORE),
        lambda: Question.objects.filter(pk=questions(other)[0].pk).update(questionnaire=made, position=9),
        lambda: Questionnaire.objects.filter(pk=made.pk).update(title="别的"),
        lambda: Questionnaire.objects.filter(pk=made.pk).update(opened_at=None),
        lambda: Questionnaire.objects.filter(pk=made.pk).delete(),
    ):
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            change()
    assert [q.text for q in questions(made)] == [q.text for q in questions(other)]


def test_one_without_questions_is_not_started(cast: Cast) -> None:
    draft = draft_questionnaire("empty", Heading("空", Topic.ONE_GO), purpose=Purpose.REVIEW, by=cast.qian, at=NOW)
    with pytest.raises(Refused, match="还没有问题"):
        start_questionnaire(draft, by=cast.qian, at=NOW)


def test_a_code_is_given_once(cast: Cast) -> None:
    questionnaire(cast)
    with pytest.raises(Refused, match="已有这个编码"):
        draft_questionnaire("one-go", Heading("又一份", Topic.ONE_GO), purpose=Purpose.REVIEW, by=cast.qian, at=NOW)


def test_a_revision_copies_and_takes_over_when_it_is_started(cast: Cast) -> None:
    first = questionnaire(cast)
    second = revise_questionnaire(first, by=cast.qian, at=NOW)
    assert (second.version, [q.text for q in questions(second)]) == (2, [q.text for q in questions(first)])
    assert open_review("one-go") == first
    with pytest.raises(Refused, match="第 2 版正在起草"):
        revise_questionnaire(first, by=cast.qian, at=NOW)
    start_questionnaire(second, by=cast.qian, at=NOW)
    first.refresh_from_db()
    assert open_review("one-go") == second
    assert first.closed_at == NOW
    assert [one.version for one in questionnaires()] == [2]


def test_who_was_filling_in_the_old_version_may_finish(cast: Cast) -> None:
    first = questionnaire(cast)
    second = revise_questionnaire(first, by=cast.qian, at=NOW)
    start_questionnaire(second, by=cast.qian, at=NOW)
    first.refresh_from_db()
    assert open_review("one-go", version=1, at=NOW + DAY / 48) == first
    assert open_review("one-go", version=1, at=NOW + DAY) == second
    assert open_review("one-go", version=99, at=NOW) == second
    assert not takes_answers(first, NOW + DAY)


def test_a_closed_one_takes_nothing_and_cannot_be_closed_again(cast: Cast) -> None:
    made = questionnaire(cast)
    close_questionnaire(made, by=cast.qian, at=NOW)
    assert open_review("one-go") is None
    with pytest.raises(Refused, match="没有在用"):
        close_questionnaire(made, by=cast.qian, at=NOW)


@pytest.mark.parametrize(("position", "value"), [(0, 6), (0, 0), (0, "好"), (1, 2), (2, ""), (2, 3), (2, "  ")])
def test_an_answer_that_its_question_does_not_allow_is_not_written(cast: Cast, position: int, value: int | str) -> None:
    made = questionnaire(cast)
    evaluation = cast.submit(5).evaluation
    with pytest.raises(ValueError, match="no answer"):
        write_sheet(made, [(questions(made)[position], value)], level=5, at=NOW, unit=None, evaluation=evaluation)


def test_an_answer_to_another_questionnaire_is_not_written(cast: Cast) -> None:
    made, other = questionnaire(cast), questionnaire(cast, "other")
    evaluation = cast.submit(5).evaluation
    with pytest.raises(ValueError, match="no answer"):
        write_sheet(made, [(questions(other)[0], 5)], level=5, at=NOW, unit=None, evaluation=evaluation)


def test_a_sheet_is_never_changed(cast: Cast) -> None:
    made = questionnaire(cast)
    sheet = write_sheet(
        made, [(questions(made)[0], 5)], level=5, at=NOW, unit=None, evaluation=cast.submit(5).evaluation
    )
    for change in (
        lambda: type(sheet).objects.filter(pk=sheet.pk).update(level=1),
        lambda: sheet.answers.update(value=1),
        lambda: sheet.answers.all().delete(),
    ):
        with pytest.raises(InternalError), transaction.atomic():
            change()
