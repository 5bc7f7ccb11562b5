"""What a list of public cases is narrowed by, kept in the address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import InstructionsMixin
from disclosure.enums import Result
from disclosure.queries.narrowing import Choices
from disclosure.queries.public import LONGEST, NEWEST, Asked
from disclosure.searching import LONGEST as LONGEST_QUERY
from disclosure.searching import asked
from rectification.enums import Level

LEVELS = [(level.value, level.label) for level in (Level.VERY_DISSATISFIED, Level.DISSATISFIED, Level.FAIR)]
SORTS = [(NEWEST, _("最近公示的在前")), (LONGEST, _("用时最长的在前"))]
EVERY = [("", _("全部"))]


class CaseFilter(InstructionsMixin, forms.Form):
    """Filters of the list; each is optional, and a list without any is a list of everything."""

    mark_optional = False

    q = forms.CharField(label=_("搜索问题、事项、单位"), required=False, max_length=LONGEST_QUERY)
    region = forms.ChoiceField(label=_("地区"), required=False)
    unit = forms.ChoiceField(label=_("单位"), required=False)
    reason = forms.ChoiceField(label=_("原因"), required=False)
    level = forms.TypedChoiceField(
        label=_("满意度"), required=False, coerce=int, empty_value=None, choices=[*EVERY, *LEVELS]
    )
    result = forms.ChoiceField(label=_("处理结果"), required=False, choices=[*EVERY, *Result.choices])
    since = forms.DateField(label=_("评价日期起"), required=False)
    until = forms.DateField(label=_("评价日期止"), required=False)
    sort = forms.ChoiceField(label=_("排序"), required=False, choices=SORTS)

    # Which condition of a question each field stands for.
    ASKS = {
        "q": "words",
        "region": "region",
        "unit": "unit_path",
        "reason": "tag",
        "level": "level",
        "result": "result",
        "since": "since",
        "until": "until",
    }

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.paths = {unit.code: unit.path for unit in choices.units}
        self._offer("region", choices.regions.items())
        self._offer("unit", [(unit.code, unit.name) for unit in choices.units])
        self._offer("reason", [(label, label) for label in choices.reasons])

    def _offer(self, name: str, offered: Any) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [*EVERY, *offered]

    def clean_q(self) -> str:
        """The words, if there is anything in them that can be searched."""
        words = str(self.cleaned_data["q"])
        if words and not asked(words):
            raise forms.ValidationError(_("请写要搜索的字、字母或数字"))
        return words

    def clean(self) -> dict[str, Any]:
        """A period that ends after it has begun."""
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:
            self.add_error("until", _("结束日期要在开始日期之后"))
        return data

    @property
    def wanted(self) -> Asked:
        """The question this form asks, once it is valid."""
        data = self.cleaned_data
        path = self.paths.get(data["unit"], "")
        return Asked(**{name: data[field] for field, name in self.ASKS.items() if field != "unit"}, unit_path=path)

    @property
    def sorting(self) -> str:
        return self.cleaned_data.get("sort") or NEWEST

    @property
    def narrowed(self) -> bool:
        """Whether anything but the words is asked for: then the other filters are shown open."""
        usual = {"sort": NEWEST}
        return any(self.data.get(name, "") not in ("", usual.get(name)) for name in self.fields if name != "q")

    @property
    def has_any(self) -> bool:
        return self.narrowed or bool(self.data.get("q"))

    @property
    def others(self) -> list[forms.BoundField]:
        """Every field but the words."""
        return [self[name] for name in self.fields if name != "q"]
