"""专项整治: planned with its scope, started, looked for, put right, signed off (docs/campaigns.md)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from common.actions import NoticeText, notify
from common.actors import SYSTEM
from organizations.actions import Refused
from organizations.models import Region, Staff, Unit
from oversight.actions.dossiers import Subject, add_parts, begin, finish, open_dossier, take_step, write_event
from oversight.actions.tasks import Wanted, add_task, leaders
from oversight.effect import Recurrence
from oversight.enums import CampaignAct, DossierAct, Kind, Method, Part, TaskState
from oversight.models import Campaign, CampaignEffect, Dossier, DossierUnit, RecurrenceCheck, Task
from oversight.models.dossiers import CLOSED
from oversight.queries.campaigns import effect_for
from oversight.queries.effects import facts_of_effect
from rectification.models import Case

T = TypeVar("T")


@dataclass(frozen=True)
class Plan:
    """What a campaign is to be.

    Attributes:
        lead: the unit that leads it. scope: whose windows are looked at; comparison: who is only compared with.
        cases: it began from. quarter: theirs.
    """

    title: str
    method: Method
    classes: Collection[str]
    begins: date
    ends: date
    scope: Collection[Unit]
    comparison: Collection[Unit] = ()
    lead: Unit | None = None
    about: str = ""
    checklist: Collection[str] = ()
    template: str = ""
    quarter: date | None = None
    by_threshold: bool = False
    cases: Iterable[Case] = ()


@transaction.atomic
def plan_campaign(region: Region, plan: Plan, *, by: Staff, at: datetime) -> Dossier:
    """立项.

    Raises:
        PermissionDenied: somebody who does not lead what lies in this division.
        Refused: nothing it is against, days in the wrong order, or a unit that is compared with itself.
    """
    _sound(plan)
    row = open_dossier(
        Kind.CAMPAIGN,
        region,
        Subject(plan.title, plan.about, plan.lead, plan.begins, plan.ends),
        by=by,
        at=at,
        parts=_parts(plan),
        cases=[(case, "") for case in plan.cases],
    )
    Campaign.objects.create(dossier=row, **_facts(plan))
    return row


@transaction.atomic
def change_campaign(row: Dossier, plan: Plan, *, by: Staff, at: datetime, seen: int | None = None) -> Dossier:
    """Changes a campaign that has not started: everything but the cases it began from.

    Raises:
        PermissionDenied, Refused: as `plan_campaign`, or it has started.
    """
    move = begin(row, DossierAct.CHANGE, by=by, at=at, seen=seen)
    _sound(plan)
    kept = move.dossier
    kept.title, kept.about, kept.unit, kept.begins, kept.ends = (
        plan.title,
        plan.about,
        plan.lead,
        plan.begins,
        plan.ends,
    )
    DossierUnit.objects.filter(dossier=kept, part__in=[Part.SCOPE, Part.COMPARISON, Part.LEAD]).delete()
    add_parts(kept, _parts(plan))
    Campaign.objects.filter(dossier=kept).update(**_facts(plan))
    return finish(move, data={"scope": sorted(unit.code for unit in plan.scope)})


@transaction.atomic
def start_campaign(row: Dossier, *, by: Staff, at: datetime, note: str = "", seen: int | None = None) -> Dossier:
    """启动: scope, classes and windows stand from now on, before anybody knows what comes of it.

    Raises:
        Refused: nothing is said to be looked at, or its course does not allow it.
    """
    move = begin(row, CampaignAct.START, by=by, at=at, seen=seen)
    campaign = Campaign.objects.get(dossier=move.dossier)
    if not campaign.checklist:
        raise Refused(_("请先写排查清单。"))
    campaign.fixed_at = at
    campaign.save(update_fields=["fixed_at"])
    scope = list(DossierUnit.objects.filter(dossier=row, part=Part.SCOPE).values_list("unit__code", flat=True))
    return finish(move, note=note, data={"scope": scope, "classes": campaign.classes})


@transaction.atomic
def share_out(row: Dossier, until: date, *, by: Staff, at: datetime, seen: int | None = None) -> list[Task]:
    """分派互查: each unit of the scope looks at another one by a day, and no two look at one another.

    What it finds it writes and photographs in its report; what is to be put right the lead gives to the unit itself.

    Raises:
        Refused: the campaign is no 互查, was shared out before, or there is nobody to look at; the day is over.
    """
    move = begin(row, CampaignAct.SHARE_OUT, by=by, at=at, seen=seen)
    campaign = Campaign.objects.get(dossier=move.dossier)
    if campaign.method != Method.CROSS:
        raise Refused(_("只有互查的整治才分派互查。"))
    if move.dossier.events.filter(act=CampaignAct.SHARE_OUT).exists():
        raise Refused(_("已经分派过互查。"))
    parts = DossierUnit.objects.filter(dossier=move.dossier, part=Part.SCOPE).select_related("unit")
    units = [one.unit for one in parts.order_by("unit__code")]
    if len(units) < 2:
        raise Refused(_("互查至少要有两个单位。"))
    pairs = rounds(units, move.dossier.pk)
    finish(move, data={"pairs": [[checker.code, checked.code] for checker, checked in pairs]})
    return [_check_task(move.dossier, campaign, *pair, until, by=by, at=at) for pair in pairs]


def rounds(units: Sequence[T], seed: int) -> list[tuple[T, T]]:
    """Who looks at whom: everybody at one, everybody by one, never at oneself, of three or more no two at one another.

    Args:
        units: two or more, each once. seed: so that the next campaign pairs them another way.
    """
    count = len(units)
    steps = [step for step in range(1, count) if count == 2 or step * 2 != count]
    step = steps[seed % len(steps)]
    return [(unit, units[(place + step) % count]) for place, unit in enumerate(units)]


def _check_task(
    row: Dossier, campaign: Campaign, checker: Unit, checked: Unit, until: date, *, by: Staff, at: datetime
) -> Task:
    with translation.override(settings.LANGUAGE_CODE):
        words = _("互查%(unit)s:按排查清单逐项查看,写明查了哪些窗口、发现什么,附照片") % {"unit": checked.name}
    lines = [f"{number}. {line}" for number, line in enumerate(campaign.checklist, 1)]
    asked = Wanted(checker, "\n".join([words, *lines]), place=checked.short_name, until=until)
    return add_task(row, asked, by=by, at=at)


def finish_survey(row: Dossier, *, by: Staff, at: datetime, note: str = "", seen: int | None = None) -> Dossier:
    """排查完成: what was found stands in the ledger; now it is put right."""
    return take_step(row, CampaignAct.FINISH_SURVEY, by=by, at=at, note=note, seen=seen)


@transaction.atomic
def ask_sign_off(row: Dossier, *, by: Staff, at: datetime, note: str = "", seen: int | None = None) -> Dossier:
    """提请销号: every unit has reported.

    Raises:
        Refused: a task has not been reported.
    """
    move = begin(row, CampaignAct.ASK_SIGN_OFF, by=by, at=at, seen=seen)
    if move.dossier.tasks.filter(state=TaskState.OPEN).exists():
        raise Refused(_("还有任务没有报结。"))
    return finish(move, note=note)


def go_back(row: Dossier, *, by: Staff, at: datetime, note: str = "", seen: int | None = None) -> Dossier:
    """退回整改."""
    return take_step(row, CampaignAct.GO_BACK, by=by, at=at, note=note, seen=seen)


# --- the clock ------------------------------------------------------------------------------------------------


def look_again(*, at: datetime) -> int:
    """复发核查, so many days after a campaign was closed (setting CAMPAIGN_RECURRENCE_DAYS), and its effect when due.

    Each is written once; whoever leads the campaign is told of cases that came again. Safe to repeat.

    Returns:
        How many were written.
    """
    closed = Dossier.objects.of(Kind.CAMPAIGN).filter(stage=CLOSED).select_related("campaign", "region")
    spans = settings.CAMPAIGN_RECURRENCE_DAYS
    waiting = closed.annotate(looked=Count("campaign__checks")).filter(
        Q(looked__lt=len(spans)) | Q(campaign__effect=None)
    )
    return sum(_look(row, at) for row in waiting.order_by("pk"))


@transaction.atomic
def _look(row: Dossier, at: datetime) -> int:
    told = effect_for(row, at=at)
    if told is None:
        return 0
    done = sum(_check(row, check, at) for check in told.checks if check.over)
    if told.kept is None and not told.effect.so_far:
        facts = facts_of_effect(told.effect)
        done += CampaignEffect.objects.get_or_create(campaign=row.campaign, defaults={"at": at, "facts": facts})[1]
    return done


def _check(row: Dossier, check: Recurrence, at: datetime) -> bool:
    facts = {"at": at, "cases": list(check.cases)}
    _row, made = RecurrenceCheck.objects.get_or_create(campaign=row.campaign, days=check.days, defaults=facts)
    if made:
        said = {"days": check.days, "cases": len(check.cases)}
        with translation.override(settings.LANGUAGE_CODE):
            note = _("销号后 %(days)d 天,同类有效差评 %(cases)d 件") % said
        write_event(row, CampaignAct.RECUR, by=SYSTEM, at=at, note=note, data=said)
        if check.cases:
            text = f"{row} {len(check.cases)}"
            notice = NoticeText(f"recur:{row.pk}:{check.days}", "campaign.recurred", text, _url(row))
            notify(leaders(row, at), notice, at=at)
    return made


def _url(row: Dossier) -> str:
    return reverse("dossier", args=[row.number])


def _sound(plan: Plan) -> None:
    if not plan.classes or not plan.scope:
        raise Refused(_("请选问题类别和整治范围。"))
    if plan.ends < plan.begins:
        raise Refused(_("结束日期不能早于开始日期。"))
    if {unit.pk for unit in plan.scope} & {unit.pk for unit in plan.comparison}:
        raise Refused(_("对照单位不能在整治范围里。"))


def _parts(plan: Plan) -> list[tuple[Unit, Part]]:
    lead = [(plan.lead, Part.LEAD)] if plan.lead else []
    compared = [(unit, Part.COMPARISON) for unit in plan.comparison]
    return [*lead, *((unit, Part.SCOPE) for unit in plan.scope), *compared]


def _facts(plan: Plan) -> dict[str, object]:
    return {
        "method": plan.method,
        "template": plan.template,
        "classes": sorted(set(plan.classes)),
        "quarter": plan.quarter,
        "by_threshold": plan.by_threshold,
        "window_days": settings.CAMPAIGN_WINDOW_DAYS,
        "checklist": [line.strip() for line in plan.checklist if line.strip()],
    }
