from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Standing(TextChoices):
    """公示状态: how a case stands towards the public."""

    WAITING = "waiting", _("待公示审核")
    PUBLISHED = "published", _("已公示")
    WITHHELD = "withheld", _("不予公示")
    TAKEN_DOWN = "taken_down", _("已撤下")


# Neither is shown; both are counted in public, by reason.
UNSHOWN = frozenset({Standing.WITHHELD, Standing.TAKEN_DOWN})


class Part(TextChoices):
    """What of a case is told in words. Everything else that the public sees is a choice, a date or a number."""

    PROBLEM = "problem", _("反映的问题")
    CHANGED = "changed", _("整改措施")
    REPLY = "reply", _("给评价人的答复")


class Reason(TextChoices):
    """Why a case is not shown (政府信息公开条例 art. 14-16; docs/domain.md §9). Counted in public."""

    PRIVACY = "privacy", _("隐去后仍能认出个人")
    SECRET = "secret", _("涉及国家秘密或商业秘密")
    PROCEEDINGS = "proceedings", _("正在司法、监察程序中")
    HARM = "harm", _("公开会危及安全或公共秩序")
    MISTAKE = "mistake", _("公示内容有误,更正中")


class DisclosureAct(TextChoices):
    """Every act on what the public sees of a case."""

    PREPARE = "prepare", _("生成公示稿")
    PUBLISH = "publish", _("公示")
    WITHHOLD = "withhold", _("不予公示")
    TAKE_DOWN = "take_down", _("撤下")
    REFRESH = "refresh", _("更新办理状态")
    HIDE = "hide", _("应评价人要求不再展示文字")
    SHOW = "show", _("评价人恢复展示文字")


class Result(TextChoices):
    """处理结果 as the public reads it."""

    HANDLING = "handling", pgettext_lazy("public", "整改中")
    RECTIFIED = "rectified", _("已整改")
    EXPLAINED = "explained", _("解释说明")
    UNFOUNDED = "unfounded", _("经核不属实")
    INVALID = "invalid", _("认定无效")


DONE = frozenset({Result.RECTIFIED, Result.EXPLAINED})


class DateGrain(TextChoices):
    """How exactly the day of a rating is told."""

    DAY = "day", _("日")
    MONTH = "month", _("月")
    QUARTER = "quarter", _("季度")
    YEAR = "year", _("年")


# What is told of a unit: with few cases each, a rate of 差评 would rank them by chance (docs/decisions.md D126).
UNIT_METRICS = ("active", "on-time", "satisfaction")
