from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Effect(TextChoices):
    """What an upheld ground does to one count. The three counts are decided apart (domain.md §7.2)."""

    KEEP = "keep", _("照常计入")
    MARK = "mark", _("照常计入并注明")
    APART = "apart", _("单列,不显示文字")
    HALF = "half", _("减半计入")
    EXCLUDE = "exclude", _("不计入")
    MOVE = "move", _("改计到责任单位")


class Stage(TextChoices):
    """申诉阶段."""

    FILED = "filed", _("待补证据")
    DRAWING = "drawing", _("待抽取评审")
    VOTING = "voting", _("评审中")
    RULED = "ruled", _("已裁定")
    WITHDRAWN = "withdrawn", _("已撤回")


OPEN_STAGES = frozenset({Stage.FILED, Stage.DRAWING, Stage.VOTING})


class Vote(TextChoices):
    """表决."""

    UPHOLD = "uphold", _("成立")
    PARTLY = "partly", _("部分成立")
    REJECT = "reject", _("不成立")
    UNPROVEN = "unproven", _("证据不足")


UPHELD = frozenset({Vote.UPHOLD, Vote.PARTLY})


class Seat(TextChoices):
    """评审席位."""

    MEMBER = "member", _("评审员")
    DEPUTY = "deputy", _("候补")


class Recusal(TextChoices):
    """Why somebody may not sit on a panel (回避). Each is looked at when lots are drawn, and again at every vote."""

    OWN_UNIT = "own_unit", _("被评价或申诉单位的人")
    HANDLED = "handled", _("经手过本件")
    RELATION = "relation", _("申报过利害关系")
    PERSON = "person", _("本人是被评价人")
    ASKED = "asked", _("本人申请回避")
    OFF = "off", _("已不在评审名单")
