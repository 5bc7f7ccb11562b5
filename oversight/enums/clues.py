from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ClueStage(TextChoices):
    """Where a clue stands. PROPOSED: a rule found it and nobody has taken it up."""

    PROPOSED = "proposed", _("规则提示")
    RAISED = "raised", _("已立线索")
    ASKED = "asked", _("待单位说明")
    ANSWERED = "answered", _("已听取说明")
    LEVELLED = "levelled", _("待复核")
    FINAL = "final", _("已定")
    HANDED = "handed", _("已移送")
    CLOSED = "closed", _("已办结")
    DROPPED = "dropped", _("不予采用")


class ClueAct(TextChoices):
    """What only a clue needs."""

    TAKE_UP = "take_up", _("立为线索")
    ASK = "ask", _("请单位说明")
    ANSWER = "answer", _("单位说明")
    LAPSE = "lapse", _("说明期限已过")
    MOVE_DUE = "move_due", _("说明期限重算")
    HEAR = "hear", _("听取陈述申辩")
    PROPOSE_LEVEL = "propose_level", _("提出处理层级")
    CONFIRM = "confirm", _("复核同意")
    REFUSE = "refuse", _("复核退回")
    WRITE_LETTER = "write_letter", _("制作通报函")
    HAND_OVER = "hand_over", _("移送纪检监察")
    FEEDBACK = "feedback", _("登记反馈")
    WITHDRAW = "withdraw", _("撤销处理")
    LET_IN = "let_in", _("允许知悉")
    END_INSIDER = "end_insider", _("终止知悉")


class ClueSort(TextChoices):
    """What a clue is of (domain.md §12)."""

    SLACK = "slack", _("落实不力")
    REPEAT = "repeat", _("屡改屡犯")
    FALSE_REPORT = "false_report", _("虚假整改")
    OVERDUE = "overdue", _("超期")
    INTERFERENCE = "interference", _("干预评价")
    BRUSHING = "brushing", _("刷评价")
    RETALIATION = "retaliation", _("打击报复")
    LEAK = "leak", _("泄露身份")


class Level(TextChoices):
    """处理层级, the mildest first (domain.md §12)."""

    REMINDER = "reminder", _("提醒")
    TALK = "talk", _("约谈")
    CIRCULAR = "circular", _("通报主要领导、分管领导")
    TRANSFER = "transfer", _("移送纪检监察")


class CluePaperKind(TextChoices):
    """What paper leaves a sealed dossier."""

    LETTER = "letter", _("通报函")
    HANDOVER = "handover", _("移送材料")
