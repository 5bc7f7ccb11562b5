from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CampaignStage(TextChoices):
    """Where a campaign stands: the columns of its board (ux.md §8.3)."""

    PLANNED = "planned", _("立项")
    SURVEYING = "surveying", _("普查/抽查中")
    FIXING = "fixing", _("整改中")
    SIGNING = "signing", _("待销号")
    CLOSED = "closed", _("已销号")
    DROPPED = "dropped", _("已作废")


class CampaignAct(TextChoices):
    """What only a campaign needs."""

    START = "start", _("启动")
    FINISH_SURVEY = "finish_survey", _("排查完成")
    ASK_SIGN_OFF = "ask_sign_off", _("提请销号")
    GO_BACK = "go_back", _("退回整改")
    RECUR = "recur", _("复发核查")


class Method(TextChoices):
    """How a campaign looks for what is wrong (domain.md §12)."""

    SURVEY = "survey", _("普查")
    SAMPLE = "sample", _("抽查")
    CROSS = "cross", _("互查")
    TRAINING = "training", _("轮训")
