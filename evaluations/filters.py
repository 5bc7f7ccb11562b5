"""What the list of ratings can be narrowed by; kept in the address, where the figures put it too."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from common.forms import InstructionsMixin, PastDayField
from evaluations.enums import Level, Origin, RatingChannel
from evaluations.lists import Wanted
from organizations.calendar import end_of
from organizations.models import Unit

ALL: list[tuple[str, Any]] = [("", _("全部"))]
COUNTED = [
    ("valid", _("有效的")),
    ("good", _("好评")),
    ("said", _("本人作出的")),
    ("said_good", _("本人作出的好评")),
]
NEGATIVE = [("received", _("收到的差评")), ("invalid", _("认定无效的")), ("effective", _("有效的"))]


class RatingsFilter(InstructionsMixin, forms.Form):
    """The filters of `Wanted`, and the unit, with or without those below it."""

    mark_optional = False

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("单位"), to_field_name="code", required=False, empty_label=_("全部")
    )
    own = forms.ChoiceField(label=_("下级单位"), choices=[("", _("包括")), ("1", _("不包括"))], required=False)
    since = forms.DateField(label=_("起"), required=False)
    until = forms.DateField(label=_("止"), required=False)
    asof = PastDayField()
    origin = forms.ChoiceField(label=_("来源"), choices=[*ALL, *Origin.choices], required=False)
    channel = forms.ChoiceField(label=_("渠道"), choices=[*ALL, *RatingChannel.choices], required=False)
    level = forms.TypedChoiceField(
        label=_("满意度"), choices=[*ALL, *Level.choices], coerce=int, empty_value=None, required=False
    )
    negative = forms.ChoiceField(label=_("差评"), choices=[*ALL, *NEGATIVE], required=False)
    counted = forms.ChoiceField(label=_("计入比率"), choices=[*ALL, *COUNTED], required=False)
    left_out = forms.ChoiceField(label=_("统计"), choices=[("", _("计入的")), ("1", _("不计入的"))], required=False)
    over = forms.ChoiceField(label=_("频次"), choices=[*ALL, ("1", _("超出限制的"))], required=False)

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = units
        field = self.fields["unit"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = units.order_by("code")

    def wanted_units(self) -> QuerySet[Unit]:
        """The units chosen, of those that may be read."""
        unit = self.cleaned_data["unit"]
        if unit is None:
            return self.units
        inside = {"pk": unit.pk} if self.cleaned_data["own"] else {"path__startswith": unit.path}
        return self.units.filter(**inside)

    def wanted(self) -> Wanted:
        names = ("since", "until", "origin", "channel", "level", "negative", "counted")
        left_out, over = self.cleaned_data["left_out"], self.cleaned_data["over"]
        day = self.cleaned_data["asof"]
        chosen = {name: self.cleaned_data[name] for name in names}
        return Wanted(**chosen, left_out=bool(left_out), over=bool(over), at=end_of(day) if day else None)
