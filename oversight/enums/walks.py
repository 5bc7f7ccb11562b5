from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class WalkStage(TextChoices):
    """Where a walk of a leader stands."""

    PLANNED = "planned", _("已安排")
    WALKED = "walked", _("已走")
    FIXING = "fixing", _("解决问题中")
    CLOSED = "closed", _("已办结")
    DROPPED = "dropped", _("已作废")


class WalkAct(TextChoices):
    """What only a walk needs."""

    WALK = "walk", _("记录走流程")
    RECORD = "record", _("补充记录")
    ASSIGN = "assign", _("转为任务")


class WalkRole(TextChoices):
    """As whom a leader walks through a matter."""

    APPLICANT = "applicant", _("以办事人身份")
    WINDOW = "window", _("以窗口人员身份")
    ACCOMPANYING = "accompanying", _("陪同群众办理")
