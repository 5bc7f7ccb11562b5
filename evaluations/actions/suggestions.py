"""意见建议: taking one, and every act on it. All go through `_begin` and `_finish`, as the table says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.actions import record_audit
from common.actors import CITIZEN, Actor
from common.ids import code_from, readable_number
from evaluations import workflow
from evaluations.actions import answering
from evaluations.enums.suggestions import (
    SuggestionAct,
    SuggestionOrigin,
    SuggestionParty,
    SuggestionStage,
    SuggestionVerdict,
)
from evaluations.models import Suggestion, SuggestionEvent
from evaluations.queries import city_body
from evaluations.queries.suggestions import promised, suggestion_of_form, tracking_hash
from identity.actions import store_evaluator
from identity.queries import known_names
from identity.redaction import Span, find_personal
from organizations.actions import Refused
from organizations.models import Membership, Staff, Unit
from organizations.queries import staff_actor

Act, Stage = SuggestionAct, SuggestionStage


class Conflict(Exception):
    """Somebody was faster. Nothing was written; `suggestion` is how it stands now."""

    def __init__(self, suggestion: Suggestion) -> None:
        super().__init__(suggestion.number)
        self.suggestion = suggestion


@dataclass(frozen=True)
class Proposal:
    """What somebody suggests. The number goes to the vault and nowhere else.

    about: the unit whose page somebody came from; a hint for whoever sorts.
    """

    text: str
    dimension: str
    topic: str = ""
    origin: SuggestionOrigin = SuggestionOrigin.PAGE
    about: Unit | None = None
    phone: str = field(default="", repr=False)


def submit_suggestion(proposal: Proposal, *, nonce: str, at: datetime) -> Suggestion:
    """Takes a suggestion; a second press of the same form leads to the same one.

    Args:
        nonce: from the form; the code for following it belongs to it (`code_of`).
    """
    try:
        with transaction.atomic():
            return _take(proposal, nonce, at)
    except IntegrityError:
        earlier = suggestion_of_form(nonce)
        if earlier is None:
            raise
        return earlier


def _take(proposal: Proposal, nonce: str, at: datetime) -> Suggestion:
    if earlier := suggestion_of_form(nonce):
        return earlier
    number, due = readable_number(), promised(at, settings.SUGGESTION_SORT_DAYS)
    contact = None
    if proposal.phone:
        contact = store_evaluator(phone=proposal.phone, consent_version=settings.CONSENT_VERSION, at=at)
    suggestion = Suggestion.objects.create(
        number=number,
        tracking_hash=tracking_hash(number, code_of(nonce)),
        nonce=nonce,
        text=proposal.text,
        dimension=proposal.dimension,
        topic=proposal.topic,
        origin=proposal.origin,
        about_unit=proposal.about,
        contact=contact,
        received_at=at,
        region_code=_home_region(),
        due_at=due.at,
        due_provisional=due.provisional,
    )
    _write_history(suggestion, Act.SUBMIT, None, by=CITIZEN, at=at)
    answering.tell_staff(suggestion, Act.SUBMIT, at=at)
    return suggestion


def code_of(nonce: str) -> str:
    """The six digits that go with a suggestion's number."""
    return code_from("suggestion", nonce)


def _home_region() -> str:
    """Before somebody is named it lies with the city."""
    body = city_body()
    return body.region.code if body else ""


@dataclass
class Move:
    """One act in progress on a locked suggestion."""

    suggestion: Suggestion
    row: workflow.Transition
    staff: Staff
    actor: Actor
    at: datetime


def standing_of(by: Staff, suggestion: Suggestion) -> Mapping[SuggestionParty, Membership]:
    """In which capacities a person stands towards a suggestion."""
    return workflow.parties(by.duties, suggestion)


def _begin(action: SuggestionAct, suggestion: Suggestion, *, by: Staff, at: datetime, seen: int | None) -> Move:
    """Locks a suggestion and checks that the act is allowed in its stage and to this person.

    Raises:
        workflow.NotAllowed: wrong stage or wrong person.
        Conflict: it has changed since `seen`.
    """
    locked = Suggestion.objects.select_for_update(of=("self",)).select_related("unit").get(pk=suggestion.pk)
    standing = standing_of(by, locked)
    row = workflow.check(action, Stage(locked.stage), standing)
    if seen is not None and seen != locked.version:
        raise Conflict(locked)
    membership = next(standing[party] for party in row.who if party in standing)
    return Move(locked, row, by, staff_actor(by, membership), at)


def _finish(move: Move, *, note: str = "", data: Mapping[str, Any] | None = None) -> Suggestion:
    """Carries an act out: stage, history, audit and notices, in the caller's transaction."""
    suggestion, before = move.suggestion, Stage(move.suggestion.stage)
    suggestion.stage = move.row.target or before
    suggestion.version += 1
    suggestion.save()
    _write_history(suggestion, move.row.action, before, by=move.actor, at=move.at, note=note, data=data)
    answering.tell_staff(suggestion, move.row.action, at=move.at, except_for=move.staff.pk)
    return suggestion


def _write_history(
    suggestion: Suggestion,
    action: SuggestionAct,
    before: SuggestionStage | None,
    *,
    by: Actor,
    at: datetime,
    note: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    facts = dict(data or {})
    SuggestionEvent.objects.create(
        suggestion=suggestion,
        action=action,
        at=at,
        from_stage=before or "",
        to_stage=suggestion.stage,
        note=note,
        data=facts,
        **by.columns(),
    )
    record_audit(
        f"suggestion.{action}",
        ("suggestion", suggestion.number),
        by=by,
        at=at,
        before={"stage": before} if before else {},
        after={"stage": suggestion.stage, **facts},
        reason=note,
    )


@transaction.atomic
def sort_suggestion(
    suggestion: Suggestion, *, by: Staff, at: datetime, unit: Unit, note: str = "", seen: int | None = None
) -> Suggestion:
    """分办: names the unit that is to answer, and by when.

    Raises:
        Refused: the unit no longer exists, or has it already; `_begin` says the others, here as below.
    """
    move = _begin(Act.SORT, suggestion, by=by, at=at, seen=seen)
    if unit.closed_on is not None:
        raise Refused(_("该单位已撤并,请选择现在负责的单位。"))
    if move.suggestion.unit_id == unit.pk:
        raise Refused(_("已经由这个单位承办。"))
    due = promised(at, settings.SUGGESTION_ANSWER_DAYS)
    move.suggestion.unit, move.suggestion.region_code = unit, unit.region.code
    move.suggestion.due_at, move.suggestion.due_provisional = due.at, due.provisional
    return _finish(move, note=note, data={"unit": unit.name})


@transaction.atomic
def merge_suggestion(
    suggestion: Suggestion, *, by: Staff, at: datetime, main: Suggestion, note: str = "", seen: int | None = None
) -> Suggestion:
    """合并 under another that says the same; its proposer hears what that one's proposer hears.

    What had been merged under this one goes with it, so nothing ever lies two deep.

    Raises:
        Refused: the other is itself merged or set aside, is not this person's to see, or is this very one.
    """
    move = _begin(Act.MERGE, suggestion, by=by, at=at, seen=seen)
    target = Suggestion.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=main.pk).first()
    if target is None or target.pk == move.suggestion.pk or target.stage in (Stage.MERGED, Stage.SET_ASIDE):
        raise Refused(_("不能合并到这一条,请另选一条。"))
    move.suggestion.merged_into, move.suggestion.due_at, move.suggestion.due_provisional = target, None, False
    brought = list(move.suggestion.merged.all())
    move.suggestion.merged.update(merged_into=target)
    for one in brought:
        _write_history(one, Act.MERGE, Stage.MERGED, by=move.actor, at=at, note=note, data={"into": target.number})
    merged = _finish(move, note=note, data={"into": target.number})
    if target.stage in (Stage.ANSWERED, Stage.DONE):
        answering.tell_proposers(merged, at=at, what="answer")
    return merged


@transaction.atomic
def set_aside_suggestion(
    suggestion: Suggestion, *, by: Staff, at: datetime, note: str, seen: int | None = None
) -> Suggestion:
    """不作为建议办理: it is no suggestion (a complaint about one matter, an advertisement); the proposer reads why."""
    move = _begin(Act.SET_ASIDE, suggestion, by=by, at=at, seen=seen)
    move.suggestion.due_at, move.suggestion.due_provisional = None, False
    done = _finish(move, note=note)
    answering.tell_proposers(done, at=at, what="answer")
    return done


@transaction.atomic
def hand_back_suggestion(
    suggestion: Suggestion, *, by: Staff, at: datetime, note: str, seen: int | None = None
) -> Suggestion:
    """退回分办: the unit says that another one is responsible."""
    move = _begin(Act.HAND_BACK, suggestion, by=by, at=at, seen=seen)
    due, unit = promised(at, settings.SUGGESTION_SORT_DAYS), move.suggestion.unit
    move.suggestion.unit, move.suggestion.region_code = None, _home_region()
    move.suggestion.due_at, move.suggestion.due_provisional = due.at, due.provisional
    return _finish(move, note=note, data={"unit": unit.name if unit else ""})


@transaction.atomic
def answer_suggestion(
    suggestion: Suggestion,
    *,
    by: Staff,
    at: datetime,
    verdict: SuggestionVerdict,
    reasons: str,
    planned_on: date | None = None,
    seen: int | None = None,
) -> Suggestion:
    """答复: 采纳、部分采纳 or 未采纳, with the reasons; what is adopted gets a day by which it is to be done.

    Raises:
        Refused: adopted without a day, or with one that has passed; declined with one.
    """
    move = _begin(Act.ANSWER, suggestion, by=by, at=at, seen=seen)
    today = timezone.localdate(at)
    if workflow.may_be_done(verdict) and (planned_on is None or planned_on < today):
        raise Refused(_("采纳的建议请写明哪天前落实,不早于今天。"))
    if not workflow.may_be_done(verdict) and planned_on is not None:
        raise Refused(_("未采纳的建议没有落实日期,请清空。"))
    move.suggestion.verdict, move.suggestion.reasons, move.suggestion.answered_at = verdict, reasons, at
    move.suggestion.due_at = answering.closing_of(planned_on) if planned_on else None
    move.suggestion.due_provisional = False
    data = {"verdict": verdict, "until": planned_on.isoformat() if planned_on else ""}
    done = _finish(move, note=reasons, data=data)
    answering.tell_proposers(done, at=at, what="answer")
    return done


@transaction.atomic
def record_suggestion_result(
    suggestion: Suggestion, *, by: Staff, at: datetime, result: str, changed_on: date, seen: int | None = None
) -> Suggestion:
    """落实: what changed, and since when.

    Raises:
        Refused: nothing was adopted, or the day has not come.
    """
    move = _begin(Act.RECORD_RESULT, suggestion, by=by, at=at, seen=seen)
    if not workflow.may_be_done(move.suggestion.verdict):
        raise Refused(_("未采纳的建议没有落实结果。"))
    if changed_on > timezone.localdate(at):
        raise Refused(_("改变日期不能晚于今天。"))
    move.suggestion.result, move.suggestion.changed_on, move.suggestion.done_at = result, changed_on, at
    move.suggestion.due_at = None
    done = _finish(move, note=result, data={"changed_on": changed_on.isoformat()})
    answering.tell_proposers(done, at=at, what="result")
    return done


@dataclass(frozen=True)
class PublicWords:
    """What the public is to read of a suggestion, as somebody has looked it over.

    kept: finds of the redaction rules, by kind and exact text, that the same person says identify nobody.
    """

    text: str
    reasons: str
    result: str = ""
    kept: frozenset[tuple[str, str]] = frozenset()

    def finds(self) -> list[Span]:
        """What the redaction rules find in all of it."""
        return [span for part in (self.text, self.reasons, self.result) for span in find_personal(part, known_names())]


@transaction.atomic
def publish_suggestion(
    suggestion: Suggestion, *, by: Staff, at: datetime, words: PublicWords, seen: int | None = None
) -> Suggestion:
    """审核公开: a person has read the texts; none of them may still hold what identifies anybody (domain.md §9).

    What the rules find and this person says is nothing personal stays, and history tells which.

    Raises:
        Refused: something else personal is left, or the result is missing where there is one.
    """
    move = _begin(Act.PUBLISH, suggestion, by=by, at=at, seen=seen)
    finds = list(dict.fromkeys((span.kind, span.text) for span in words.finds()))
    if left := [text for kind, text in finds if (kind, text) not in words.kept]:
        raise Refused(_("还有像是个人信息的内容,请改掉,或勾选“这不是个人信息”:%(found)s") % {"found": "、".join(left)})
    if bool(words.result) != (move.suggestion.stage == Stage.DONE):
        raise Refused(_("已落实的建议请写明改了什么;未落实的不写结果。"))
    move.suggestion.public_text, move.suggestion.public_reasons = words.text, words.reasons
    move.suggestion.public_result = words.result
    move.suggestion.looked_at, move.suggestion.looked_by = at, move.staff
    return _finish(move, data={"kept": [{"kind": kind, "text": text} for kind, text in finds]} if finds else None)
