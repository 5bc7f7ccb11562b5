"""What people say about problem classes: of one case, and as rules, one plain form with a group of fields each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment.classing import HEAVIEST, LONGEST_NAME, Rule
from assessment.forms.schemes import NOTHING, Block
from common.forms import PortalForm
from rectification.forms.base import TextField

SPARE = 2
TAKE_BACK = "-"
_BETWEEN = re.compile(r"[、,,;;|\n]+")


class CorrectionForm(PortalForm):
    """Which class a case is of, and why; earlier corrections can be taken back."""

    name = forms.ChoiceField(label=_("问题类别"))
    reason = forms.CharField(
        label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("看了哪句话、为什么。")
    )

    def __init__(self, *args: Any, names: Sequence[str], corrected: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["name"]
        back = [(TAKE_BACK, _("取消更正,按规则和标签"))] if corrected else []
        if isinstance(field, forms.ChoiceField):
            field.choices = [NOTHING, *((name, name) for name in names), *back]

    @property
    def chosen(self) -> str:
        """The class; empty for taking back."""
        name: str = self.cleaned_data["name"]
        return "" if name == TAKE_BACK else name


class VersionForm(PortalForm):
    valid_from = forms.DateField(label=_("施行日期"), help_text=_("这一天起收到的差评件按新规则归类。"))


class ClassRulesForm(PortalForm):
    """A draft of the rules. `rules` gives what was typed, sound or not; a rule is removed by emptying its name."""

    mark_optional = False

    valid_from = forms.DateField(label=_("施行日期"), help_text=_("这一天起收到的差评件按新规则归类。"))
    note = TextField(_("与上一版的不同"), most=1000, rows=2, required=False)

    def __init__(self, *args: Any, stored: Sequence[Rule], **kwargs: Any) -> None:
        self.count = len(stored) + SPARE
        kwargs["initial"] = {**_initial(stored), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        for place in range(self.count):
            self.fields |= _fields(place)
        self.instruct()

    def blocks(self) -> Iterator[Block]:
        """The fields as the page shows them."""
        yield Block(_("版本"), [self["valid_from"], self["note"]])
        for place in range(self.count):
            title = self[f"r{place}_name"].value() or _("新的规则")
            yield Block(title, [self[name] for name in self.fields if name.startswith(f"r{place}_")])

    def rules(self) -> list[Rule]:
        """The rules of a valid form, in their order."""
        return [rule for place in range(self.count) if (rule := self._rule(place)) is not None]

    def _rule(self, place: int) -> Rule | None:
        def of(name: str) -> Any:
            return self.cleaned_data.get(f"r{place}_{name}")

        if not of("name"):
            return None
        return Rule(of("name"), of("class"), of("weight") or 0, *(_split(of(part)) for part in PARTS))


PARTS = ("tags", "words", "unless")


def _split(text: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in _BETWEEN.split(text or "") if word.strip()))


def _fields(place: int) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {
        "name": forms.CharField(label=_("规则名称"), max_length=LONGEST_NAME, required=False),
        "class": forms.CharField(label=_("问题类别"), max_length=LONGEST_NAME, required=False),
        "weight": forms.IntegerField(
            label=_("权重"),
            min_value=0,
            max_value=HEAVIEST,
            required=False,
            help_text=_("几条规则都符合时,权重大的算;一样大的,排在前面的算。"),
        ),
        "tags": forms.CharField(
            label=_("有这些标签之一(代码)"), max_length=300, required=False, help_text=_("用顿号隔开。")
        ),
        "words": forms.CharField(
            label=_("有这些词语之一"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
        ),
        "unless": forms.CharField(
            label=_("有这些词语就不算"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
        ),
    }
    return {f"r{place}_{name}": field for name, field in fields.items()}


def _initial(stored: Sequence[Rule]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for place, rule in enumerate(stored):
        values = {"name": rule.name, "class": rule.to, "weight": rule.weight}
        values |= {part: "、".join(getattr(rule, part)) for part in PARTS}
        found |= {f"r{place}_{name}": value for name, value in values.items()}
    return found
