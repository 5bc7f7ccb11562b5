"""What the ledger of appeals can be narrowed by; kept in the address, where the figures put it too."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appeals.enums import UPHELD, Appellant, Vote
from appeals.models import AppealQuerySet, Ground
from common.forms import InstructionsMixin
from organizations.models import Unit

ALL: list[tuple[str, Any]] = [("", _("全部"))]
# What the figures count, each behind its number.
COUNTED = [("upheld", _("成立或部分成立")), ("rejected", _("不成立或证据不足")), ("ruled", _("已裁定"))]
SIDES = {"upheld": UPHELD, "rejected": frozenset(Vote) - UPHELD}


class LedgerFilter(InstructionsMixin, forms.Form):
    """Number, unit, ground, side, outcome, and the days of filing."""

    mark_optional = False

    q = forms.CharField(label=_("申诉或评价件编号"), max_length=11, required=False)
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("单位"), to_field_name="code", required=False, empty_label=_("全部")
    )
    ground = forms.ModelChoiceField(
        Ground.objects.all(), label=_("申诉理由"), to_field_name="code", required=False, empty_label=_("全部")
    )
    side = forms.ChoiceField(label=_("申诉人"), choices=[*ALL, *Appellant.choices[:2]], required=False)
    outcome = forms.ChoiceField(label=_("裁定"), choices=[*ALL, *COUNTED, *Vote.choices], required=False)
    since = forms.DateField(label=_("提出日期起"), required=False)
    until = forms.DateField(label=_("提出日期止"), required=False)

    def __init__(self, *args: Any, rows: AppealQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        field = self.fields["unit"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Unit.objects.filter(pk__in=rows.order_by().values("unit")).order_by("code")

    def narrowed(self) -> AppealQuerySet:
        """The rows that were asked for; all of them while something is wrong with a filter."""
        if not self.is_valid():
            return self.rows
        given = {name: value for name, value in self.cleaned_data.items() if value}
        rows = self.rows.filter(**{name: given[name] for name in ("unit", "ground", "side") if name in given})
        if "q" in given:
            number = given["q"]
            rows = rows.filter(
                Q(number__istartswith=number)
                | Q(case__number__istartswith=number)
                | Q(review_number__istartswith=number)
            )
        days = {"since": "filed_at__date__gte", "until": "filed_at__date__lte"}
        rows = rows.filter(**{days[name]: given[name] for name in days if name in given})
        return rows.filter(_outcome(given["outcome"])) if "outcome" in given else rows


def _outcome(wanted: str) -> Q:
    if wanted == "ruled":
        return Q(outcome__isnull=False)
    return Q(outcome__in=SIDES.get(wanted, {wanted}))
