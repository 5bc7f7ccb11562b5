"""处理层级: proposed with facts and the clause, confirmed by a second, and taken back where it did not hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from assessment.actions import record_score_event, withdraw_score_event
from assessment.enums import EventKind, Grain
from assessment.models import ScoreEvent
from assessment.periods import period_of
from common.actors import Actor
from common.failpoints import failpoint
from organizations.actions import Refused
from organizations.models import Staff
from oversight.actions.dossiers import Move, acting, begin, finish, locked, write_event
from oversight.courses import Who
from oversight.enums import ClueAct, ClueSort, ClueStage, Level
from oversight.models import Clue, Decision, Dossier
from oversight.queries.clues import next_level, standing

# What a confirmed clue is for the scores; what it costs is the scheme's business.
COUNTS_AS: dict[str, EventKind] = {
    ClueSort.SLACK: EventKind.ACCOUNTABILITY,
    ClueSort.OVERDUE: EventKind.ACCOUNTABILITY,
    ClueSort.REPEAT: EventKind.REPEAT_OFFENCE,
    ClueSort.FALSE_REPORT: EventKind.FALSE_REPORT,
    ClueSort.INTERFERENCE: EventKind.INTERFERENCE,
    ClueSort.BRUSHING: EventKind.BRUSHING,
    ClueSort.RETALIATION: EventKind.RETALIATION,
    ClueSort.LEAK: EventKind.IDENTITY_LEAK,
}


@dataclass(frozen=True)
class Judged:
    """What is proposed; `Decision` says what each is."""

    level: Level
    facts: str
    document: str
    article: str
    clause: str
    why_level: str = ""


@transaction.atomic
def propose_level(row: Dossier, said: Judged, *, by: Staff, at: datetime, seen: int | None = None) -> Decision:
    """提出处理层级, after the unit was heard.

    Raises:
        Refused: facts or clause are missing, or it is not the ladder's next level and not said why.
    """
    move = begin(row, ClueAct.PROPOSE_LEVEL, by=by, at=at, seen=seen)
    if not all(words.strip() for words in (said.facts, said.document, said.article, said.clause)):
        raise Refused(_("请写明事实、依据文件、条款和条文。"))
    unit = move.dossier.unit
    following = next_level(unit, at=at) if unit else Level.REMINDER
    if said.level != following and not said.why_level.strip():
        values = {"level": following.label}
        raise Refused(_("按层级递进应为“%(level)s”,选别的层级要说明理由。") % values)
    made = Decision.objects.create(dossier=move.dossier, proposed_by=by, proposed_at=at, **vars(said))
    finish(move, note=said.facts, data={"level": said.level, "next": following})
    return made


@transaction.atomic
def confirm_level(row: Dossier, *, by: Staff, at: datetime, note: str = "", seen: int | None = None) -> Dossier:
    """复核同意: from now on it counts, also in the scores, once.

    Raises:
        Refused: by who proposed it.
    """
    move, decision = _standing(row, ClueAct.CONFIRM, by=by, at=at, seen=seen)
    if decision.proposed_by_id == by.pk:
        raise Refused(_("提出的人不能自己复核。"))
    decision.confirmed_by, decision.confirmed_at = by, at
    decision.save(update_fields=["confirmed_by", "confirmed_at"])
    _count(move, decision)
    return finish(move, note=note, data={"level": decision.level})


def _count(move: Move, decision: Decision) -> None:
    clue, unit = Clue.objects.get(dossier=move.dossier), move.dossier.unit
    if unit is None:
        raise ValueError(f"{move.dossier} has no unit")
    day = timezone.localdate(move.at)
    with translation.override(settings.LANGUAGE_CODE):
        source = f"问责认定:{clue.get_sort_display()}({day:%Y-%m-%d})"
    record_score_event(
        unit,
        period_of(day, Grain.QUARTER),
        COUNTS_AS[clue.sort],
        Decimal(1),
        source,
        key=key_of(decision),
        by=move.actor,
        at=move.at,
    )
    failpoint("level_counted")


def key_of(decision: Decision) -> str:
    """By which the scores know a decision; it says nothing of the dossier."""
    return f"accountability:{decision.pk}"


@transaction.atomic
def refuse_level(row: Dossier, reason: str, *, by: Staff, at: datetime, seen: int | None = None) -> Dossier:
    """复核退回, or taken back by who proposed it; for a reason.

    Raises:
        Refused: no reason is given.
    """
    move, decision = _standing(row, ClueAct.REFUSE, by=by, at=at, seen=seen)
    _withdraw(decision, reason, by=by, at=at)
    return finish(move, note=reason, data={"level": decision.level})


@transaction.atomic
def withdraw_level(row: Dossier, reason: str, *, by: Staff, at: datetime, seen: int | None = None) -> Dossier:
    """撤销处理: what was confirmed did not hold; the scores take it back too, and a frozen quarter logs a correction.

    Also after 办结: the dossier stays closed as it was, and its history says that the decision was taken back.

    Raises:
        Refused: no reason is given, or nothing stands.
    """
    if (closed := locked(row)).stage == ClueStage.CLOSED:
        actor = acting(closed, Who.TOLD, by)
        decision = _taken_back(closed, reason, actor, by=by, at=at)
        write_event(closed, ClueAct.WITHDRAW, by=actor, at=at, note=reason, data={"level": decision.level})
        return closed
    move = begin(row, ClueAct.WITHDRAW, by=by, at=at, seen=seen)
    decision = _taken_back(move.dossier, reason, move.actor, by=by, at=at)
    return finish(move, note=reason, data={"level": decision.level})


def _taken_back(row: Dossier, reason: str, actor: Actor, *, by: Staff, at: datetime) -> Decision:
    decision = _of(row)
    _withdraw(decision, reason, by=by, at=at)
    event = ScoreEvent.objects.filter(key=key_of(decision)).first()
    if event is not None:
        with translation.override(settings.LANGUAGE_CODE):
            withdraw_score_event(event, _("原认定已撤销"), by=actor, at=at)
    return decision


def _of(row: Dossier) -> Decision:
    decision = standing(row)
    if decision is None:
        raise Refused(_("现在没有处理意见。"))
    return decision


def _standing(row: Dossier, act: ClueAct, *, by: Staff, at: datetime, seen: int | None) -> tuple[Move, Decision]:
    move = begin(row, act, by=by, at=at, seen=seen)
    return move, _of(move.dossier)


def _withdraw(decision: Decision, reason: str, *, by: Staff, at: datetime) -> None:
    if not reason.strip():
        raise Refused(_("请填写理由。"))
    decision.withdrawn_by, decision.withdrawn_at, decision.withdrawn_why = by, at, reason.strip()
    decision.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_why"])
