"""联系、复杂件、延期、协办、联动: what the unit does, and what the management body decides on its request."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from identity.calls import REFERENCE_MAX
from rectification.enums import ContactResult, JointWork
from rectification.forms.base import LONG, SHORT, ActForm, TextField, UnitField, choice, yes_no


class CallForm(ActForm):
    """An attempt to speak with the evaluator; the reference comes from the switchboard."""

    call_reference = forms.CharField(required=False, max_length=REFERENCE_MAX, widget=forms.HiddenInput)
    result = choice(_("结果"), ContactResult)


class ContactForm(CallForm):
    note = TextField(_("通话要点"), required=False, hint=_("接通后必填:评价人说了什么、答应了什么。不要写姓名、电话。"))
    mark_optional = False

    def clean(self) -> dict[str, Any]:
        """Who was spoken with said something worth noting.

        Raises:
            ValidationError: reached, and no word about it.
        """
        data: dict[str, Any] = super().clean() or {}
        if data.get("result") == ContactResult.REACHED and not data.get("note") and "note" not in self.errors:
            self.add_error("note", gettext("接通后请写下通话要点"))
        return data


class ReasonForm(ActForm):
    reason = TextField(_("理由"), most=SHORT)


class ExtensionForm(ReasonForm):
    until = forms.DateField(label=_("新的期限"))
    field_order = ("until", "reason")


class DecisionForm(ActForm):
    approved = yes_no(_("审批"), yes=_("同意"), no=_("不同意"))
    note = TextField(_("审批意见"), required=False, most=SHORT, hint=_("同意可以不填,不同意时必填"))
    mark_optional = False

    def clean_note(self) -> str:
        """The remark.

        Raises:
            ValidationError: a refusal without a reason.
        """
        note: str = self.cleaned_data["note"]
        if self.cleaned_data.get("approved") is False and not note:
            raise ValidationError(gettext("不同意时请写明理由"))
        return note


class CoHandlerForm(ActForm):
    unit = UnitField(_("协办单位"))
    task = TextField(_("请协办的事"), most=SHORT)


class AnswerForm(ActForm):
    answer = TextField(_("回复"), most=LONG)


class JointWorkForm(ActForm):
    kind = choice(_("方式"), JointWork)
    held_on = forms.DateField(label=_("日期"))
    place = forms.CharField(label=_("地点"), max_length=200)
    participants = TextField(_("参加单位和人员"), most=SHORT, rows=2, hint=_("不要写评价人的姓名。"))
    result = TextField(_("结果"), most=LONG)
