from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

Words = type[TextChoices]


class Kind(TextChoices):
    """What a dossier is about (domain.md §1 rows 4, 6, 12-14, §12)."""

    CAMPAIGN = "campaign", _("专项整治")
    JOINT = "joint", _("联动化解")
    WALK = "walk", _("局长走流程")
    INSPECTION = "inspection", _("暗访巡查")
    MEETING = "meeting", _("联席会议")
    FOLLOW_UP = "follow_up", _("靠后督办")
    CLUE = "clue", _("问责线索")


class Part(TextChoices):
    """What a unit has to do with a dossier. Who is only compared with takes no part in it."""

    SCOPE = "scope", _("整治范围")
    COMPARISON = "comparison", _("对照单位")
    LEAD = "lead", _("牵头")
    CO_HANDLER = "co_handler", _("协办")
    ATTENDS = "attends", _("参会")
    SUBJECT = "subject", _("所涉单位")


class TaskState(TextChoices):
    """Where a task stands: the unit reports, somebody else signs it off."""

    OPEN = "open", _("待办")
    REPORTED = "reported", _("待销号")
    DONE = "done", _("已销号")
    DROPPED = "dropped", _("已撤销")


OPEN_TASKS = frozenset({TaskState.OPEN, TaskState.REPORTED})


class FileSide(TextChoices):
    """What a picture shows."""

    BEFORE = "before", _("整改前")
    AFTER = "after", _("整改后")
    RECORD = "record", _("现场记录")
    ANSWER = "answer", _("说明附件")


class DossierAct(TextChoices):
    """What is done to a dossier and to its tasks; each kind uses those it needs."""

    OPEN = "open", _("立卷")
    CHANGE = "change", _("修改")
    ADD_FILE = "add_file", _("加照片")
    ADD_TASK = "add_task", _("交办")
    REPORT_TASK = "report_task", _("报结")
    SIGN_OFF_TASK = "sign_off_task", _("销号")
    RETURN_TASK = "return_task", _("退回重办")
    EXTEND_TASK = "extend_task", _("延期")
    REASSIGN_TASK = "reassign_task", _("改派")
    DROP_TASK = "drop_task", _("撤销任务")
    CLOSE = "close", _("办结")
    DROP = "drop", _("作废")
