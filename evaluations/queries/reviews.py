"""Questions about reviews: who may be asked, what a link leads to, and what was answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from common.ids import keyed_hash
from evaluations.enums import Level
from evaluations.enums.reviews import Purpose, QuestionKind, Scale, YesNo
from evaluations.grading import is_good_answer
from evaluations.intervals import Share
from evaluations.models import (
    Answer,
    AnswerSheet,
    Question,
    Questionnaire,
    ReviewInvitation,
    ReviewWave,
    Service,
)
from evaluations.queries import day_start
from evaluations.queries.asking import may_be_asked
from organizations.models import ServiceItem, Unit

DAY = timedelta(days=1)
GRACE = timedelta(hours=1)


def open_review(code: str, *, version: int = 0, at: datetime | None = None) -> Questionnaire | None:
    """The version of a public questionnaire that takes answers.

    Args:
        version: the one somebody has before them; theirs is taken as long as it may be.
    """
    found = Questionnaire.objects.filter(code=code, purpose=Purpose.REVIEW, opened_at__isnull=False)
    shown = found.filter(version=version).first() if at is not None and 0 < version < 32768 else None
    if shown is not None and at is not None and takes_answers(shown, at):
        return shown
    return found.filter(closed_at=None).first()


def takes_answers(questionnaire: Questionnaire, at: datetime) -> bool:
    """Whether a sheet may come in: also for a while after closing, for whoever was filling it in."""
    if questionnaire.opened_at is None:
        return False
    return questionnaire.closed_at is None or at < questionnaire.closed_at + GRACE


def open_reviews() -> list[Questionnaire]:
    """The public questionnaires that take answers."""
    found = Questionnaire.objects.filter(purpose=Purpose.REVIEW, opened_at__isnull=False, closed_at=None)
    return list(found.order_by("title"))


def scripts() -> QuerySet[Questionnaire]:
    """What callers may read out: the questionnaires for the telephone that are in use."""
    return Questionnaire.objects.filter(purpose=Purpose.SURVEY, opened_at__isnull=False, closed_at=None)


def questionnaires() -> list[Questionnaire]:
    """The newest version of each, those in use first."""
    newest = Questionnaire.objects.order_by("code", "-version").distinct("code").values("pk")
    in_use = Questionnaire.objects.filter(Q(pk__in=newest) | Q(opened_at__isnull=False, closed_at=None))
    return list(in_use.annotate(answered=Count("sheets")).order_by("purpose", "code", "-version"))


def version_of(code: str, version: int) -> Questionnaire | None:
    """One version, with the person who wrote it."""
    return Questionnaire.objects.select_related("made_by").filter(code=code, version=version).first()


def units_of_topic(topic: str) -> QuerySet[Unit]:
    """The units that handle matters of a reform topic."""
    items = ServiceItem.objects.filter(topics__contains=[topic], closed_on=None)
    return Unit.objects.active().filter(pk__in=items.values("unit_id")).select_related("region").order_by("name")


def invitation_of_link(token: str, at: datetime) -> ReviewInvitation | None:
    """The invitation a token stands for, with everything its page shows; None if unknown or expired."""
    related = "wave__questionnaire", "service__unit__region", "service__item", "contact"
    found = ReviewInvitation.objects.select_related(*related)
    return found.filter(token_hash=keyed_hash("review", token), expires_at__gt=at).first()


def candidates(wave: ReviewWave, at: datetime) -> QuerySet[Service]:
    """The services of a wave's days and topic whose contact may be asked now and has not been in this wave."""
    items = ServiceItem.objects.filter(topics__contains=[wave.questionnaire.topic])
    served = Service.objects.filter(
        pk__gte=day_start(wave.first_day), pk__lt=day_start(wave.last_day + DAY), item__in=items.values("pk")
    )
    asked = ReviewInvitation.objects.filter(wave=wave, service=OuterRef("pk"))
    return may_be_asked(served, at, cap=settings.REVIEW_CAP_DAYS).filter(~Exists(asked))


def waves_of(questionnaire: Questionnaire) -> list[ReviewWave]:
    """The waves of all versions, newest first, with how many were asked and how many answered."""
    waves = ReviewWave.objects.filter(questionnaire__code=questionnaire.code).select_related("questionnaire")
    counted = waves.annotate(asked=Count("invitations"), answered=Count("invitations__sheet"))
    return list(counted.order_by("-pk")[:50])


@dataclass(frozen=True)
class Result:
    """What was answered to one question: how often each answer was given, and the share that speaks well of it.

    counts: (label, how often), best first; empty for a question in words.
    """

    question: Question
    n: int
    counts: list[tuple[str, int]]
    good: Share | None


@dataclass(frozen=True)
class UnitResult:
    """The overall level at one unit (None: it was not said which)."""

    unit: Unit | None
    n: int
    good: Share


@dataclass(frozen=True)
class Results:
    """Everything a set of sheets says."""

    n: int
    levels: list[tuple[str, int]]
    good: Share
    questions: list[Result]
    units: list[UnitResult]


def good_levels() -> Q:
    """The overall levels that count as satisfied (setting GOOD_THRESHOLD_LEVEL)."""
    return Q(level__gte=settings.GOOD_THRESHOLD_LEVEL)


def results_of(questionnaire: Questionnaire, sheets: QuerySet[AnswerSheet]) -> Results:
    """Counts a set of sheets of one version; nothing is kept that could be out of date."""
    levels = dict(sheets.order_by().values_list("level").annotate(n=Count("pk")))
    n = sum(levels.values())
    good = sum(count for level, count in levels.items() if level >= settings.GOOD_THRESHOLD_LEVEL)
    return Results(
        n=n,
        levels=[(str(level.label), levels.get(level, 0)) for level in Level],
        good=Share(good, n),
        questions=_by_question(questionnaire, sheets),
        units=by_unit(sheets),
    )


def _by_question(questionnaire: Questionnaire, sheets: QuerySet[AnswerSheet]) -> list[Result]:
    rows: Any = Answer.objects.filter(sheet__in=sheets).order_by().values_list("question_id", "value")
    counted: dict[int, dict[int | None, int]] = {}
    for question, value, n in rows.annotate(n=Count("pk")):
        counted.setdefault(question, {})[value] = n
    return [_result(question, counted.get(question.pk, {})) for question in questionnaire.questions.all()]


def _result(question: Question, counts: dict[int | None, int]) -> Result:
    n = sum(counts.values())
    if question.kind == QuestionKind.TEXT:
        return Result(question, n, [], None)
    choices: Sequence[Scale | YesNo] = list(Scale if question.kind == QuestionKind.SCALE else YesNo)
    good = sum(counts.get(choice, 0) for choice in choices if is_good_answer(question.kind, choice))
    return Result(question, n, [(str(one.label), counts.get(one, 0)) for one in choices], Share(good, n))


def by_unit(sheets: QuerySet[AnswerSheet]) -> list[UnitResult]:
    """The overall level by unit, the largest number of sheets first."""
    rows: Any = sheets.order_by().values("unit").annotate(n=Count("pk"), good=Count("pk", filter=good_levels()))
    units = Unit.objects.in_bulk([row["unit"] for row in rows if row["unit"]])
    found = [UnitResult(units.get(row["unit"]), row["n"], Share(row["good"], row["n"])) for row in rows]
    return sorted(found, key=lambda one: (-one.n, one.unit.code if one.unit else ""))


def texts_of(question: Question, sheets: QuerySet[AnswerSheet], limit: int = 50) -> list[str]:
    """What was written to a question, the latest first; for the desk alone, since people name themselves."""
    answers = Answer.objects.filter(question=question, sheet__in=sheets).annotate(at=F("sheet__at"))
    return list(answers.order_by("-at", "-pk").values_list("text", flat=True)[:limit])
