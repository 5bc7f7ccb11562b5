from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class InspectionStage(TextChoices):
    """Where an inspection stands. A covert one is nobody's to see who is inspected before it is `VISITED`."""

    PLANNED = "planned", _("已安排")
    VISITED = "visited", _("已走访")
    FIXING = "fixing", _("整改中")
    CLOSED = "closed", _("已办结")
    DROPPED = "dropped", _("已作废")


class InspectionAct(TextChoices):
    """What only an inspection needs."""

    VISIT = "visit", _("现场填表")
    FINISH_VISITS = "finish_visits", _("走访完成")
    ASSIGN = "assign", _("转为任务")
    OPEN_CASES = "open_cases", _("立案")


class Seen(TextChoices):
    """What was met of one line of the checklist."""

    OK = "ok", _("符合")
    NOT_OK = "not_ok", _("不符合")
    NOT_SEEN = "not_seen", _("未看到")
