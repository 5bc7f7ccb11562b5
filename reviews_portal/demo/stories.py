"""演示案件: what was said, and the way each case went, as a script of acts. Invented, but for the six of the seed.

A script is a line of words; `teller.Teller` knows each word. "+2d" lets two days pass.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    unit: str
    level: int
    tags: tuple[str, ...]
    text: str
    script: str
    item: str = ""
    phone: bool = True
    wrong: str = "窗口未按办事指南一次性告知。"
    changed: str = "已按指南补正,并对窗口人员重新培训。"
    reply: str = "您反映的问题已核实并整改,感谢您的监督。"


# As a case begins when nothing comes between, and as it ends when the evaluator is content.
HEARD, SETTLED = "precheck dispatch sign contact", "report reply call_ok close"
STRAIGHT = f"{HEARD} {SETTLED}"
LATE = f"{HEARD} +12d {SETTLED}"

# The six complaints of the seed (seed.txt), each with a way of its own.
SEED = [
    Story(
        "370600-GAJ",
        2,
        ("214",),
        "窗口不收现金,老人没有手机支付,跑了两趟没办成。",
        "precheck dispatch sign contact report return_report report reply call_ok close typical",
        "居住证办理",
        wrong="窗口只接受扫码支付,没有现金找零。",
        changed="恢复现金收费,备足零钱,张贴现金收费标识。",
        reply="我们已恢复现金收费并备足零钱,您可以随时到窗口办理。给您添了麻烦,非常抱歉。",
    ),
    Story(
        "370600-RSJ",
        1,
        ("115",),
        "咨询电话没人接,打了三天都是忙音。",
        "precheck dispatch sign ring +1d ring contact report reply call_unhappy rework_report reply call_ok close",
        wrong="咨询电话只有一部,午休无人值守。",
        changed="增设两部电话,午间轮值,未接来电当日回拨。",
        reply="咨询电话已增加到三部,午间也有人接听,未接来电当日回拨。",
    ),
    Story(
        "370600-GJJ",
        2,
        ("213",),
        "咨询不给说明白,问三个人三种说法。",
        "precheck dispatch sign contact report reply +1d call_missed +1d call_missed_late +1d call_missed "
        "give_up close",
        wrong="窗口人员对新政策掌握不一。",
        changed="业务小班轮训,统一口径,制作一页纸问答。",
        reply="我们已组织轮训并统一答复口径,问答单可在窗口领取。",
    ),
    Story(
        "370600-ZGJ",
        1,
        ("109", "111"),
        "办事指南不靠谱,网上写三样材料,到窗口要五样。",
        "precheck dispatch refuse +1d deny_refusal sign contact ask_extension approve_extension +3d report reply "
        "call_ok close reopen rework_report reply verdict_ok close",
        wrong="网上指南未随政策更新。",
        changed="指南交叉互查并更新,多收的两项材料已取消。",
        reply="网上指南已更新,多收的两项材料已取消,您可凭原三项材料办理。",
    ),
    Story(
        "370600-WJW",
        2,
        (),
        "医疗废物处置费用对小诊所太高,申请减免没有人管。",
        "precheck dispatch sign contact ask_complex approve_complex co:370600-HBJ co:370600-FGW +2d "
        "co_answer:370600-HBJ study +1d co_answer:370600-FGW visit +4d explain reply call_ok close typical",
        "医疗废物集中处置费用减免申请",
        wrong="小诊所按床位收费偏高,现行收费标准未规定减免。",
        reply="经多部门专题研究,现行收费标准没有减免条款,我们已为您联系按次收运,并向上级建议调整标准。",
    ),
    Story(
        "370600-CGS",
        1,
        ("113",),
        "跨省办理车辆解抵押,两地来回跑,谁都说不归自己管。",
        "precheck dispatch sign contact ask_complex approve_complex co:370600-GAJ visit +2d co_answer:370600-GAJ +3d "
        "report reply call_unhappy rework_report reply call_unhappy rework_report reply verdict_bad escalated_report "
        "reply call_ok close typical",
        "机动车解除抵押登记（跨省通办）",
        wrong="外省抵押权人材料无法互认。",
        changed="与外省车管所建立专线核验,材料线上互认,上门办结。",
        reply="已与对方车管所核验并为您上门办结解除抵押登记,今后同类业务线上互认。",
    ),
]

# Open cases and special ends: at least one in every state.
OPEN = [
    Story("370600-GAJ", 1, ("108",), "要求提供指南上没有的证明。", ""),
    Story("370600-SJJ", 2, ("207",), "没有样本,填了三遍。", ""),
    Story("370602-SPJ", 2, ("212",), "预约了还要重新排队。", ""),
    Story("370600-YBJ", 2, ("210",), "孩子住院走不开,同样的证明还让我交两次。", "precheck"),
    Story("370600-TAX", 1, ("112",), "网上说能办,提交不了。", "precheck"),
    Story("370600-GAJ", 2, ("209",), "说好三天,等了八天。", "precheck dispatch"),
    Story("370600-GAJ", 1, ("109",), "又要户口本又要房产证。", "precheck dispatch", "居住证办理"),
    Story("370600-RSJ", 2, ("214",), "问一句答半句。", "precheck dispatch"),
    Story("370600-MZJ", 2, ("208",), "没有材料清单。", "precheck dispatch refuse"),
    Story("370600-JTJ", 1, ("113",), "三个窗口来回推。", "precheck dispatch refuse accept_refusal"),
    Story("370600-GAJ", 1, ("115",), "态度差,头也不抬。", "precheck dispatch sign"),
    Story("370600-ZJJ", 2, ("213",), "业务不熟,让我自己上网查。", "precheck dispatch sign ring"),
    Story("370600-GAJ", 2, ("207",), "没有填表样本。", "precheck dispatch sign contact"),
    Story("370600-GJJ", 2, ("211",), "承诺网办,系统一直报错。", "precheck dispatch sign contact +6d"),
    Story("370600-SPJ", 1, ("110",), "超过法定时限没有说法。", "precheck dispatch sign contact ask_extension"),
    Story("370600-HBJ", 2, ("210",), "环评材料重复提交。", "precheck dispatch sign contact ask_complex"),
    Story("370600-WJW", 2, ("208",), "材料说一半。", "precheck dispatch sign contact co:370600-YBJ"),
    Story("370600-GAJ", 2, ("209",), "取号等了一上午。", "precheck dispatch sign contact report"),
    Story("370600-YBJ", 1, ("109",), "多要一份说明。", "precheck dispatch sign contact report"),
    Story(
        "370600-GAJ",
        2,
        ("214",),
        "我的车鲁F1D234停在门口被催着挪,问一句就不耐烦。",
        "precheck dispatch sign contact report reply",
    ),
    Story("370600-SJJ", 2, ("213",), "一次没告知全。", "precheck dispatch sign contact report reply"),
    Story("370600-RSJ", 2, ("209",), "超时。", "precheck dispatch sign report reply", phone=False),
    Story("370602-SPJ", 1, ("114",), "说跑一次,跑了四次。", "precheck dispatch sign contact report reply call_missed"),
    Story("370600-CGJ", 2, ("210",), "材料反复交。", "precheck dispatch sign contact report reply call_unhappy"),
    Story(
        "370600-ZGJ",
        1,
        ("111",),
        "样本有错,照着填被退回。",
        "precheck dispatch sign contact report reply call_unhappy rework_report reply call_unhappy rework_report reply "
        "call_unhappy",
    ),
    Story("370600-GAJ", 2, ("208",), "清单不全。", "precheck dispatch sign contact report reply call_ok"),
    Story("370600-TAX", 2, ("213",), "解释不清。", "precheck dispatch sign contact report reply verdict_ok"),
    Story(
        "370600-MZJ",
        2,
        ("207",),
        "没样本。",
        "precheck dispatch sign contact report reply call_missed +1d call_missed_late +1d call_missed give_up",
    ),
    Story("370600-JYJ", 1, ("108",), "额外要求工作证明。", "precheck dispatch sign contact appeal:W8"),
    Story("370600-NYJ", 2, ("209",), "等太久。", "precheck dispatch sign contact appeal:W3 votes:uphold serve"),
    Story("370600-RSJ", 2, ("214",), "让我删差评。", "precheck dispatch sign contact pressure"),
    Story("370600-GJJ", 2, ("213",), "催了没人回。", "precheck dispatch sign contact supervise"),
]

# Ratings that are contested: heard, ruled on, and still in somebody's drawer.
APPEALS = [
    Story("370600-GAJ", 1, ("109",), "在窗口等了一上午才叫到。", "precheck dispatch sign contact appeal:W6"),
    Story("370600-SJJ", 2, ("213",), "等了两个小时没人理。", "precheck dispatch sign contact contest:W6 hear"),
    Story(
        "370600-RSJ",
        2,
        ("214",),
        "停车场乱收费。",
        "precheck dispatch sign contact appeal:W5 votes:reject,unproven serve review",
    ),
    Story(
        "370600-TAX",
        1,
        ("112",),
        "网上提交不了。",
        "precheck dispatch sign contact appeal:W9 votes:partly,uphold,partly",
    ),
    Story(
        "370600-YBJ", 2, ("210",), "证明材料要了两遍。", "precheck dispatch sign contact appeal:W9 two:uphold,reject"
    ),
    Story(
        "370600-HBJ", 1, ("108",), "受理前要我先盖章。", "precheck dispatch sign contact appeal:W8 votes:reject serve"
    ),
    Story("370600-ZJJ", 2, ("213",), "点错了也改不了。", "precheck dispatch sign contact draft:W1"),
    Story("370600-GAJ", 2, ("209",), "叫号叫了半天。", "precheck dispatch sign contact draft:W6"),
]

CLOSED = [
    Story("370600-GAJ", 2, ("207",), "没有材料样本。", STRAIGHT),
    Story("370600-GAJ", 1, ("109",), "多要材料。", STRAIGHT, "居住证办理"),
    Story("370600-RSJ", 2, ("209",), "没有按时办结。", STRAIGHT),
    Story("370600-SJJ", 2, ("214",), "窗口的柳师傅态度生硬,给我留的13800004321也打不通。", STRAIGHT),
    Story("370600-YBJ", 2, ("208",), "清单没给。", STRAIGHT),
    Story("370600-TAX", 2, ("212",), "预约后重复取号。", STRAIGHT),
    Story("370600-ZGJ", 2, ("213",), "业务不熟练。", "precheck dispatch sign report reply on_file close", phone=False),
    Story("370600-SPJ", 2, ("210",), "证明重复提交。", STRAIGHT),
    Story("370602-GAJ", 2, ("214",), "窗口催着走。", STRAIGHT),
    Story("370602-RSJ", 1, ("114",), "家住迎春大街99号3号楼2单元,来回跑了三趟。", STRAIGHT),
    Story("370613-SPJ", 2, ("207",), "没样表。", STRAIGHT),
    Story("370681-TAX", 2, ("211",), "网办失败。", STRAIGHT),
    Story("370600-GJJ", 2, ("208",), "没说清材料。", STRAIGHT),
    Story("370600-CGS", 1, ("110",), "补证超期。", "precheck dispatch sign contact report reply verdict_ok close"),
    Story("370600-WJW", 2, ("213",), "答非所问。", "precheck dispatch sign contact explain reply call_ok close"),
    Story("370600-HBJ", 2, ("209",), "办结晚。", "precheck dispatch sign report reply on_file close", phone=False),
    Story(
        "370600-ZJJ",
        1,
        ("113",),
        "多头跑。",
        "precheck dispatch sign contact supervise answer report reply call_ok close",
    ),
    Story("370600-MZJ", 2, ("214",), "不耐烦。", STRAIGHT + " hide settle:not_found"),
    Story("370600-JTJ", 2, ("207",), "没有样本。", STRAIGHT),
    Story("370600-SFJ", 2, ("208",), "材料没列全。", STRAIGHT),
    Story("370600-CLH", 2, ("209",), "办得慢。", STRAIGHT),
    Story(
        "370600-TYJ",
        2,
        ("213",),
        "问不明白,还打电话劝我改成满意。",
        "precheck dispatch sign contact pressure settle:found report reply call_ok close",
    ),
]

STORIES = SEED + OPEN + CLOSED + APPEALS
