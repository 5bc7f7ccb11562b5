"""What a clue is raised with, asked, decided and closed by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms import PortalForm
from organizations.models import Staff
from oversight.actions import Judged, Raised
from oversight.enums import ClueSort, Level
from oversight.forms.dossiers import OwnerField, ReasonForm, SeenForm
from oversight.forms.followups import PastDay
from oversight.models import Dossier, Insider, Statement
from rectification.forms.base import LONG, SHORT, TextField, UnitField, choice, yes_no
from rectification.forms.reports import PicturesField
from rectification.models import Case


class CasesField(forms.CharField):
    """Cases by their numbers, one a line; the cleaned value is the cases this person may see."""

    def __init__(self, user: Staff) -> None:
        self.user = user
        widget = forms.Textarea(attrs={"rows": 3})
        super().__init__(label=_("差评件编号"), required=False, max_length=2000, widget=widget, help_text=_("一行一个"))

    def clean(self, value: Any) -> list[Case]:
        """Finds the cases.

        Raises:
            ValidationError: names the lines that are no case.
        """
        lines = super().clean(value).upper().split()
        found = {one.number: one for one in Case.objects.visible_to(self.user).filter(number__in=lines)}
        wrong = [line for line in lines if line not in found]
        if wrong:
            raise ValidationError(gettext("没有编号为“%(number)s”的件。") % {"number": "、".join(wrong)[:100]})
        return list(found.values())


class ClueForm(PortalForm):
    """立线索."""

    unit = UnitField(_("所涉单位"))
    sort = choice(_("线索类别"), ClueSort)
    about = TextField(_("线索内容"), most=LONG, rows=5)

    def __init__(self, *args: Any, user: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cases"] = CasesField(user)

    def arguments(self) -> dict[str, Any]:
        """The argument of the act besides who and when."""
        return {"said": Raised(**self.cleaned_data)}


class AskForm(SeenForm):
    """请单位说明. The unit sees what is typed here, word for word."""

    question = TextField(_("请单位说明什么"), most=LONG, rows=4, hint=_("单位能看到这段话,看不到卷里的其他内容"))
    with_cases = yes_no(_("附上差评件编号"))
    days = forms.IntegerField(label=_("几个工作日内"), required=False, min_value=1, max_value=30)


class AnswerForm(PortalForm):
    """单位说明."""

    text = TextField(_("情况说明"), most=LONG, rows=8)
    pictures = PicturesField(_("照片"))

    def __init__(self, *args: Any, row: Statement, **kwargs: Any) -> None:
        self.row = row
        super().__init__(*args, **kwargs)


class HearingForm(SeenForm):
    """听取陈述申辩."""

    held_on = PastDay(label=_("日期"))
    who = forms.CharField(label=_("参加人"), max_length=200, help_text=_("写职务,不写姓名"))
    record = TextField(_("记录"), most=LONG, rows=6)


class LevelForm(SeenForm):
    """提出处理层级."""

    level = choice(_("处理层级"), Level)
    facts = TextField(_("认定事实"), most=LONG, rows=5)
    document = forms.CharField(label=_("依据文件"), max_length=200, help_text=_("文件名称和文号"))
    article = forms.CharField(label=_("条款"), max_length=60, help_text=_("例如:第十二条第二款"))
    clause = TextField(_("条文"), most=LONG, rows=3, hint=_("抄录原文"))
    why_level = TextField(_("不按层级递进的理由"), required=False, most=SHORT, rows=2)

    def arguments(self) -> dict[str, Any]:
        """What is proposed, and the version seen."""
        said = dict(self.cleaned_data)
        return {"seen": said.pop("seen"), "said": Judged(**said)}


class AddresseeForm(SeenForm):
    """通报函."""

    addressee = forms.CharField(
        label=_("主送"), max_length=120, help_text=_("单位和职务,例如:某某局主要领导、分管领导")
    )


class HandOverForm(SeenForm):
    """移送."""

    addressee = forms.CharField(label=_("接收机关"), max_length=120)
    receiver = forms.CharField(label=_("接收人"), max_length=120, help_text=_("写职务,不写姓名"))
    held_on = PastDay(label=_("移送日期"))
    receipt = forms.CharField(label=_("回执编号"), max_length=60)


class FeedbackForm(SeenForm):
    """反馈."""

    held_on = PastDay(label=_("收到日期"))
    text = TextField(_("反馈内容"), most=LONG, rows=4, hint=_("照录,不作评价"))
    reference = forms.CharField(label=_("文号"), required=False, max_length=120)


class CloseClueForm(SeenForm):
    """办结."""

    outcome = TextField(_("结果"), most=LONG, rows=4)
    reference = forms.CharField(label=_("办结依据"), required=False, max_length=200, help_text=_("文号或存档位置"))
    pictures = PicturesField(_("照片"))


class LetInForm(ReasonForm):
    """允许知悉."""

    person = OwnerField()
    field_order = ("person", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        field.label, field.help_text, field.required = _("谁"), _("填工号"), True


class InsiderField(forms.ModelChoiceField):
    """Somebody on the list, by name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.staff.name)


class EndInsiderForm(ReasonForm):
    """终止知悉."""

    insider = InsiderField(queryset=Insider.objects.none(), label=_("谁"), empty_label=None)
    field_order = ("insider", "reason")

    def __init__(self, *args: Any, row: Dossier, user: Staff, **kwargs: Any) -> None:
        super().__init__(*args, row=row, user=user, **kwargs)
        field = self.fields["insider"]
        assert isinstance(field, InsiderField)
        field.queryset = row.insiders.filter(ended_at=None).select_related("staff")


class PurposeForm(PortalForm):
    """查阅用途, once a day."""

    why = forms.CharField(label=_("查阅用途"), min_length=4, max_length=200)
