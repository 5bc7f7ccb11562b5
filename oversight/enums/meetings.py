from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MeetingStage(TextChoices):
    """Where a joint meeting stands: prepared, held, its resolutions followed up, done."""

    PREPARING = "preparing", _("筹备中")
    HELD = "held", _("已召开,整理纪要")
    FOLLOWING = "following", _("决议跟踪中")
    CLOSED = "closed", _("已办结")
    DROPPED = "dropped", _("已作废")


class MeetingAct(TextChoices):
    """What only a joint meeting needs."""

    DRAFT_AGENDA = "draft_agenda", _("按季度数据生成议程")
    ADD_ITEM = "add_item", _("加议题")
    CHANGE_ITEM = "change_item", _("改议题")
    REMOVE_ITEM = "remove_item", _("删议题")
    CALL = "call", _("发会议通知")
    HOLD = "hold", _("登记召开")
    RECORD_ATTENDANCE = "record_attendance", _("更正到会情况")
    WRITE_MINUTES = "write_minutes", _("写纪要")
    ISSUE_MINUTES = "issue_minutes", _("印发纪要")
    CORRECT_MINUTES = "correct_minutes", _("更正纪要")
    READ_MINUTES = "read_minutes", _("已阅纪要")
    REMIND_MINUTES = "remind_minutes", _("催阅纪要")


class AgendaSource(TextChoices):
    """What an item of the agenda is made of. They are proposed in this order: what was resolved before comes first."""

    RESOLUTIONS = "resolutions", _("上次决议")
    RANKING = "ranking", _("考核排名")
    OVERDUE = "overdue", _("整改逾期")
    APPEALS = "appeals", _("申诉评审")
    CAMPAIGNS = "campaigns", _("专项整治")
    JOINT = "joint", _("联动化解")
    OTHER = "other", _("其他")


class Presence(TextChoices):
    """Who came for a unit."""

    PRESENT = "present", _("到会")
    DEPUTY = "deputy", _("代会")
    ABSENT = "absent", _("缺席")
