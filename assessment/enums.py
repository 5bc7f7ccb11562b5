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
