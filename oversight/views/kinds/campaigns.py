"""The pages of 专项整治."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.models import Membership, Region, Staff, Unit
from oversight import actions
from oversight.access import MANAGES_DOSSIERS
from oversight.enums import CampaignAct, DossierAct, Kind
from oversight.forms.campaigns import CampaignForm, ChangeCampaignForm
from oversight.forms.dossiers import OutcomeForm, ReasonForm, StepForm
from oversight.models import Dossier
from oversight.presets import TEMPLATES
from oversight.views.kinds.model import ActPage, KindPages


def _open(region: Region, plan: actions.Plan, *, by: Staff, at: datetime) -> Dossier:
    return actions.plan_campaign(region, plan, by=by, at=at)


def _more(row: Dossier, _user: Staff, _at: datetime) -> dict[str, Any]:
    return {"campaign": row.campaign}


def _hints(query: QueryDict, user: Staff) -> dict[str, Any]:
    """A named template, or a unit and class whose 差评 were over the threshold in a quarter."""
    found: dict[str, Any] = {"quarter": query.get("quarter", "")}
    template = TEMPLATES.get(query.get("template", ""))
    if template:
        found |= {"template": query["template"], "title": template.title, "method": template.method}
        found |= {"classes": [template.klass], "checklist": "\n".join(template.checklist)}
        found["about"] = _("群众反映“%(trigger)s”。") % {"trigger": template.trigger}
    if klass := query.get("group"):
        found["classes"] = [klass]
    unit = Unit.objects.filter(code=query.get("unit", "")).first()
    if unit:
        found["scope"] = unit.name
    held = division(user)
    return found | {"lead": held.unit.name if held else "", "begins": timezone.localdate()}


def division(user: Staff) -> Membership | None:
    """The membership by which somebody leads a division."""
    return next((held for held in user.duties if held.role in MANAGES_DOSSIERS), None)


PAGES = KindPages(
    kind=Kind.CAMPAIGN,
    slug="campaigns",
    label=_("专项整治"),
    about=_("同类差评集中时,排查、整改、逐项销号,并和之前、和对照单位比较成效。"),
    form=CampaignForm,
    open=_open,
    template="oversight/campaigns/campaign.html",
    hints=_hints,
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
