"""问卷: written as a draft, started, closed, and revised: what somebody has answered is never edited."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.actions import record_audit
from evaluations.enums.reviews import Dimension, Purpose, QuestionKind
from evaluations.models import Question, Questionnaire
from organizations.actions import Refused
from organizations.models import Staff
from organizations.queries import staff_actor


@dataclass(frozen=True)
class Heading:
    """What stands above the questions.

    topic: the reform it is about; empty for what a caller reads out.
    """

    title: str
    topic: str = ""
    intro: str = ""


@transaction.atomic
def draft_questionnaire(code: str, heading: Heading, *, purpose: Purpose, by: Staff, at: datetime) -> Questionnaire:
    """Begins a questionnaire as a draft.

    Raises:
        Refused: there is one of this code already, which can be revised.
    """
    if Questionnaire.objects.filter(code=code).exists():
        raise Refused(_("已有这个编码的问卷。要改它,请在它的页面上修订。"))
    draft = Questionnaire.objects.create(code=code, purpose=purpose, made_at=at, made_by=by, **asdict(heading))
    _note("draft", draft, by=by, at=at)
    return draft


@transaction.atomic
def reword_questionnaire(questionnaire: Questionnaire, heading: Heading, *, by: Staff, at: datetime) -> None:
    """Changes the heading of a draft.

    Raises:
        Refused: it has been started; so for every change below.
    """
    draft = _draft(questionnaire)
    draft.title, draft.topic, draft.intro = heading.title, heading.topic, heading.intro
    draft.save()
    _note("reword", draft, by=by, at=at)


@transaction.atomic
def add_question(
    questionnaire: Questionnaire, *, dimension: Dimension, kind: QuestionKind, text: str, by: Staff, at: datetime
) -> Question:
    """Adds a question at the end of a draft."""
    draft = _draft(questionnaire)
    last = draft.questions.order_by("-position").first()
    question = Question.objects.create(
        questionnaire=draft, position=last.position + 1 if last else 1, dimension=dimension, kind=kind, text=text
    )
    _note("add_question", draft, by=by, at=at, text=text)
    return question


@transaction.atomic
def remove_question(question: Question, *, by: Staff, at: datetime) -> None:
    """Takes a question out of a draft."""
    draft = _draft(question.questionnaire)
    question.delete()
    _note("remove_question", draft, by=by, at=at, text=question.text)


@transaction.atomic
def start_questionnaire(questionnaire: Questionnaire, *, by: Staff, at: datetime) -> None:
    """Opens a draft to answers; the version before it is closed by that.

    Raises:
        Refused: it has been started, or asks nothing.
    """
    draft = _draft(questionnaire)
    if not draft.questions.exists():
        raise Refused(_("还没有问题,请先加一个。"))
    Questionnaire.objects.filter(code=draft.code, opened_at__isnull=False, closed_at=None).update(closed_at=at)
    draft.opened_at = at
    draft.save(update_fields=["opened_at"])
    _note("start", draft, by=by, at=at)


@transaction.atomic
def close_questionnaire(questionnaire: Questionnaire, *, by: Staff, at: datetime) -> None:
    """Takes no more answers. Its answers stay.

    Raises:
        Refused: it is not open.
    """
    locked = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if not locked.is_open:
        raise Refused(_("这份问卷没有在用。"))
    locked.closed_at = at
    locked.save(update_fields=["closed_at"])
    _note("close", locked, by=by, at=at)


@transaction.atomic
def revise_questionnaire(questionnaire: Questionnaire, *, by: Staff, at: datetime) -> Questionnaire:
    """Begins the next version as a draft with the same questions; until it is started the present one goes on.

    Raises:
        Refused: it has not been started, so it can be edited; or the next version is there already.
    """
    versions = list(Questionnaire.objects.select_for_update().filter(code=questionnaire.code).order_by("-version"))
    if versions[0].is_draft:
        raise Refused(_("第 %(version)d 版正在起草,请改那一版。") % {"version": versions[0].version})
    source = next(version for version in versions if version.pk == questionnaire.pk)
    draft = Questionnaire.objects.create(
        code=source.code,
        version=versions[0].version + 1,
        purpose=source.purpose,
        topic=source.topic,
        title=source.title,
        intro=source.intro,
        made_at=at,
        made_by=by,
    )
    Question.objects.bulk_create(
        [
            Question(questionnaire=draft, position=q.position, dimension=q.dimension, kind=q.kind, text=q.text)
            for q in source.questions.all()
        ]
    )
    _note("revise", draft, by=by, at=at)
    return draft


def _draft(questionnaire: Questionnaire) -> Questionnaire:
    """The questionnaire, locked, if it may still be edited."""
    locked = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if not locked.is_draft:
        raise Refused(_("已启用的问卷不能改,请修订成新版本。"))
    return locked


def _note(verb: str, questionnaire: Questionnaire, *, by: Staff, at: datetime, **after: object) -> None:
    subject = ("questionnaire", f"{questionnaire.code}/{questionnaire.version}")
    record_audit(f"questionnaire.{verb}", subject, by=staff_actor(by), at=at, after=after)
