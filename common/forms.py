"""Forms that speak in instructions and are drawn by our own components."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.forms.utils import pretty_name
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class PortalRenderer(TemplatesSetting):
    """Draws every form, ours and the libraries', with templates/components/."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"


class InstructionsMixin(forms.BaseForm):
    """Error messages that say what to do ("请填写…"), in place of the library's; a field's own wording stays.

    The browser's own bubbles are switched off: the summary at the top of the page names all errors at once.
    """

    use_required_attribute = False
    mark_optional = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instruct()

    def instruct(self) -> None:
        """Words all fields; a form that makes some of its fields itself says so once more after that."""
        for name, field in self.fields.items():
            _instruct(field, str(field.label or pretty_name(name)))
            _fit(field.widget)


class PortalForm(InstructionsMixin, forms.Form):
    """The base of all our forms."""


class PastDayField(forms.DateField):
    """回看到哪一天: a day whose state is asked for. Today is now, so it comes to nothing."""

    def __init__(self) -> None:
        super().__init__(label=_("回看到哪一天"), required=False)

    def clean(self, value: Any) -> date | None:
        found: date | None = super().clean(value)
        if found and found > timezone.localdate():
            raise forms.ValidationError(_("只能回看过去的日子。"))
        return found if found != timezone.localdate() else None


def _instruct(field: forms.Field, label: str) -> None:
    """Replaces the wordings the library came with; those a developer chose are other objects and stay."""
    messages = field.error_messages
    for code, library, ours in _wordings(type(field), label, get_language() or ""):  # type: ignore[arg-type]  # a class has a hash
        if messages.get(code) is library:
            messages[code] = ours


@lru_cache(maxsize=2000)
def _wordings(kind: type[forms.Field], label: str, _language: str) -> list[tuple[str, object, Any]]:
    """What the library says, and what we say instead."""
    defaults = _default_messages(kind)
    return [(code, defaults.get(code), message) for code, message in _instructions(kind, label).items()]


def _fit(widget: forms.Widget) -> None:
    """The phone's own date pickers, and text boxes that do not fill the screen, unless the form says otherwise."""
    if type(widget) is forms.DateInput:
        widget.input_type, widget.format = "date", "%Y-%m-%d"
    elif type(widget) is forms.DateTimeInput:
        widget.input_type, widget.format = "datetime-local", "%Y-%m-%dT%H:%M"
    elif isinstance(widget, forms.Textarea) and widget.attrs.get("rows") == "10":
        widget.attrs["rows"] = "4"


def _default_messages(kind: type[forms.Field]) -> dict[str, object]:
    messages: dict[str, object] = {}
    for parent in reversed(kind.__mro__):
        messages |= getattr(parent, "default_error_messages", {})
    return messages


def _instructions(kind: type[forms.Field], label: str) -> dict[str, Any]:
    words: dict[str, Any] = {
        "required": _required(kind) % {"label": label},
        "max_length": _("最多 %(limit_value)d 个字,现在是 %(show_value)d 个字"),
        "min_length": _("至少写 %(limit_value)d 个字,现在是 %(show_value)d 个字"),
        "invalid_choice": _("这一项不能选,请从列出的选项里选"),
    }
    if issubclass(kind, forms.FileField):
        # Its limit is of the file's name, and its numbers have other names.
        words["max_length"] = _("文件名太长了,请改短一些再选")
    elif issubclass(kind, forms.DateTimeField):
        words["invalid"] = _("请写成 2026-11-27 17:00 这样的日期和时间")
    elif issubclass(kind, forms.DateField):
        words["invalid"] = _("请写成 2026-11-27 这样的日期")
    elif issubclass(kind, forms.IntegerField):
        words["invalid"] = _("请填一个整数")
    elif issubclass(kind, forms.EmailField):
        words["invalid"] = _("请填完整的邮箱,例如 name@example.com")
    return words


def _required(kind: type[forms.Field]) -> Any:
    if issubclass(kind, forms.BooleanField):
        return _("请勾选“%(label)s”")
    if issubclass(kind, forms.ChoiceField | forms.ModelChoiceField | forms.FileField):
        return _("请选择“%(label)s”")
    return _("请填写“%(label)s”")
