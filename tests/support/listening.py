"""Questionnaires, suggestions and surveys for tests, made through the real actions."""

from __future__ import annotations

import itertools
import uuid
from datetime import date, datetime, timedelta

from evaluations.actions.calls import Heard
from evaluations.actions.drawing import Design, draw_samples, order_draw
from evaluations.actions.questionnaires import Heading, add_question, draft_questionnaire, start_questionnaire
from evaluations.actions.suggestions import Proposal, submit_suggestion
from evaluations.enums.reviews import Dimension, Purpose, QuestionKind
from evaluations.enums.surveys import SampleBasis, SampleMethod
from evaluations.models import Evaluation, Question, Questionnaire, SamplingPlan, Suggestion
from organizations.enums import Topic
from tests.factories import NOW, Cast

D, K = Dimension, QuestionKind
QUESTIONS = (
    (D.CONVENIENCE, K.SCALE, "少跑了路、少交了材料吗?"),
    (D.ONLINE, K.YES_NO, "在网上能一次提交成功吗?"),
    (D.HUMANITY, K.TEXT, "还有哪里不方便?"),
)
DAY = timedelta(days=1)
TODAY = NOW.date()
WEEK_AGO = TODAY - 7 * DAY
_numbers = itertools.count(1000)


def questionnaire(
    cast: Cast,
    code: str = "one-go",
    *,
    purpose: Purpose = Purpose.REVIEW,
    started: bool = True,
    at: datetime = NOW - 30 * DAY,
) -> Questionnaire:
    """A questionnaire of three questions, one of each kind."""
    topic = Topic.ONE_GO if purpose == Purpose.REVIEW else ""
    made = draft_questionnaire(code, Heading("“一次办好”改得怎么样", topic), purpose=purpose, by=cast.qian, at=at)
    for dimension, kind, text in QUESTIONS:
        add_question(made, dimension=dimension, kind=kind, text=text, by=cast.qian, at=at)
    if started:
        start_questionnaire(made, by=cast.qian, at=at)
    made.refresh_from_db()
    return made


def script(cast: Cast, code: str = "phone") -> Questionnaire:
    """What callers read out."""
    return questionnaire(cast, code, purpose=Purpose.SURVEY)


def questions(made: Questionnaire) -> list[Question]:
    return list(made.questions.all())


def suggestion(
    text: str = "表单范本看不懂,请重新设计。", *, at: datetime = NOW, phone: str = "", nonce: str = ""
) -> Suggestion:
    """Somebody suggests something."""
    return submit_suggestion(Proposal(text, D.ONLINE, phone=phone), nonce=nonce or uuid.uuid4().hex, at=at)


def rated(cast: Cast, level: int = 5, *, phone: str = "", at: datetime = NOW - DAY) -> Evaluation:
    """A rating by somebody who left a number of their own."""
    number = phone or f"138{next(_numbers):08d}"
    return cast.submit(level, at=at, phone=number).evaluation


def design(
    size: int = 5,
    *,
    basis: SampleBasis = SampleBasis.RATINGS,
    method: SampleMethod = SampleMethod.RANDOM,
    minimum: int = 0,
    first: date = WEEK_AGO,
    last: date = TODAY,
) -> Design:
    return Design("十一月抽访", basis, first, last, size, method, minimum)


def survey(cast: Cast, size: int = 5, *, seed: int = 7, at: datetime = NOW, **more: object) -> SamplingPlan:
    """A plan that has been drawn."""
    used = Questionnaire.objects.filter(code="phone").first() or script(cast)
    plan = order_draw(design(size, **more), used, by=cast.qian, at=at, seed=seed)  # type: ignore[arg-type]
    draw_samples(at=at)
    plan.refresh_from_db()
    return plan


def heard(level: int = 5, **more: object) -> Heard:
    return Heard(level=level, **more)  # type: ignore[arg-type]
