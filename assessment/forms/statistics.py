"""Which period and unit, and the year of comparison."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from assessment.enums import Grain
from assessment.periods import Period, period_of, read_period
from assessment.words import period_words
from common.forms import InstructionsMixin, PastDayField, PortalForm
from organizations.calendar import end_of
from organizations.models import Unit

LIMITS = {Grain.MONTH: 36, Grain.QUARTER: 16, Grain.YEAR: 8}


def periods_to_choose(first: date, last: date) -> list[tuple[Any, list[tuple[str, str]]]]:
    """Months, quarters and years from one day to another, the newest first, as the groups of a select."""
    groups = []
    for grain, limit in LIMITS.items():
        period = period_of(last, grain)
        found: list[tuple[str, str]] = []
        while period.last >= first and len(found) < limit:
            found.append((period.name, period_words(period)))
            period = period.before()
        groups.append((grain.label, found))
    return groups


class StatisticsForm(InstructionsMixin, forms.Form):
    """The period and the unit of a page of figures."""

    mark_optional = False

    period = forms.ChoiceField(label=_("统计期间"), required=False)
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("单位"), to_field_name="code", required=False, empty_label=_("全部")
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], first: date, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        period, unit = self.fields["period"], self.fields["unit"]
        if isinstance(period, forms.ChoiceField) and isinstance(unit, forms.ModelChoiceField):
            period.choices = periods_to_choose(first, today)
            unit.queryset = units.order_by("code")

    @property
    def chosen_period(self) -> Period:
        """The one asked for; this month where none is, or none that there is."""
        name = self.cleaned_data.get("period") if self.is_valid() else ""
        return read_period(name) if name else period_of(self.today, Grain.MONTH)

    @property
    def chosen_unit(self) -> Unit | None:
        found: Unit | None = self.cleaned_data.get("unit") if self.is_valid() else None
        return found


class MetricsForm(StatisticsForm):
    """The same, and the past day whose state is asked for."""

    asof = PastDayField()

    @property
    def chosen_day(self) -> date | None:
        """The past day; None for now, and for what is none."""
        found: date | None = self.cleaned_data.get("asof") if self.is_valid() else None
        return found

    @property
    def chosen_moment(self) -> datetime | None:
        """The end of the past day."""
        return end_of(self.chosen_day) if self.chosen_day else None


class RowsForm(MetricsForm):
    """Which of the two numbers of a metric, and whether without the units below."""

    side = forms.ChoiceField(choices=[("part", ""), ("whole", "")], required=False, widget=forms.HiddenInput)
    own = forms.ChoiceField(choices=[("", ""), ("1", "")], required=False, widget=forms.HiddenInput)


def _month_field(month: int) -> forms.IntegerField:
    return forms.IntegerField(label=MONTHS[month], required=False, min_value=0, max_value=2_000_000_000)


class BaselineForm(PortalForm):
    """Twelve numbers; an empty one is unknown, not 0."""

    mark_optional = False

    m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12 = (_month_field(month) for month in range(1, 13))

    def months(self) -> dict[int, int | None]:
        return {month: self.cleaned_data[f"m{month}"] for month in range(1, 13)}
