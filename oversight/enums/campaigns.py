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
    SHARE_OUT = "share_out", _("分派互查")
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


class Moved(TextChoices):
    """What can be said of a rate before and after a campaign. No evidence of a change is none that nothing changed.

    FEW: so few cases that even none at all afterwards would be no evidence.
    """

    DOWN = "down", _("下降,有证据")
    UP = "up", _("上升,有证据")
    NO_EVIDENCE = "no_evidence", _("没有证据表明有变化")
    FEW = "few", _("件太少,看不出")
    NOT_YET = "not_yet", _("整治后的时间还没有开始")


class Doubt(TextChoices):
    """What keeps a fall from being the work of a campaign."""

    SO_FAR = "so_far", _("整治后的时间还没有满,是到目前为止的数")
    CHOSEN = "chosen", _("整治范围是因为件多才选中的,件数会自己回落一部分")
    HIGH_BY_CHANCE = "high_by_chance", _("整治前比基线高,但偶然就能这么高")
    HIGHER = "higher", _("整治前确实比基线高,不像是偶然;会自己回落的至多是这些")
    NO_BASELINE = "no_baseline", _("基线期没有评价,自己会回落多少无法判断")
    LIKEWISE = "likewise", _("对照单位同样变化")
