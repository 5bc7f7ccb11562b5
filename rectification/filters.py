"""The ledger's filters, kept in the address."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.forms import InstructionsMixin
from organizations.models import Region, Unit
from rectification.enums import Complexity, Level, Outcome, Source, Standing, State
from rectification.models import Case, CaseQuerySet
from rectification.queries import overdue_cases, standing_is, with_next_due

YES = [("1", _("是"))]


class LedgerForm(InstructionsMixin):
    mark_optional = False


class LedgerFilter(django_filters.FilterSet):
    """台账 filters; whatever is chosen, only cases visible to the person are ever in the queryset."""

    number = django_filters.CharFilter(label=_("编号"), lookup_expr="istartswith", max_length=9)
    words = django_filters.CharFilter(label=_("内容包含"), field_name="text", lookup_expr="icontains", max_length=60)
    unit = django_filters.ModelChoiceFilter(label=_("责任单位"), queryset=Unit.objects.none())
    region = django_filters.ModelChoiceFilter(
        label=_("区划"), queryset=Region.objects.filter(level__lte=6), method="in_region"
    )
    state = django_filters.ChoiceFilter(label=_("状态"), choices=State)
    level = django_filters.ChoiceFilter(label=_("满意度"), choices=Level)
    complexity = django_filters.ChoiceFilter(label=_("分类"), choices=Complexity)
    outcome = django_filters.ChoiceFilter(label=_("办理结果"), choices=Outcome)
    source = django_filters.ChoiceFilter(label=_("来源"), choices=Source)
    since = django_filters.DateFilter(label=_("接收日期起"), field_name="received_at", lookup_expr="date__gte")
    until = django_filters.DateFilter(label=_("接收日期止"), field_name="received_at", lookup_expr="date__lte")
    overdue = django_filters.ChoiceFilter(label=_("已逾期"), choices=YES, method="only_overdue")
    standing = django_filters.ChoiceFilter(label=_("期限情况"), choices=Standing, method="standing_so")
    typical = django_filters.ChoiceFilter(label=_("典型案例"), choices=YES, method="only_typical")
    rework = django_filters.ChoiceFilter(label=_("二次整改"), choices=YES, method="only_rework")
    reopened = django_filters.ChoiceFilter(label=_("重新打开"), choices=YES, method="only_reopened")

    class Meta:
        model = Case
        fields: list[str] = []

    def __init__(self, data: Any, queryset: QuerySet[Case], *, request: HttpRequest | None = None) -> None:
        super().__init__(data, queryset, request=request)
        units = Unit.objects.filter(pk__in=queryset.order_by().values("unit_id"))
        self.filters["unit"].field.queryset = units

    def get_form_class(self) -> type:
        """The filter form, drawn and worded as all our forms are."""
        fields = super().get_form_class()
        return type("LedgerFilterForm", (LedgerForm, fields), {})

    def in_region(self, cases: CaseQuerySet, name: str, region: Region) -> CaseQuerySet:
        return cases.filter(region_code__startswith=region.prefix)

    def only_overdue(self, cases: CaseQuerySet, name: str, value: str) -> CaseQuerySet:
        return overdue_cases(cases, timezone.now())

    def standing_so(self, cases: CaseQuerySet, name: str, value: str) -> CaseQuerySet:
        return with_next_due(cases).filter(standing_is(value, timezone.now()))

    def only_typical(self, cases: CaseQuerySet, name: str, value: str) -> CaseQuerySet:
        return cases.filter(typical=True)

    def only_rework(self, cases: CaseQuerySet, name: str, value: str) -> CaseQuerySet:
        return cases.filter(rework_round__gt=0)

    def only_reopened(self, cases: CaseQuerySet, name: str, value: str) -> CaseQuerySet:
        return cases.filter(reopenings__gt=0)
