from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ActorKind(TextChoices):
    """Who did it: 工作人员, 评价人 or the portal's own clock."""

    STAFF = "staff", _("工作人员")
    CITIZEN = "citizen", _("评价人")
    SYSTEM = "system", _("系统")


class Channel(TextChoices):
    """How an outbox message leaves the portal."""

    MAIL = "mail", _("邮件")
    SMS = "sms", _("短信")
    SOURCE = "source", _("来源系统")


class MessageState(TextChoices):
    """投递状态. A dead message waits for an administrator, who may resend it."""

    WAITING = "waiting", _("待发送")
    SENT = "sent", _("已发送")
    DEAD = "dead", _("发送失败")
    DROPPED = "dropped", _("按规定不再发送")


class CheckResult(TextChoices):
    """核验结果: whether the trail is as it was sealed, and holds every hash that was written down outside."""

    WHOLE = "whole", _("完整")
    BROKEN = "broken", _("不完整")
    UNANCHORED = "unanchored", _("链条连续,但与锚点不一致")


class ChainFault(TextChoices):
    """What was done to a sealed row, or to a seal."""

    CHANGED = "changed", _("记录在封存后被改动")
    MISSING = "missing", _("记录在封存后被删除")
    ADDED = "added", _("封存后混入了记录")
    SEAL = "seal", _("封存本身被改动")
    GAP = "gap", _("封存之间不连续")


class Drill(TextChoices):
    """What was done for the day on which the server is lost."""

    BACKUP = "backup", _("备份")
    RESTORE = "restore", _("恢复演练")


class ExportKind(TextChoices):
    """What is taken out of the portal row by row. Figures and summaries are none of these."""

    LEDGER = "ledger", _("差评件台账")
    TRAIL = "trail", _("审计记录")


class ExportFormat(TextChoices):
    WORKBOOK = "xlsx", "Excel"
    CSV = "csv", "CSV"
