"""评审名单 and 利害关系: what is kept of a member of the pool."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms import PortalForm
from organizations.forms.fields import unit_choice
from organizations.models import Staff
from rectification.forms.base import TextField


class MemberForm(PortalForm):
    expertise = forms.CharField(label=_("专长"), max_length=100, required=False)
    active = forms.BooleanField(label=_("在册,可以被抽取"), required=False)


class NewMemberForm(PortalForm):
    """Somebody for the pool, out of those who hold the role 评审成员."""

    staff = forms.ModelChoiceField(
        Staff.objects.none(), label=_("人员"), to_field_name="username", empty_label=_("请选择")
    )
    expertise = forms.CharField(label=_("专长"), max_length=100, required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["staff"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = people


class RelationForm(PortalForm):
    """A unit or a person, and what the relation is."""

    mark_optional = False

    unit = unit_choice(required=False, label=_("有关系的单位"))
    staff = forms.CharField(label=_("或有关系的人(工号)"), max_length=60, required=False)
    note = TextField(_("什么关系"), most=200, rows=2, hint=_("例如曾在该单位工作、近亲属在该单位任职。"))

    def clean_staff(self) -> Staff | None:
        """The person by their staff number.

        Raises:
            ValidationError: nobody has it.
        """
        number = self.cleaned_data["staff"].strip()
        if not number:
            return None
        found = Staff.objects.filter(username=number).first()
        if found is None:
            raise forms.ValidationError(gettext("没有工号“%(number)s”") % {"number": number[:40]})
        return found

    def clean(self) -> dict[str, Any]:
        """One of both."""
        data: dict[str, Any] = super().clean() or {}
        if "staff" not in self.errors and bool(data.get("unit")) == bool(data.get("staff")):
            self.add_error("unit", gettext("请选一个单位,或填一个人的工号,只填一项"))
        return data
