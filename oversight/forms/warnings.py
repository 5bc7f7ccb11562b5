"""Forms of the file of typical and warning cases."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms import PortalForm
from organizations.models import Staff
from oversight.actions import Warned
from oversight.enums import WarningSort
from oversight.models import Dossier, WarningCase
from rectification.forms.base import LONG, TextField, UnitField, choice, yes_no
from rectification.models import Case


class WarningForm(PortalForm):
    """An entry. What it comes from is named by number, or in words."""

    sort = choice(_("类别"), WarningSort)
    title = forms.CharField(label=_("标题"), max_length=120)
    unit = UnitField(_("单位"))
    named = yes_no(_("单位名称"), yes=_("写明"), no=_("写作“某单位”"))
    facts = TextField(_("事实"), most=LONG, rows=6, hint=_("不写姓名、电话、编号;保存时会检查"))
    lesson = TextField(_("教训和启示"), most=LONG, rows=4)
    dossier = forms.CharField(label=_("督办卷编号"), required=False, max_length=20)
    case = forms.CharField(label=_("差评件编号"), required=False, max_length=12)
    origin = forms.CharField(label=_("其他来源"), required=False, max_length=200)

    def __init__(self, *args: Any, user: Staff, **kwargs: Any) -> None:
        self.user = user
        named = "yes" if settings.WARNING_NAMES_UNITS else "no"
        kwargs["initial"] = {"named": named, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def clean_dossier(self) -> Dossier | None:
        number = self.cleaned_data["dossier"].strip().upper()
        found = Dossier.objects.visible_to(self.user).filter(number=number).first() if number else None
        if number and found is None:
            raise ValidationError(gettext("没有编号为“%(number)s”的卷。") % {"number": number})
        return found

    def clean_case(self) -> Case | None:
        number = self.cleaned_data["case"].strip().upper()
        found = Case.objects.visible_to(self.user).filter(number=number).first() if number else None
        if number and found is None:
            raise ValidationError(gettext("没有编号为“%(number)s”的件。") % {"number": number})
        return found

    def arguments(self) -> dict[str, Any]:
        """The arguments of the act besides who and when."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return {"told": Warned(**said)}


class ChangeWarningForm(WarningForm):
    """The same of a draft."""

    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: WarningCase, user: Staff, **kwargs: Any) -> None:
        held = {name: getattr(row, name) for name in ("sort", "title", "facts", "lesson", "origin")}
        initial = {
            **held,
            "unit": row.unit.name,
            "named": "yes" if row.named else "no",
            "dossier": row.dossier.number if row.dossier else "",
            "case": row.case.number if row.case else "",
            "seen": row.version,
        }
        super().__init__(*args, user=user, initial=initial, **kwargs)

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "seen": self.cleaned_data["seen"]}
