"""警示教育: entries of the file are written, approved by somebody else, withdrawn; nobody in them is recognisable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.actions import record_audit
from common.actors import Actor
from identity.queries import known_names
from identity.redaction import find_personal
from organizations.actions import Refused
from organizations.models import Region, Staff, Unit
from organizations.queries import staff_actor
from oversight.access import managing
from oversight.enums import WarningAct, WarningSort, WarningStage
from oversight.models import Dossier, WarningCase, WarningEvent
from rectification.models import Case

PREFIX = "AL"


@dataclass(frozen=True)
class Warned:
    """What an entry says. named: the unit's name stands in it."""

    sort: WarningSort
    unit: Unit
    title: str
    facts: str
    lesson: str
    named: bool
    origin: str = ""
    dossier: Dossier | None = None
    case: Case | None = None


def refuse_personal(*texts: str, names: tuple[str, ...] = ()) -> None:
    """Stops words in which somebody can be recognised.

    Args:
        names: of people who are no staff and must not be named either.

    Raises:
        Refused: names what was found.
    """
    known = known_names()
    found = [text[span.start : span.end] for text in texts for span in find_personal(text, known)]
    found += [name for name in names for text in texts if name and name in text]
    if found:
        words = "、".join(dict.fromkeys(found))[:200]
        raise Refused(_("还能认出个人,请改写:%(words)s") % {"words": words})


@transaction.atomic
def draft_warning(region: Region, told: Warned, *, by: Staff, at: datetime) -> WarningCase:
    """Drafts an entry.

    Raises:
        PermissionDenied: somebody who does not lead what lies in this division.
        Refused: somebody can be recognised in it, or it comes from nowhere.
    """
    actor = _leading(region, by)
    _sound(told)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('warnings'))")
    begin = f"{PREFIX}-{timezone.localdate(at).year}-"
    count = WarningCase.objects.filter(number__startswith=begin).count()
    row = WarningCase(number=f"{begin}{count + 1:03d}", region=region, written_by=by, written_at=at)
    _write(row, told)
    row.save()
    _history(row, WarningAct.DRAFT, by=actor, at=at, data=_said(row))
    return row


@transaction.atomic
def change_warning(row: WarningCase, told: Warned, *, by: Staff, at: datetime, seen: int | None = None) -> WarningCase:
    """Writes a draft anew; whoever did is not who approves it.

    Raises:
        PermissionDenied, Refused: as `draft_warning`, or it is no draft.
    """
    kept, actor = _begin(row, by, seen, WarningStage.DRAFT)
    _sound(told)
    _write(kept, told)
    kept.written_by, kept.written_at = by, at
    return _finish(kept, WarningAct.CHANGE, by=actor, at=at, data=_said(kept))


@transaction.atomic
def approve_warning(
    row: WarningCase, *, by: Staff, at: datetime, note: str = "", seen: int | None = None
) -> WarningCase:
    """审定: a second person has read it; from now on everybody at the desk may.

    Raises:
        PermissionDenied: somebody who does not lead the division.
        Refused: it is no draft, by this very person, or somebody can be recognised in it.
    """
    kept, actor = _begin(row, by, seen, WarningStage.DRAFT)
    if kept.written_by_id == by.pk:
        raise Refused(_("起草的人不能自己审定。"))
    refuse_personal(kept.title, kept.facts, kept.lesson, kept.origin)
    kept.stage, kept.approved_by, kept.approved_at = WarningStage.APPROVED, by, at
    return _finish(kept, WarningAct.APPROVE, by=actor, at=at, note=note)


@transaction.atomic
def withdraw_warning(row: WarningCase, reason: str, *, by: Staff, at: datetime, seen: int | None = None) -> WarningCase:
    """撤出, for a reason; its history stays.

    Raises:
        PermissionDenied: somebody who does not lead the division.
        Refused: no reason is given, or it is out already.
    """
    kept, actor = _begin(row, by, seen, WarningStage.DRAFT, WarningStage.APPROVED)
    if not reason.strip():
        raise Refused(_("请填写理由。"))
    kept.stage = WarningStage.WITHDRAWN
    return _finish(kept, WarningAct.WITHDRAW, by=actor, at=at, note=reason)


def _leading(region: Region, by: Staff) -> Actor:
    membership = managing(by.duties, region.code)
    if membership is None:
        raise PermissionDenied
    return staff_actor(by, membership)


def _begin(row: WarningCase, by: Staff, seen: int | None, *stages: str) -> tuple[WarningCase, Actor]:
    kept = WarningCase.objects.select_for_update(of=("self",)).select_related("region", "unit").get(pk=row.pk)
    actor = _leading(kept.region, by)
    if seen is not None and seen != kept.version:
        raise Refused(_("刚刚被别人改过,请看过最新内容再操作。"))
    if kept.stage not in stages:
        raise Refused(_("这个案例现在是“%(stage)s”。") % {"stage": kept.get_stage_display()})
    return kept, actor


def _sound(told: Warned) -> None:
    if not (told.dossier or told.case or told.origin.strip()):
        raise Refused(_("请写明来源。"))
    refuse_personal(told.title, told.facts, told.lesson, told.origin)
    hidden = [told.unit.name, told.unit.short_name]
    if not told.named and any(name in text for name in hidden for text in (told.title, told.facts, told.lesson)):
        raise Refused(_("选择不写明单位时,文字里也不能出现单位名称。"))


def _write(row: WarningCase, told: Warned) -> None:
    for name in Warned.__dataclass_fields__:
        setattr(row, name, getattr(told, name))


def _said(row: WarningCase) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("title", "facts", "lesson", "named")}


def _finish(
    row: WarningCase, act: WarningAct, *, by: Actor, at: datetime, note: str = "", data: dict[str, Any] | None = None
) -> WarningCase:
    row.version += 1
    row.save()
    _history(row, act, by=by, at=at, note=note, data=data)
    return row


def _history(
    row: WarningCase, act: WarningAct, *, by: Actor, at: datetime, note: str = "", data: dict[str, Any] | None = None
) -> None:
    WarningEvent.objects.create(warning=row, act=act, at=at, note=note, data=data or {}, **by.columns())
    record_audit(f"warning.{act}", ("warning", row.number), by=by, at=at, after={"stage": row.stage}, reason=note)
