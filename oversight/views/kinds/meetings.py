"""The pages of 季度联席会议."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from organizations.models import Region, Staff
from oversight import actions
from oversight.access import READS_DOSSIERS, managing
from oversight.courses import COURSES, possible
from oversight.enums import DossierAct, Kind, MeetingAct, MeetingStage
from oversight.forms.dossiers import OutcomeForm, PicturesForm, ReasonForm, StepForm
from oversight.forms.meetings import AttendanceForm, ChangeMeetingForm, CorrectionForm, ItemForm, MeetingForm
from oversight.models import AgendaItem, Dossier, Task
from oversight.paper import Block
from oversight.queries.meetings import annex_of, meeting_before, resolutions_of, standing_of
from oversight.queries.minutes import draft_minutes
from oversight.views.kinds.model import ActPage, KindPages
from oversight.words import task_chip

# What is done to one item of the agenda, in the order in which the page offers it.
OF_ITEMS = (MeetingAct.CHANGE_ITEM, MeetingAct.REMOVE_ITEM, MeetingAct.WRITE_MINUTES)


def _open(region: Region, quarter: date, sitting: actions.Sitting, *, by: Staff, at: datetime) -> Dossier:
    return actions.open_meeting(region, quarter, sitting, by=by, at=at)


def _more(row: Dossier, user: Staff, at: datetime) -> dict[str, Any]:
    """The agenda once the units were told of it, who came, and how the last meeting's resolutions stand now."""
    meeting, leads = row.meeting, _leads(row, user)
    told = leads or user.has_role(*READS_DOSSIERS) or meeting.called_at or row.stage != MeetingStage.PREPARING
    before = meeting_before(row) if told else None
    items = meeting.agenda.prefetch_related("resolutions__task__unit") if told else []
    earlier = list(resolutions_of(before)) if before else []
    return {
        "meeting": meeting,
        "annex": meeting.notice or (annex_of(row.begins) if row.begins else None),
        "told": bool(told),
        "leads": leads,
        "items": [(item, _acts(row, item, leads)) for item in items],
        "attendance": meeting.attendance.select_related("unit"),
        "corrections": meeting.corrections.select_related("item", "by"),
        "minuted": row.stage != MeetingStage.PREPARING and (leads or meeting.issued_at is not None),
        "before": before,
        "followed": [(task, task_chip(task, at)) for task in earlier],
        "standing": standing_of(earlier, at),
        "linked": _visible(before, user),
    }


def _leads(row: Dossier, user: Staff) -> bool:
    return managing(user.duties, row.region.code) is not None


def _acts(row: Dossier, item: AgendaItem, leads: bool) -> list[tuple[str, str]]:
    """The words and names of what can be done to an item now."""
    if not leads:
        return []
    found = [(str(MeetingAct(name).label), name) for name in possible(COURSES[row.kind], row.stage, OF_ITEMS)]
    if row.stage == MeetingStage.HELD:
        found.append((str(_("形成决议")), "resolve"))
    return found


def _visible(before: Dossier | None, user: Staff) -> set[int]:
    if before is None:
        return set()
    return set(Task.objects.visible_to(user).filter(dossier=before).values_list("pk", flat=True))


def _blocks(row: Dossier, _user: Staff, at: datetime) -> list[Block]:
    """The minutes under the ledger, once there is a meeting to tell of."""
    return list(draft_minutes(row, at=at).blocks) if row.stage != MeetingStage.PREPARING else []


PAGES = KindPages(
    kind=Kind.MEETING,
    slug="meetings",
    label=_("季度联席会议"),
    about=_("每季度一次:议程由本季度的数据生成,决议按任务跟踪,下次会议先看落实情况。"),
    form=MeetingForm,
    open=_open,
    template="oversight/meetings/meeting.html",
    acts={
        MeetingAct.DRAFT_AGENDA: ActPage(
            StepForm, actions.draft_agenda, _("按现在的数据重新生成;人工写过、改过的议题不变。")
        ),
        MeetingAct.CALL: ActPage(StepForm, actions.call_meeting, _("通知参会单位,从此可以看到议程。")),
        MeetingAct.HOLD: ActPage(AttendanceForm, actions.hold_meeting, _("登记每个参会单位的到会情况。")),
        MeetingAct.ISSUE_MINUTES: ActPage(
            StepForm, actions.issue_minutes, _("印发后纪要不能再改,只能附更正;参会单位会收到通知。"), danger=True
        ),
        DossierAct.CLOSE: ActPage(OutcomeForm, actions.close_dossier),
        MeetingAct.ADD_ITEM: ActPage(ItemForm, actions.add_item),
        MeetingAct.RECORD_ATTENDANCE: ActPage(AttendanceForm, actions.record_attendance),
        MeetingAct.CORRECT_MINUTES: ActPage(CorrectionForm, actions.correct_minutes),
        DossierAct.ADD_FILE: ActPage(PicturesForm, actions.add_pictures),
        DossierAct.CHANGE: ActPage(ChangeMeetingForm, actions.change_meeting),
        DossierAct.DROP: ActPage(ReasonForm, actions.drop_meeting, danger=True),
    },
    more=_more,
    blocks=_blocks,
)
