from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Grain(TextChoices):
    """How long the periods of a table are; the value is what PostgreSQL's date_trunc calls it."""

    DAY = "day", _("日")
    MONTH = "month", _("月")
    QUARTER = "quarter", _("季")
    YEAR = "year", _("年")


class SignalCode(TextChoices):
    """What makes ratings doubtful (domain.md §15, reliability.md §8.2), and three silences. Rules: `signals.py`."""

    DEVICE = "device", _("一部设备评多次")
    DEVICES = "devices", _("多部设备反复评价")
    OUT_OF_HOURS = "out_of_hours", _("下班时间在大厅设备上评价")
    RAPID = "rapid", _("评价间隔过短")
    SAME_TEXT = "same_text", _("文字雷同")
    SAME_TAGS = "same_tags", _("标签雷同")
    SAME_DELAY = "same_delay", _("评价与办结的间隔相同")
    EARLY = "early", _("办结之前的评价")
    LEVEL_JUMP = "level_jump", _("某一档评价突然增多")
    PARTICIPATION = "participation", _("评价率突然升高")
    OVER_SERVICES = "over_services", _("评价多于办件")
    PUSHED = "pushed", _("事后成批补报的评价")
    SERIES = "series", _("同一评价人接连评价")
    SEVERAL = "several", _("多项迹象同时出现")
    CALLBACKS = "callbacks", _("回访与评价不一致")
    NO_NEGATIVES = "no_negatives", _("差评突然消失")
    HOLE = "hole", _("来源在平常时段没有数据")


class FindingState(TextChoices):
    """What a person has found; GONE is of a suspicion that later data have taken away before anybody decided."""

    OPEN = "open", _("待核")
    CONFIRMED = "confirmed", _("属实")
    REFUTED = "refuted", _("不属实")
    DOUBTFUL = "doubtful", _("存疑")
    GONE = "gone", _("数据补齐后不再成立")


DECISIONS = (FindingState.CONFIRMED, FindingState.REFUTED, FindingState.DOUBTFUL)


class Direction(TextChoices):
    """What the ratings of a finding say. Nothing else is decided by it: praise and blame follow one rule."""

    PRAISE = "praise", _("好评")
    BLAME = "blame", _("差评")
    MIXED = "mixed", _("好评和差评")
    SILENCE = "silence", _("没有评价")


class FindingAct(TextChoices):
    FOUND = "found", _("发现")
    CHANGED = "changed", _("数据变化")
    GONE = "gone", _("不再成立")
    EXPLAIN = "explain", _("单位说明")
    DECIDE = "decide", _("认定")


class SchemeKind(TextChoices):
    """市级考核办法 scores the city's departments and its counties, 县级考核办法 the units of each county."""

    CITY = "city", _("市级考核")
    COUNTY = "county", _("县级考核")


class SchemeState(TextChoices):
    DRAFT = "draft", _("草稿")
    PROPOSED = "proposed", _("待审定")
    ADOPTED = "adopted", _("已施行")
    RETIRED = "retired", _("已废止")


class ClassSource(TextChoices):
    """Where the class of a case comes from, the strongest first."""

    CORRECTED = "corrected", _("人工更正")
    RULE = "rule", _("归类规则")
    TAG = "tag", _("评价标签")
    NONE = "none", _("未归类")


class Rule(TextChoices):
    """How an item gives points. A closed set: a scheme chooses among them and says the numbers."""

    LINEAR = "linear", _("按比率直线计分")
    BANDS = "bands", _("与本单位上年相比分档")
    SHARE = "share", _("按比率乘以权重")
    EACH = "each", _("逐件扣分")
    TOLD = "told", _("按上报的完成率")


class Absent(TextChoices):
    """What an item without any base (no case, nothing to divide by) comes to."""

    SPREAD = "spread", _("权重分摊到其他项目")
    FULL = "full", _("得满分")
    NONE = "none", _("不得分")


class Ties(TextChoices):
    """Who stands first of those with the same score."""

    SHARED = "shared", _("并列")
    ON_TIME = "on-time", _("按期整改率高者在前")
    SATISFACTION = "satisfaction", _("整改满意率高者在前")
    ACTIVE = "active", _("主动评价率高者在前")


class Low(TextChoices):
    """Who of the last of a group is called low."""

    RANK = "rank", _("只看名次")
    SURE = "sure", _("名次范围不到前一半的才算")


class Measure(TextChoices):
    """What an item can measure: metrics of the catalogue by their codes. Kept with every score, so none is ever taken
    away."""

    ACTIVE = "active", _("主动评价率")
    GOOD = "good", _("好评率")
    ACTIVE_GOOD = "active-good", _("主动评价好评率")
    NEGATIVE = "negative", _("有效差评率")
    REPLY = "reply", _("差评回复率")
    CALLBACK = "callback", _("回访率")
    RECTIFICATION = "rectification", _("整改率")
    ON_TIME = "on-time", _("按期整改率")
    SATISFACTION = "satisfaction", _("回访整改满意率")
    REPEAT = "repeat", _("同类问题复发率")


class Cases(TextChoices):
    """Sets of cases that a loss or a base can name; a number of them is always the length of a list."""

    SIGN_DUE = "signed_due", _("应签收")
    SIGNED_LATE = "signed_late", _("未按时签收")
    CONTACT_DUE = "contact_due", _("应联系")
    CONTACT_LATE = "contact_late", _("未按时联系")
    DUE = "due", _("整改到期")
    OVERDUE = "overdue", _("整改逾期")
    OVERDUE_FAR = "overdue_far", _("整改逾期超过5个工作日")
    REPLY_DUE = "reply_due", _("应答复")
    UNREPLIED = "unreplied", _("未答复")
    CALL_DUE = "call_due", _("应回访")
    UNCALLED = "uncalled", _("未回访")
    REACHED = "reached", _("回访接通")
    REWORKED = "reworked", _("二次整改")
    REPEATED = "repeated", _("同类问题再次发生")


class EventKind(TextChoices):
    """What score events are about; they are recorded by whoever decides, and never by this app."""

    CAMPAIGN = "campaign", _("专项整治销号率")
    FALSE_REPORT = "false_report", _("虚假整改")
    INTERFERENCE = "interference", _("干预评价")
    BRUSHING = "brushing", _("刷好评")
    RETALIATION = "retaliation", _("打击报复")
    IDENTITY_LEAK = "identity_leak", _("泄露评价人身份")
    REPEAT_OFFENCE = "repeat_offence", _("屡改屡犯")
    ACCOUNTABILITY = "accountability", _("问责")
    SUGGESTION = "suggestion", _("意见建议被采纳")
    TYPICAL = "typical", _("典型案例")
    INSPECTION = "inspection", _("暗访巡查发现问题")


class LineKind(TextChoices):
    """Why a line of a score has its points."""

    ITEM = "item", _("得分")
    LOSS = "loss", _("扣分")
    WAIVED = "waived", _("异议成立,不扣分")
    FLOOR = "floor", _("扣完为止")
    HELD = "held", _("应办各件均未按要求办到,得分率不高于其他项目")
    ABSENT = "absent", _("本季度没有考核对象")
    EXEMPT = "exempt", _("免予考核")
    SPREAD = "spread", _("没有考核对象的项目,权重分摊到其他项目")
    DEDUCTION = "deduction", _("倒扣")
    DEDUCTION_CAP = "deduction_cap", _("倒扣封顶")
    BONUS = "bonus", _("加分")
    BONUS_CAP = "bonus_cap", _("加分封顶")
    ZERO = "zero", _("总分不低于0")
    VETO = "veto", _("一票否决")


class Unranked(TextChoices):
    """Why somebody is scored and not ranked, or not scored at all."""

    EXEMPT = "exempt", _("不参与排名")
    SAMPLE = "sample", _("样本不足,不排名")
    BASIS = "basis", _("考核依据不足,不排名")
    NOTHING = "nothing", _("没有可考核的事实")


class QuarterState(TextChoices):
    """季度考核: five steps, each of which can be left and come back to."""

    OPEN = "open", _("数据核对")
    CHECKED = "checked", _("已核对")
    PREVIEWED = "previewed", _("已预览")
    OBJECTING = "objecting", _("异议期")
    FROZEN = "frozen", _("已封存")


class Check(TextChoices):
    """What is looked at before a quarter's scores are."""

    IMPORTS = "imports", _("未完成的导入")
    QUARANTINE = "quarantine", _("待对照的数据")
    HELD = "held", _("等待办件的评价")
    APPEALS = "appeals", _("未裁定的申诉")
    GAPS = "gaps", _("按日按来源的缺口")
    RECONCILED = "reconciled", _("与来源报送数核对")
    TALLIES = "tallies", _("统计数据是否最新")


class Found(TextChoices):
    """What a check found."""

    GOOD = "good", _("通过")
    NOTE = "note", _("请留意")
    BAD = "bad", _("需要处理")
