from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SuggestionStage(TextChoices):
    """How far a suggestion has come. The steps between are `workflow.TRANSITIONS`."""

    RECEIVED = "received", _("待分办")
    SORTED = "sorted", _("待答复")
    ANSWERED = "answered", pgettext_lazy("suggestion", "已答复")
    DONE = "done", _("已落实")
    MERGED = "merged", _("已合并")
    SET_ASIDE = "set_aside", _("不作为建议办理")


class SuggestionAct(TextChoices):
    """Every act on a suggestion."""

    SUBMIT = "submit", _("提出建议")
    SORT = "sort", _("分办")
    MERGE = "merge", _("合并")
    SET_ASIDE = "set_aside", _("不作为建议办理")
    HAND_BACK = "hand_back", _("退回分办")
    ANSWER = "answer", _("答复建议")
    RECORD_RESULT = "record_result", _("记录落实结果")
    PUBLISH = "publish", _("审核公开")


class SuggestionParty(TextChoices):
    """In what capacity somebody stands towards a suggestion."""

    SORTER = "sorter", _("分办人")
    UNIT = "unit", _("承办单位主管")
    CITIZEN = "citizen", _("建议人")


class SuggestionVerdict(TextChoices):
    """采纳情况 (domain.md §1 row 3)."""

    ADOPTED = "adopted", _("采纳")
    PARTLY = "partly", _("部分采纳")
    DECLINED = "declined", _("未采纳")


ADOPTING = (SuggestionVerdict.ADOPTED, SuggestionVerdict.PARTLY)


class SuggestionOrigin(TextChoices):
    """Where somebody was when they suggested it."""

    PAGE = "page", _("建议页面")
    RATING = "rating", _("评价之后")
