"""复核: one more round on new evidence, before other people, more of them, and of a county's case those of the city."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from appeals.access import sides
from appeals.actions.core import lock, standing
from appeals.actions.filing import enter, held_draft, once_more, save_draft
from appeals.ballot import SEATS
from appeals.enums import UPHELD, Appellant, Stage
from appeals.models import Appeal, Service
from appeals.queries import new_evidence
from organizations.models import Staff
from organizations.queries import staff_actor
from rectification.actions import suspend_case
from rectification.actions.core import Refused
from rectification.enums import Party, State

MORE_SEATS = 2


def begin_review(appeal: Appeal, *, by: Staff, at: datetime, statement: str) -> Appeal:
    """Begins the draft of a review, or goes on with it; of a colleague's as well, for there is only one.

    Args:
        appeal: whose ruling is contested.

    Raises:
        Refused: no ruling that can be reviewed, too late, or not this person's to ask for.
    """
    first = Appeal.objects.select_related("case__unit__region", "ground", "unit").get(pk=appeal.pk)
    side = _require_reviewable(first, by, at=at)

    def begin() -> Appeal:
        draft = held_draft(Appeal.objects.filter(reviews=first))
        draft = draft or Appeal(case=first.case, round=2, reviews=first, unit=first.unit, begun_at=at)
        draft.by, draft.side = by, side
        draft.seats = min(first.seats + MORE_SEATS, SEATS[-1])
        draft.other_unit, draft.other_staff = first.other_unit, first.other_staff
        return save_draft(draft, by=by, at=at, ground=first.ground, statement=statement)

    return once_more(begin)


@transaction.atomic
def file_review(appeal: Appeal, *, by: Staff, at: datetime) -> Appeal:
    """申请复核. A case that goes on is paused once more; one that was held invalid stays so until the new ruling.

    Raises:
        Refused: as for `begin_review`, or nothing new among the evidence, or no reasons given.
        NotAllowed: the case is not with a unit that rectifies any more.
    """
    locked = lock(appeal)
    if locked.reviews is None or locked.stage != Stage.DRAFT or locked.by_id != by.pk:
        raise Refused(_("没有可以提出的复核草稿。"))
    first = lock(locked.reviews)
    _require_reviewable(first, by, at=at)
    if not locked.statement:
        raise Refused(_("请写明申诉理由和事实。"))
    if not new_evidence(locked):
        raise Refused(_("复核只凭新证据。请补充原来没有的证据。"))
    if locked.case.state != State.INVALID:
        locked.case = suspend_case(locked.case, by=by, at=at, note=_("复核"))
    return enter(locked, by=staff_actor(by), at=at)


def _require_reviewable(first: Appeal, by: Staff, *, at: datetime) -> Appellant:
    """On which side somebody may ask for a review of a ruling now."""
    service = Service.objects.filter(ruling__appeal=first).select_related("ruling").first()
    if first.stage != Stage.RULED or service is None:
        raise Refused(_("裁定送达后才能申请复核。"))
    if first.round > 1 or Appeal.objects.filter(reviews=first).filed().exists():
        raise Refused(_("复核只有一次。"))
    if at > service.review_until:
        raise Refused(_("已超过申请复核的期限。"))
    ruling = service.ruling
    if ruling.effects.moves_case:
        raise Refused(_("本件已改由其他单位办理,不再复核。"))
    return _side_of(first, by, upheld=ruling.outcome in UPHELD)


def _side_of(first: Appeal, by: Staff, *, upheld: bool) -> Appellant:
    """The appellant against a rejection; against an upheld appeal a supervisor, in the place of the evaluator."""
    found = standing(by, first.case)
    if upheld:
        if Party.SUPERVISOR not in found:
            raise Refused(_("申诉成立后,由督导代评价人申请复核。"))
        return Appellant.SUPERVISOR
    if first.side not in sides(by.pk, found, first.case):
        raise Refused(_("申诉不成立的,由原申诉人申请复核。"))
    return Appellant(first.side)
