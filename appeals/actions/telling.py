"""Who is told of what in an appeal: notices inside, and two messages to the evaluator in plain words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from appeals.actions.core import in_the_portals_language
from appeals.models import Appeal
from appeals.queries import sitting
from common.actions import NoticeText, notify, post_message, quiet_until, withdraw_notices
from common.enums import Channel
from organizations.queries import supervisors_of_unit
from rectification.actions.telling import people
from rectification.enums import Party

# Where the pages of appeals lie; a notice leads there.
ADDRESS = "/desk/appeals/{number}/"


def tell(appeal: Appeal, kind: str, staff: Iterable[int], *, at: datetime, due: datetime | None = None) -> None:
    """Puts a notice before people, once a day for each kind and appeal.

    Args:
        kind: "filed", "seated", "waiting", "ruled", "served" or "withdrawn".
    """
    notice = NoticeText(
        key=f"appeal:{kind}:{appeal.number}:{timezone.localdate(at)}",
        kind=f"appeal.{kind}",
        text=f"{appeal.number} {appeal.ground.name}",
        url=ADDRESS.format(number=appeal.number),
        due_at=due,
    )
    notify(staff, notice, at=at)


def tell_panel(appeal: Appeal, *, at: datetime) -> None:
    """Tells everybody who sits and has not voted; at a change of the panel only who is new."""
    silent = {place.staff_id for place in sitting(appeal) if not hasattr(place, "ballot")}
    tell(appeal, "seated", silent, at=at, due=appeal.due_at)


def untell(appeal: Appeal, staff_id: int) -> None:
    """Takes back the notices of somebody who has left the panel: number and ground are not theirs to read any more."""
    withdraw_notices(staff_id, url=ADDRESS.format(number=appeal.number))


def tell_supervisors(appeal: Appeal, kind: str, *, at: datetime, also: Iterable[Party] = ()) -> None:
    """Tells the supervisors nearest to the case, and others of the management body."""
    tell(appeal, kind, people(appeal.case, [Party.SUPERVISOR, *also], at), at=at)


def tell_parties(appeal: Appeal, kind: str, *, at: datetime) -> None:
    """Tells the unit that contests or is contested, whoever handles the case there, and the rated person."""
    case, today = appeal.case, timezone.localdate(at)
    told = {appeal.by_id, case.handler_id, case.rated_staff_id} - {None}
    told |= set(supervisors_of_unit(appeal.unit, today).values_list("pk", flat=True))
    tell(appeal, kind, [person for person in told if person is not None], at=at)


def ask_citizen(appeal: Appeal, token: str, *, at: datetime) -> None:
    """Asks the evaluator for facts; the case is reachable.

    Raises:
        ValueError: PORTAL_URL is so long that the text does not fit one SMS.
    """
    with in_the_portals_language():
        text = _("您的评价有争议,请补充事实: %(link)s") % {"link": f"{settings.PORTAL_URL}/a/{token}"}
    _post(appeal, "facts", text, at=at)


def tell_citizen(appeal: Appeal, *, at: datetime) -> None:
    """Tells the evaluator that there is a ruling; it is read with the tracking code. Nobody is told without a number.

    Raises:
        ValueError: PORTAL_URL is so long that the text does not fit one SMS.
    """
    with in_the_portals_language():
        words = {"number": appeal.case.number, "link": f"{settings.PORTAL_URL}/t/"}
        text = _("您的评价%(number)s经评审已有认定。凭查询码看: %(link)s") % words
    _post(appeal, "ruling", text, at=at)


def _post(appeal: Appeal, what: str, text: str, *, at: datetime) -> None:
    """Beside the few messages a case may send: what an appeal asks or decides is not withheld for their number."""
    if appeal.case.evaluator_id is None:
        return
    if len(text) > settings.SMS_MAX_CHARACTERS:
        raise ValueError(f"{what}: {len(text)} characters, PORTAL_URL is too long for one SMS")
    post_message(
        f"appeal-{what}:{appeal.number}",
        channel=Channel.SMS,
        kind=f"citizen.appeal_{what}",
        address=("evaluator", appeal.case.evaluator_id),
        body=text,
        about=str(appeal.number),
        at=at,
        not_before=quiet_until(at),
    )
