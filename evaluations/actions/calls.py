"""抽访: taking the next person, what came of each call, and the case that a respondent agrees to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from common.actions import record_audit
from common.ids import new_code
from evaluations import calling
from evaluations.actions.rating import send_receipt
from evaluations.actions.sheets import Given, write_sheet
from evaluations.enums import RatingChannel
from evaluations.enums.surveys import CallOutcome, CallStage
from evaluations.grading import is_negative
from evaluations.models import CallAttempt, SampledCall
from evaluations.queries.surveys import call_rules, callable_now, held_by
from identity.actions import refuse_messages
from organizations.actions import Refused
from organizations.models import Membership, Staff
from organizations.queries import staff_actor
from rectification.actions.dispatching import Complaint, open_case
from rectification.enums import Source, Target
from rectification.models import Case


class NotYours(Exception):
    """The person may not call this one: they belong to the rated unit, or their division does not cover it."""


@dataclass(frozen=True)
class Heard:
    """What a reached person said.

    level: the overall level.
    answers: to the questions that were read out; nobody has to answer any.
    words: in their own words, for a case.
    opens_case: they agree that a bad answer becomes a case.
    """

    level: int
    answers: Sequence[Given] = ()
    words: str = ""
    opens_case: bool = False


def standing_of(by: Staff, call: SampledCall) -> Membership:
    """The duty by which somebody may call.

    Raises:
        NotYours: there is none.
    """
    found = calling.caller(by.duties, call.unit.path, call.unit.region.code)
    if found is None:
        raise NotYours(call.reference)
    return found


@transaction.atomic
def take_next(*, by: Staff, at: datetime) -> SampledCall | None:
    """The call a person has in hand, or else the next one, which is theirs for SURVEY_LEASE_MINUTES.

    Raises:
        Refused: it is too early or too late to call anybody.
    """
    if not calling.may_ring(at, call_rules()):
        raise Refused(_("现在不是访问时间,请在 %(opening)s 到 %(closing)s 之间拨打。") % hours())
    if held := held_by(by, at):
        return held
    call = callable_now(by, at).select_for_update(skip_locked=True, of=("self",)).first()
    if call is None:
        return None
    standing_of(by, call)
    call.taken_by, call.taken_until = by, at + timedelta(minutes=settings.SURVEY_LEASE_MINUTES)
    call.save(update_fields=["taken_by", "taken_until"])
    return call


def hours() -> dict[str, str]:
    """The hours of calling, as words."""
    rules = call_rules()
    return {"opening": f"{rules.opening:%H:%M}", "closing": f"{rules.closing:%H:%M}"}


@transaction.atomic
def release_call(call: SampledCall, *, by: Staff) -> None:
    """Puts back what one has in hand, uncalled."""
    SampledCall.objects.filter(pk=call.pk, taken_by=by, stage=CallStage.WAITING).update(
        taken_by=None, taken_until=None, call_reference=""
    )


@transaction.atomic
def note_ringing(call: SampledCall, reference: str, *, by: Staff, at: datetime) -> None:
    """Notes the switchboard's reference; talking takes its time, so the call stays in hand for another while."""
    until = at + timedelta(minutes=settings.SURVEY_LEASE_MINUTES)
    SampledCall.objects.filter(pk=call.pk, taken_by=by).update(call_reference=reference, taken_until=until)


@transaction.atomic
def record_attempt(
    call: SampledCall,
    *,
    by: Staff,
    at: datetime,
    outcome: CallOutcome,
    note: str = "",
    heard: Heard | None = None,
    no_more: bool = False,
) -> SampledCall:
    """Records one try and what follows from it: the sheet, another try on another day, or the end.

    Args:
        heard: needed when the person was reached and answered.
        no_more: they do not want to be called or written to any more.

    Raises:
        NotYours: see `standing_of`.
        Refused: somebody else has it in hand, it has ended, or the answers do not fit the outcome.
    """
    locked = SampledCall.objects.select_for_update(of=("self",)).select_related("unit__region", "plan").get(pk=call.pk)
    membership = standing_of(by, locked)
    if locked.stage != CallStage.WAITING or locked.taken_by_id not in (None, by.pk):
        raise Refused(_("这一位已由别人访问。"))
    if (outcome == CallOutcome.REACHED) != (heard is not None):
        raise Refused(_("接受访问的请填写回答;没有接受的不填。"))
    CallAttempt.objects.create(
        call=locked,
        outcome=outcome,
        note=note,
        call_reference=locked.call_reference,
        by=by,
        by_unit=membership.unit,
        rated_unit=locked.unit,
        at=at,
    )
    _move_on(locked, outcome, at)
    if heard is not None:
        _hear(locked, heard, by=by, membership=membership, at=at)
    if no_more:
        refuse_messages(locked.evaluator, at=at)
    locked.save()
    after = {"outcome": outcome, "stage": locked.stage, "refused": no_more}
    record_audit("survey.attempt", ("call", locked.reference), by=staff_actor(by, membership), at=at, after=after)
    return locked


def _move_on(call: SampledCall, outcome: CallOutcome, at: datetime) -> None:
    rules = call_rules()
    missed = call.attempts.filter(outcome=CallOutcome.NO_ANSWER).values_list("at", flat=True)
    call.stage, call.next_from = calling.after(outcome, at, {rules.local_day(moment) for moment in missed}, rules)
    call.tries += 1
    call.finished_at = None if call.stage == CallStage.WAITING else at
    call.taken_by, call.taken_until, call.call_reference = None, None, ""


def _hear(call: SampledCall, heard: Heard, *, by: Staff, membership: Membership, at: datetime) -> None:
    write_sheet(call.plan.questionnaire, heard.answers, level=heard.level, at=at, unit=call.unit, call=call)
    if not heard.opens_case:
        return
    if not is_negative(heard.level):
        raise Refused(_("只有“不满意”和“非常不满意”才立案。"))
    if call.evaluation is not None and call.evaluation.case_id is not None:
        raise Refused(_("这次评价当时已经立案,不再另立。"))
    code = new_code()
    case = open_case(_complaint(call, heard, code), by=staff_actor(by, membership), at=at)
    call.case, call.consented = case, True
    send_receipt(case, code, at=at)


def _complaint(call: SampledCall, heard: Heard, code: str) -> Complaint:
    """What was said on the telephone as a complaint of its own, about what had been rated or served."""
    rated = call.evaluation
    window = rated.window if rated else call.service.window if call.service else None
    hall = rated.hall if rated else window.hall if window else None
    return Complaint(
        source=Source.SURVEY,
        level=heard.level,
        target=Target(rated.target) if rated else Target.SERVICE,
        channel=RatingChannel.PHONE,
        unit=call.unit,
        text=heard.words,
        item=call.item,
        hall=hall,
        window=window,
        place=" · ".join(str(part) for part in (hall, window) if part),
        rated_staff=rated.staff if rated else call.service.staff if call.service else None,
        evaluator=call.evaluator,
        served_at=call.happened_at,
        tracking_code=code,
    )


def case_of_rating(call: SampledCall) -> Case | None:
    """The case that the rating was born with: then no second one is opened."""
    return call.evaluation.case if call.evaluation else None
