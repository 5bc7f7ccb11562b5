"""The words around a name that speak of a person, and what each makes the name cheaper (see `clauses`)."""

from __future__ import annotations

import re
from typing import NamedTuple

from identity.redaction.lexicon import words
from identity.redaction.reading import TAKEN


class Before(NamedTuple):
    """`worth`: what a name behind it gains. `alone`: whether a surname may stand there by itself (复核人:王)."""

    worth: float
    alone: bool = False


class After(NamedTuple):
    """What a name before it gains, and what a surname by itself gains (…女士)."""

    full: float
    bare: float = 0.0


# Strongest first: a field of a form; a role, a kinship or a list of names; whom one asks or thanks; a mention.
FIELD, PARTY, ROLE, ASKED, MENTIONED = Before(12.0, True), Before(9.0, True), Before(9.0), Before(7.0), Before(4.0)
START, THEN, NOTHING_BEFORE = Before(2.0), Before(3.5), Before(0.0)
# Between a role and its name: 负责人是…, 联系人:…, 负责人(…
FILLERS = frozenset('是为叫:"“”‘(、, \t\n')

_CALLED = "我叫 名叫 叫做 本名 真名 个叫 位叫"
_ROLES = (
    "姓名 名字 名叫 叫做 叫作 大名 叫 本人 我就是 自称 姓 尊敬的 @ 实名 员 法人 户主 户名 房主 车主 机主 "
    "业主 代表 甲方 乙方 承办 经办 复核 审核 签发 对象 村民 居民 群众 用户 "
    "客户 顾客 患者 病人 学生 同学 同事 朋友 邻居 室友 战友 老乡 老师 主任 教师 民警 辅警 交警 保安 保洁 "
    "会计 出纳 财务 法务 秘书 司机 律师 法官 书记 干部 经理 主管 店长 老板 "
    "总监 干事 志愿者 清洁工 房东 租客 租户 中介 代办 帮办 导服 导办 科长 局长 处长 所长 队长 站长 组长 镇长 "
    "村长 会长 老公 老婆 爱人 丈夫 妻子 爸 妈 爸爸 妈妈 父亲 母亲 "
    "儿子 女儿 闺女 孙女 孙子 外孙 外孙女 弟 弟弟 哥 哥哥 姐 姐姐 妹 妹妹 儿媳 媳妇 老伴 舅妈 舅舅 姑姑 姑父 "
    "姨妈 叔叔 婶子 大哥 大姐 大爷 大妈 大娘 大叔 小妹 小哥 侄子 侄女 "
    "外甥 外甥女 女婿 岳父 岳母 同志 小姐姐 姑娘 小伙 小伙子 领导 外号 化名 又名 曾用名 "
    "爷爷 奶奶 外公 外婆 姥姥 姥爷 公公 婆婆 嫂子 嫂嫂 弟媳 弟妹 姐夫 妹夫 小舅子 小姨子 侄儿 干妈 干爹 徒弟 "
    "师父 发小 闺蜜 男友 女友 男朋友 女朋友 未婚夫 未婚妻 新娘 新郎 房客 住户 商户 农户 市民 网民 网友 读者 "
    "家长 职工 员工 考生 旅客 乘客 病友 战士 老兵 退伍军人 党员 股东 董事 监事 店主 摊主 船主 货主 失主 债主 "
    "同桌 街坊 证人 家属 亲属 亲戚 老父亲 老母亲 老爹 老娘 亲家 作者 会员 队员 学员 助理 顾问 "
    "专家 教授 大夫 医生 护士 警官 柜员 业务员 办事员 科员 协警 负责人 "
    "楼主 群主 雇主 园长 校长 院长 馆长 班长 支书 副书记 副主任 副科长 副局长 网格员 保洁员 讲解员 接线员 法定代表人 "
    "死者 伤者 逝者 受害者 肇事者 当事者 经营者 使用者 遗孀 摊贩 老板娘 个体户 包工头 楼长 栋长"
)
_PARTIES = (
    "经承办理系络请收寄件款证表定诉报访信求价托责核发签诺复订租伤查执受负继转付主护养"
    "赠保险资领取检验审批导制填建录交投纳缴用见驾持权务借贷登记询介荐买卖购"
)
_ASKED_SURELY = (
    "我是 委托 打给 电话给 微信给 消息给 转告 见到 碰到 见过 遇到 认识 一位 有位 那位 这位 交给 递给 发给 替 "
    "多亏 表扬 夸一下 夸夸 致 "
    "跟 推荐"
)
_ASKED = (
    "找 找到 问 与 请 烦请 拟请 帮 帮我 感谢 谢谢 夸 举报 投诉 联系 据 经 不服 服从 请联系 通知 又找 再找 牵头 "
    "系 就差 抄送 窗口 号台 柜台 号窗 大厅 值班 处理 显示 写着 写的 印成 打成 写成 记成 喊他 喊她 喊 叫他 叫她 "
    "称他 称她 遇上 碰上 "
    "管管 控告 询问 举荐 转给 交给 除了 只有 换 通过 关于 有关 对于 任命 免去 责令 给予 "
    "约谈 责成 诫勉 指定 委派 抽调 聘请 追究 问责 委任 停职 辞退 严惩 幸亏 幸好 "
    "碰见 遇见 多谢 批评 换成 指派 请教 寄给 赞 陪 替 受"
)
_MENTIONED = (
    "孩子 小孩 工作人员 让 给 和 同 向 对 被 由 见 关于 位 那个 这个 不是 是 还有 以及 及 "
    "连 因 的 说 都 了 等 像 有 听 附 我 咱 : 为 按 科 队"
)
# What a sentence goes on with; somebody may be its subject.
_THEN = (
    "结果 接着 随后 后来 于是 而 但 可 可是 但是 不过 然而 如 像 以 除 怎么 为什么 为啥 凭什么 明明 可惜 幸好 幸亏 "
    "还好 当时 当天 "
    "那天 这天 昨天 今天 前天 昨日 今日 上午 下午 中午 早上 晚上 去年 今年 前年 之前 以前 现在 目前 至今 最后 终于 "
    "原来 其实 据说 "
    "听说 得知 知道 才知 发现 看到 看见 希望 建议 请求 要求 先是 再是 因为 由于 如果 虽然 所以 因此 隔壁 里面 "
    "电话里 每次 "
    "这次 上次 那次 第二天 月 日 号 点 时候 之后 以后 左右 只有 全靠 除了 尤其 特别是 包括 例如 比如 分别 现任 "
    "前任 原任 "
    "时任 我们 咱们 就 且"
)

BEFORE: dict[str, Before] = (
    dict.fromkeys(_THEN.split(), THEN)
    | dict.fromkeys(_MENTIONED.split(), MENTIONED)
    | dict.fromkeys(_ASKED.split(), ASKED)
    | {f"{number}楼": ASKED for number in "123456789一二三四五六七八九"}
    | dict.fromkeys(_ASKED_SURELY.split(), ROLE)
    | dict.fromkeys(_ROLES.split(), ROLE)
    | {f"{party}人": PARTY for party in _PARTIES}
    | {f"{rank}{kin}": ROLE for rank in "大二三四五六小老堂表" for kin in "姑姨舅叔伯婶嫂哥姐弟妹爷奶"}
    | {f"{owner}{kin}": ROLE for owner in "他她我你俺" for kin in "姑姨舅叔伯婶嫂"}
    | {f"〓{joint}": PARTY for joint in "、和及与跟"}
    | dict.fromkeys(("姓", "员", "代表", "甲方", "乙方"), PARTY)
    | dict.fromkeys(_CALLED.split(), FIELD)
)

TITLE, SHORT_TITLE, BARE_TITLE = After(11.0, 12.0), After(5.0, 6.5), After(0.0, 6.5)
SEX, SIGNED, END, HUMAN, PERSONAL = After(12.0), After(6.0), After(3.0), After(4.0), After(1.5)
NOTHING_AFTER = After(0.0)
# 李沧区, 王家庄, 张裕公司: no persons. 王某 is nobody already.
NO_PERSON = After(-8.0)

_TITLES = (
    "女士 先生 小姐 老师 师傅 科长 处长 局长 主任 经理 总经理 同志 大姐 大哥 大爷 大妈 大娘 大叔 大婶 大夫 "
    "阿姨 阿婆 股长 所长 书记 医生 护士 警官 律师 法官 校长 院长 站长 队长 组长 "
    "园长 会计 干事 姑娘 教授 工程师 镇长 区长 市长 县长 乡长 村长 老板 社长 保安 奶奶 爷爷 叔叔 女娃子 小哥 "
    "小姐姐 小伙 美女 帅哥 总监 秘书 部长 老人 副科长 副处长 副局长 副主任 副所长 "
    "副镇长 副区长 副市长 家媳妇 家老大 家老二 家老三 家大哥 家大嫂 家儿子 家闺女 家孩子 姓 "
    "老师傅 师父 支书 副书记 副站长 副院长 副校长 副经理 副队长 检察官 班长 会长 秘书长 馆长 主管 店长 护士长 "
    "老乡 小朋友 同学 姐姐 哥哥 妹妹 弟弟 婆婆 公公 大嫂 婶婶 姑姑 舅舅 伯伯 大伯 老伯 教练 专员 网格员 辅警 "
    "民警 交警 工作人员 办事员 业务员 柜员 科员 协警 司机 主席 委员 老总 董事长 总裁 夫妇 夫妻 两口子"
)
_SHORT_TITLES = "姐 哥 叔 姨 婶 嫂 总 工 局 处 科 所 队 爷 奶"
# Also the ends of names (金福生), so only behind a surname.
_BARE_TITLES = "老 生"
# 张总的…, 李姐是…: such a character behind a short title makes no word with it.
_PARTICLES = frozenset("的是说在也给让就都又")
_SIGNATURES = "敬上 谨上 拜上 亲笔 亲启 签名 签字 手写 代签 代交 名下 本人 敬启"
_PERSONAL = (
    "说 告诉 接待 态度 服务 业务 在 的 让 把 给 不 没 很 就 真 俩 两 帮 办 签 来 去 打 是 也 都 又 还 已 跑 "
    "人 反映 反应 答应 亲自 最 太 从 到 对 能 会 要 有 同 值班 负责 牵头 主持 "
    "耐心 动作 全程 之妻 之夫 为首 退休 休假 出差 加班 迟到 说话 你 真棒 辛苦 好样 连个 一直 刚刚 昨天 今天 明天 "
    "一问 "
    "热情 业务 手续 家的 家装 拒不 到岗 离岗 其称 辩称 于 从 凭什么 不配 名下 代领 代办 "
    "凶 骂 吼 怼 训 收 接 催 劝 教 领 陪 送 扶 点赞 代办 委托 要求 来电 来访 来信 答复 告知 口头 表示 提出 窗口 户 "
    "收 "
    "上门 协调 介绍 处理 加油 取得 审批 批示 陈述 列席 联名 代领 推荐 认证 前往 携带 录 主动 捡 捐 手机 家的 此 "
    "却 竟 偏 仍 均 曾 未 才 竟然 居然 总是 老是 仍然 曾经 拒绝 两次 三次 多次 几次 只顾 只会 正好 刚好 恰好 一直 "
    "当场 当面 当时 等人 "
    "之后 所说 迟迟 至今 口气 语气 代表 承诺 推诿 敷衍 无关 解释 回复 回话 回应 联系 通知 询问 接听 挂断 "
    "拿 看 把我 对我 跟我 向我 和我 给我 让我 叫我 骂我 两人 三人 二人 二位 几人 总说 老说 也说 又说 却说 偏说 就说"
)
# What only a person does.
_HUMAN = (
    "说我 说他 说她 说你 告诉 态度 服务态度 值班 骂人 骂我 骂骂 吼我 怼我 训我 答应 亲自 推诿 敷衍 承诺 解释 接待 "
    "帮我 给我 让我 把我 "
    "拒绝 耐心 热情 休假 出差 退休 请假 轮休 签字 打电话 挂电话 微笑 笑着 笑眯 说话 说完 却说 偏说 总说 老说 就说 "
    "也说 又说 只顾 "
    "聊天 打游戏 吃东西 喝茶 早退 旷工 脱岗 离岗 上班 下班 没抬头 翻白眼 甩脸 冷笑 嘲笑 推脱 推来 踢皮球 刁难 "
    "为难 顶班 "
    "代班 替班 调走 调离 升职 辞职 离职 入职 签收 出面 到场 带队 带着 领着 陪着 扶着 追上 跑来 跑过 走过 赶来 "
    "主动 热心 "
    "认真 细心 麻利 利索 磨蹭 磨叽 懒散 蛮横 嚣张 粗暴 和气 和蔼 客气 亲切 敬业 不耐烦 没好气 爱理 不认账 不承认 认错 "
    "道歉 赔礼 回电 来电话 打来 接电话 反问 质问 吼了 骂了 瞪我 瞪了 拍桌 摔门 收了我 收我 拿走 拿了我 拦住 "
    "拦着 催我 劝我 "
    "教我 领我 陪我 送我 扶我 替我 跟我 对我 向我 冲我 朝我 问我 叫我 喊我 回我 解答 讲解 "
    "说缺 说要 说没 说不 说已 说系 说可 说这 说是 说等 说得 说还 说让 说自 说了 说过 说材 "
    "端着 坐着 站着 拿着 低着头 拎着 戴着 穿着 叼着 翘着 捧着 躺着 趴着 倚着 靠着 板着 皱着 "
    "手上有 手里有 手上还 手里还 嘴里 头也不 头都不 眼皮 眼睛 "
    "人如其 人不错 人很好 人特别 人真好 人挺 人蛮 人美 这个办事 这个工作 这个窗口 这个科 这个主任 这个干部 这个老 "
    "予以 进行约 进行批 进行诫 进行谈 进行提 作出书 作书面 作检讨 "
    "这个人 这人 这位 本人 口气 语气 脾气 抽烟 嗑瓜 玩手机 刷视频 爱答 不理 反复说 "
)
# 某某之女, in papers.
_OFFSPRING = "之子 之女 之父 之母 之兄 之弟 之妻 之夫 之妹 之姐"
_COMES = "来办 来这 来过 来取 来领 来问 来了"
_NO_PERSONS = (
    "某 区 县 镇 乡 市 村 路 街 巷 屯 港 家街道 家村 家庄 家镇 家沟 家屯 家寨 家疃 街道 大街 公司 集团 "
    "专卖店 超市 饭店 酒店 饭馆 理发 书店 药店 大药房 博物馆 公园 大学 学校 大厦 广场 精神 奖 "
    "医院 小学 中学 家园 花园 小区"
)
_NUMERALS = "23456789二两三四五六七八九十几俩仨"

AFTER: dict[str, After] = (
    dict.fromkeys(_PERSONAL.split(), PERSONAL)
    | dict.fromkeys(_HUMAN.split(), HUMAN)
    | {f"等{number}": PERSONAL for number in _NUMERALS}
    | dict.fromkeys(_SHORT_TITLES.split(), SHORT_TITLE)
    | dict.fromkeys(_BARE_TITLES.split(), BARE_TITLE)
    | dict.fromkeys(_SIGNATURES.split(), SIGNED)
    | dict.fromkeys(_NO_PERSONS.split(), NO_PERSON)
    | dict.fromkeys(_TITLES.split(), TITLE)
    | dict.fromkeys(_COMES.split(), END)
    | dict.fromkeys(_OFFSPRING.split(), SIGNED)
    | dict.fromkeys(("什么的", "啥的"), BARE_TITLE)
    | dict.fromkeys((",他", ",她"), HUMAN)
    | {"姓名": NOTHING_AFTER, "姓氏": NOTHING_AFTER}
    | dict.fromkeys(("你好", "您好", "你们好"), After(TITLE.full))
    | {f"{number}位": SHORT_TITLE for number in _NUMERALS}
    | {f"{joint}〓": After(TITLE.full) for joint in "和及与,"}
    | {"、〓": TITLE}
    | {f"{left}{sex}{right}": SEX for left in ",、( " for sex in "男女" for right in ",、) "}
)
_LONGEST = 4
# 问过, 找到, 见了: whom one has asked, found, seen.
_ASPECTS = frozenset("过到了着")
_LAST_OF_BEFORE = frozenset(cue[-1] for cue in BEFORE)
_FIRST_OF_AFTER = frozenset(cue[0] for cue in AFTER)


def before(text: str, place: int) -> Before:
    """What the words before a place say of a name that begins there; roles also over "是", a colon or a bracket."""
    found = START if place == 0 or not (text[place - 1].isalpha() or text[place - 1] == TAKEN) else NOTHING_BEFORE
    end = place
    for _ in range(3):
        cue = _longest(text, end) if text[end - 1 : end] in _LAST_OF_BEFORE else None
        if end == place and text[end - 1 : end] in _ASPECTS and (cue is None or cue.worth < ASKED.worth):
            done = _longest(text, end - 1)
            cue = ASKED if done is not None and done.worth == ASKED.worth else cue
        if cue is not None and cue.worth > found.worth and (end == place or cue.worth >= ROLE.worth):
            found = FIELD if cue.worth >= ROLE.worth and ":" in text[end:place] else cue
        if end == 0 or text[end - 1] not in FILLERS:
            break
        end -= 1
    return found


def _longest(text: str, end: int) -> Before | None:
    for length in range(min(_LONGEST, end), 0, -1):
        if (cue := BEFORE.get(text[end - length : end])) is not None:
            return cue
    return None


def after(text: str, place: int) -> After:
    """What the words at a place say of a name that ends there."""
    found, bare = None, 0.0
    for length in range(_LONGEST, 0, -1) if text[place : place + 1] in _FIRST_OF_AFTER else ():
        cue = AFTER.get(text[place : place + length])
        if cue is not None and not (length == 1 and cue.bare and _is_word(text[place : place + 2])):
            found, bare = found or cue, max(bare, cue.bare)
    if found:
        return After(found.full, bare)
    then = text[place : place + 1]
    return NOTHING_AFTER if (then.isalpha() and not then.isascii()) or then == TAKEN else END


# Whether a preposition before a title is somebody's surname shows in what follows the title: of most, the sentence says
# it only where it goes on like this (和大姐是, 向科长没来), of 连 and 应, where it does not (连老师都, 应科长要求).
_SUBJECT = re.compile("您好|你好|是|今天|昨天|上午|下午|[,。!?]|$")
_SUBJECT_OF_ACTION = re.compile(_SUBJECT.pattern + "|[不没批就也已让]|答应|拒绝")
_IN_PROFESSION = "师|事务|执业|资格|职称|证"
_SUBJECTS = dict.fromkeys("和与同由当", _SUBJECT) | {
    "向": _SUBJECT_OF_ACTION,
    "连": re.compile(f"(?!都|也|竟|还|一|的|{_IN_PROFESSION})"),
    "应": re.compile(f"(?!要|邀|之|的|安|请|指|{_IN_PROFESSION})"),
}
_ANY_SUBJECT = re.compile(f"(?!{_IN_PROFESSION})")
_TITLED = re.compile("|".join(sorted((*_TITLES.split(), *_SHORT_TITLES.split()), key=len, reverse=True)))


def is_subject(text: str, place: int, end: int) -> bool:
    """Whether the preposition at a place, with a title from `end` on, is a surname by what follows it."""
    title = _TITLED.match(text, end)
    return bool(title and _SUBJECTS.get(text[place], _ANY_SUBJECT).match(text, title.end()))


def _is_word(pair: str) -> bool:
    """Whether a short title is the beginning of a word (工牌, 处理)."""
    return len(pair) > 1 and pair in words() and pair[1] not in _PARTICLES
