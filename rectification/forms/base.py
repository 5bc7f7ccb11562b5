"""What the forms of all acts share: the version that was seen, and fields of a few recurring kinds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms import PortalForm
from organizations.models import Staff, Unit
from rectification.models import Case

LONG, SHORT = 2000, 500


class ActForm(PortalForm):
    """A form of one act on one case. Its cleaned fields are the arguments of the act.

    Args:
        case: the act's case, with its unit.
        staff: who fills the form in.
    """

    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, case: Case, staff: Staff, **kwargs: Any) -> None:
        self.case, self.staff = case, staff
        kwargs["initial"] = {**self.suggestions(case), **(kwargs.get("initial") or {}), "seen": case.version}
        super().__init__(*args, **kwargs)

    def suggestions(self, case: Case) -> dict[str, Any]:
        """What the empty form holds."""
        return {}

    def arguments(self) -> dict[str, Any]:
        """The arguments of the act besides who, when and the version seen."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    @property
    def written(self) -> list[tuple[str, str]]:
        """Label and text of what was typed, to be shown where the form itself no longer fits."""
        texts = [(str(field.label), field.data) for field in self.visible_fields()]
        return [(label, text) for label, text in texts if isinstance(text, str) and text.strip()]


class TextField(forms.CharField):
    """Somebody's words: lines end the same way whatever the browser sends, so that a character is one character."""

    def __init__(self, label: Any, *, required: bool = True, most: int = LONG, rows: int = 4, hint: Any = "") -> None:
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(label=label, required=required, max_length=most, widget=widget, help_text=hint)

    def to_python(self, value: Any) -> str:
        text = "" if value is None else str(value)
        return super().to_python(text.replace("\r\n", "\n").replace("\r", "\n")) or ""


def choice(label: Any, choices: Any, *, required: bool = True) -> forms.TypedChoiceField:
    """One of a few, as radio buttons, none chosen beforehand.

    Args:
        choices: a TextChoices class; the cleaned value is its member.
    """
    return forms.TypedChoiceField(
        label=label,
        choices=choices.choices,
        coerce=choices,
        required=required,
        empty_value=None,
        widget=forms.RadioSelect,
    )


YES, NO = _("是"), _("否")


def yes_no(label: Any, *, yes: Any = YES, no: Any = NO, required: bool = True) -> forms.TypedChoiceField:
    """A question with two answers, none chosen beforehand; the cleaned value is a bool, or None when left open."""
    return forms.TypedChoiceField(
        label=label,
        choices=[("yes", yes), ("no", no)],
        coerce=lambda answer: answer == "yes",
        required=required,
        empty_value=None,
        widget=forms.RadioSelect,
    )


class UnitInput(forms.TextInput):
    """A text box that offers the names of units while one types; the list itself works without scripts."""

    template_name = "rectification/case/_unit_input.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        listed = f"{context['widget']['attrs'].get('id', name)}_units"
        context["widget"]["attrs"]["list"] = listed
        names = Unit.objects.active().order_by("level", "code").values_list("name", flat=True)
        return {**context, "listed": listed, "names": names}


class UnitField(forms.CharField):
    """A unit by its name or short name; the cleaned value is the unit."""

    def __init__(self, label: Any) -> None:
        hint = _("输入名称中的几个字,再从列表里选")
        super().__init__(label=label, max_length=100, widget=UnitInput, help_text=hint)

    def clean(self, value: Any) -> Unit:
        """Finds the unit.

        Raises:
            ValidationError: there is none of that name, or more than one.
        """
        name = super().clean(value)
        named = Q(name=name) | Q(short_name=name)
        found = list(Unit.objects.active().filter(named).select_related("region")[:2])
        if len(found) != 1:
            raise ValidationError(gettext("没有找到“%(name)s”,请从列表里选一个单位。") % {"name": name[:40]})
        return found[0]


class EmptyForm(ActForm):
    """An act that asks nothing."""


class NoteForm(ActForm):
    """An act with a remark."""

    note = TextField(_("说明"), required=False, most=SHORT)


class RequiredNoteForm(ActForm):
    """An act that has to be explained."""

    note = TextField(_("理由"), most=SHORT)
