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


class FindKind(TextChoices):
    """What the redaction rules find (the labels of `identity.redaction.LABELS`, in the language of the reader)."""

    EMAIL = "email", _("邮箱")
    USCC = "uscc", _("统一社会信用代码")
    PLATE = "plate", _("车牌号")
    PROJECT_NUMBER = "project_number", _("办件编号")
    ACCOUNT = "account", _("网络账号")
    ID_CARD = "id_card", _("身份证号")
    BANK_CARD = "bank_card", _("银行卡号")
    MOBILE = "mobile", _("手机号")
    LANDLINE = "landline", _("电话号码")
    ADDRESS = "address", _("地址")
    NAME = "name", _("姓名")
