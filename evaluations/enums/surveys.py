from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SampleMethod(TextChoices):
    RANDOM = "random", _("简单随机")
    STRATIFIED = "stratified", _("按单位分层")


class SampleBasis(TextChoices):
    """From what people are drawn; good ratings as likely as bad ones."""

    RATINGS = "ratings", _("评价过的人(好评差评都抽)")
    SERVICES = "services", _("办过事的人(评没评过都抽)")


class PlanStage(TextChoices):
    """A plan waits for its draw (a sweep does it), is called through, and is closed."""

    ORDERED = "ordered", _("待抽取")
    OPEN = "open", _("进行中")
    CLOSED = "closed", _("已结束")


class CallStage(TextChoices):
    """What has become of somebody who was drawn. All but the first are the end of it."""

    WAITING = "waiting", _("待拨打")
    ANSWERED = "answered", _("已访")
    REFUSED = "refused", _("拒访")
    WRONG_NUMBER = "wrong_number", _("号码有误")
    UNREACHABLE = "unreachable", pgettext_lazy("survey", "联系不上")


class CallOutcome(TextChoices):
    """How one call ended."""

    REACHED = "reached", pgettext_lazy("survey", "接受访问")
    LATER = "later", _("请改时间再打")
    NO_ANSWER = "no_answer", _("未接")
    REFUSED = "refused", _("拒绝访问")
    WRONG_NUMBER = "wrong_number", _("号码有误")
