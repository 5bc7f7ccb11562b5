"""The pages of 问责线索: only who was let in meets them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from organizations.models import Region, Staff
from oversight import actions
from oversight.enums import ClueAct, ClueStage, DossierAct, Kind, Level
from oversight.forms.clues import (
    AddresseeForm,
    AskForm,
    CloseClueForm,
    ClueForm,
    EndInsiderForm,
    FeedbackForm,
    HandOverForm,
    HearingForm,
    LetInForm,
    LevelForm,
)
from oversight.forms.dossiers import PicturesForm, ReasonForm, StepForm
from oversight.models import Dossier
from oversight.queries.clues import next_level, standing
from oversight.views.kinds.model import ActPage, KindPages

LOOKS = 20


def _open(region: Region, said: actions.Raised, *, by: Staff, at: datetime) -> Dossier:
    return actions.raise_clue(region, said, by=by, at=at)


def _more(row: Dossier, _user: Staff, at: datetime) -> dict[str, Any]:
    stands = standing(row)
    return {
        "clue": row.clue,
        "mistaken": row.stage == ClueStage.CLOSED and stands is not None,
        "following": next_level(row.unit, at=at).label if row.unit else "",
        "statements": row.statements.select_related("asked_by", "answered_by").prefetch_related("pictures"),
        "hearings": row.hearings.all(),
        "decisions": row.decisions.select_related("proposed_by", "confirmed_by", "withdrawn_by"),
        "papers": row.papers.select_related("handover"),
        "feedbacks": row.feedbacks.all(),
        "insiders": row.insiders.select_related("staff", "by"),
        "looks": row.looks.select_related("staff").order_by("-pk")[:LOOKS],
    }


def _pointless(row: Dossier, user: Staff) -> frozenset[str]:
    """What another level needs, and confirming what one proposed oneself."""
    stands = standing(row)
    found: set[str] = set()
    if stands is None or stands.level != Level.CIRCULAR:
        found.add(ClueAct.WRITE_LETTER)
    if stands is None or stands.level != Level.TRANSFER:
        found |= {ClueAct.HAND_OVER, ClueAct.FEEDBACK}
    if stands is not None and stands.proposed_by_id == user.pk:
        found.add(ClueAct.CONFIRM)
    return frozenset(found)


PAGES = KindPages(
    kind=Kind.CLUE,
    slug="clues",
    label=_("问责线索"),
    about=_("密封卷:只有被允许知悉的人能看到,每次查阅都有记录。门户只记录移送和反馈,不作纪律处理的认定。"),
    form=ClueForm,
    open=_open,
    template="oversight/clues/clue.html",
    acts={
        ClueAct.TAKE_UP: ActPage(StepForm, actions.take_up, _("规则只是提示,立为线索后由人办理。")),
        ClueAct.ASK: ActPage(AskForm, actions.ask_unit),
        ClueAct.HEAR: ActPage(HearingForm, actions.record_hearing),
        ClueAct.PROPOSE_LEVEL: ActPage(LevelForm, actions.propose_level, _("由另一位督导复核后才生效。")),
        ClueAct.CONFIRM: ActPage(StepForm, actions.confirm_level, _("复核后计入考核;提出的人不能自己复核。")),
        ClueAct.REFUSE: ActPage(ReasonForm, actions.refuse_level),
        ClueAct.WRITE_LETTER: ActPage(AddresseeForm, actions.write_letter),
        ClueAct.HAND_OVER: ActPage(HandOverForm, actions.hand_over, _("生成带证据目录和指纹的移送材料。")),
        ClueAct.FEEDBACK: ActPage(FeedbackForm, actions.record_feedback),
        DossierAct.ADD_FILE: ActPage(PicturesForm, actions.add_pictures),
        DossierAct.CLOSE: ActPage(CloseClueForm, actions.close_clue, _("办结要有依据:文号、存档位置或照片。")),
        ClueAct.LET_IN: ActPage(LetInForm, actions.let_in),
        ClueAct.END_INSIDER: ActPage(EndInsiderForm, actions.end_insider),
        ClueAct.WITHDRAW: ActPage(ReasonForm, actions.withdraw_level, _("考核中的记分同时撤销。"), danger=True),
        DossierAct.DROP: ActPage(ReasonForm, actions.drop_dossier, danger=True),
    },
    more=_more,
    pointless=_pointless,
)
