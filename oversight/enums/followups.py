from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FollowStage(TextChoices):
    """Where a follow-up stands. RECOVERED: off the low ranks again, with something left that was asked before."""

    RUNNING = "running", _("督办中")
    RECOVERED = "recovered", _("已退出靠后,待办完")
    CLOSED = "closed", _("已办结")
    DROPPED = "dropped", _("已作废")


class FollowAct(TextChoices):
    """What only a follow-up needs."""

    STEP = "step", _("进入下一级")
    STAY = "stay", _("仍然靠后,已到最高一级")
    SKIP = "skip", _("本季度未排名")
    RECOVER = "recover", _("退出靠后")
    RECORD_VISIT = "record_visit", _("填写现场办公记录")
    RECORD_TALK = "record_talk", _("填写约谈记录")
    RECORD_LETTER = "record_letter", _("提交书面检讨")


class RungKind(TextChoices):
    """The ladder of domain.md §11.2; its order and days are the setting OVERSIGHT_LADDER."""

    SITE_OFFICE = "site_office", _("分管领导到窗口现场办公")
    TALK = "talk", _("约谈")
    LETTER = "letter", _("书面检讨")
    CLUE = "clue", _("问责线索")
