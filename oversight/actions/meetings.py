"""联席会议: opened for a quarter, its agenda drafted, called, held, minuted, followed up (docs/meetings.md)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from appeals.actions.core import in_the_portals_language, require_nobody_named
from assessment.enums import Grain
from assessment.periods import Period, period_of
from common.actions import NoticeText, notify
from organizations.actions import Refused
from organizations.models import Region, Staff, Unit
from oversight.actions.dossiers import Move, Subject, add_parts, begin, finish, open_dossier
from oversight.actions.tasks import Wanted, add_task
from oversight.enums import AgendaSource, DossierAct, Kind, MeetingAct, Part, Presence
from oversight.models import AgendaItem, Attendance, Dossier, DossierUnit, Meeting, MinutesCorrection, Resolution, Task
from oversight.paper import dump
from oversight.queries.agendas import Proposal, proposals
from oversight.queries.meetings import annex_of, attending
from oversight.queries.minutes import draft_minutes
from oversight.queries.service import readers_in

QUARTERS = "一二三四"


@dataclass(frozen=True)
class Sitting:
    """When and where a meeting is, who leads it, and which units are to come."""

    starts_at: datetime
    place: str
    chair: str
    units: Collection[Unit]
    about: str = ""


@dataclass(frozen=True)
class Came:
    """Who came for a unit."""

    unit: Unit
    presence: Presence
    name: str = ""
    post: str = ""


@transaction.atomic
def open_meeting(region: Region, quarter: date, sitting: Sitting, *, by: Staff, at: datetime) -> Dossier:
    """Opens the meeting of a quarter; each division has one.

    Args:
        quarter: any day of it.

    Raises:
        PermissionDenied: somebody who does not lead what lies in this division.
        Refused: there is one, the quarter has not begun, or nobody is to come.
    """
    period = period_of(quarter, Grain.QUARTER)
    if period.begins > timezone.localdate(at):
        raise Refused(_("这个季度还没有开始。"))
    _sound(sitting)
    row = open_dossier(
        Kind.MEETING,
        region,
        Subject(_title(period), sitting.about, None, period.begins, period.last),
        by=by,
        at=at,
        key=f"meeting:{region.code}:{period.name}",
        parts=[(unit, Part.ATTENDS) for unit in sitting.units],
    )
    if Meeting.objects.filter(dossier=row).exists():
        raise Refused(_("这个季度的联席会议已经立卷:%(number)s。") % {"number": row.number})
    Meeting.objects.create(dossier=row, notice=annex_of(period.begins), **_when(sitting))
    return row


def _title(period: Period) -> str:
    return f"{period.begins.year}年第{QUARTERS[period.quarter - 1]}季度政务服务“好差评”联席会议"


def _sound(sitting: Sitting) -> None:
    if not sitting.units:
        raise Refused(_("请填写参会单位。"))
    require_nobody_named(sitting.about)


def _when(sitting: Sitting) -> dict[str, object]:
    return {"starts_at": sitting.starts_at, "place": sitting.place, "chair": sitting.chair}


@transaction.atomic
def change_meeting(row: Dossier, sitting: Sitting, *, by: Staff, at: datetime, seen: int | None = None) -> Dossier:
    """Another time, place, chair, or other units, until it is held.

    Raises:
        PermissionDenied, Refused: as `open_meeting`, or it was held.
    """
    move = begin(row, DossierAct.CHANGE, by=by, at=at, seen=seen)
    _sound(sitting)
    move.dossier.about = sitting.about
    wanted = [unit.pk for unit in sitting.units]
    DossierUnit.objects.filter(dossier=row, part=Part.ATTENDS).exclude(unit__in=wanted).delete()
    add_parts(row, [(unit, Part.ATTENDS) for unit in sitting.units])
    Meeting.objects.filter(dossier=row).update(**_when(sitting))
    return finish(move, data={"units": sorted(unit.code for unit in sitting.units)})


@transaction.atomic
def drop_meeting(row: Dossier, reason: str, *, by: Staff, at: datetime, seen: int | None = None) -> Dossier:
    """作废, for a reason; another may be opened for the quarter.

    Raises:
        Refused: no reason is given, or it was held.
    """
    move = begin(row, DossierAct.DROP, by=by, at=at, seen=seen)
    if not reason.strip():
        raise Refused(_("请填写理由。"))
    move.dossier.key = None
    return finish(move, note=reason)


# --- the agenda -----------------------------------------------------------------------------------------------


@transaction.atomic
def draft_agenda(row: Dossier, *, by: Staff, at: datetime, note: str = "", seen: int | None = None) -> Dossier:
    """按季度数据生成议程: what the quarter proposes; what somebody has written or changed stays as it is.

    What was proposed before and nobody has changed is made anew in its place; what was resolved before comes first,
    the rest of what is new behind what is there.
    """
    move = begin(row, MeetingAct.DRAFT_AGENDA, by=by, at=at, seen=seen)
    meeting = Meeting.objects.get(dossier=row)
    meeting.notice = annex_of(period_of(move.dossier.begins or at.date(), Grain.QUARTER).begins)
    meeting.save(update_fields=["notice"])
    with in_the_portals_language():
        made = {one.source: one for one in proposals(move.dossier, at=at)}
    items = [item for item in meeting.agenda.all() if item.by_hand or item.source in made or _drop(item)]
    known = {item.source for item in items}
    for item in items:
        if not item.by_hand:
            _write(item, made[AgendaSource(item.source)])
    new = [
        _write(AgendaItem(meeting=meeting, source=one.source), one) for one in made.values() if one.source not in known
    ]
    first = [item for item in new if item.source == AgendaSource.RESOLUTIONS]
    _number([*first, *items, *(item for item in new if item not in first)])
    return finish(move, note=note, data={"items": len(items) + len(new)})


def _drop(item: AgendaItem) -> bool:
    """Takes away what is proposed no longer; always false, since it is kept no longer."""
    item.delete()
    return False


def _write(item: AgendaItem, proposal: Proposal) -> AgendaItem:
    item.title, item.text, item.address = proposal.title, proposal.text, proposal.address
    return item


def _number(items: Iterable[AgendaItem]) -> None:
    for place, item in enumerate(items, 1):
        item.number = place
        item.save()


@transaction.atomic
def add_item(row: Dossier, title: str, text: str, *, by: Staff, at: datetime, seen: int | None = None) -> AgendaItem:
    """加议题, behind the others."""
    move = begin(row, MeetingAct.ADD_ITEM, by=by, at=at, seen=seen)
    require_nobody_named(title, text)
    meeting = Meeting.objects.get(dossier=row)
    item = AgendaItem(meeting=meeting, source=AgendaSource.OTHER, title=title, text=text, by_hand=True)
    item.number = meeting.agenda.count() + 1
    item.save()
    finish(move, note=title)
    return item


@transaction.atomic
def change_item(
    item: AgendaItem, title: str, text: str, number: int, *, by: Staff, at: datetime, seen: int | None = None
) -> Dossier:
    """改议题: its words, and its place among the others.

    Args:
        number: its new place; beyond the last it becomes the last.
    """
    move, row = _item(item, MeetingAct.CHANGE_ITEM, by=by, at=at, seen=seen)
    require_nobody_named(title, text)
    row.by_hand = row.by_hand or (title, text) != (row.title, row.text)
    row.title, row.text = title, text
    others = list(row.meeting.agenda.exclude(pk=row.pk))
    place = max(number, 1) - 1
    _number([*others[:place], row, *others[place:]])
    return finish(move, note=title, data={"number": row.number})


@transaction.atomic
def remove_item(item: AgendaItem, *, by: Staff, at: datetime, seen: int | None = None) -> Dossier:
    """删议题."""
    move, row = _item(item, MeetingAct.REMOVE_ITEM, by=by, at=at, seen=seen)
    title, meeting = row.title, row.meeting
    row.delete()
    _number(list(meeting.agenda.all()))
    return finish(move, note=title)


def _item(item: AgendaItem, act: MeetingAct, *, by: Staff, at: datetime, seen: int | None) -> tuple[Move, AgendaItem]:
    """The item as it is now, its meeting locked for an act.

    Raises:
        Refused: it is there no longer, or as `begin`.
    """
    move = begin(item.meeting.dossier, act, by=by, at=at, seen=seen)
    row = AgendaItem.objects.select_related("meeting").filter(pk=item.pk).first()
    if row is None:
        raise Refused(_("这个议题已经删除。"))
    return move, row


@transaction.atomic
def call_meeting(row: Dossier, *, by: Staff, at: datetime, note: str = "", seen: int | None = None) -> Dossier:
    """发会议通知: the units are told, and see the agenda from now on.

    Raises:
        Refused: nothing stands on the agenda, or it is over already.
    """
    move = begin(row, MeetingAct.CALL, by=by, at=at, seen=seen)
    meeting = Meeting.objects.get(dossier=row)
    _need_agenda(meeting)
    meeting.called_at = at
    meeting.save(update_fields=["called_at"])
    _tell(move.dossier, "called", at=at)
    return finish(move, note=note)


def _need_agenda(meeting: Meeting) -> None:
    if not meeting.agenda.exists():
        raise Refused(_("议程还是空的。"))


def _tell(row: Dossier, word: str, *, at: datetime) -> None:
    """Tells the supervisors of the units that attend."""
    address = reverse("meeting-minutes" if word == "minutes" else "dossier", args=[row.number])
    text = NoticeText(f"meeting:{row.pk}:{word}:{row.version}", f"meeting.{word}", str(row), address)
    notify(readers_in(attending(row), at=at), text, at=at)


# --- the meeting and its minutes ------------------------------------------------------------------------------


@transaction.atomic
def hold_meeting(
    row: Dossier, came: Collection[Came], *, by: Staff, at: datetime, note: str = "", seen: int | None = None
) -> Dossier:
    """登记召开, with who came for each unit.

    Raises:
        Refused: it has not begun yet, nothing stands on the agenda, or it is not said who came.
    """
    move = begin(row, MeetingAct.HOLD, by=by, at=at, seen=seen)
    meeting = Meeting.objects.get(dossier=row)
    _need_agenda(meeting)
    if meeting.starts_at > at:
        raise Refused(_("还没有到会议时间。"))
    return finish(move, note=note, data=_record(meeting, came))


@transaction.atomic
def record_attendance(
    row: Dossier, came: Collection[Came], *, by: Staff, at: datetime, note: str = "", seen: int | None = None
) -> Dossier:
    """更正到会情况, until the minutes are issued.

    Raises:
        Refused: it is not said who came, or the minutes are issued.
    """
    move = begin(row, MeetingAct.RECORD_ATTENDANCE, by=by, at=at, seen=seen)
    return finish(move, note=note, data=_record(Meeting.objects.get(dossier=row), came))


def _record(meeting: Meeting, came: Collection[Came]) -> Mapping[str, object]:
    known = {one.unit.pk for one in came}
    if set(attending(meeting.dossier)) - known:
        raise Refused(_("每个参会单位都要登记到会情况。"))
    if any(one.presence != Presence.ABSENT and not one.name.strip() for one in came):
        raise Refused(_("到会和代会的要填姓名。"))
    meeting.attendance.all().delete()
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, unit=one.unit, presence=one.presence, name=one.name.strip(), post=one.post.strip())
        for one in came
    )
    return {"came": sum(one.presence != Presence.ABSENT for one in came), "of": len(known)}


@transaction.atomic
def write_minutes(item: AgendaItem, text: str, *, by: Staff, at: datetime, seen: int | None = None) -> Dossier:
    """写纪要 of one item.

    Raises:
        Refused: a citizen could be recognised by it, or the minutes are issued.
    """
    move, row = _item(item, MeetingAct.WRITE_MINUTES, by=by, at=at, seen=seen)
    require_nobody_named(text)
    row.said = text
    row.save(update_fields=["said"])
    return finish(move, data={"item": row.number})


@transaction.atomic
def resolve(item: AgendaItem, asked: Wanted, *, by: Staff, at: datetime) -> Task:
    """决议: a unit is to do something by a day, out of an item of the agenda.

    Raises:
        PermissionDenied, Refused: as `add_task`.
    """
    require_nobody_named(asked.finding, asked.wanted)
    task = add_task(item.meeting.dossier, asked, by=by, at=at)
    Resolution.objects.create(task=task, item=item)
    return task


@transaction.atomic
def issue_minutes(row: Dossier, *, by: Staff, at: datetime, note: str = "", seen: int | None = None) -> Dossier:
    """印发纪要: they stand from now on, and every unit that was to attend is told.

    Raises:
        Refused: an item has no minutes, or a citizen could be recognised by them.
    """
    move = begin(row, MeetingAct.ISSUE_MINUTES, by=by, at=at, seen=seen)
    meeting = Meeting.objects.select_related("notice").get(dossier=row)
    items = list(meeting.agenda.all())
    if silent := [item.title for item in items if not item.said.strip()]:
        raise Refused(_("这些议题还没有纪要:%(titles)s") % {"titles": "、".join(silent)})
    require_nobody_named(*(words for item in items for words in (item.title, item.text, item.said)))
    if move.dossier.begins:
        meeting.notice = annex_of(move.dossier.begins) or meeting.notice
        meeting.save(update_fields=["notice"])
    move.dossier.meeting = meeting
    with in_the_portals_language():
        meeting.paper = dump(draft_minutes(move.dossier, at=at, number=move.dossier.number))
    meeting.issued_at = at
    meeting.save(update_fields=["paper", "issued_at"])
    _tell(move.dossier, "minutes", at=at)
    return finish(move, note=note)


@transaction.atomic
def correct_minutes(
    row: Dossier, text: str, item: AgendaItem | None = None, *, by: Staff, at: datetime, seen: int | None = None
) -> Dossier:
    """更正纪要: what was wrong is added to issued minutes, which stay as they are.

    Raises:
        Refused: nothing is said, a citizen could be recognised by it, or the item is of another meeting.
    """
    move = begin(row, MeetingAct.CORRECT_MINUTES, by=by, at=at, seen=seen)
    require_nobody_named(text)
    if not text.strip():
        raise Refused(_("请写更正内容。"))
    if item is not None and item.meeting_id != row.pk:
        raise Refused(_("这个议题不在本次会议里。"))
    MinutesCorrection.objects.create(meeting_id=row.pk, item=item, text=text.strip(), by=by, at=at)
    _tell(move.dossier, "corrected", at=at)
    return finish(move, note=text)
