"""预审、转办、退回改派、指定经办人."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.enums import Role
from organizations.models import Staff
from organizations.queries import staff_of_unit
from rectification.enums import Judgement
from rectification.forms.base import SHORT, ActForm, NoteForm, TextField, UnitField, choice
from rectification.models import Case


class PrecheckForm(NoteForm):
    """Three judgements of their own (docs/domain.md §7.1); none of them stops the case."""

    true = choice(_("是否属实"), Judgement)
    reasonable = choice(_("是否合理"), Judgement)
    malicious = choice(_("是否恶意"), Judgement)
    field_order = ("true", "reasonable", "malicious", "note")


class DispatchForm(NoteForm):
    unit = UnitField(_("转给哪个单位"))
    field_order = ("unit", "note")

    def suggestions(self, case: Case) -> dict[str, Any]:
        """The rated unit, unless it has just been let off."""
        return {} if case.refusals and case.dispatched_at else {"unit": case.rated_unit_name}


class RefuseForm(ActForm):
    reason = TextField(_("退回理由"), most=SHORT, hint=_("写明为什么不属本单位职责,应由哪个单位负责。"))


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, person: Any) -> str:
        """Name and staff number."""
        return f"{person.name}({person.username})"


class AssignForm(NoteForm):
    handler = PersonField(label=_("经办人"), queryset=Staff.objects.none())
    field_order = ("handler", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        on_duty = staff_of_unit(self.case.unit, Role.WINDOW, timezone.localdate())
        handler = self.fields["handler"]
        assert isinstance(handler, forms.ModelChoiceField)
        handler.queryset = on_duty.exclude(pk__in=[self.case.rated_staff_id or 0, self.case.handler_id or 0])
