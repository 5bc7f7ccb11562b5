"""What every kind of dossier does alike: opened under a number, moved along its course, with its history."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.actions import record_audit
from common.actors import SYSTEM, Actor
from common.failpoints import failpoint
from common.ids import new_token
from organizations.actions import Refused
from organizations.models import Membership, Region, Staff, Unit
from organizations.queries import staff_actor
from oversight.access import answering, inspecting, managing
from oversight.courses import COURSES, NotAllowed, Step, Who, check, label_of
from oversight.enums import DossierAct, FileSide, Kind, Part
from oversight.models import (
    Dossier,
    DossierCase,
    DossierEvent,
    DossierPicture,
    DossierUnit,
    Insider,
    Inspector,
    Statement,
    Task,
)
from oversight.models.dossiers import FINAL
from rectification.actions import clean_picture
from rectification.models import Case

By = Staff | None
PICTURES_MAX = 12


@dataclass(frozen=True)
class Subject:
    """What a new dossier is about."""

    title: str
    about: str = ""
    unit: Unit | None = None
    begins: date | None = None
    ends: date | None = None


@dataclass(frozen=True)
class Move:
    """An act on a locked dossier that its course allows, by somebody who may."""

    dossier: Dossier
    act: str
    step: Step
    actor: Actor
    staff: By
    at: datetime


def open_dossier(
    kind: Kind,
    region: Region,
    subject: Subject,
    *,
    by: By,
    at: datetime,
    key: str | None = None,
    parts: Iterable[tuple[Unit, Part]] = (),
    cases: Iterable[tuple[Case, str]] = (),
) -> Dossier:
    """Opens a dossier under the next number of its kind and year. Called within a kind's own act.

    Args:
        by: None is the clock.
        key: what it is opened for by rule; opening it again gives the one there is.
        cases: it began from, each with why.

    Raises:
        PermissionDenied: somebody who does not lead what lies in this division.
    """
    course = COURSES[kind]
    actor = _leading(region.code, by)
    number = _next_number(kind, course.prefix, timezone.localdate(at).year)
    if key and (known := Dossier.objects.filter(key=key).first()):
        return known
    row = Dossier.objects.create(
        kind=kind,
        number=number,
        stage=course.first,
        region=region,
        unit=subject.unit,
        title=subject.title,
        about=subject.about,
        begins=subject.begins,
        ends=subject.ends,
        key=key,
        opened_at=at,
        opened_by=by,
    )
    add_parts(row, parts)
    DossierCase.objects.bulk_create(DossierCase(dossier=row, case=case, why=why, at=at) for case, why in cases)
    write_event(row, DossierAct.OPEN, by=actor, at=at, note=subject.title)
    return row


def add_parts(dossier: Dossier, parts: Iterable[tuple[Unit, Part]]) -> None:
    """Gives units a part; one they have already stays."""
    rows = (DossierUnit(dossier=dossier, unit=unit, part=part) for unit, part in parts)
    DossierUnit.objects.bulk_create(rows, ignore_conflicts=True)


def _leading(region_code: str, by: By) -> Actor:
    if by is None:
        return SYSTEM
    membership = managing(by.duties, region_code)
    if membership is None:
        raise PermissionDenied
    return staff_actor(by, membership)


def _next_number(kind: Kind, prefix: str, year: int) -> str:
    """The next number of a kind and year. The second opener waits, so that no number is given twice or left out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"dossiers of {kind}"])
    begin = f"{prefix}-{year}-"
    last = Dossier.objects.filter(kind=kind, number__startswith=begin).order_by("-number").values_list("number").first()
    return f"{begin}{(int(last[0].removeprefix(begin)) if last else 0) + 1:03d}"


def begin(dossier: Dossier, act: str, *, by: By, at: datetime, seen: int | None = None) -> Move:
    """Locks a dossier for an act.

    Args:
        seen: the version the person had before them; None asks for none.

    Raises:
        PermissionDenied: not theirs to do.
        Refused: its course does not allow it now, or somebody was faster.
    """
    row = locked(dossier)
    step = COURSES[row.kind].step(act)
    actor = acting(row, step.who, by)
    if seen is not None and seen != row.version:
        raise Refused(_("刚刚被别人改过,请看过最新内容再操作。"))
    try:
        check(COURSES[row.kind], act, row.stage, label_of(row.kind, act))
    except NotAllowed as refusal:
        raise Refused(str(refusal)) from refusal
    return Move(row, act, step, actor, by, at)


def locked(dossier: Dossier) -> Dossier:
    """The row as it is now, held until the transaction ends."""
    rows = Dossier.objects.select_for_update(of=("self",)).select_related("region", "unit")
    return rows.get(pk=dossier.pk)


def acting(row: Dossier, who: Who, by: By, *, judged: Unit | None = None) -> Actor:
    """In what capacity somebody acts on a dossier; None is the clock.

    Args:
        judged: the unit whose work is judged by the act.

    Raises:
        PermissionDenied: in none.
    """
    if by is None:
        return SYSTEM
    membership: Membership | None = None
    if who in (Who.CONCERNED, Who.EITHER) and row.unit:
        membership = answering(by.duties, row.unit)
    elif who == Who.SENT and Inspector.objects.filter(inspection=row.pk, staff=by).exists():
        membership = inspecting(by.duties, row.region.code)
    if membership is None and who != Who.CONCERNED:
        membership = managing(by.duties, row.region.code, judged)
    if membership is None or (who == Who.TOLD and not _told(row, by)):
        raise PermissionDenied
    return staff_actor(by, membership)


def _told(row: Dossier, by: Staff) -> bool:
    return Insider.objects.filter(dossier=row, staff=by, ended_at=None).exists()


def finish(move: Move, *, note: str = "", data: Mapping[str, Any] | None = None) -> Dossier:
    """Moves a dossier on, keeps what was changed on it, and writes the history of it.

    Raises:
        Refused: it would be closed without saying what came of it, or with tasks that wait for somebody.
    """
    row, to = move.dossier, move.step.to
    if to in FINAL:
        _settle(row, to)
        row.closed_at, row.closed_by = move.at, move.staff
    row.stage = to or row.stage
    row.version += 1
    row.save()
    write_event(row, move.act, by=move.actor, at=move.at, note=note, data=data)
    failpoint(f"dossier.{move.act}")
    return row


@transaction.atomic
def take_step(row: Dossier, act: str, *, by: Staff, at: datetime, note: str = "", seen: int | None = None) -> Dossier:
    """An act that changes nothing but where the dossier stands.

    Raises:
        PermissionDenied, Refused: as `begin`.
    """
    return finish(begin(row, act, by=by, at=at, seen=seen), note=note)


@transaction.atomic
def close_dossier(
    row: Dossier, outcome: str, *, by: Staff, at: datetime, note: str = "", seen: int | None = None
) -> Dossier:
    """办结, with what came of it; all its tasks are signed off or dropped.

    Raises:
        Refused: they are not, nothing is said, or its course does not allow it.
    """
    move = begin(row, DossierAct.CLOSE, by=by, at=at, seen=seen)
    move.dossier.outcome = outcome.strip()
    return finish(move, note=note)


@transaction.atomic
def drop_dossier(row: Dossier, reason: str, *, by: Staff, at: datetime, seen: int | None = None) -> Dossier:
    """作废, for a reason; it stays readable.

    Raises:
        Refused: no reason is given, tasks wait for somebody, or its course does not allow it.
    """
    move = begin(row, DossierAct.DROP, by=by, at=at, seen=seen)
    if not reason.strip():
        raise Refused(_("请填写理由。"))
    return finish(move, note=reason)


def _settle(row: Dossier, to: str) -> None:
    if row.tasks.open().exists():
        raise Refused(_("还有任务没有销号或撤销。"))
    if to == "closed" and not row.outcome.strip():
        raise Refused(_("请写明结果。"))


def write_event(
    dossier: Dossier,
    act: str,
    *,
    by: Actor,
    at: datetime,
    note: str = "",
    data: Mapping[str, Any] | None = None,
    task: Task | None = None,
) -> None:
    """The event of a dossier and the row of the audit trail, in the act's own transaction.

    The trail is read by others than who was let into a sealed dossier: of one it holds that something was done, by
    whom and when, and neither its number nor a word of it.
    """
    facts = dict(data or {})
    DossierEvent.objects.create(dossier=dossier, task=task, act=act, at=at, note=note, data=facts, **by.columns())
    if dossier.kind == Kind.CLUE:
        record_audit(f"sealed.{act}", ("sealed_dossier", dossier.pk), by=by, at=at)
        return
    after = {"stage": dossier.stage, **({"task": task.number} if task else {}), **facts}
    record_audit(f"{dossier.kind}.{act}", ("dossier", dossier.number), by=by, at=at, after=after, reason=note)


@transaction.atomic
def add_pictures(
    row: Dossier, pictures: Iterable[IO[bytes]], *, by: Staff, at: datetime, seen: int | None = None
) -> Dossier:
    """Keeps pictures of what was met on the spot.

    Raises:
        Refused: none came, one is no picture we take, there are enough, or the course takes none now.
    """
    move = begin(row, DossierAct.ADD_FILE, by=by, at=at, seen=seen)
    kept = [keep_picture(move.dossier, one, FileSide.RECORD, by=by, at=at).sha256 for one in pictures]
    if not kept:
        raise Refused(_("请选择照片。"))
    return finish(move, data={"pictures": kept})


def keep_picture(
    dossier: Dossier,
    upload: IO[bytes],
    side: FileSide,
    *,
    by: Staff,
    at: datetime,
    task: Task | None = None,
    statement: Statement | None = None,
    most: int = PICTURES_MAX,
) -> DossierPicture:
    """Keeps a picture, made anew from its pixels; the history of it is its act's business.

    Args:
        task, statement: what of the dossier it is of.
        most: so many of this side a dossier, task or statement may have.

    Raises:
        Refused: it is no picture we take, or there are enough.
    """
    of = {"dossier": dossier, "task": task, "statement": statement, "side": side}
    if DossierPicture.objects.filter(**of).count() >= most:
        raise Refused(_("照片已经够多了,最多 %(count)d 张。") % {"count": most})
    made, width, height = clean_picture(upload)
    row = DossierPicture(**of, width=width, height=height, by=by, at=at)
    row.sha256 = hashlib.sha256(made).hexdigest()
    row.file.save(f"{new_token()}.jpg", ContentFile(made), save=False)
    try:
        row.save()
    except BaseException:
        row.file.delete(save=False)
        raise
    return row
