"""Taking a rating, and what belongs to it. The rating is saved with its case and history, or nothing is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from common.actions import record_audit
from common.actors import CITIZEN, Actor
from common.failpoints import failpoint
from common.ids import code_from, new_code, uuid7
from evaluations.actions.storage import write_rating
from evaluations.enums import Limited, Origin, RatingChannel, ServiceSource
from evaluations.grading import is_negative
from evaluations.keys import FIRST_RATING, Key
from evaluations.models import Batch, Evaluation, OverLimit, Service, Tag
from evaluations.presence import UNTRACED, Trace
from evaluations.queries import rating_of, rating_of_form
from identity.actions import store_evaluator
from identity.models import Evaluator
from organizations.enums import Topic
from organizations.models import Hall, ServiceItem, Staff, Unit, Window
from organizations.queries import staff_actor
from rectification.actions.dispatching import Complaint, open_case
from rectification.actions.telling import tell_citizen
from rectification.actions.testing import void_test
from rectification.enums import Source, Target
from rectification.models import Case

SOURCES = {Origin.CHECK: Source.INSPECTION, Origin.TEST: Source.TEST}


class AlreadyRated(Exception):
    """One service, one review: this one has been rated; `evaluation` is what was said then."""

    def __init__(self, evaluation: Evaluation) -> None:
        super().__init__(str(evaluation.pk))
        self.evaluation = evaluation


@dataclass(frozen=True)
class Rated:
    """What a rating is about. The unit must have its region loaded."""

    target: Target
    unit: Unit
    item: ServiceItem | None = None
    hall: Hall | None = None
    window: Window | None = None
    staff: Staff | None = None
    service: Service | None = None
    topic: Topic | None = None
    key: Key | None = None

    @classmethod
    def of(cls, service: Service) -> Rated:
        """A service as the thing that is rated; only here a staff member is rated with it."""
        return cls(
            target=Target.SERVICE,
            unit=service.unit,
            item=service.item,
            hall=service.window.hall if service.window else None,
            window=service.window,
            staff=service.staff,
            service=service,
        )

    @property
    def reference(self) -> Key | None:
        """The key that may be rated once; None for what is no service."""
        return self.service.key if self.service else self.key

    def columns(self, source: str) -> dict[str, Any]:
        """What an `Evaluation` keeps of it: the things as they are now, and the key as it was given."""
        key = self.reference or Key("", source, 0, FIRST_RATING)
        return {
            "target": self.target,
            "topic": self.topic or "",
            "unit": self.unit,
            "item": self.item,
            "hall": self.hall,
            "window": self.window,
            "staff": self.staff,
            "source": key.source,
            "project_number": key.project_number,
            "service_number": key.service_number,
            "assess_number": key.assess_number,
        }

    @property
    def place(self) -> str:
        """Where it happened, in words that stay with the case."""
        hall = self.hall or (self.window.hall if self.window else None)
        return " · ".join(str(part) for part in (hall, self.window) if part)


@dataclass(frozen=True)
class Words:
    """What the citizen said. Phone and name go to the vault and nowhere else."""

    level: int
    tags: Sequence[Tag] = ()
    text: str = ""
    phone: str = field(default="", repr=False)
    name: str = field(default="", repr=False)


@dataclass(frozen=True)
class Receipt:
    """What the citizen is shown. Number and code exist for negative ratings only."""

    evaluation: Evaluation
    case: Case | None = None
    code: str = field(default="", repr=False)


def submit_evaluation(
    rated: Rated,
    words: Words,
    *,
    channel: RatingChannel,
    origin: Origin,
    at: datetime,
    nonce: str = "",
    rated_at: datetime | None = None,
    source: str = ServiceSource.PORTAL,
    batch: Batch | None = None,
    by: Actor = CITIZEN,
    over: Iterable[Limited] = (),
    trace: Trace = UNTRACED,
) -> Receipt:
    """Takes one rating; a negative one is born together with its case.

    The form's nonce makes a second press harmless: it leads to the same receipt. The key makes a second rating of a
    service impossible, from whatever door.

    Args:
        rated: what it is about.
        words: the level, tags of that level, text, and what was left for an answer.
        at: now.
        nonce: random, from the form; empty for a door that has no form.
        rated_at: when it was said, where that was not now.
        source: the system that took it.
        batch: the file or message it came in with.
        by: who handed it in; a member of staff stays on the rating and on the audit trail.
        over: the limits it exceeded; kept beside it, for a person to look at.
        trace: from which browser, network or tablet it came, as marks that name nobody.

    Raises:
        AlreadyRated: the service was rated before, from whatever door.
    """
    code = code_from("tracking", nonce) if nonce else new_code()
    origin = Origin.TEST if rated.window and rated.window.for_testing else origin
    over = list(over)
    # A good rating and nothing beside it is one statement, which needs no transaction around it.
    alone = not (is_negative(words.level) or words.phone or over or by.staff_id)
    with nullcontext() if alone else transaction.atomic():
        evaluator = _store(words, at=at)
        case = None
        if is_negative(words.level):
            case = open_case(_complaint(rated, words, channel, origin, evaluator, code), by=by, at=at)
            failpoint("rating_case_opened")
        moment = rated_at or at
        evaluation = Evaluation(
            id=uuid7(moment),
            rated_at=moment,
            received_at=at,
            level=words.level,
            tags=[tag.code for tag in words.tags],
            text=words.text,
            channel=channel,
            origin=origin,
            is_default=origin == Origin.DEFAULT,
            evaluator=evaluator,
            case=case,
            batch=batch,
            negative=case is not None,
            entered_by_id=by.staff_id,
            consent_version=settings.CONSENT_VERSION if evaluator else "",
            **rated.columns(source),
        )
        if write_rating(evaluation, nonce=nonce, trace=trace):
            failpoint("rating_written")
            for limit in over:
                OverLimit.objects.create(evaluation=evaluation, limit=limit)
            if case is not None and origin == Origin.TEST:
                void_test(case, at=at)
            if by.staff_id is not None:
                _note_entry(evaluation, by=by, at=at)
            if case is not None and at - moment <= timedelta(days=settings.RECEIPT_MESSAGE_DAYS):
                send_receipt(case, code, at=at)
            failpoint("rating_before_commit")
            return Receipt(evaluation, case, code if case else "")
        if not alone:
            transaction.set_rollback(True)
    return _earlier(rated, nonce)


def refuse_own(rated: Rated, *, by: Staff, at: datetime) -> None:
    """Notes on the trail that somebody tried to rate their own work from their own session (reliability.md §8.2)."""
    about = ("window", rated.window.pk) if rated.window else ("unit", rated.unit.code)
    record_audit("rating.refuse_own", about, by=staff_actor(by), at=at, success=False)


def _earlier(rated: Rated, nonce: str) -> Receipt:
    if nonce and (evaluation := rating_of_form(nonce)):
        return receipt_of(evaluation, nonce)
    if rated.reference and (evaluation := rating_of(rated.reference)):
        raise AlreadyRated(evaluation)
    raise RuntimeError("a key was taken and is gone")


def receipt_of(evaluation: Evaluation, nonce: str) -> Receipt:
    """The receipt of a rating that came with this nonce."""
    return Receipt(evaluation, evaluation.case, code_from("tracking", nonce) if evaluation.case else "")


def _store(words: Words, *, at: datetime) -> Evaluator | None:
    if not words.phone:
        return None
    return store_evaluator(phone=words.phone, name=words.name, consent_version=settings.CONSENT_VERSION, at=at)


def _note_entry(evaluation: Evaluation, *, by: Actor, at: datetime) -> None:
    facts = {
        "level": evaluation.level,
        "channel": evaluation.channel,
        "origin": evaluation.origin,
        "unit": evaluation.unit.name,
        "case": evaluation.case.number if evaluation.case else "",
    }
    record_audit("evaluation.enter", ("evaluation", evaluation.pk), by=by, at=at, after=facts)


def _complaint(
    rated: Rated, words: Words, channel: RatingChannel, origin: Origin, evaluator: Evaluator | None, code: str
) -> Complaint:
    return Complaint(
        source=SOURCES.get(origin, Source.RATING),
        level=words.level,
        target=rated.target,
        channel=channel,
        unit=rated.unit,
        text=words.text,
        tags=tuple({"code": tag.code, "label": tag.label, "class": tag.problem_class} for tag in words.tags),
        item=rated.item,
        hall=rated.hall or (rated.window.hall if rated.window else None),
        window=rated.window,
        place=_place(rated),
        rated_staff=rated.staff,
        evaluator=evaluator,
        served_at=rated.service.served_at if rated.service else None,
        tracking_code=code,
    )


def _place(rated: Rated) -> str:
    """What a case says of where it happened: for a reform topic, which one."""
    with translation.override(settings.LANGUAGE_CODE):
        return rated.place or (str(rated.topic.label) if rated.topic else "")


def send_receipt(case: Case, code: str, *, at: datetime) -> None:
    """Writes number and code to whoever a case was opened for, if they can be reached."""
    with translation.override(settings.LANGUAGE_CODE):
        text = _("您的评价已收到。编号%(number)s,查询码%(code)s。进度: %(link)s") % {
            "number": case.number,
            "code": code,
            "link": f"{settings.PORTAL_URL}/t/",
        }
    tell_citizen(case, "receipt", text, at=at, first=True)
