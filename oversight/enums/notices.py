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
