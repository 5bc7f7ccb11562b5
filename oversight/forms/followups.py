"""What is recorded on the rungs of a follow-up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oversight.actions import Held
from oversight.forms.dossiers import SeenForm
from rectification.forms.base import LONG, SHORT, TextField
from rectification.forms.reports import PicturesField


class PastDay(forms.DateField):
    """A day that is not to come."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and value > timezone.localdate():
            raise ValidationError(gettext("日期不能晚于今天。"))


class HeldForm(SeenForm):
    """What every record has: when, who, what was found."""

    held_on = PastDay(label=_("日期"))
    who = forms.CharField(label=_("谁"), max_length=120, help_text=_("写职务,不写姓名"))
    pictures = PicturesField(_("照片"))

    def arguments(self) -> dict[str, Any]:
        """The record, its pictures, and the version seen."""
        said = dict(self.cleaned_data)
        more = {"seen": said.pop("seen"), "pictures": said.pop("pictures")}
        return {"held": Held(**said), **more}


class VisitForm(HeldForm):
    """现场办公."""

    place = forms.CharField(label=_("窗口"), max_length=120)
    findings = TextField(_("发现的情况"), most=LONG, rows=3)
    measures = TextField(_("采取的措施"), most=LONG, rows=3)
    result = TextField(_("结果"), most=SHORT, rows=2)
    field_order = ("held_on", "who", "place", "findings", "measures", "result", "pictures")


class TalkForm(HeldForm):
    """约谈."""

    with_whom = forms.CharField(label=_("约谈对象"), max_length=120, help_text=_("写职务,不写姓名"))
    findings = TextField(_("约谈要点"), most=LONG, rows=4)
    measures = TextField(_("提出的要求"), most=LONG, rows=3)
    field_order = ("held_on", "who", "with_whom", "findings", "measures", "pictures")


class LetterForm(HeldForm):
    """书面检讨."""

    findings = TextField(_("检讨内容"), most=LONG, rows=6)
    measures = TextField(_("整改承诺"), most=LONG, rows=3)
    field_order = ("held_on", "who", "findings", "measures", "pictures")
