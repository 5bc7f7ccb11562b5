"""Where one can go from the desk, by role. Each place is named once, in the order of daily use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appeals.lists import OPENS
from assessment.access import READS_FIGURES, READS_FINDINGS, READS_QUARTERS, READS_SCHEMES, READS_SCORES
from disclosure.access import READS_DISCLOSURES
from evaluations.access import LISTENS, MANAGES_DEVICES, PRINTS_SLIPS, READS_INTAKE
from evaluations.entering import CHECKERS
from evaluations.lists import entry_reach
from organizations.access import DECIDES_EXPORTS, DECIDES_PROPOSALS, READS_TRAIL
from organizations.enums import REGION_ROLES, UNIT_ROLES, Role
from organizations.models import Staff
from oversight.access import MANAGES_DOSSIERS, MEETS_DOSSIERS, READS_NOTICES, SUPERVISES
from rectification.lists import views_of

RAIL = 6
DECIDES: frozenset[Role] = frozenset().union(*DECIDES_EXPORTS.values())


@dataclass(frozen=True)
class Place:
    """One place: the name of its route, what it is called, what it is for, and who goes there."""

    route: str
    label: Promise
    about: Promise
    open_to: Callable[[Staff], bool]


def _handles(user: Staff) -> bool:
    return bool(views_of(user))


def held_by(*roles: Role) -> Callable[[Staff], bool]:
    return lambda user: user.has_role(*roles)


# Who finds what waits nowhere else together: a division's body has it in its queue and in 督办.
GATHERS = UNIT_ROLES | {Role.PANEL}
PARTAKES = MEETS_DOSSIERS - MANAGES_DOSSIERS
REGIONAL = SUPERVISES - {Role.UNIT_SUPERVISOR}


def _inbox(open_to: Callable[[Staff], bool]) -> Place:
    return Place("inbox", _("待办"), _("各处等着您的事,按期限排"), open_to)


def _overview(open_to: Callable[[Staff], bool]) -> Place:
    """Where a region is overseen it is looked at daily; in a unit its appeals come first."""
    return Place("overview", _("总览"), _("十张图:有没有变化、卡在哪里、今天督办谁"), open_to)


PLACES = (
    Place("desk", _("工作台"), _("等着您办的事"), _handles),
    _inbox(held_by(*GATHERS)),
    Place("supervision", _("督办"), _("专项整治、联席会议、走流程、巡查、问责的任务和卷"), held_by(*MANAGES_DOSSIERS)),
    Place("tools", _("工作台"), _("您的角色可以做的事"), lambda user: not _handles(user)),
    Place("panel", _("申诉评审"), _("待表决的申诉,利害关系申报"), held_by(Role.PANEL)),
    Place("queue", _("差评件"), _("待办、逾期、等回访"), _handles),
    _overview(lambda user: user.has_role(*REGIONAL)),
    Place("ledger", _("台账"), _("全部差评件,筛选和导出"), _handles),
    Place("statistics", _("统计"), _("评价数、差评数,每个数都能点到明细"), held_by(*READS_FIGURES)),
    Place("pressure", _("要求改评价"), _("评价人反映有人要求改评价"), held_by(Role.CITY_SUPERVISOR)),
    Place("disclosures", _("公示审核"), _("差评件公示前看一遍,不予公示和撤下"), held_by(*READS_DISCLOSURES)),
    Place("status", _("运行状态"), _("定时任务、消息、备份、磁盘、日历、版本"), held_by(Role.SYSTEM_ADMIN)),
    Place("structure-home", _("机构和人员"), _("区划、部门、大厅、窗口、事项、账号"), held_by(Role.SYSTEM_ADMIN)),
    Place("structure-calendar", _("工作日历"), _("节假日、调休,核定年度"), held_by(Role.SYSTEM_ADMIN)),
    Place("intake", _("数据接入"), _("上传的文件、进度、待对照的编码、接入方、来源系统"), held_by(*READS_INTAKE)),
    Place("outbox", _("消息"), _("发送失败的消息和重发"), held_by(Role.SYSTEM_ADMIN)),
    Place("structure-roles", _("角色和账号安全"), _("授予角色,查闲置账号和两步验证"), held_by(Role.SECURITY_ADMIN)),
    Place("structure-proposals", _("角色确认"), _("提名的重要角色,由另一位管理员确认"), held_by(*DECIDES_PROPOSALS)),
    Place("audit", _("审计记录"), _("谁在何时做了什么"), held_by(*READS_TRAIL)),
    Place("audit-checks", _("审计链核验"), _("审计记录是否完整,和抄录的校验码对照"), held_by(*READS_TRAIL)),
    Place("audit-looks", _("身份查看"), _("本周谁看过评价人身份,为了哪一件,说明的目的"), held_by(*READS_TRAIL)),
    Place("audit-exports", _("导出记录"), _("谁导出了什么,用途,第二人是否同意"), held_by(*READS_TRAIL)),
    Place("exports-waiting", _("导出审批"), _("大量导出由第二人同意后才能下载"), held_by(*DECIDES)),
    Place("entry", _("代录"), _("12345、书面表、意见箱的评价"), lambda user: bool(entry_reach(user))),
    Place("appeals", _("申诉"), _("提出的申诉、草稿、裁定和统计"), held_by(*(OPENS - {Role.PANEL}))),
    _overview(lambda user: user.has_role(*SUPERVISES) and not user.has_role(*REGIONAL)),
    Place("scores", _("考核得分"), _("每季度的得分、名次,每一分的依据,考核异议"), held_by(*READS_SCORES)),
    Place("metrics", _("指标"), _("每个指标的定义、两个数、区间和各单位对比"), held_by(*READS_FIGURES)),
    Place("analysis", _("差评分析"), _("问题类别、热点事项、复发、新话题,归类规则和更正"), held_by(*READS_FIGURES)),
    Place("findings", _("评价疑点"), _("刷评、逼评、恶意评价的疑点,由人认定"), held_by(*READS_FINDINGS)),
    Place("circulars", _("季度通报"), _("起草、审核、签发、送达,看谁已阅"), held_by(*READS_NOTICES)),
    Place("quarters", _("季度考核"), _("核对、预览、异议、封存"), held_by(*READS_QUARTERS)),
    Place("schemes", _("考核办法"), _("各版本,起草、模拟、审定"), held_by(*READS_SCHEMES)),
    Place("panel-pool", _("评审名单"), _("评审员、专长、利害关系"), held_by(Role.CITY_SUPERVISOR, Role.AUDITOR)),
    Place("voices", _("听取意见"), _("精准评议、意见建议、电话抽访"), held_by(*LISTENS)),
    Place("checks", _("监督查评"), _("到窗口看到的,另行统计"), held_by(*CHECKERS)),
    Place("signs", _("评价二维码"), _("台卡、贴纸、回执"), held_by(*PRINTS_SLIPS)),
    Place("devices", _("评价器"), _("窗口的平板,心跳和失联,窗口系统密钥"), held_by(*MANAGES_DEVICES)),
    Place("structure-hand-overs", _("移交"), _("离岗人员手里的差评件"), held_by(Role.UNIT_SUPERVISOR)),
    _inbox(lambda user: user.has_role(*REGION_ROLES) and not user.has_role(*GATHERS)),
    Place(
        "supervision", _("督办"), _("本单位参加的专项整治、会议和任务"), held_by(*(MEETS_DOSSIERS - MANAGES_DOSSIERS))
    ),
    Place("rules", _("办理时限"), _("各环节的天数"), lambda user: True),
)
MORE = Place("desk-more", _("更多"), _("全部功能"), lambda user: True)


def places_for(user: Staff) -> list[Place]:
    """Every place somebody may go to."""
    return [place for place in PLACES if place.open_to(user)]


def rail_for(user: Staff) -> list[Place]:
    """The places of the rail: six at most; where there are more, the last one leads to all of them."""
    places = places_for(user)
    return places if len(places) <= RAIL else [*places[: RAIL - 1], MORE]
