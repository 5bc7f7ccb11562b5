from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Purpose(TextChoices):
    """What a questionnaire is for: a page for everybody, or what a caller reads out."""

    REVIEW = "review", _("精准评议")
    SURVEY = "survey", _("电话抽访")


class Dimension(TextChoices):
    """What a question or a suggestion is about (domain.md §1 row 3: 办事便利度、网办流畅性、服务人性化等方面)."""

    CONVENIENCE = "convenience", _("办事便利度")
    ONLINE = "online", _("网办流畅性")
    HUMANITY = "humanity", _("服务人性化")
    OTHER = "other", _("其他方面")


class QuestionKind(TextChoices):
    SCALE = "scale", _("1 到 5 分")
    YES_NO = "yes_no", _("是或否")
    TEXT = "text", _("文字")


class Scale(IntegerChoices):
    """The answers to a question of 1 to 5, best first as on every page."""

    VERY_GOOD = 5, pgettext_lazy("scale", "很好")
    GOOD = 4, pgettext_lazy("scale", "好")
    FAIR = 3, pgettext_lazy("scale", "一般")
    POOR = 2, pgettext_lazy("scale", "差")
    VERY_POOR = 1, pgettext_lazy("scale", "很差")


class YesNo(IntegerChoices):
    YES = 1, _("是")
    NO = 0, _("否")
