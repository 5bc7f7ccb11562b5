"""The words of the audit trail: what an action, an object and a changed field are called, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, TextChoices
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from common.enums import CheckResult
from common.models import AuditEntry
from disclosure.enums import DateGrain, DisclosureAct, Standing
from evaluations.enums.suggestions import SuggestionAct
from identity.enums import Purpose
from organizations.enums import Role
from organizations.models import Hall, Membership, Region, ServiceItem, Staff, Unit, Window
from oversight.courses import COURSES
from oversight.enums import Act, DossierAct, Kind, WarningAct
from rectification.enums import Action, State, Verdict
from rectification.models import DutyRule

HAN = re.compile(r"[\u3400-\u9fff]")
# What acts are done to, by the word before the dot, and by the kind of object where that is another word.
KINDS = {
    "access": gettext_noop("访问"),
    "account": gettext_noop("账号"),
    "appeal": gettext_noop("申诉"),
    "audit": gettext_noop("审计链"),
    "audit_check": gettext_noop("审计链核验"),
    "baseline": gettext_noop("基准"),
    "batch": gettext_noop("上传文件"),
    "calendar": gettext_noop("工作日历"),
    "call": gettext_noop("抽访电话"),
    "campaign": gettext_noop("专项整治"),
    "case": gettext_noop("差评件"),
    "class": gettext_noop("问题类别"),
    "class_rules": gettext_noop("归类规则"),
    "code": gettext_noop("编码对照"),
    "device": gettext_noop("评价器"),
    "disclosure": gettext_noop("公示"),
    "dossier": gettext_noop("督办卷"),
    "drill": gettext_noop("备份和恢复"),
    "duty_rule": gettext_noop("办理时限"),
    "evaluation": gettext_noop("评价"),
    "evaluator": gettext_noop("评价人身份"),
    "export": gettext_noop("导出"),
    "finding": gettext_noop("评价疑点"),
    "follow_up": gettext_noop("靠后督办"),
    "hall": gettext_noop("大厅"),
    "identity": gettext_noop("评价人身份"),
    "inspection": gettext_noop("暗访巡查"),
    "item": gettext_noop("事项"),
    "joint": gettext_noop("联动化解"),
    "meeting": gettext_noop("联席会议"),
    "membership": gettext_noop("任职"),
    "message": gettext_noop("消息"),
    "notice": gettext_noop("季度通报"),
    "outbox": gettext_noop("消息"),
    "panel": gettext_noop("评审名单"),
    "partner": gettext_noop("接入方"),
    "plan": gettext_noop("抽访"),
    "pressure": gettext_noop("要求改评价"),
    "proposal": gettext_noop("角色提名"),
    "quarter": gettext_noop("季度考核"),
    "questionnaire": gettext_noop("问卷"),
    "rating": gettext_noop("评价"),
    "region": gettext_noop("区划"),
    "review": gettext_noop("精准评议"),
    "rows": gettext_noop("待处理的行"),
    "rule": gettext_noop("办理时限"),
    "scheme": gettext_noop("考核办法"),
    "score": gettext_noop("考核得分"),
    "score_event": gettext_noop("考核加减分"),
    "sealed": gettext_noop("密封卷"),
    "sealed_dossier": gettext_noop("密封卷"),
    "service": gettext_noop("办件"),
    "source": gettext_noop("来源系统"),
    "staff": gettext_noop("人员"),
    "suggestion": gettext_noop("意见建议"),
    "survey": gettext_noop("抽访"),
    "unit": gettext_noop("单位"),
    "walk": gettext_noop("局长走流程"),
    "warning": gettext_noop("警示案例"),
    "wave": gettext_noop("精准评议"),
    "window": gettext_noop("窗口"),
    "window_key": gettext_noop("窗口系统密钥"),
}
# What is done, by the word after the dot, where the app has no list of its acts.
VERBS = {
    "add_exhibit": gettext_noop("添加证据"),
    "add_question": gettext_noop("增加题目"),
    "add_year": gettext_noop("新增年度"),
    "adopt": gettext_noop("审定"),
    "answer": gettext_noop("答复"),
    "approve": gettext_noop("同意"),
    "answer_facts": gettext_noop("评价人补充事实"),
    "ask_citizen": gettext_noop("请评价人补充事实"),
    "attempt": gettext_noop("拨打"),
    "backup": gettext_noop("备份"),
    "change": gettext_noop("修改"),
    "change_password": gettext_noop("修改密码"),
    "check": gettext_noop("提出核验"),
    "checked": gettext_noop("核验完成"),
    "close": gettext_noop("关闭"),
    "confirm": gettext_noop("确认"),
    "correct": gettext_noop("更正"),
    "create": gettext_noop("新增"),
    "decide": gettext_noop("认定"),
    "declare": gettext_noop("申报利害关系"),
    "disable": gettext_noop("停用"),
    "discard": gettext_noop("作废"),
    "draft": gettext_noop("起草"),
    "draw": gettext_noop("抽取"),
    "drop_exhibit": gettext_noop("撤回证据"),
    "enable": gettext_noop("恢复"),
    "end": gettext_noop("结束"),
    "end_relation": gettext_noop("结束利害关系"),
    "end_sessions": gettext_noop("退出其他设备"),
    "enrol": gettext_noop("登记"),
    "enter": gettext_noop("代录"),
    "erase": gettext_noop("清除"),
    "exclude": gettext_noop("不计入统计"),
    "exempt": gettext_noop("不参加排名"),
    "explain": gettext_noop("单位说明"),
    "file": gettext_noop("提出"),
    "freeze": gettext_noop("封存"),
    "issue_code": gettext_noop("发放登记码"),
    "issue_password": gettext_noop("发放一次性密码"),
    "leave": gettext_noop("评审员退出"),
    "lift": gettext_noop("恢复排名"),
    "list": gettext_noop("变更名单"),
    "login": gettext_noop("登录"),
    "logout": gettext_noop("退出"),
    "look": gettext_noop("查看"),
    "map": gettext_noop("对照"),
    "object": gettext_noop("提出异议"),
    "open": gettext_noop("打开"),
    "open_objections": gettext_noop("开始异议期"),
    "order": gettext_noop("安排"),
    "preview": gettext_noop("预览得分"),
    "propose": gettext_noop("提出"),
    "reject": gettext_noop("不同意"),
    "receive": gettext_noop("接收"),
    "record": gettext_noop("记录"),
    "recovery_codes_generated": gettext_noop("生成新的恢复码"),
    "refuse": gettext_noop("不再处理"),
    "refuse_own": gettext_noop("拒收本窗口人员自评"),
    "refused": gettext_noop("被拒绝"),
    "register": gettext_noop("登记"),
    "remove_question": gettext_noop("删除题目"),
    "renew_sign": gettext_noop("换发二维码"),
    "repeat": gettext_noop("重复上传"),
    "request": gettext_noop("申请"),
    "resend": gettext_noop("重发"),
    "reset_second_factor": gettext_noop("重置两步验证"),
    "restore": gettext_noop("恢复演练"),
    "revise": gettext_noop("修订"),
    "revoke": gettext_noop("停用"),
    "reword": gettext_noop("修改题目"),
    "screen": gettext_noop("检查证据文件"),
    "seed": gettext_noop("确定抽签种子"),
    "send_back": gettext_noop("退回修改"),
    "serve": gettext_noop("送达裁定"),
    "set": gettext_noop("填写"),
    "set_day": gettext_noop("调整日期"),
    "settle": gettext_noop("作出结论"),
    "simulate": gettext_noop("模拟"),
    "slip": gettext_noop("打印评价小票"),
    "source_total": gettext_noop("填写来源总数"),
    "start": gettext_noop("开始"),
    "steer": gettext_noop("改变进度"),
    "step_in": gettext_noop("候补评审员递补"),
    "stop_sign": gettext_noop("停用旧二维码"),
    "stray": gettext_noop("密钥从别的网络使用"),
    "take": gettext_noop("取走文件"),
    "take_file": gettext_noop("导出人员和角色"),
    "too_few": gettext_noop("评审员不足"),
    "totp_activated": gettext_noop("启用两步验证"),
    "totp_deactivated": gettext_noop("停用两步验证"),
    "try": gettext_noop("试归类"),
    "vote": gettext_noop("表决"),
    "wave": gettext_noop("发出邀请"),
    "withdraw": gettext_noop("撤回"),
}
ACTS: dict[str, tuple[type[TextChoices], ...]] = {
    "case": (Action,),
    "disclosure": (DisclosureAct,),
    "notice": (Act,),
    "suggestion": (SuggestionAct,),
    "warning": (WarningAct,),
    **{kind: (DossierAct, course.acts) for kind, course in COURSES.items() if kind != Kind.CLUE},
    # What is published of a walk is an act on its public copy.
    "walk": (DossierAct, COURSES[Kind.WALK].acts, DisclosureAct),
    "sealed": (DossierAct, COURSES[Kind.CLUE].acts),
}
EVIDENCE = {"case.add_evidence": gettext_noop("添加证据")}
MODELS: dict[str, type[Model]] = {
    "duty_rule": DutyRule,
    "hall": Hall,
    "item": ServiceItem,
    "membership": Membership,
    "region": Region,
    "staff": Staff,
    "unit": Unit,
    "window": Window,
}
FIELDS = {
    "amount": gettext_noop("天数"),
    "anchor": gettext_noop("抄录的校验码"),
    "data_until": gettext_noop("数据截至"),
    "day": gettext_noop("日期"),
    "grain": gettext_noop("公开的日期精度"),
    "head": gettext_noop("校验码"),
    "hidden": gettext_noop("隐去"),
    "item": gettext_noop("事项"),
    "kept": gettext_noop("保留"),
    "kind": gettext_noop("类别"),
    "matter": gettext_noop("公开事项"),
    "name": gettext_noop("名称"),
    "pictures": gettext_noop("图片"),
    "problem": gettext_noop("反映的问题"),
    "role": gettext_noop("角色"),
    "source": gettext_noop("依据"),
    "standing": gettext_noop("公示状态"),
    "until": gettext_noop("止"),
    "valid_from": gettext_noop("起"),
    "valid_to": gettext_noop("止"),
    "verdict": gettext_noop("结果"),
    "case": gettext_noop("差评件"),
    "count": gettext_noop("数量"),
    "filters": gettext_noop("筛选条件"),
    "format": gettext_noop("格式"),
    "is_active": gettext_noop("在用"),
    "level": gettext_noop("评价等级"),
    "note": gettext_noop("说明"),
    "purpose": gettext_noop("目的"),
    "reason": gettext_noop("理由"),
    "result": gettext_noop("结果"),
    "row": gettext_noop("问题记录"),
    "rows": gettext_noop("记录数"),
    "stage": gettext_noop("状态"),
    "state": gettext_noop("状态"),
    "unit": gettext_noop("单位"),
    "version": gettext_noop("版本"),
}
# Kinds of objects whose rows on the trail may hold words about cases, ratings or what citizens said.
CASE_KINDS = frozenset(
    {
        *(
            "appeal",
            "call",
            "case",
            "disclosure",
            "evaluation",
            "finding",
            "pressure",
            "rating",
            "service",
            "suggestion",
        ),
        *("dossier", "walk", "warning"),
    }
)
VALUES: dict[str, type[TextChoices]] = {
    "grain": DateGrain,
    "purpose": Purpose,
    "result": CheckResult,
    "role": Role,
    "standing": Standing,
    "state": State,
    "verdict": Verdict,
}
EMPTY: tuple[object, ...] = (None, "", [], {})


def kind_of(name: str) -> str:
    """What a kind of object is called; its name where nobody has worded it."""
    return _(KINDS[name]) if name in KINDS else name


def act_of(action: str) -> str:
    """What an action is called: "差评件: 签收"; its code where nobody has worded it."""
    kind, _dot, verb = action.partition(".")
    said = _said(kind, verb)
    return f"{kind_of(kind)}: {said}" if said and kind in KINDS else action


def _said(kind: str, verb: str) -> str:
    if f"{kind}.{verb}" in EVIDENCE:
        return _(EVIDENCE[f"{kind}.{verb}"])
    for listed in ACTS.get(kind, ()):
        if verb in listed.values:
            return str(listed(verb).label)
    return _(VERBS[verb]) if verb in VERBS else ""


def known_actions() -> Iterator[str]:
    """Every action that has words, by its code."""
    for kind in KINDS:
        verbs = [verb for listed in ACTS.get(kind, ()) for verb in listed.values] or [*VERBS]
        yield from (f"{kind}.{verb}" for verb in verbs)
    yield from EVIDENCE


def actions_like(words: str) -> list[str]:
    """The codes of the actions whose words hold what somebody typed."""
    wanted = words.casefold().strip()
    return sorted({code for code in known_actions() if wanted in act_of(code).casefold()})


@dataclass(frozen=True)
class Changed:
    """One field: what it is called, what it was, what it became. None where there was nothing to say."""

    label: str
    before: str | None
    after: str | None

    @property
    def chinese(self) -> bool:
        """Whether what it was or became is written in Chinese, as names are in every language of the page."""
        return bool(HAN.search(f"{self.before or ''}{self.after or ''}"))


def changes_of(entry: AuditEntry) -> list[Changed]:
    """What an act changed, field by field, in words; what was and stayed empty is not told."""
    before, after = (side if isinstance(side, dict) else {} for side in (entry.before, entry.after))
    return [
        Changed(
            _field(entry.object_type, name),
            _value(entry.object_type, name, before[name]) if name in before else None,
            _value(entry.object_type, name, after[name]) if name in after else None,
        )
        for name in dict.fromkeys([*before, *after])
        if name in before or after[name] not in EMPTY
    ]


def _column(kind: str, name: str) -> Any:
    try:
        return MODELS[kind]._meta.get_field(name) if kind in MODELS else None
    except FieldDoesNotExist:
        return None


def _field(kind: str, name: str) -> str:
    column = _column(kind, name)
    if column is not None:
        return str(column.verbose_name)
    return _(FIELDS[name]) if name in FIELDS else name


def _value(kind: str, name: str, value: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    choices = dict(getattr(_column(kind, name), "flatchoices", ()) or ())
    if value in choices if isinstance(value, str | int) else False:
        return force_str(choices[value])
    listed = VALUES.get(name)
    if listed is not None and value in listed.values:
        return str(listed(value).label)
    if isinstance(value, dict):
        return ", ".join(f"{_field(kind, key)}: {_value(kind, key, one)}" for key, one in value.items()) or "—"
    if isinstance(value, list):
        return ", ".join(_value(kind, name, one) for one in value) or "—"
    return str(value)
