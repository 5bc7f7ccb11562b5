from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from rectification.enums import Level as Level


class RatingChannel(TextChoices):
    """评价渠道: ours; every source maps its own codes to these (domain.md §13.4)."""

    WEB = "web", _("网页")
    SLIP = "slip", _("回执二维码")
    WINDOW_QR = "window_qr", _("窗口二维码")
    SMS = "sms", _("短信")
    APP = "app", _("移动应用")
    KIOSK = "kiosk", _("评价器")
    TERMINAL = "terminal", _("自助终端")
    PHONE = "phone", _("电话按键")
    HOTLINE = "hotline", _("12345热线")
    BOX = "box", _("意见箱")
    PAPER = "paper", _("书面表")
    CHECK = "check", _("监督查评")
    SOCIAL = "social", _("综合点评")


class Origin(TextChoices):
    """How a rating came to be. Only ACTIVE counts as 主动评价; UNMATCHED is counted apart."""

    ACTIVE = "active", _("主动评价")
    INVITED = "invited", _("邀请评价")
    UNMATCHED = "unmatched", _("未关联办件")


class LinkKind(TextChoices):
    SLIP = "slip", _("回执")
    SMS = "sms", _("短信")


class ServiceSource(TextChoices):
    """Which system reported the service (办件)."""

    HALL = "hall", _("大厅窗口系统")
    ONLINE = "online", _("网上办事")


class StillWrong(TextChoices):
    """还没解决: the one reason asked for when the evaluator says that the reply changed nothing."""

    NOBODY_CALLED = "nobody_called", _("没有人联系过我")
    NOT_DONE = "not_done", _("说改了,其实没有改")
    PARTLY = "partly", _("只解决了一部分")
    NOT_ANSWERED = "not_answered", _("答复没有回答我的问题")
    OTHER = "other", _("其他")
