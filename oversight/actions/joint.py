"""多部门联动: opened from cases, worked on together, resolved, closed when every citizen was told (docs/joint.md)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appeals.actions.core import require_nobody_named
from organizations.actions import Refused
from organizations.models import Region, Staff, Unit
from oversight.actions.dossiers import Move, Subject, add_parts, begin, finish, keep_picture, open_dossier
from oversight.enums import DossierAct, EntryKind, FileSide, JointAct, Kind, Part
from oversight.models import Dossier, DossierCase, EntryPicture, JointEntry, JointFile, JointTelling
from oversight.outcomes import waiting
from oversight.queries.joint import concerned_of, open_file_of
from rectification.enums import FINAL_STATES
from rectification.models import Case

SHOWN = 10


@dataclass(frozen=True)
class Problem:
    """A deep problem: what it is, the cases that show it, who leads and who helps."""

    title: str
    about: str
    cases: Collection[Case]
    lead: Unit
    co_handlers: Collection[Unit] = ()


@dataclass(frozen=True)
class Entry:
    """What was done together."""

    kind: EntryKind
    held_on: date
    place: str
    participants: str
    found: str


@transaction.atomic
def open_joint(region: Region, problem: Problem, *, by: Staff, at: datetime) -> Dossier:
    """转联动化解: opens a joint file from one or more cases; each case keeps its own clock.

    Raises:
        PermissionDenied: somebody who does not lead what lies in this division, or may not see a case.
        Refused: no case, one of another division, one that is in a joint file already, or a citizen is recognised.
    """
    require_nobody_named(problem.title, problem.about)
    if not problem.cases:
        raise Refused(_("请至少选一件。"))
    if problem.lead in problem.co_handlers:
        raise Refused(_("牵头单位不用再列为协办。"))
    row = open_dossier(
        Kind.JOINT,
        region,
        Subject(problem.title, problem.about, problem.lead),
        by=by,
        at=at,
        parts=[(problem.lead, Part.LEAD), *((unit, Part.CO_HANDLER) for unit in problem.co_handlers)],
    )
    JointFile.objects.create(dossier=row)
    _join(row, problem.cases, "", by=by, at=at)
    return row


def _join(row: Dossier, cases: Collection[Case], why: str, *, by: Staff, at: datetime) -> None:
    """Joins cases, one after the other, and lets their units in."""
    numbers = [case.pk for case in cases]
    if Case.objects.visible_to(by).filter(pk__in=numbers).count() != len(set(numbers)):
        raise PermissionDenied
    for case in (
        Case.objects.select_for_update(of=("self",)).filter(pk__in=numbers).select_related("unit").order_by("pk")
    ):
        if not case.region_code.startswith(row.region.prefix):
            raise Refused(_("%(number)s 不在本区划。") % {"number": case.number})
        if other := open_file_of(case):
            raise Refused(_("%(number)s 已在 %(file)s 里。") % {"number": case.number, "file": other.number})
        DossierCase.objects.create(dossier=row, case=case, why=why, at=at)
        add_parts(row, [(case.unit, Part.SUBJECT)])


@transaction.atomic
def join_cases(
    row: Dossier, cases: Collection[Case], why: str, *, by: Staff, at: datetime, seen: int | None = None
) -> Dossier:
    """并入同类件: more cases of the same problem.

    Raises:
        PermissionDenied, Refused: as `open_joint`, or it is resolved already.
    """
    move = begin(row, JointAct.JOIN_CASES, by=by, at=at, seen=seen)
    require_nobody_named(why)
    if not cases:
        raise Refused(_("请至少选一件。"))
    _join(move.dossier, cases, why, by=by, at=at)
    return finish(move, note=why, data={"cases": sorted(case.number for case in cases)})


@transaction.atomic
def add_co_handlers(
    row: Dossier, units: Collection[Unit], *, by: Staff, at: datetime, note: str = "", seen: int | None = None
) -> Dossier:
    """增加协办单位.

    Raises:
        Refused: it leads already, or nobody is named.
    """
    move = begin(row, JointAct.ADD_CO_HANDLERS, by=by, at=at, seen=seen)
    if not units or move.dossier.unit in units:
        raise Refused(_("请填写牵头单位以外的协办单位。"))
    add_parts(row, [(unit, Part.CO_HANDLER) for unit in units])
    return finish(move, note=note, data={"units": sorted(unit.code for unit in units)})


@transaction.atomic
def add_entry(
    row: Dossier, entry: Entry, pictures: Sequence[IO[bytes]] = (), *, by: Staff, at: datetime, seen: int | None = None
) -> JointEntry:
    """记录联动工作, by who supervises the file: a visit, a special study, a decision; it stands from then on.

    Raises:
        Refused: a day to come, nothing is said, a citizen is recognised, a picture is none, or the file is closed.
    """
    return _enter(begin(row, JointAct.ADD_ENTRY, by=by, at=at, seen=seen), entry, pictures)


@transaction.atomic
def lead_entry(
    row: Dossier, entry: Entry, pictures: Sequence[IO[bytes]] = (), *, by: Staff, at: datetime, seen: int | None = None
) -> JointEntry:
    """牵头单位记录: the same by the lead unit.

    Raises:
        PermissionDenied: somebody who is not of the lead unit.
        Refused: as `add_entry`.
    """
    return _enter(begin(row, JointAct.LEAD_ENTRY, by=by, at=at, seen=seen), entry, pictures)


def _enter(move: Move, entry: Entry, pictures: Sequence[IO[bytes]]) -> JointEntry:
    by, at = move.staff, move.at
    if by is None:
        raise PermissionDenied
    require_nobody_named(entry.place, entry.participants, entry.found)
    if entry.held_on > timezone.localdate(at):
        raise Refused(_("日期不能在今天之后。"))
    if not entry.found.strip():
        raise Refused(_("请写明查明或决定的事。"))
    row = JointEntry.objects.create(file_id=move.dossier.pk, by=by, by_unit_name=move.actor.unit, at=at, **vars(entry))
    kept = [keep_picture(move.dossier, upload, FileSide.RECORD, by=by, at=at) for upload in pictures]
    EntryPicture.objects.bulk_create(EntryPicture(picture=picture, entry=row) for picture in kept)
    facts = {"kind": entry.kind, "held_on": entry.held_on.isoformat(), "pictures": [one.sha256 for one in kept]}
    finish(move, note=entry.found, data=facts)
    return row


@transaction.atomic
def resolve_joint(row: Dossier, solution: str, *, by: Staff, at: datetime, seen: int | None = None) -> Dossier:
    """形成化解结论: from now on every citizen is owed a reply that tells of it.

    Raises:
        Refused: nothing is said, no decision is recorded, or a citizen is recognised.
    """
    move = begin(row, JointAct.RESOLVE, by=by, at=at, seen=seen)
    require_nobody_named(solution)
    file = JointFile.objects.get(dossier=row)
    if not solution.strip():
        raise Refused(_("请写明化解结论。"))
    if not file.entries.filter(kind=EntryKind.DECISION).exists():
        raise Refused(_("请先记录作出的决定。"))
    file.solution, file.resolved_at = solution.strip(), at
    file.save()
    return finish(move, note=file.solution)


@transaction.atomic
def resume_joint(row: Dossier, *, by: Staff, at: datetime, note: str = "", seen: int | None = None) -> Dossier:
    """继续化解: it was not solved after all; what was said of it stays in the history."""
    move = begin(row, JointAct.GO_BACK, by=by, at=at, seen=seen)
    JointFile.objects.filter(dossier=row).update(resolved_at=None)
    return finish(move, note=note)


@transaction.atomic
def tell_citizen(
    row: Dossier, case: Case, how: str, *, by: Staff, at: datetime, seen: int | None = None
) -> JointTelling:
    """记录告知: how somebody was told whose case was over before; an open case tells by its own reply.

    Raises:
        Refused: the case is not of this file or still open, its evaluator left no number, or nothing is said.
    """
    move = begin(row, JointAct.TELL_CITIZEN, by=by, at=at, seen=seen)
    require_nobody_named(how)
    found = Case.objects.filter(pk=case.pk, dossiers__dossier=move.dossier).first()
    if found is None or not how.strip():
        raise Refused(_("请选本卷里的件,并写明怎样告知。"))
    if found.state not in FINAL_STATES:
        raise Refused(_("这件还在办理,请在件里答复。"))
    if not found.reachable:
        raise Refused(_("评价人没有留下联系方式。"))
    telling = JointTelling.objects.create(file_id=row.pk, case=found, how=how.strip(), by=by, at=at)
    finish(move, note=how, data={"case": found.number})
    return telling


@transaction.atomic
def close_joint(
    row: Dossier, outcome: str, *, by: Staff, at: datetime, note: str = "", seen: int | None = None
) -> Dossier:
    """办结: every citizen who can be reached knows what it came to (`outcomes.waiting`).

    Raises:
        Refused: somebody does not, tasks wait, or nothing is said of the outcome.
    """
    move = begin(row, DossierAct.CLOSE, by=by, at=at, seen=seen)
    require_nobody_named(outcome)
    file = JointFile.objects.get(dossier=row)
    if left := waiting(concerned_of(move.dossier), file.resolved_at):
        numbers = "、".join(left[:SHOWN])
        raise Refused(_("这些件的评价人还没有得到化解后的答复:%(numbers)s") % {"numbers": numbers})
    move.dossier.outcome = outcome.strip()
    return finish(move, note=note)
