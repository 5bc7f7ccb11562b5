"""The pages of 专项整治."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from organizations.models import Region, Staff
from oversight import actions
from oversight.enums import CampaignAct, DossierAct, Kind
from oversight.forms.campaigns import CampaignForm, ChangeCampaignForm
from oversight.forms.dossiers import OutcomeForm, ReasonForm, StepForm
from oversight.models import Dossier
from oversight.views.kinds.model import ActPage, KindPages


def _open(region: Region, plan: actions.Plan, *, by: Staff, at: datetime) -> Dossier:
    return actions.plan_campaign(region, plan, by=by, at=at)


def _more(row: Dossier, _user: Staff, _at: datetime) -> dict[str, Any]:
    return {"campaign": row.campaign}


PAGES = KindPages(
    kind=Kind.CAMPAIGN,
    slug="campaigns",
    label=_("专项整治"),
    about=_("同类差评集中时,排查、整改、逐项销号,并和之前、和对照单位比较成效。"),
    form=CampaignForm,
    open=_open,
    template="oversight/campaigns/campaign.html",
    acts={
        CampaignAct.START: ActPage(StepForm, actions.start_campaign, _("启动后范围、类别和对比天数不能再改。")),
        CampaignAct.FINISH_SURVEY: ActPage(StepForm, actions.finish_survey),
        CampaignAct.ASK_SIGN_OFF: ActPage(StepForm, actions.ask_sign_off),
        DossierAct.CLOSE: ActPage(OutcomeForm, actions.close_dossier),
        CampaignAct.GO_BACK: ActPage(StepForm, actions.go_back),
        DossierAct.CHANGE: ActPage(ChangeCampaignForm, actions.change_campaign),
        DossierAct.DROP: ActPage(ReasonForm, actions.drop_dossier, danger=True),
    },
    more=_more,
)
