from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class JointStage(TextChoices):
    """Where a joint file stands: worked on together, resolved, every citizen told."""

    OPEN = "open", _("化解中")
    RESOLVED = "resolved", _("已化解,逐件答复")
    CLOSED = "closed", _("已办结")
    DROPPED = "dropped", _("已作废")


class JointAct(TextChoices):
    """What only a joint file needs. The lead unit writes into it as well as who supervises it."""

    JOIN_CASES = "join_cases", _("并入同类件")
    ADD_CO_HANDLERS = "add_co_handlers", _("增加协办单位")
    ADD_ENTRY = "add_entry", _("记录联动工作")
    LEAD_ENTRY = "lead_entry", _("牵头单位记录")
    RESOLVE = "resolve", _("形成化解结论")
    GO_BACK = "go_back", _("继续化解")
    TELL_CITIZEN = "tell_citizen", _("记录告知评价人")


class EntryKind(TextChoices):
    """What was done together (seed.txt: 上门服务、专题研究)."""

    VISIT = "visit", _("上门服务")
    STUDY = "study", _("专题研究")
    DECISION = "decision", _("作出决定")


class Told(TextChoices):
    """How a citizen stands towards the outcome of a joint file."""

    REPLIED = "replied", _("化解后已答复")
    TOLD = "told", _("已单独告知")
    UNREACHABLE = "unreachable", _("没有联系方式")
    VOID = "void", _("已认定无效")
    WAITING = "waiting", _("还没有答复")
