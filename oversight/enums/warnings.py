from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class WarningSort(TextChoices):
    """What a case of the file is held up for."""

    TYPICAL = "typical", _("典型案例")
    CAUTION = "caution", _("警示案例")


class WarningStage(TextChoices):
    """Where an entry of the file stands."""

    DRAFT = "draft", _("起草中")
    APPROVED = "approved", _("已审定")
    WITHDRAWN = "withdrawn", _("已撤出")


class WarningAct(TextChoices):
    """What is done to an entry of the file."""

    DRAFT = "draft", _("起草")
    CHANGE = "change", _("修改")
    APPROVE = "approve", _("审定")
    WITHDRAW = "withdraw", _("撤出")
