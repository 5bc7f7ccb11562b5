"""What a notice says, in its reader's language: its kind is stored, never the sentence."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from evaluations.enums.suggestions import SuggestionAct
from oversight.enums import DossierAct
from rectification.enums import Action, Duty, WarningKind

PLAIN = {
    "staff.leaves": gettext_noop("人员离岗,请移交在办件"),
    "audit.broken": gettext_noop("审计链核验不通过,请立即查看"),
    "export.waiting": gettext_noop("有大量导出等待您同意"),
    "export.decided": gettext_noop("您申请的导出已处理"),
    "role.proposed": gettext_noop("有角色提名等待确认"),
    "role.decided": gettext_noop("角色提名已处理"),
    "probe.failed": gettext_noop("自检失败:差评可能没有正常入库或进入统计"),
    "appeal.filed": gettext_noop("有申诉提出"),
    "appeal.withdrawn": gettext_noop("申诉已撤回"),
    "appeal.waiting": gettext_noop("申诉评审人员不足或到期未表决"),
    "appeal.seated": gettext_noop("请评审申诉并表决"),
    "appeal.facts": gettext_noop("评价人已补充事实"),
    "appeal.ruled": gettext_noop("申诉已裁定,请核对并送达"),
    "appeal.served": gettext_noop("申诉裁定已送达"),
    "finding.decided": gettext_noop("评价疑点已认定"),
    "campaign.recurred": gettext_noop("专项整治后同类差评又出现"),
    "notice.drafted": gettext_noop("季度通报已由系统起草,请修改后送审"),
    "notice.served": gettext_noop("季度通报已送达,请阅"),
    "notice.remind": gettext_noop("季度通报还没有已阅,请阅"),
    "meeting.called": gettext_noop("联席会议通知,请看议程"),
    "meeting.minutes": gettext_noop("联席会议纪要已印发,请阅"),
    "meeting.remind": gettext_noop("联席会议纪要还没有标记已阅"),
    "meeting.corrected": gettext_noop("联席会议纪要有更正,请阅"),
    "quarter.objections": gettext_noop("季度考核得分可以查看,异议期已开始"),
    "quarter.answered": gettext_noop("考核异议已答复"),
    "clue.proposed": gettext_noop("规则提示了一条问责线索"),
    "clue.let_in": gettext_noop("请查阅一份问责线索"),
    "clue.asked": gettext_noop("请你单位说明"),
    "clue.answered": gettext_noop("单位已作说明"),
    "clue.lapsed": gettext_noop("单位说明期限已过"),
    "device.silent": gettext_noop("评价器失联,请到窗口看一看"),
    "device.stray": gettext_noop("评价器的密钥从别的网络使用,已拒绝"),
}
# What is due besides the duties of a case.
TIMED = {"task": gettext_noop("督办任务"), "statement": gettext_noop("请你单位说明")}


def kind_words(kind: str) -> str:
    """The words of a notice's kind.

    Args:
        kind: "case.<action>", "suggestion.<act>", "dossier.<act>", "due.<warning>.<duty>" or one of `TIMED`, or one
            of `PLAIN`.
    """
    if kind in PLAIN:
        return _(PLAIN[kind])
    head, _dot, rest = kind.partition(".")
    if head == "case" and rest in Action.values:
        return str(Action(rest).label)
    if head == "suggestion" and rest in SuggestionAct.values:
        return str(SuggestionAct(rest).label)
    if head == "dossier" and rest in DossierAct.values:
        return str(DossierAct(rest).label)
    warning, _dot, duty = rest.partition(".")
    if head == "due" and warning in WarningKind.values and duty in Duty.values:
        return f"{Duty(duty).label}: {WarningKind(warning).label}"
    if head == "due" and warning in WarningKind.values and duty in TIMED:
        return f"{_(TIMED[duty])}: {WarningKind(warning).label}"
    return _("通知")
