"""What is written into a notice by hand, and the one line of an act."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment.enums import Grain
from assessment.periods import Period, read_period
from common.forms import InstructionsMixin

LONGEST = 6000


class WrittenForm(InstructionsMixin, forms.Form):
    """One line is one paragraph. Numbers of the quarter are not written here: the notice has them."""

    summary = forms.CharField(
        label=_("摘要"),
        help_text=_("三条情况、三条要求,一行一条,放在第一页。"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    cases = forms.CharField(
        label=_("典型案例"),
        help_text=_("正反面都写,不写评价人和工作人员的姓名。"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    problems = forms.CharField(
        label=_("存在的问题"),
        help_text=_("写明单位。"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    demands = forms.CharField(
        label=_("下一步要求"),
        help_text=_("写明由谁办、哪天前办完。"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class NoteForm(InstructionsMixin, forms.Form):
    """Why, or what is to be changed."""

    note = forms.CharField(label=_("说明"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class QuarterForm(InstructionsMixin, forms.Form):
    """Of which quarter a notice is begun."""

    quarter = forms.ChoiceField(label=_("季度"))

    def __init__(self, *args: object, quarters: list[Period], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["quarter"]
        assert isinstance(field, forms.ChoiceField)
        words = _("%(year)d 年第 %(quarter)d 季度")
        field.choices = [(one.name, words % {"year": one.begins.year, "quarter": one.quarter}) for one in quarters]

    @property
    def chosen(self) -> Period:
        """The quarter, once the form is valid."""
        period = read_period(self.cleaned_data["quarter"])
        assert period.grain == Grain.QUARTER
        return period
