"""What the list of findings can be narrowed by; kept in the address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment.enums import Direction, FindingState, SignalCode
from assessment.models import FindingQuerySet
from common.forms import InstructionsMixin
from organizations.models import Unit

ALL: list[tuple[str, Any]] = [("", _("全部"))]


class FindingsFilter(InstructionsMixin, forms.Form):
    """State, signal, direction, unit and days. Without a choice of state: those nobody has decided yet."""

    mark_optional = False

    state = forms.ChoiceField(
        label=_("结论"),
        choices=[("", FindingState.OPEN.label), *FindingState.choices[1:], ("all", _("全部"))],
        required=False,
    )
    signal = forms.ChoiceField(label=_("迹象"), choices=[*ALL, *SignalCode.choices], required=False)
    direction = forms.ChoiceField(label=_("方向"), choices=[*ALL, *Direction.choices], required=False)
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("单位"), to_field_name="code", required=False, empty_label=_("全部")
    )
    since = forms.DateField(label=_("起"), required=False)
    until = forms.DateField(label=_("止"), required=False)

    def __init__(self, *args: Any, rows: FindingQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        field = self.fields["unit"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Unit.objects.filter(pk__in=rows.order_by().values("unit")).order_by("code")

    def of_days(self) -> FindingQuerySet:
        """Those of the chosen days and unit, whatever their signal, direction and state: what is counted by signal."""
        if not self.is_valid():
            return self.rows
        asked = {"unit": "unit", "since": "day__gte", "until": "day__lte"}
        given = {path: self.cleaned_data[name] for name, path in asked.items() if self.cleaned_data[name]}
        return self.rows.filter(**given)

    def narrowed(self) -> FindingQuerySet:
        """The rows that were asked for; the undecided ones while something is wrong with a filter."""
        rows = self.of_days()
        if not self.is_valid():
            return rows.undecided()
        given = {name: self.cleaned_data[name] for name in ("signal", "direction") if self.cleaned_data[name]}
        state = self.cleaned_data["state"] or FindingState.OPEN
        return rows.filter(**given) if state == "all" else rows.filter(**given, state=state)
