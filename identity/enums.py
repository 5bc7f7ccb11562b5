from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Purpose(TextChoices):
    """Why somebody may look into the vault. A look without one of these does not happen."""

    CONTACT = "contact", _("办理单位联系评价人")
    CALLBACK = "callback", _("督导回访")
    SURVEY = "survey", _("满意度抽访")
    MESSAGE = "message", _("发送告知短信")
    SUBJECT_REQUEST = "subject_request", _("评价人本人查询")
    INQUIRY = "inquiry", _("依法调查")
