"""What is written into a notice by hand, the one line of an act, and which cases of a quarter are asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from assessment.enums import Grain
from assessment.forms import StatisticsForm, periods_to_choose
from assessment.periods import Period, period_of, read_period
from assessment.words import period_words
from common.forms import InstructionsMixin
from oversight.analysing import Selection
from oversight.queries.cases import Told

LONGEST = 6000
MOST_QUARTERS = 16
SECTIONS = ("summary", "problems", "demands")


class WrittenForm(InstructionsMixin, forms.Form):
    """One line is one paragraph. What the portal proposes and nobody changes stays made of figures."""

    summary = forms.CharField(
        label=_("摘要"),
        help_text=_("三条情况、三条要求,一行一条,放在第一页。系统按数字生成,不改就随数字更新,改了以写的为准。"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    picked = forms.MultipleChoiceField(
        label=_("选用典型案例"),
        help_text=_("只列已公示、隐去个人信息的件;通报里只写公示编号。"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    cases = forms.CharField(
        label=_("典型案例补充"),
        help_text=_("正反面都写,不写评价人和工作人员的姓名。"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    problems = forms.CharField(
        label=_("存在的问题"),
        help_text=_("写明单位。系统按数字生成,不改就随数字更新。"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    demands = forms.CharField(
        label=_("下一步要求"),
        help_text=_("写明由谁办、哪天前办完。系统生成的日期从签发日起按工作日计算。"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    made = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, offered: Sequence[Told], proposed: Mapping[str, str], **kwargs: Any) -> None:
        """Args:
        offered: cases that may be picked. proposed: by section what the portal has written where nobody has.
        """
        initial = {**kwargs.pop("initial", {}), **proposed, "made": _marks(proposed)}
        super().__init__(*args, initial=initial, **kwargs)
        picked = self.fields["picked"]
        assert isinstance(picked, forms.MultipleChoiceField)
        picked.choices = [(one.number, _words_of(one)) for one in offered]
        if not offered:
            picked.help_text = _("本季度还没有可选的件:件要先公示。")

    @property
    def written(self) -> dict[str, Any]:
        """What is kept: sections that somebody has written, cases picked; what was not changed stays proposed."""
        said = self.cleaned_data
        shown = set(said["made"].split())
        kept = {name: said[name] for name in SECTIONS if _mark(name, said[name]) not in shown}
        return {**kept, "cases": said["cases"], "picked": said["picked"]}


def _marks(proposed: Mapping[str, str]) -> str:
    """What was proposed when the form was drawn, so that it is known again although figures go on."""
    return " ".join(_mark(name, text) for name, text in proposed.items())


def _mark(name: str, text: str) -> str:
    plain = "\n".join(line.strip() for line in text.splitlines() if line.strip())
    return hashlib.sha256(f"{name}:{plain}".encode()).hexdigest()[:16]


def _words_of(one: Told) -> str:
    side = _("正面") if one.good else _("反面")
    why = "、".join(str(reason.label) for reason in one.why)
    told = "，".join(part for part in (one.unit, one.item, one.problem) if part)
    return format_html('<span>{} · {} · {} <span lang="zh">{}</span></span>', side, one.number, why, told)


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


class OverviewForm(InstructionsMixin, forms.Form):
    """The quarter that the overview is about."""

    mark_optional = False

    quarter = forms.ChoiceField(label=_("季度"), required=False)

    def __init__(self, data: Any, *, first: date, today: date) -> None:
        super().__init__(data)
        field, period = self.fields["quarter"], period_of(today, Grain.QUARTER)
        choices: list[tuple[str, str]] = []
        while period.last >= first and len(choices) < MOST_QUARTERS:
            choices.append((period.name, period_words(period)))
            period = period.before()
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    @property
    def chosen(self) -> Period | None:
        """The quarter asked for; None where none is, or none that there is."""
        name = self.cleaned_data.get("quarter") if self.is_valid() else ""
        return read_period(name) if name else None


class SetForm(OverviewForm):
    """The same, with the name of the set whose rows are listed."""

    set = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)


class AnalysisForm(StatisticsForm):
    """The quarter and the unit of the analysis."""

    def __init__(self, *args: Any, first: date, today: date, **kwargs: Any) -> None:
        super().__init__(*args, first=first, today=today, **kwargs)
        field = self.fields["period"]
        if isinstance(field, forms.ChoiceField):
            field.label = _("季度")
            field.choices = self.quarters(dict(periods_to_choose(first, today))[Grain.QUARTER.label])

    def quarters(self, known: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Those that can be asked for, the newest first."""
        return known

    @property
    def chosen_period(self) -> Period:
        """The quarter asked for; the running one where none is, or none that there is."""
        name = self.cleaned_data.get("period") if self.is_valid() else ""
        return read_period(name) if name else period_of(self.today, Grain.QUARTER)


class SelectionForm(AnalysisForm):
    """Which cases of the quarter, as the numbers of the page ask for them."""

    group, holder, item, channel, term = (
        forms.CharField(required=False, max_length=60, widget=forms.HiddenInput) for _name in range(5)
    )
    again = forms.ChoiceField(choices=[("", ""), ("1", "")], required=False, widget=forms.HiddenInput)
    earlier = forms.ChoiceField(choices=[("", ""), ("1", "")], required=False, widget=forms.HiddenInput)

    def quarters(self, known: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """One more: the page of the oldest quarter has numbers of the one before."""
        before = read_period(known[-1][0]).before()
        return [*known, (before.name, before.name)]

    @property
    def selection(self) -> Selection:
        """All of them while something is wrong with the address."""
        data = self.cleaned_data if self.is_valid() else {}
        words = {name: data.get(name, "") for name in ("group", "item", "channel", "term")}
        return Selection(unit=data.get("holder", ""), again=bool(data.get("again")), **words)

    @property
    def of_the_year_before(self) -> bool:
        return self.is_valid() and bool(self.cleaned_data.get("earlier"))
