"""What is filled in on a tablet, and about one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from common.forms import PortalForm
from evaluations.forms.citizen import LineField, RatingForm, StoryField, folded
from organizations.forms.fields import WindowChoice, hall_choice
from organizations.models import Hall, Window


class TabletForm(RatingForm):
    """The rating page on a tablet that others can see: no number, and no text (ux.md §4.1)."""

    text = None  # type: ignore[assignment]  # takes the field away
    phone = None  # type: ignore[assignment]  # takes the field away
    no_reason = _("请选一个原因,方便我们改正")


class TabletTextForm(RatingForm):
    """The same on a tablet that stands aside: some text, 150 characters (domain.md §3.1)."""

    text = StoryField(label=_("还想说点什么?"), most=settings.KIOSK_TEXT_MAX)
    phone = None  # type: ignore[assignment]  # takes the field away


class EnrolForm(PortalForm):
    """The code of a device, as the desk shows it once; in any width, with or without the dash."""

    code = LineField(
        label=_("登记码"),
        max_length=30,
        help_text=_("8 位字母和数字,在工作台“评价器”里生成"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def clean_code(self) -> str:
        return folded(self.cleaned_data["code"]).replace("-", "")


class DeviceForm(PortalForm):
    """A tablet: what it is called, where it stands, whether one may write on it."""

    name = LineField(label=_("名称"), max_length=40, help_text=_("贴在机身上的名字,例如 A12 评价器"))
    window = WindowChoice(label=_("窗口"))
    takes_text = forms.BooleanField(
        label=_("可以在评价器上写文字"),
        required=False,
        help_text=_("默认不写:旁边有人看着。扫码可以在手机上写。"),
    )

    def __init__(self, *args: Any, windows: QuerySet[Window], **kwargs: Any) -> None:
        """`windows`: those it may stand at."""
        super().__init__(*args, **kwargs)
        field = self.fields["window"]
        assert isinstance(field, WindowChoice)
        field.queryset, field.empty_label = windows, _("请选择")


class WindowKeyForm(PortalForm):
    """A key for the window system of a hall."""

    hall = hall_choice()
    name = LineField(label=_("用途"), max_length=60, help_text=_("例如 叫号系统"))

    def __init__(self, *args: Any, halls: QuerySet[Hall], **kwargs: Any) -> None:
        """`halls`: those it may speak for."""
        super().__init__(*args, **kwargs)
        field = self.fields["hall"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = halls
