"""The four campaigns that the city's report names, as templates (domain.md §1 row 5). Pure.

The report counts five and names four. The fifth is not invented: whoever needs one writes it.
"""

from __future__ import annotations

from dataclasses import dataclass

from oversight.enums import Method


@dataclass(frozen=True)
class Template:
    """A campaign to begin from: its words are the office's, and are changed before it starts.

    klass: the problem class it is against. trigger: what people complained of.
    """

    title: str
    method: Method
    klass: str
    trigger: str
    checklist: tuple[str, ...]


TEMPLATES: dict[str, Template] = {
    "payment": Template(
        "窗口收费渠道全面普查",
        Method.SURVEY,
        "收费与支付",
        "窗口不收现金",
        (
            "每个收费窗口能收现金,备有零钱",
            "能刷银行卡、扫码,设备正常",
            "收费项目、标准、依据公示在窗口",
            "没有拒收现金或指定渠道的告示",
            "老年人不用手机也能缴费",
        ),
    ),
    "telephone": Template(
        "咨询电话通报抽查",
        Method.SAMPLE,
        "咨询与电话",
        "电话没人接",
        (
            "公布的号码和实际一致",
            "工作时间响铃五声内有人接",
            "转接不超过一次",
            "无人接听时当天回电",
            "答复和办事指南一致",
        ),
    ),
    "guide": Template(
        "服务指南交叉互查",
        Method.CROSS,
        "办事指南与材料",
        "办事指南不靠谱",
        (
            "材料清单和窗口实际要求一致",
            "有填写样本,样本正确",
            "时限、费用、地点、电话是最新的",
            "没有指南以外的条件和材料",
            "网上、窗口、手机三处内容一致",
        ),
    ),
    "training": Template(
        "业务小班集中轮训",
        Method.TRAINING,
        "业务能力",
        "咨询不给说明白",
        (
            "窗口人员参加小班轮训并考核",
            "一次性告知单用起来",
            "疑难问题有首问负责人",
            "轮训后抽查现场答复",
        ),
    ),
}


# 暗访、巡查: what whoever is sent looks at, changed where a plan wants something else.
CHECKLIST: tuple[str, ...] = (
    "窗口工作人员在岗,不做与工作无关的事",
    "一次性告知所需材料,给告知单",
    "收费渠道齐全,收现金,收费标准公示",
    "办事指南和窗口要求一致",
    "评价器能用,不引导、不代替群众好评",
    "咨询电话有人接听,答复和窗口一致",
    "投诉和差评渠道公示,号码能打通",
    "老年人、残疾人有人帮办,不用手机也能办",
)
