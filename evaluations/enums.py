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
    """How a rating came to be; each is counted apart and none is ever added to another unseen.

    IMPORTED is what another system says was somebody's own wish; DEFAULT is silence that another system has called
    a rating; CHECK and SOCIAL are the two ways that are not about one's own service (国办发〔2019〕51号).
    """

    ACTIVE = "active", _("主动评价")
    INVITED = "invited", _("邀请评价")
    IMPORTED = "imported", _("外部导入")
    DEFAULT = "default", _("默认评价")
    UNMATCHED = "unmatched", _("未关联办件")
    CHECK = "check", _("监督查评")
    SOCIAL = "social", _("综合点评")
    TEST = "test", _("系统自检")


class LinkKind(TextChoices):
    SLIP = "slip", _("回执")
    SMS = "sms", _("短信")


class ServiceSource(TextChoices):
    """The sources that are always there: our own pages, and the city's own systems. The others are rows."""

    PORTAL = "portal", _("本平台")
    HALL = "hall", _("大厅窗口系统")
    ONLINE = "online", _("网上办事")


class EntryFault(TextChoices):
    """Why something said elsewhere is not entered here."""

    OWN_UNIT = "own_unit", _("这是对您自己或您所在单位的评价,不能由您录入。请交给其他单位有录入权限的工作人员。")
    ELSEWHERE = "elsewhere", _("这个对象不在您的管理范围内,不能由您录入。")
    CHANNEL = "channel", _("部门主管只能录入本单位管理的大厅里的书面表和意见箱。")
    FUTURE = "future", _("日期不能晚于今天。")
    TOO_OLD = "too_old", _("日期太早了,最早可以录入 %(earliest)s 的。")
    BEFORE_SERVICE = "before_service", _("日期不能早于办件当天(%(served)s)。")
    AFTER_WINDOW = "after_window", _("这次办件的补评时间到 %(last)s 为止。")


class ExclusionReason(TextChoices):
    """Why a rating counts nowhere, for good and bad ones alike (domain.md §7.2 W2, W3)."""

    TEST = "test", _("测试数据")
    DOUBLE = "double", _("重复推送")
    FAULT = "fault", _("系统故障产生")


class BatchKind(TextChoices):
    RATINGS = "ratings", _("评价")
    SERVICES = "services", _("办件服务")


class BatchState(TextChoices):
    """A batch waits, runs, may be paused or cancelled between two chunks, and ends."""

    WAITING = "waiting", _("等待处理")
    RUNNING = "running", _("处理中")
    PAUSED = "paused", _("已暂停")
    DONE = "done", _("已完成")
    CANCELLED = "cancelled", _("已取消")
    FAILED = "failed", _("整体退回")


class LeftOutcome(TextChoices):
    """What became of a row that has something to say: it was not stored, or came in with a doubt."""

    REFUSED = "refused", _("退回")
    QUARANTINED = "quarantined", _("待对照")
    HELD = "held", _("待办件")
    STORED = "stored", _("已入库,有提示")


class CodeKind(TextChoices):
    """What a source's unknown code stands for."""

    UNIT = "unit", _("单位编码")
    ITEM = "item", _("事项编码")
    WINDOW = "window", _("窗口编码")
    SERVICE = "service", _("办件")


class StillWrong(TextChoices):
    """还没解决: the one reason asked for when the evaluator says that the reply changed nothing."""

    NOBODY_CALLED = "nobody_called", _("没有人联系过我")
    NOT_DONE = "not_done", _("说改了,其实没有改")
    PARTLY = "partly", _("只解决了一部分")
    NOT_ANSWERED = "not_answered", _("答复没有回答我的问题")
    OTHER = "other", _("其他")
