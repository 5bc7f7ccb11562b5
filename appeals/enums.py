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
    """申诉阶段. A draft is nobody's business but its writer's; only what is complete is filed."""

    DRAFT = "draft", _("草稿")
    DRAWING = "drawing", _("待抽取评审")
    VOTING = "voting", _("评审中")
    RULED = "ruled", _("已裁定")
    WITHDRAWN = "withdrawn", _("已撤回")


# While one of these runs, the case is paused.
OPEN_STAGES = frozenset({Stage.DRAWING, Stage.VOTING})


class Appellant(TextChoices):
    """Who contests: the unit that handles the case, or the rated person for themselves (保障被评价人申诉申辩).

    A ruling in their favour is contested by a supervisor in the place of the evaluator, who knows no panel.
    """

    UNIT = "unit", _("责任单位")
    PERSON = "person", _("被评价人本人")
    SUPERVISOR = "supervisor", _("督导(代评价人)")


class Proof(TextChoices):
    """证据种类. Which of them a ground needs stands in its row."""

    DOCUMENT = "document", _("书面材料")
    PICTURE = "picture", _("图片")
    RECORDING = "recording", _("音视频")
    SYSTEM_TIMES = "system_times", _("系统时间记录")
    CONFIRMATION = "confirmation", _("督导记录的评价人确认")
    SAME_KEY = "same_key", _("同一办件的另一条评价")
    SYSTEM_LOG = "system_log", _("系统日志")
    OTHER_UNIT = "other_unit", _("应由哪个单位负责及依据")
    PATTERN = "pattern", _("多次评价的规律")
    LEGAL_BASIS = "legal_basis", _("法律政策依据条文")
    OUTAGE = "outage", _("故障或中断记录")


class NotAGround(TextChoices):
    """What is no ground, shown before anybody writes (domain.md §7.2); a filing on it is refused."""

    NO_PHONE = "no_phone", _("评价人没有留电话")
    NO_TEXT = "no_text", _("评价没有写文字")
    RUDE = "rude", _("评价语气不好")
    NO_REASON = "no_reason", _("只点了星级,没有说明理由")
    WITHDREW = "withdrew", _("被评价单位联系后评价人改口或撤回")


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
    LEVEL = "level", _("复核由上一级评审")
    ASKED = "asked", _("本人申请回避")
    OFF = "off", _("已不在评审名单")
    SILENT = "silent", _("到期未表决")


class Screened(TextChoices):
    """查毒结果 of a file that was kept apart. Before there is one, and unless it is clean, nobody opens the file."""

    CLEAN = "clean", _("可以查看")
    HARMFUL = "harmful", _("含有害内容,已隔离")
    UNREADABLE = "unreadable", _("打不开,已隔离")
