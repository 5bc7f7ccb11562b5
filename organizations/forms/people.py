"""Accounts, roles and working days."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.enums import ExportFormat
from common.forms import PortalForm
from organizations.enums import DayKind, Role
from organizations.forms.fields import WindowChoice, staff_choice, unit_choice
from organizations.forms.structure import KeyedForm

YEARS = range(2020, 2100)


class StaffForm(KeyedForm):
    keys = ("username",)
    username = forms.CharField(label=_("工号"), max_length=150, validators=[UnicodeUsernameValidator()])
    name = forms.CharField(label=_("姓名"), max_length=60)
    email = forms.EmailField(label=_("邮箱"), required=False, help_text=_("只用于每日提醒"))


class RoleForm(PortalForm):
    """A role for a person who is already named."""

    role = forms.ChoiceField(label=_("角色"), choices=Role)
    unit = unit_choice()
    window = WindowChoice(label=_("窗口"), required=False, help_text=_("只有窗口人员填写"))
    valid_from = forms.DateField(label=_("起"))
    valid_to = forms.DateField(label=_("止"), required=False, help_text=_("最后一天;长期任职不填"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("止日不能早于起日。"))
        return cleaned


class GrantForm(RoleForm):
    """The same on a page, with why."""

    note = forms.CharField(
        label=_("理由"),
        max_length=500,
        required=False,
        help_text=_("市级督导、转办专人、审计员和三种管理员要由另一位管理员确认,必须写明理由"),
    )


class DecisionForm(PortalForm):
    """What another administrator says to a proposed role."""

    approved = forms.TypedChoiceField(
        label=_("处理"),
        choices=[("yes", _("同意")), ("no", _("不同意"))],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )
    note = forms.CharField(label=_("意见"), max_length=500, required=False, help_text=_("不同意时必填"))


class ExportForm(PortalForm):
    """A file of rows, and what it is for."""

    format = forms.ChoiceField(label=_("格式"), choices=ExportFormat)
    reason = forms.CharField(label=_("导出用途"), max_length=200)


class MembershipForm(RoleForm, KeyedForm):
    """The same as a row of a file."""

    keys = ("username", "role", "unit", "valid_from")
    username = staff_choice()


class EndForm(PortalForm):
    on = forms.DateField(label=_("最后一天"))
    note = forms.CharField(label=_("理由"), max_length=500, required=False)


class ReasonForm(PortalForm):
    note = forms.CharField(label=_("理由"), max_length=500)


class YearForm(PortalForm):
    year = forms.IntegerField(label=_("年度"), min_value=YEARS.start, max_value=YEARS.stop - 1)


class ConfirmYearForm(PortalForm):
    source = forms.CharField(label=_("依据"), max_length=200, help_text=_("国务院办公厅通知的名称和文号"))


class DayForm(PortalForm):
    """One day of a year that differs, or no longer differs."""

    ORDINARY = "ordinary"
    day = forms.DateField(label=_("日期"))
    kind = forms.ChoiceField(label=_("类别"), choices=[*DayKind.choices, (ORDINARY, _("恢复为平常日"))])
    name = forms.CharField(label=_("名称"), max_length=60, required=False, help_text=_("例如 国庆节"))

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day.year != self.year:
            raise ValidationError(_("请填 %(year)d 年的日期"), params={"year": self.year})
        return day

    @property
    def chosen(self) -> DayKind | None:
        """None for an ordinary day."""
        kind = self.cleaned_data["kind"]
        return None if kind == self.ORDINARY else DayKind(kind)
