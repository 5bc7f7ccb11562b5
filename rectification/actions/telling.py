"""Who is told of which act, and what the citizen is sent. The table is the rule."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from common.actions import NoticeText, notify, post_message, quiet_until
from common.enums import Channel
from common.models import OutboxMessage
from organizations.enums import Role
from organizations.models import Staff
from organizations.queries import overseers, staff_of_unit, supervisors_of_unit
from rectification.enums import Action, Party
from rectification.models import Case

TOLD: dict[Action, tuple[Party, ...]] = {
    Action.DISPATCH: (Party.HANDLER, Party.UNIT_SUPERVISOR),
    Action.REFUSE: (Party.SUPERVISOR,),
    Action.ACCEPT_REFUSAL: (Party.DISPATCHER,),
    Action.DENY_REFUSAL: (Party.HANDLER,),
    Action.ASSIGN_HANDLER: (Party.HANDLER,),
    Action.HAND_OVER: (Party.HANDLER,),
    Action.REQUEST_COMPLEX: (Party.SUPERVISOR,),
    Action.DECIDE_COMPLEX: (Party.HANDLER,),
    Action.REQUEST_EXTENSION: (Party.SUPERVISOR,),
    Action.DECIDE_EXTENSION: (Party.HANDLER,),
    Action.ADD_CO_HANDLER: (Party.CO_HANDLER,),
    Action.ANSWER_CO_HANDLING: (Party.HANDLER,),
    Action.SUBMIT_REPORT: (Party.UNIT_SUPERVISOR,),
    Action.RETURN_REPORT: (Party.HANDLER,),
    Action.SEND_REPLY: (Party.CALLBACK,),
    Action.RECORD_CALLBACK: (Party.HANDLER, Party.SUPERVISOR),
    Action.VERIFY_ON_FILE: (Party.HANDLER,),
    Action.RECORD_VERDICT: (Party.HANDLER, Party.SUPERVISOR),
    Action.REOPEN: (Party.HANDLER, Party.UNIT_SUPERVISOR, Party.SUPERVISOR),
    Action.ESCALATE: (Party.HANDLER, Party.UNIT_SUPERVISOR),
    Action.SUPERVISE: (Party.HANDLER, Party.UNIT_SUPERVISOR),
    Action.ANSWER_SUPERVISION: (Party.SUPERVISOR,),
    Action.CLOSE: (Party.HANDLER,),
    Action.ADD_STATEMENT: (Party.HANDLER,),
    Action.RECOMPUTE: (Party.HANDLER,),
    Action.MOVE_ON: (Party.DISPATCHER,),
    Action.RESTORE: (Party.HANDLER, Party.UNIT_SUPERVISOR),
}


def people(case: Case, parties: Iterable[Party], day: datetime) -> set[int]:
    """The ids of the staff who stand towards a case in one of these capacities."""
    today = timezone.localdate(day)
    found: set[int] = set()
    for party in parties:
        if party == Party.HANDLER:
            found |= {case.handler_id} if case.handler_id else _ids(staff_of_unit(case.unit, Role.WINDOW, today))
        elif party == Party.UNIT_SUPERVISOR:
            found |= _ids(supervisors_of_unit(case.unit, today))
        elif party == Party.CO_HANDLER:
            for part in case.co_handlings.filter(answered_at=None).select_related("unit"):
                found |= _ids(supervisors_of_unit(part.unit, today))
        elif party == Party.DISPATCHER:
            found |= _ids(overseers(Role.DISPATCHER, case.region_code, today))
        elif party == Party.CALLBACK:
            found |= _ids(overseers(Role.CALLBACK, case.region_code, today))
        elif party == Party.SUPERVISOR:
            nearest = _ids(overseers(Role.COUNTY_SUPERVISOR, case.region_code, today))
            found |= nearest or _ids(overseers(Role.CITY_SUPERVISOR, case.region_code, today))
    return found - {case.rated_staff_id or 0}


def _ids(staff: Iterable[Staff]) -> set[int]:
    return {person.pk for person in staff}


def tell_staff(case: Case, action: Action, *, at: datetime, except_for: int | None) -> None:
    """Puts an in-app notice before everybody `TOLD` names for this act."""
    parties = TOLD.get(action)
    if not parties:
        return
    notice = NoticeText(
        key=f"{action}:{case.number}:{case.version}",
        kind=f"case.{action}",
        text=f"{case.number} {case.item_name or case.place}",
        url=reverse("case", args=[case.number]),
    )
    notify(people(case, parties, at) - {except_for or 0}, notice, at=at)


def tell_citizen(case: Case, kind: str, text: str, *, at: datetime, first: bool = False) -> bool:
    """Puts an SMS to the evaluator into the outbox: short, in the daytime, few per case, once per kind and round.

    Args:
        kind: what it tells ("receipt", "reply", "unreachable").
        text: at most 70 characters, without any personal data (docs/ux.md §11.2).
        first: the case has just been born, so there is nothing to count.

    Returns:
        Whether the message was posted, now and for the first time.

    Raises:
        ValueError: the text is too long for one SMS.
    """
    if len(text) > settings.SMS_MAX_CHARACTERS:
        raise ValueError(f"{kind}: {len(text)} characters")
    if case.evaluator_id is None:
        return False
    key = f"{kind}:{case.number}:{case.rework_round}"
    about = OutboxMessage.objects.filter(about=case.number, channel=Channel.SMS)
    earlier = [] if first else list(about.values_list("key", flat=True))
    if key in earlier or len(earlier) >= settings.SMS_MAX_PER_CASE:
        return False
    post_message(
        key,
        channel=Channel.SMS,
        kind=f"citizen.{kind}",
        address=("evaluator", case.evaluator_id),
        body=text,
        about=case.number,
        at=at,
        not_before=quiet_until(at),
    )
    return True
