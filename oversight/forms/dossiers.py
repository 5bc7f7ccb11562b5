"""Forms of dossiers and their tasks: what is asked, by when, what was done, and why not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms import PortalForm
from organizations.models import Staff
from oversight.access import answering
from oversight.actions import Wanted
from rectification.forms.base import LONG, SHORT, TextField, UnitField
from rectification.forms.reports import PicturesField
from rectification.models import Case

AHEAD = timedelta(days=365)


class SeenForm(PortalForm):
    """A form on something that others may change meanwhile: it says which version the person had before them.

    Args:
        row: with its `version`.
        user: who fills it in.
    """

    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: Any, user: Staff, **kwargs: Any) -> None:
        self.row, self.user = row, user
        kwargs["initial"] = {**(kwargs.get("initial") or {}), "seen": row.version}
        super().__init__(*args, **kwargs)

    def arguments(self) -> dict[str, Any]:
        """The arguments of the act besides who and when."""
        return dict(self.cleaned_data)


class StepForm(SeenForm):
    """An act with a remark."""

    note = TextField(_("说明"), required=False, most=SHORT, rows=3)


class ReasonForm(SeenForm):
    """An act that has to be explained."""

    reason = TextField(_("理由"), most=SHORT, rows=3)


class ExtendForm(ReasonForm):
    """A later day."""

    until = forms.DateField(label=_("延期至"))
    field_order = ("until", "reason")


class OwnerField(forms.CharField):
    """Somebody by the staff number; the cleaned value is the person, or None."""

    def __init__(self) -> None:
        super().__init__(label=_("责任人"), required=False, max_length=150, help_text=_("填工号;不填由单位主管安排"))

    def clean(self, value: Any) -> Staff | None:
        """Finds the person.

        Raises:
            ValidationError: there is none with this number.
        """
        number = super().clean(value)
        if not number:
            return None
        found = Staff.objects.filter(username=number, is_active=True).first()
        if found is None:
            raise ValidationError(gettext("没有工号“%(number)s”。") % {"number": number[:30]})
        return found


class OwnerForm(SeenForm):
    """改派."""

    owner = OwnerField()
    note = TextField(_("说明"), required=False, most=SHORT, rows=2)


class TaskForm(SeenForm):
    """交办: what one unit is asked to do, and by when."""

    unit = UnitField(_("责任单位"))
    owner = OwnerField()
    place = forms.CharField(label=_("地点"), required=False, max_length=120)
    finding = TextField(_("发现的问题"), required=False, most=LONG, rows=3)
    wanted = TextField(_("要求"), most=SHORT, rows=3)
    days = forms.IntegerField(
        label=_("几个工作日内"), required=False, min_value=1, max_value=200, help_text=_("和下面的日期填一个")
    )
    until = forms.DateField(label=_("哪天前"), required=False)
    case = forms.CharField(label=_("差评件编号"), required=False, max_length=12, help_text=_("由差评件引起的填写"))

    def clean_case(self) -> Case | None:
        number = self.cleaned_data["case"].strip().upper()
        if not number:
            return None
        found = Case.objects.visible_to(self.user).filter(number=number).first()
        if found is None:
            raise ValidationError(gettext("没有编号为“%(number)s”的件。") % {"number": number})
        return found

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        days, until, today = found.get("days"), found.get("until"), timezone.localdate()
        if not self.errors and bool(days) == bool(until):
            self.add_error("days", gettext("工作日数和日期填一个。"))
        if until and not today <= until <= today + AHEAD:
            self.add_error("until", gettext("期限要在今天以后、一年之内。"))
        owner, unit = found.get("owner"), found.get("unit")
        if owner and unit and answering(owner.duties, unit) is None:
            self.add_error("owner", gettext("责任人不在这个单位。"))
        return found

    @property
    def asked(self) -> Wanted:
        """What is asked, once the form is valid."""
        said = self.cleaned_data
        return Wanted(**{name: said[name] for name in Wanted.__dataclass_fields__})


class ReportTaskForm(SeenForm):
    """报结."""

    fix = TextField(_("做了什么"), most=LONG, rows=5)
    before = PicturesField(_("整改前的照片"))
    after = PicturesField(_("整改后的照片"))


class OutcomeForm(SeenForm):
    """办结: nothing is closed without saying what came of it."""

    outcome = TextField(_("结果"), most=LONG, rows=5)
    note = TextField(_("说明"), required=False, most=SHORT, rows=2)


class PicturesForm(SeenForm):
    """现场照片."""

    pictures = PicturesField(_("照片"))

    def clean_pictures(self) -> list[Any]:
        chosen: list[Any] = self.cleaned_data["pictures"]
        if not chosen:
            raise forms.ValidationError(gettext("请选择照片。"))
        return chosen
