"""What a campaign is planned with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessment.enums import Grain
from assessment.periods import Period, read_period
from assessment.queries import class_names
from common.forms import PortalForm
from organizations.models import Staff, Unit
from oversight.actions import Plan
from oversight.enums import Method, Part
from oversight.forms.dossiers import SeenForm
from oversight.models import Dossier
from oversight.presets import TEMPLATES
from oversight.queries.campaigns import cases_behind
from rectification.forms.base import LONG, TextField, UnitField, choice

LONGEST = timedelta(days=366)


class UnitsField(forms.CharField):
    """Several units, one name a line; the cleaned value is the units, each once."""

    def __init__(self, label: Any, *, required: bool = True, hint: Any = "") -> None:
        widget = forms.Textarea(attrs={"rows": 4})
        super().__init__(label=label, required=required, max_length=6000, widget=widget, help_text=hint)

    def clean(self, value: Any) -> list[Unit]:
        """Finds the units.

        Raises:
            ValidationError: names the lines that are no unit, or more than one.
        """
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        names = list(dict.fromkeys(lines))
        found = Unit.objects.active().filter(Q(name__in=names) | Q(short_name__in=names)).select_related("region")
        known = {name: [unit for unit in found if name in (unit.name, unit.short_name)] for name in names}
        wrong = [name for name in names if len(known[name]) != 1]
        if wrong:
            raise ValidationError(gettext("没有找到这些单位:%(names)s") % {"names": "、".join(wrong)[:200]})
        return list({units[0].pk: units[0] for units in known.values()}.values())


class LinesField(forms.CharField):
    """One entry a line; the cleaned value is the lines."""

    def __init__(self, label: Any, *, required: bool = True, hint: Any = "") -> None:
        widget = forms.Textarea(attrs={"rows": 6})
        super().__init__(label=label, required=required, max_length=4000, widget=widget, help_text=hint)

    def clean(self, value: Any) -> list[str]:
        """The lines, without those that are empty."""
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if any(len(line) > 200 for line in lines):
            raise ValidationError(gettext("每行最多 200 个字。"))
        return lines


class CampaignForm(PortalForm):
    """立项. What it is against, where, how, and who is only compared with is said before it starts."""

    title = forms.CharField(label=_("名称"), max_length=120)
    method = choice(_("方式"), Method)
    classes = forms.MultipleChoiceField(label=_("问题类别"), widget=forms.CheckboxSelectMultiple)
    about = TextField(_("事由和目标"), required=False, most=LONG, rows=3)
    lead = UnitField(_("牵头单位"))
    scope = UnitsField(_("整治范围"), hint=_("一行一个单位,启动后不能再改"))
    comparison = UnitsField(
        _("对照单位"), required=False, hint=_("一行一个单位,不参加整治,只用来比较;没有对照就看不出是不是大家都降了")
    )
    begins = forms.DateField(label=_("开始日期"))
    ends = forms.DateField(label=_("结束日期"))
    checklist = LinesField(_("排查清单"), hint=_("一行一项"))
    template = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)
    quarter = forms.CharField(required=False, widget=forms.HiddenInput, max_length=7)

    def __init__(self, *args: Any, user: Staff, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        field = self.fields["classes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(name, format_html('<span lang="zh">{}</span>', name)) for name in class_names(timezone.now())]

    def clean_template(self) -> str:
        name = str(self.cleaned_data["template"])
        return name if name in TEMPLATES else ""

    def clean_quarter(self) -> Period | None:
        try:
            period = read_period(self.cleaned_data["quarter"] or "-")
        except ValueError:
            return None
        return period if period.grain == Grain.QUARTER else None

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        begins, ends = found.get("begins"), found.get("ends")
        if begins and ends and not begins <= ends <= begins + LONGEST:
            self.add_error("ends", gettext("结束日期要在开始之后、一年之内。"))
        both = {unit.pk for unit in found.get("scope") or ()} & {unit.pk for unit in found.get("comparison") or ()}
        if both:
            self.add_error("comparison", gettext("对照单位不能在整治范围里。"))
        return found

    def arguments(self) -> dict[str, Any]:
        """The argument of the act besides who and when."""
        return {"plan": self.plan()}

    def plan(self) -> Plan:
        """What is planned, once the form is valid; with the cases it began from, if it was begun from a quarter's."""
        said = {**self.cleaned_data}
        quarter = said.pop("quarter")
        cases = cases_behind(quarter, said["scope"], said["classes"]) if quarter else []
        return Plan(**said, cases=cases, by_threshold=bool(cases), quarter=quarter.begins if quarter else None)


class ShareOutForm(SeenForm):
    """分派互查."""

    until = forms.DateField(label=_("查完的日期"))

    def __init__(self, *args: Any, row: Dossier, user: Staff, **kwargs: Any) -> None:
        super().__init__(*args, row=row, user=user, initial={"until": row.ends}, **kwargs)


class ChangeCampaignForm(CampaignForm):
    """修改: the same of a campaign that has not started."""

    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: Dossier, user: Staff, **kwargs: Any) -> None:
        self.row = row
        super().__init__(*args, user=user, initial={**initial_of(row), "seen": row.version}, **kwargs)

    def arguments(self) -> dict[str, Any]:
        """The arguments of the act besides who and when."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in ("seen", "quarter")}
        campaign = self.row.campaign
        plan = Plan(**said, quarter=campaign.quarter, by_threshold=campaign.by_threshold)
        return {"plan": plan, "seen": self.cleaned_data["seen"]}


def initial_of(row: Dossier) -> dict[str, Any]:
    """What a form holds of a campaign that is planned."""
    parts = list(row.units.select_related("unit"))
    names = {part: [one.unit.name for one in parts if one.part == part] for part in Part}
    return {
        "title": row.title,
        "about": row.about,
        "begins": row.begins,
        "ends": row.ends,
        "lead": row.unit.name if row.unit else "",
        "scope": _lines(names[Part.SCOPE]),
        "comparison": _lines(names[Part.COMPARISON]),
        "method": row.campaign.method,
        "classes": row.campaign.classes,
        "checklist": _lines(row.campaign.checklist),
        "template": row.campaign.template,
    }


def _lines(words: Iterable[str]) -> str:
    return "\n".join(words)
