"""The pages of 靠后督办: the clock opens it, the unit and its supervisors record what was done on each rung."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from assessment.enums import Grain, SchemeKind
from assessment.periods import Period
from organizations.models import Staff
from oversight import actions
from oversight.actions.followups import RECORDS
from oversight.enums import DossierAct, FollowAct, Kind, RungKind, TaskState
from oversight.forms.dossiers import OutcomeForm, PicturesForm, ReasonForm
from oversight.forms.followups import LetterForm, TalkForm, VisitForm
from oversight.models import Dossier, RungRecord
from oversight.paper import Block, Column, Figure, Table
from oversight.queries.followups import leads
from oversight.views.kinds.model import ActPage, KindPages

HEADS = (
    Column("级", number=True),
    Column("措施"),
    Column("季度"),
    Column("日期"),
    Column("谁"),
    Column("情况", wide=True),
    Column("措施和要求", wide=True),
    Column("结果"),
)


def _more(row: Dossier, user: Staff, _at: datetime) -> dict[str, Any]:
    """The ladder with what was done; that the last rung is a clue is not for the unit."""
    rungs = row.rungs.select_related("task").prefetch_related("records")
    if not leads(row, user):
        rungs = rungs.exclude(kind=RungKind.CLUE)
    climbed = {rung.kind: rung for rung in rungs}
    ladder = [
        (place, RungKind(name).label, climbed.get(name))
        for place, (name, _days) in enumerate(settings.OVERSIGHT_LADDER, 1)
        if name != RungKind.CLUE or leads(row, user)
    ]
    recovered = row.follow_up.recovered_in
    return {
        "followed": row.follow_up,
        "scheme": SchemeKind(row.follow_up.scheme).label,
        "ladder": ladder,
        "recovered": Period(recovered, Grain.QUARTER).name if recovered else "",
    }


def _pointless(row: Dossier, _user: Staff) -> frozenset[str]:
    """Records of rungs that nothing is asked on now."""
    asked = set(row.rungs.filter(task__state=TaskState.OPEN).values_list("kind", flat=True))
    return frozenset(act for act, kind in RECORDS.items() if kind not in asked)


def _blocks(row: Dossier, _user: Staff, _at: datetime) -> list[Block]:
    records = RungRecord.objects.filter(rung__dossier=row).select_related("rung").order_by("rung__place", "pk")
    lines = tuple(
        (
            Figure(one.rung.place),
            one.rung.get_kind_display(),
            Period(one.rung.quarter, Grain.QUARTER).name,
            one.held_on,
            one.who,
            one.findings,
            one.measures,
            one.result,
        )
        for one in records
    )
    return [Table("督办措施", HEADS, lines)] if lines else []


PAGES = KindPages(
    kind=Kind.FOLLOW_UP,
    slug="follow-ups",
    label=_("靠后督办"),
    about=_("连续排名靠后的,逐级督办:现场办公、约谈、书面检讨。由系统按封存的考核立卷,退出靠后即办结。"),
    form=None,
    open=None,
    template="oversight/followups/followup.html",
    acts={
        FollowAct.RECORD_VISIT: ActPage(VisitForm, actions.record_visit, _("填写后即报结,由督导销号。")),
        FollowAct.RECORD_LETTER: ActPage(LetterForm, actions.record_letter, _("提交后即报结,由督导销号。")),
        FollowAct.RECORD_TALK: ActPage(TalkForm, actions.record_talk, _("填写后由单位落实要求并报结。")),
        DossierAct.ADD_FILE: ActPage(PicturesForm, actions.add_pictures),
        DossierAct.CLOSE: ActPage(OutcomeForm, actions.close_dossier),
        DossierAct.DROP: ActPage(ReasonForm, actions.drop_dossier, danger=True),
    },
    more=_more,
    blocks=_blocks,
    pointless=_pointless,
)
