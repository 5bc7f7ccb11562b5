"""What is chosen before signs and slips are printed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.forms import PortalForm
from evaluations.enums import SignKind, SlipPaper
from evaluations.forms.citizen import LineField, folded
from evaluations.models import Service
from evaluations.queries import closed_since
from organizations.models import Window

MOST_SLIPS = 60


class SignForm(PortalForm):
    """Which papers, and of a hall which windows; none ticked is all of them."""

    kinds = forms.MultipleChoiceField(
        label=_("打印什么"),
        choices=SignKind.choices,
        initial=[SignKind.STAND],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请选台卡或贴纸")},
    )
    windows = forms.TypedMultipleChoiceField(label=_("窗口"), required=False, coerce=int)

    def __init__(self, *args: Any, windows: Sequence[Window], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["windows"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(window.pk, str(window)) for window in windows]

    @property
    def ticked(self) -> set[str]:
        """The keys of the windows whose boxes are ticked now."""
        return {str(pk) for pk in self["windows"].value() or []}


class SlipForm(PortalForm):
    """Services whose slips are printed: some of today's, or one by its number."""

    paper = forms.ChoiceField(
        label=_("纸张"), choices=SlipPaper.choices, initial=SlipPaper.ROLL, widget=forms.RadioSelect
    )
    services = forms.ModelMultipleChoiceField(
        Service.objects.none(), label=_("今天的办件"), required=False, widget=forms.CheckboxSelectMultiple
    )
    number = LineField(
        label=_("办件编号"), max_length=60, required=False, help_text=_("不是今天的办件,或上面没有列出的,填编号")
    )

    def __init__(self, *args: Any, mine: QuerySet[Service], **kwargs: Any) -> None:
        """`mine`: every service whose slip this person may print."""
        super().__init__(*args, **kwargs)
        self.mine = mine
        field = self.fields["services"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = mine

    def clean_number(self) -> Service | None:
        number = folded(self.cleaned_data["number"])
        if not number:
            return None
        found = self.mine.filter(project_number=number).order_by("-service_number").first()
        if found is None:
            raise ValidationError(_("本单位窗口没有这个编号的办件,或者它已经评价过了"))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.chosen:
            self.add_error("services", _("请选办件,或填办件编号"))
        if len(self.chosen) > MOST_SLIPS:
            self.add_error("services", _("一次最多打印 %(most)d 份") % {"most": MOST_SLIPS})
        for late in [service for service in self.chosen if closed_since(service, timezone.localdate())]:
            self.add_error(None, _("办件 %(number)s 已过补评时间,不再打印") % {"number": late.project_number})
        return cleaned

    @property
    def chosen(self) -> list[Service]:
        """The services, each once."""
        said = self.cleaned_data
        named = [said["number"]] if said.get("number") else []
        return list({service.pk: service for service in [*said.get("services", []), *named]}.values())

    @property
    def ticked(self) -> set[str]:
        """The keys of the services whose boxes are ticked now."""
        return {str(pk) for pk in self["services"].value() or []}
