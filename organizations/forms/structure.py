"""Regions, units, halls, windows and items: one form each, for the page and for a row of a CSV file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from common.forms import PortalForm
from organizations.codes import uscc_is_valid
from organizations.enums import RegionLevel, TaskType, Topic, UnitLevel
from organizations.forms.fields import hall_choice, region_choice, unit_choice
from organizations.models import division_code, item_code

plain_code = RegexValidator(r"^[0-9A-Za-z-]+\Z", _("编码只用字母、数字和短横线"))


class KeyedForm(PortalForm):
    """A form whose key fields say which row is meant: they cannot be changed on a row that exists."""

    keys: tuple[str, ...] = ("code",)

    def __init__(self, *args: Any, fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.keys if fixed else ():
            self.fields[name].disabled = True

    @property
    def facts(self) -> dict[str, Any]:
        """What was entered besides the key."""
        return {name: value for name, value in self.cleaned_data.items() if name not in self.keys}

    @property
    def key(self) -> dict[str, Any]:
        """Which row is meant."""
        return {name: self.cleaned_data[name] for name in self.keys}


class RegionForm(KeyedForm):
    keys = ("code", "level")
    code = forms.CharField(label=_("区划代码"), max_length=12, validators=[division_code], help_text=_("12 位数字"))
    name = forms.CharField(label=_("名称"), max_length=60)
    level = forms.TypedChoiceField(label=_("层级"), choices=RegionLevel, coerce=int)
    functional_zone = forms.BooleanField(label=_("功能区"), required=False)


class UnitForm(KeyedForm):
    code = forms.CharField(label=_("单位编码"), max_length=40, validators=[plain_code])
    name = forms.CharField(label=_("名称"), max_length=100, help_text=_("改名以后,已有评价和案件保留当时的名称"))
    short_name = forms.CharField(label=_("简称"), max_length=30)
    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=18)
    level = forms.ChoiceField(label=_("层级"), choices=UnitLevel)
    region = region_choice()
    parent = unit_choice(label=_("上级单位"), required=False)
    supervises = forms.BooleanField(label=_("政务服务管理机构"), required=False)
    phone = forms.CharField(label=_("公开电话"), max_length=20, required=False)

    def clean_uscc(self) -> str:
        """The check character catches most slips of the pen."""
        code = self.cleaned_data["uscc"].upper()
        if not uscc_is_valid(code):
            raise ValidationError(_("统一社会信用代码不对:应为 18 位,最后一位是校验位"))
        return str(code)


class HallForm(KeyedForm):
    code = forms.CharField(label=_("大厅编码"), max_length=40, validators=[plain_code])
    name = forms.CharField(label=_("名称"), max_length=100)
    region = region_choice()
    unit = unit_choice(label=_("管理单位"))
    address = forms.CharField(label=_("地址"), max_length=200, required=False)


class WindowForm(KeyedForm):
    keys = ("hall", "number")
    hall = hall_choice()
    number = forms.CharField(label=_("窗口号"), max_length=20)
    name = forms.CharField(label=_("名称"), max_length=60)
    unit = unit_choice(label=_("进驻单位"))


class ItemForm(KeyedForm):
    code = forms.CharField(label=_("实施编码"), max_length=31, validators=[item_code], help_text=_("31 位字母数字"))
    name = forms.CharField(label=_("名称"), max_length=200)
    unit = unit_choice(label=_("实施单位"))
    task_type = forms.ChoiceField(label=_("事项类型"), choices=TaskType)
    topics = forms.MultipleChoiceField(
        label=_("改革专题"), choices=Topic, required=False, widget=forms.CheckboxSelectMultiple
    )


class CloseForm(PortalForm):
    """From when, and why."""

    on = forms.DateField(label=_("日期"))
    note = forms.CharField(label=_("理由"), max_length=500, widget=forms.Textarea)


class RenewSignForm(PortalForm):
    """换发二维码. `stops`: whether the asker may also say that the old code was misused."""

    seen = forms.CharField(max_length=24, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("理由"), max_length=500, widget=forms.Textarea)
    misused = forms.BooleanField(
        label=_("旧码被冒用,立即停用"),
        required=False,
        help_text=_("旧码马上不能评价。只是旧了、破了、换了位置的,不要勾选"),
    )

    def __init__(self, *args: Any, stops: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not stops:
            del self.fields["misused"]
