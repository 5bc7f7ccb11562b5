from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from rectification.enums import Level as Level


class RatingChannel(TextChoices):
    """评价渠道: ours; every source maps its own codes to these (domain.md §13.4)."""

    WEB = "web", _("网页")
    SLIP = "slip", _("回执二维码")
    WINDOW_QR = "window_qr", _("窗口二维码")
    SMS = "sms", _("短信")


class Origin(TextChoices):
    """How a rating came to be. Only ACTIVE counts as 主动评价; UNMATCHED is counted apart."""

    ACTIVE = "active", _("主动评价")
    INVITED = "invited", _("邀请评价")
    UNMATCHED = "unmatched", _("未关联办件")


class LinkKind(TextChoices):
    SLIP = "slip", _("回执")
    SMS = "sms", _("短信")


class SignKind(TextChoices):
    """The paper a window's static QR is printed on."""

    STAND = "stand", _("A4 台卡")
    STICKER = "sticker", _("A6 贴纸")


class SlipPaper(TextChoices):
    """The paper that slips of single services are printed on."""

    ROLL = "roll", _("80 毫米小票纸")
    SHEET = "sheet", _("A4 纸,每张 4 份")


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
