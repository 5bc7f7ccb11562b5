"""Fields that name rows by the codes people know; the pages and the CSV files speak the same."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from organizations.models import Hall, Region, Staff, Unit, Window


class CodeChoice(forms.ModelChoiceField):
    """A row by its code."""

    def __init__(self, queryset: Any, *, to_field_name: str = "code", **kwargs: Any) -> None:
        empty = _("请选择") if kwargs.get("required", True) else _("无")
        super().__init__(queryset, to_field_name=to_field_name, empty_label=empty, **kwargs)
        self.error_messages["invalid_choice"] = _("没有“%(value)s”,请先登记它,或改成已有的。")


def region_choice(**kwargs: Any) -> CodeChoice:
    """A region by its 12-digit code."""
    return CodeChoice(Region.objects.all(), label=_("区划"), **kwargs)


def unit_choice(**kwargs: Any) -> CodeChoice:
    """A unit that has not been closed, by its code."""
    kwargs.setdefault("label", _("单位"))
    return CodeChoice(Unit.objects.active(), **kwargs)


def hall_choice(**kwargs: Any) -> CodeChoice:
    """A hall by its code."""
    return CodeChoice(Hall.objects.all(), label=_("大厅"), **kwargs)


def staff_choice(**kwargs: Any) -> CodeChoice:
    """A person by the staff number."""
    return CodeChoice(Staff.objects.all(), label=_("工号"), to_field_name="username", **kwargs)


class WindowChoice(forms.ModelChoiceField):
    """A window as "hall code/number"."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Window.objects.filter(closed_on=None).select_related("hall"), empty_label=_("无"), **kwargs)
        self.error_messages["invalid_choice"] = _("没有窗口“%(value)s”,请写成“大厅编码/窗口号”。")

    def prepare_value(self, value: Any) -> Any:
        return f"{value.hall.code}/{value.number}" if isinstance(value, Window) else value

    def to_python(self, value: Any) -> Window | None:
        if value in self.empty_values:
            return None
        hall, _slash, number = str(value).partition("/")
        found = self.queryset.filter(hall__code=hall, number=number).first() if self.queryset is not None else None
        if found is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value})
        return found

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.hall} {obj}"
