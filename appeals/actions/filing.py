"""提出申诉: a draft that is nobody's business, its evidence, and the moment it is filed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from appeals.access import FOR_THE_UNIT, sides
from appeals.actions import telling
from appeals.actions.citizen import ask_for_facts
from appeals.actions.core import audit, lock, require_nobody_named, standing
from appeals.actions.panel import fill_seats
from appeals.enums import OPEN_STAGES, Appellant, NotAGround, Stage
from appeals.models import Appeal, Ground
from appeals.queries import dispatched_at, limit_of, needs_of, sitting, was_pressed
from common.actors import Actor
from common.ids import readable_number
from organizations.models import Staff, Unit
from organizations.queries import staff_actor
from rectification.actions import resume_case, suspend_case
from rectification.actions.core import Refused
from rectification.enums import Action, Duty, Party, Source, State
from rectification.models import Case
from rectification.workflow import WITH_UNIT, NotAllowed


def begin_draft(
    case: Case,
    *,
    by: Staff,
    at: datetime,
    side: Appellant,
    ground: Ground | NotAGround,
    statement: str,
    other_unit: Unit | None = None,
    other_staff: Staff | None = None,
) -> Appeal:
    """Begins a draft, or goes on with the one that this person has on the case.

    Args:
        side: for the unit that handles the case, or as the person who was rated.
        ground: one of the grounds; what is none is refused by its name.
        other_unit, other_staff: who should have been rated, where the ground says that it is somebody else: another
            unit, or another person of the same one.

    Raises:
        NotAllowed: the case is not with a unit that rectifies, or this person may not contest it on that side.
        Refused: this is no ground, or somebody can be recognised in the statement.
    """
    found = Case.objects.select_related("unit__region").get(pk=case.pk)
    _require_side(found, side, by)
    if found.state not in WITH_UNIT:
        raise NotAllowed(Action.SUSPEND, "state")

    def begin() -> Appeal:
        appeal = held_draft(found.appeals.filter(by=by, round=1))
        appeal = appeal or Appeal(case=found, by=by, begun_at=at, seats=settings.APPEAL_SEATS)
        appeal.side, appeal.unit = side, found.unit
        appeal.other_unit, appeal.other_staff = other_unit, other_staff
        return save_draft(appeal, by=by, at=at, ground=ground, statement=statement)

    return once_more(begin)


def revise_draft(
    appeal: Appeal,
    *,
    by: Staff,
    at: datetime,
    ground: Ground | NotAGround,
    statement: str,
    other_unit: Unit | None = None,
    other_staff: Staff | None = None,
) -> Appeal:
    """Changes what a draft says; its evidence stays. Ground and other party of a review are those of its first round.

    Raises:
        Refused: somebody else's, filed, no ground, or somebody can be recognised in the statement.
    """
    with transaction.atomic():
        locked = lock(appeal)
        _require_draft(locked, by)
        if locked.reviews is not None:
            return save_draft(locked, by=by, at=at, ground=locked.ground, statement=statement)
        locked.other_unit, locked.other_staff = other_unit, other_staff
        return save_draft(locked, by=by, at=at, ground=ground, statement=statement)


def save_draft(appeal: Appeal, *, by: Staff, at: datetime, ground: Ground | NotAGround, statement: str) -> Appeal:
    """Keeps a draft; nothing it lacks stands in its way before it is filed.

    Raises:
        Refused: what is given as ground is none (docs/domain.md §7.2), or somebody can be recognised in the statement.
    """
    if isinstance(ground, NotAGround):
        raise _no_ground(ground)
    require_nobody_named(statement)
    appeal.ground, appeal.statement = ground, statement.strip()
    appeal.save()
    audit("draft", appeal, by=staff_actor(by), at=at, after={"ground": ground.code, "side": appeal.side})
    return appeal


def _no_ground(what: NotAGround) -> Refused:
    return Refused(_("“%(name)s”不能作为申诉理由。") % {"name": what.label})


def held_draft(appeals: QuerySet[Appeal]) -> Appeal | None:
    """The draft among some appeals, held until the transaction ends; None if there is none, or none any more."""
    draft = appeals.filter(stage=Stage.DRAFT).first()
    held = lock(draft) if draft else None
    return held if held and held.stage == Stage.DRAFT else None


def once_more(begin: Callable[[], Appeal]) -> Appeal:
    """Begins a draft; whoever presses twice at once goes on with the one that was begun a moment before."""
    try:
        with transaction.atomic():
            return begin()
    except IntegrityError:
        with transaction.atomic():
            return begin()


def _require_draft(appeal: Appeal, by: Staff) -> None:
    if appeal.by_id != by.pk:
        raise Refused(_("只有起草人可以修改和提出。"))
    if appeal.stage != Stage.DRAFT:
        raise Refused(_("申诉已提出。"))


def _sides(case: Case, by: Staff) -> list[Appellant]:
    return sides(by.pk, standing(by, case), case)


def _require_side(case: Case, side: Appellant, by: Staff) -> Actor:
    """Raises:
    NotAllowed: this person may not contest the rating on that side.
    """
    found = standing(by, case)
    if side not in sides(by.pk, found, case):
        raise NotAllowed(Action.SUSPEND, "party")
    membership = next((found[party] for party in FOR_THE_UNIT if party in found), None)
    return staff_actor(by, membership if side == Appellant.UNIT else None)


@transaction.atomic
def file_appeal(appeal: Appeal, *, by: Staff, at: datetime) -> Appeal:
    """提出: the case is paused, the evaluator is asked where the ground wants it, and the panel is drawn, all in one.

    What is refused leaves the draft as it was.

    Raises:
        NotAllowed: the case is not with a unit that rectifies, or this person may not contest it.
        Refused: too late, evidence missing (each alternative named), contested before on this ground, the wrong unit
            was rated and no other one is named, or the evaluator confirmed an error because the unit had pressed them.
    """
    locked = lock(appeal)
    _require_draft(locked, by)
    if locked.reviews is not None:
        raise Refused(_("复核请按复核提出。"))
    actor = _require_side(locked.case, Appellant(locked.side), by)
    _require_lawful(locked, at=at)
    _require_evidence(locked)
    locked.case = suspend_case(locked.case, by=by, at=at, note=str(locked.ground))
    # The case is held from here on: whoever was faster is seen now.
    _require_first(locked)
    return enter(locked, by=actor, at=at)


def _require_lawful(appeal: Appeal, *, at: datetime) -> None:
    case = appeal.case
    sent = dispatched_at(case)
    if case.source == Source.TEST or case.state not in WITH_UNIT or sent is None:
        raise NotAllowed(Action.SUSPEND, "state")
    if not appeal.ground.active:
        raise Refused(_("这一理由已停用,请另选理由。"))
    if appeal.unit_id != case.unit_id:
        raise Refused(_("本件已转给其他单位,不能再按此草稿申诉。"))
    if at > limit_of(Duty.APPEAL_FILE, sent):
        raise Refused(_("已超过提出申诉的期限。"))
    if not appeal.statement:
        raise Refused(_("请写明申诉理由和事实。"))
    if appeal.ground.effects.moves_case:
        _require_somebody_else(appeal, at=at)
    if was_pressed(appeal):
        raise _no_ground(NotAGround.WITHDREW)


def _require_somebody_else(appeal: Appeal, *, at: datetime) -> None:
    """W4 says that somebody else should have been rated, so it says who: another unit, or a person of this one."""
    case, unit, person = appeal.case, appeal.other_unit, appeal.other_staff
    if unit is None and person is not None:
        here = person.memberships.in_force(timezone.localdate(at)).filter(unit__path__startswith=case.unit.path)
        if case.rated_staff_id in (None, person.pk) or not here.exists():
            raise Refused(_("请写明应评价本单位的哪一位工作人员。"))
    elif unit is None or unit.closed_on is not None:
        raise Refused(_("请写明应由哪个单位负责。"))
    elif unit.pk == case.unit_id:
        raise Refused(_("应负责的单位不能是现在的责任单位。"))


def _require_evidence(appeal: Appeal) -> None:
    """Raises:
    Refused: evidence the ground needs is missing; every alternative is named.
    """
    lacking = [need for need in needs_of(appeal) if not need.met]
    if lacking:
        words = "; ".join(_("或").join(str(kind.label) for kind in need.kinds) for need in lacking)
        raise Refused(_("还缺证据: %(kinds)s。草稿已保留。") % {"kinds": words})


def _require_first(appeal: Appeal) -> None:
    others = Appeal.objects.filter(case=appeal.case_id).exclude(pk=appeal.pk)
    if others.open().exists():
        raise Refused(_("本件已有申诉在评审。"))
    if others.filter(ground=appeal.ground_id, stage=Stage.RULED).exists():
        raise Refused(_("这条评价已按同一理由申诉过。"))
    # Whoever could take an appeal back and file it again would draw panels until one pleases them.
    if others.filter(ground=appeal.ground_id, side=appeal.side, stage=Stage.WITHDRAWN).exists():
        raise Refused(_("您方已按同一理由申诉并撤回,不能再提出。"))


def enter(appeal: Appeal, *, by: Actor, at: datetime) -> Appeal:
    """Makes a draft an appeal: number, time limit, the evaluator's word, panel, notices.

    Args:
        by: how the appellant appears in history.
    """
    appeal.number, appeal.filed_at, appeal.stage = f"A-{readable_number()}", at, Stage.DRAWING
    appeal.due_at = limit_of(Duty.APPEAL, at)
    appeal.save()
    facts = {"ground": appeal.ground_id, "side": appeal.side, "round": appeal.round, "due": appeal.due_at}
    audit("file", appeal, by=by, at=at, after=facts, note=appeal.statement)
    if appeal.ground.hears_citizen:
        ask_for_facts(appeal, at=at)
    fill_seats(appeal, at=at)
    telling.tell_supervisors(appeal, "filed", at=at, also=[Party.DISPATCHER])
    telling.tell_parties(appeal, "filed", at=at)
    return appeal


@transaction.atomic
def withdraw_appeal(appeal: Appeal, *, by: Staff, at: datetime, note: str = "") -> Appeal:
    """撤回: by whoever may contest the rating on this side, and for good; the case goes on with the days left.

    Raises:
        Refused: not theirs to withdraw, or there is a ruling.
    """
    locked = lock(appeal)
    if locked.stage not in OPEN_STAGES:
        raise Refused(_("没有可以撤回的申诉。"))
    actor = staff_actor(by)
    for_the_unit = locked.side == Appellant.UNIT and Appellant.UNIT in _sides(locked.case, by)
    if locked.by_id != by.pk and not for_the_unit:
        raise Refused(_("只有申诉人可以撤回。"))
    locked.stage, locked.ended_at = Stage.WITHDRAWN, at
    locked.save(update_fields=["stage", "ended_at"])
    audit("withdraw", locked, by=actor, at=at, note=note)
    if locked.case.state == State.SUSPENDED:
        resume_case(locked.case, by=by, at=at, note=note)
    telling.tell_parties(locked, "withdrawn", at=at)
    telling.tell(locked, "withdrawn", [place.staff_id for place in sitting(locked)], at=at)
    return locked
