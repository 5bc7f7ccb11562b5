"""The pages of 专项整治."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.models import Membership, Region, Staff, Unit
from oversight import actions
from oversight.access import MANAGES_DOSSIERS
from oversight.effect import Counted
from oversight.enums import CampaignAct, DossierAct, Kind, Method, Part
from oversight.forms.campaigns import CampaignForm, ChangeCampaignForm, ShareOutForm
from oversight.forms.dossiers import OutcomeForm, PicturesForm, ReasonForm, StepForm
from oversight.models import Dossier
from oversight.panels.campaigns import fall_words
from oversight.paper import Block
from oversight.presets import TEMPLATES
from oversight.queries.campaigns import Told, effect_for
from oversight.queries.sections.campaigns import effect_blocks
from oversight.views.kinds.model import ActPage, KindPages


def _open(region: Region, plan: actions.Plan, *, by: Staff, at: datetime) -> Dossier:
    return actions.plan_campaign(region, plan, by=by, at=at)


def _more(row: Dossier, _user: Staff, at: datetime) -> dict[str, Any]:
    told = effect_for(row, at=at)
    return {"campaign": row.campaign, "told": told, "sides": _sides(told) if told else [], "doubts": _doubts(told)}


@dataclass(frozen=True)
class Side:
    """One row of the table of an effect: some units, before and after.

    fell: by how much the rate fell, with its exact interval, in words.
    """

    name: str
    before: Counted
    after: Counted
    windows: tuple[str, str]
    fell: str
    moved: str


def _sides(told: Told) -> list[Side]:
    pairs = [("scope", str(Part.SCOPE.label), told.effect.units)]
    if told.effect.beside:
        pairs.append(("comparison", str(Part.COMPARISON.label), told.effect.beside))
    return [
        Side(name, one.before, one.after, (f"{code}-before", f"{code}-after"), fall_words(one), str(one.moved.label))
        for code, name, one in pairs
    ]


def _doubts(told: Told | None) -> list[str]:
    return [str(doubt.label) for doubt in told.effect.doubts] if told else []


def _pointless(row: Dossier, _user: Staff) -> frozenset[str]:
    """互查 is shared out once, and in no campaign of another method."""
    done = row.campaign.method != Method.CROSS or row.events.filter(act=CampaignAct.SHARE_OUT).exists()
    return frozenset({CampaignAct.SHARE_OUT}) if done else frozenset()


def _blocks(row: Dossier, user: Staff, at: datetime) -> list[Block]:
    return effect_blocks(row, effect_for(row, at=at), user=user)


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
        CampaignAct.SHARE_OUT: ActPage(
            ShareOutForm, actions.share_out, _("范围内每个单位查另一个单位,互不对查;各领一项任务,按排查清单查。")
        ),
        CampaignAct.FINISH_SURVEY: ActPage(StepForm, actions.finish_survey),
        CampaignAct.ASK_SIGN_OFF: ActPage(StepForm, actions.ask_sign_off),
        DossierAct.CLOSE: ActPage(OutcomeForm, actions.close_dossier),
        CampaignAct.GO_BACK: ActPage(StepForm, actions.go_back),
        DossierAct.ADD_FILE: ActPage(PicturesForm, actions.add_pictures),
        DossierAct.CHANGE: ActPage(ChangeCampaignForm, actions.change_campaign),
        DossierAct.DROP: ActPage(ReasonForm, actions.drop_dossier, danger=True),
    },
    more=_more,
    blocks=_blocks,
    pointless=_pointless,
)
