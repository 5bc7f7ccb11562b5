from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Stage(TextChoices):
    """Where a notice stands: 起草 → 审核 → 签发; what is issued is only ever superseded by a new one."""

    DRAFT = "draft", _("起草中")
    REVIEW = "review", _("待审核")
    SIGNING = "signing", _("待签发")
    ISSUED = "issued", _("已签发")
    SUPERSEDED = "superseded", _("已被新通报替代")
    DROPPED = "dropped", _("已作废")


OPEN_STAGES = frozenset({Stage.DRAFT, Stage.REVIEW, Stage.SIGNING})
SERVED_STAGES = frozenset({Stage.ISSUED, Stage.SUPERSEDED})


class Act(TextChoices):
    """What is done to a notice."""

    DRAFT = "draft", _("起草")
    WRITE = "write", _("修改")
    SUBMIT = "submit", _("送审")
    APPROVE = "approve", _("审核通过")
    RETURN = "return", _("退回修改")
    ISSUE = "issue", _("签发")
    SUPERSEDE = "supersede", _("被替代")
    DROP = "drop", _("作废")
    READ = "read", _("已阅")
    REMIND = "remind", _("催阅")


class FileKind(TextChoices):
    """The files of a notice, by the ending of their names."""

    WORD = "docx", _("Word(可编辑)")
    PDF = "pdf", _("PDF(定稿)")
    WORKBOOK = "xlsx", _("Excel(附表)")


class Why(TextChoices):
    """Why a case is offered as a typical one."""

    SOLVED = "solved", _("问题已解决")
    SATISFIED = "satisfied", _("回访满意")
    QUICK = "quick", _("答复快")
    PREVENTED = "prevented", _("说明了怎样防止再发生")
    MARKED = "marked", _("督导已标为典型案例")
    OVERDUE = "overdue", _("整改逾期")
    REWORKED = "reworked", _("二次整改")
    REOPENED = "reopened", _("评价人反映未解决")
    UNHAPPY = "unhappy", _("评价人不满意")


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
