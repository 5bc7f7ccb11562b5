"""The pages of 多部门联动."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.models import Region, Staff
from oversight import actions
from oversight.access import managing
from oversight.enums import DossierAct, JointAct, JointStage, Kind, Told
from oversight.forms.dossiers import ReasonForm, StepForm
from oversight.forms.joint import CoHandlersForm, EntryForm, JointForm, JointOutcomeForm, SolutionForm, TellForm
from oversight.models import Dossier
from oversight.paper import Block, Column, Paragraph, Table
from oversight.queries.joint import joined_cases
from oversight.views.kinds.model import ActPage, KindPages

DONE = (
    Column("日期"),
    Column("方式"),
    Column("地点"),
    Column("参加单位和人员", wide=True),
    Column("查明或决定的事", wide=True),
)


def _open(region: Region, problem: actions.Problem, *, by: Staff, at: datetime) -> Dossier:
    return actions.open_joint(region, problem, by=by, at=at)


def _more(row: Dossier, user: Staff, _at: datetime) -> dict[str, Any]:
    """What was done together, the joined cases and who of their citizens knows; cases stand there and nowhere else."""
    joined = joined_cases(row, user)
    joining = row.stage == JointStage.OPEN and _leads(row, user)
    entries = list(row.joint.entries.select_related("by").prefetch_related("pictures__picture"))
    return {
        "joint": row.joint,
        "work": [(one, [linked.picture for linked in one.pictures.all()]) for one in entries],
        "joined": joined,
        "joining": reverse("joint-join", args=[row.number]) if joining else "",
        "left": sum(one.told == Told.WAITING for one in joined),
        "cases": [],
        "pictures": [],
    }


def _leads(row: Dossier, user: Staff) -> bool:
    return managing(user.duties, row.region.code) is not None


def _blocks(row: Dossier, user: Staff, _at: datetime) -> list[Block]:
    """What was done together and what it came to."""
    rows = tuple(
        (one.held_on, str(one.get_kind_display()), one.place, one.participants, one.found)
        for one in row.joint.entries.all()
    )
    told = [one.told for one in joined_cases(row, user)]
    said = f"并入差评 {len(told)} 件,还没有答复评价人的 {told.count(Told.WAITING)} 件。"
    blocks: list[Block] = [Table("联动工作", DONE, rows), Paragraph.of(said)]
    if row.joint.resolved_at:
        day = timezone.localdate(row.joint.resolved_at)
        blocks.append(Paragraph.of(f"化解结论({day:%Y-%m-%d}):{row.joint.solution}"))
    return blocks


PAGES = KindPages(
    kind=Kind.JOINT,
    slug="joint",
    label=_("联动化解"),
    about=_("一家解决不了的深层问题:几件同类差评并在一起,牵头和协办单位上门、研究、决定,结果告诉每一位评价人。"),
    form=JointForm,
    open=_open,
    template="oversight/joint/joint.html",
    acts={
        JointAct.ADD_ENTRY: ActPage(EntryForm, actions.add_entry),
        JointAct.LEAD_ENTRY: ActPage(EntryForm, actions.lead_entry),
        JointAct.RESOLVE: ActPage(SolutionForm, actions.resolve_joint),
        DossierAct.CLOSE: ActPage(
            JointOutcomeForm, actions.close_joint, _("每一位能联系上的评价人都得到答复后才能办结。")
        ),
        JointAct.ADD_CO_HANDLERS: ActPage(CoHandlersForm, actions.add_co_handlers),
        JointAct.TELL_CITIZEN: ActPage(
            TellForm, actions.tell_citizen, _("件已经办结、不会再有答复的,由督导人员单独告知后记在这里。")
        ),
        JointAct.GO_BACK: ActPage(StepForm, actions.resume_joint),
        DossierAct.DROP: ActPage(ReasonForm, actions.drop_dossier, danger=True),
    },
    more=_more,
    blocks=_blocks,
)
