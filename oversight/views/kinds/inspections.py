"""The pages of 暗访、巡查."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organizations.models import Region, Staff
from oversight import actions
from oversight.actions.dossiers import acting
from oversight.actions.inspections import wrong_and_left
from oversight.courses import COURSES, possible
from oversight.enums import DossierAct, InspectionAct, Kind
from oversight.forms.dossiers import OutcomeForm, ReasonForm, StepForm
from oversight.forms.inspections import AssignFindingsForm, ChangeInspectionForm, FindingsForm, InspectionForm
from oversight.models import Dossier, Visit
from oversight.paper import Block, Column, Figure, Paragraph, Table
from oversight.queries.inspections import stops_of
from oversight.views.kinds.model import ActPage, KindPages


def _open(region: Region, plan: actions.InspectionPlan, *, by: Staff, at: datetime) -> Dossier:
    return actions.plan_inspection(region, plan, by=by, at=at)


def _more(row: Dossier, user: Staff, _at: datetime) -> dict[str, Any]:
    lines = stops_of(row, user)
    shown = [line.stop.unit_id for line in lines]
    mine = Q(finding=None) | Q(finding__visit__stop__in=[line.stop for line in lines])
    return {
        "inspection": row.inspection,
        "inspectors": row.inspection.inspectors.select_related("staff"),
        "lines": lines,
        "fills": _fills(row, user),
        # A unit reads what was met at its own stops, and no other's.
        "units": row.units.select_related("unit").filter(unit__in=shown),
        "pictures": row.pictures.filter(mine, task=None),
    }


def _fills(row: Dossier, user: Staff) -> bool:
    """Whether somebody fills in the form of a stop now."""
    course = COURSES[row.kind]
    try:
        acting(row, course.step(InspectionAct.VISIT).who, user)
    except PermissionDenied:
        return False
    return bool(possible(course, row.stage, [InspectionAct.VISIT]))


def _findings(form: Any) -> Any:
    """A form that asks which of what is wrong and left."""

    def made(*args: Any, row: Dossier, **kwargs: Any) -> Any:
        return form(*args, row=row, findings=wrong_and_left(row), **kwargs)

    return made


def _pointless(row: Dossier, _user: Staff) -> frozenset[str]:
    """What is wrong is followed up while something is, and then it is closed; visits are over once there was one."""
    if not Visit.objects.filter(stop__inspection=row.pk).exists():
        return frozenset({InspectionAct.FINISH_VISITS})
    left = bool(wrong_and_left(row))
    over = {DossierAct.CLOSE} if left else {InspectionAct.ASSIGN, InspectionAct.OPEN_CASES}
    return frozenset({*over, DossierAct.CHANGE})


def _blocks(row: Dossier, user: Staff, _at: datetime) -> list[Block]:
    lines = stops_of(row, user)
    columns = (Column("站点", wide=True), Column("检查项", wide=True), Column("结果"), Column("情况", wide=True))
    rows = tuple(
        (f"{line.stop.unit.short_name} {line.stop.hall or ''}".strip(), one.line, one.get_seen_display(), one.note)
        for line in lines
        for one in line.findings
    )
    kind = "暗访" if row.inspection.covert else "巡查"
    looked = Figure(sum(line.visit is not None for line in lines))
    said = Paragraph.of(
        f"{kind},走访 ", looked, " 站,发现不符合 ", Figure(sum(len(one.wrong) for one in lines)), " 项。"
    )
    return [said, Table("检查记录", columns, rows)]


PAGES = KindPages(
    kind=Kind.INSPECTION,
    slug="inspections",
    label=_("暗访巡查"),
    about=_("按路线到窗口看,逐项填表,不符合的转任务或立案。暗访在走访完成前被查单位看不到。"),
    form=InspectionForm,
    open=_open,
    template="oversight/inspections/inspection.html",
    acts={
        InspectionAct.FINISH_VISITS: ActPage(
            StepForm, actions.finish_visits, _("走访完成后,被查单位能看到本单位的检查结果,不能再填表。")
        ),
        InspectionAct.ASSIGN: ActPage(_findings(AssignFindingsForm), actions.assign_findings),
        InspectionAct.OPEN_CASES: ActPage(
            _findings(FindingsForm), actions.open_cases, _("按监督查评立案,和群众差评分开统计。")
        ),
        DossierAct.CLOSE: ActPage(OutcomeForm, actions.close_inspection),
        DossierAct.CHANGE: ActPage(ChangeInspectionForm, actions.change_inspection),
        DossierAct.DROP: ActPage(ReasonForm, actions.drop_dossier, danger=True),
    },
    more=_more,
    blocks=_blocks,
    pointless=_pointless,
)
