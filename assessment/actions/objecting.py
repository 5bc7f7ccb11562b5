"""考核异议: what a unit says against a line of its score, in its time, and the answer."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from assessment.access import CLOSES_QUARTERS, OBJECTS
from assessment.actions.events import exempt
from assessment.enums import QuarterState, SchemeKind
from assessment.models import Objection, Quarter, UnitScore
from assessment.scoring import Line
from assessment.scoring.words import line_words
from assessment.words import period_words
from common.actions import NoticeText, notify, record_audit
from organizations.actions.core import By, Refused, authorise
from organizations.models import Staff

TEXT_MIN = 10


def may_object(score: UnitScore, user: Staff) -> bool:
    """Whether somebody supervises the unit that was scored."""
    return score.unit_id is not None and any(
        held.role in OBJECTS and held.unit_id in score.units for held in user.duties
    )


@transaction.atomic
def object_to_score(score: UnitScore, line: Line | None, text: str, *, by: Staff, at: datetime) -> Objection:
    """Contests a line of a score, or the score as a whole.

    Args:
        line: of `score`, as it is shown; None for the whole.

    Raises:
        PermissionDenied: not a supervisor of the unit.
        Refused: it is not the time, nothing was said, or the same is being looked at already.
    """
    if score.unit_id is None or not may_object(score, by):
        raise PermissionDenied(score.subject)
    actor = authorise(by, OBJECTS)
    quarter = Quarter.objects.select_for_update().get(pk=score.quarter_id)
    if quarter.state != QuarterState.OBJECTING or quarter.objections_until is None or at > quarter.objections_until:
        raise Refused(_("现在不在异议期内"))
    if len(text.strip()) < TEXT_MIN:
        raise Refused(_("请写明异议的理由,至少%(least)s个字") % {"least": TEXT_MIN})
    about = {"kind": score.kind, "subject": score.subject, "item": line.item if line else ""}
    about["reference"] = line.key if line else ""
    if quarter.objections.filter(answered_at=None, **about).exists():
        raise Refused(_("这一行的异议正在处理"))
    made = Objection.objects.create(
        quarter=quarter,
        unit_id=score.unit_id,
        line=line_words(line)[:300] if line else _("总分"),
        text=text.strip(),
        by=by,
        at=at,
        **about,
    )
    told = {"item": made.item, "reference": made.reference}
    record_audit("score.object", ("score", f"{quarter}/{score.subject}"), by=actor, at=at, after=told, reason=text)
    return made


@transaction.atomic
def answer_objection(objection: Objection, *, upheld: bool, answer: str, by: By, at: datetime) -> Objection:
    """Decides an objection. An upheld one about a line takes this line out of the score, at the next preview or freeze.

    Raises:
        PermissionDenied: not a city supervisor.
        Refused: no answer, answered before, or frozen.
    """
    actor = authorise(by, CLOSES_QUARTERS)
    quarter = Quarter.objects.select_for_update().get(pk=objection.quarter_id)
    locked = Objection.objects.select_for_update().get(pk=objection.pk)
    if quarter.frozen or locked.answered_at is not None:
        raise Refused(_("这件异议已经答复,或这个季度已经封存"))
    if len(answer.strip()) < TEXT_MIN:
        raise Refused(_("请写明答复,至少%(least)s个字") % {"least": TEXT_MIN})
    locked.upheld, locked.answer, locked.answered_at = upheld, answer.strip(), at
    locked.answered_by = by if isinstance(by, Staff) else None
    locked.save(update_fields=["upheld", "answer", "answered_at", "answered_by"])
    if upheld and locked.item:
        exempt(
            SchemeKind(locked.kind),
            locked.subject,
            _("异议成立:%(why)s") % {"why": answer.strip()},
            by=by,
            at=at,
            first=quarter.period,
            last=quarter.period,
            item=locked.item,
            reference=locked.reference,
        )
    told = {"upheld": upheld, "item": locked.item, "reference": locked.reference}
    record_audit("score.answer", ("score", f"{quarter}/{locked.subject}"), by=actor, at=at, after=told, reason=answer)
    _tell(quarter, locked, at)
    return locked


def _tell(quarter: Quarter, objection: Objection, at: datetime) -> None:
    told = NoticeText(
        key=f"objection:{objection.pk}",
        kind="quarter.answered",
        text=period_words(quarter.period),
        url=reverse("score", args=[quarter.period.name, objection.kind, objection.subject]),
    )
    notify([objection.by_id], told, at=at)
