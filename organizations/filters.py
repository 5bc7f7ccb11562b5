"""What lists of people, units and items can be narrowed by; kept in the address."""

from __future__ import annotations

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from common.forms import InstructionsMixin
from organizations.enums import Role
from organizations.models import Region, ServiceItem, Staff, Unit


class FilterForm(InstructionsMixin, forms.Form):
    mark_optional = False


class TextFilter(django_filters.CharFilter):
    """Looks for a text in several columns."""

    def __init__(self, *columns: str, label: object) -> None:
        super().__init__(label=label, max_length=60)
        self.columns = columns

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        found = Q()
        for column in self.columns if value else ():
            found |= Q(**{f"{column}__icontains": value})
        return qs.filter(found)


class UnitFilter(django_filters.FilterSet):
    q = TextFilter("name", "short_name", "code", label=_("名称或编码"))
    region = django_filters.ModelChoiceFilter(
        queryset=Region.objects.all(), to_field_name="code", label=_("区划"), empty_label=_("全部")
    )

    class Meta:
        model = Unit
        fields = ["q", "region"]
        form = FilterForm


class ItemFilter(django_filters.FilterSet):
    q = TextFilter("name", "code", label=_("名称或编码"))
    unit = django_filters.ModelChoiceFilter(
        queryset=Unit.objects.active(), to_field_name="code", label=_("实施单位"), empty_label=_("全部")
    )

    class Meta:
        model = ServiceItem
        fields = ["q", "unit"]
        form = FilterForm


class StaffFilter(django_filters.FilterSet):
    q = TextFilter("name", "username", label=_("姓名或工号"))
    role = django_filters.ChoiceFilter(
        field_name="memberships__role", choices=Role.choices, label=_("角色"), empty_label=_("全部"), distinct=True
    )
    is_active = django_filters.ChoiceFilter(
        choices=[("True", _("在用")), ("False", _("已停用"))], label=_("账号"), empty_label=_("全部")
    )

    class Meta:
        model = Staff
        fields = ["q", "role", "is_active"]
        form = FilterForm


NARROWED: dict[str, dict[str, object]] = {
    "factor": {"second_factor": False},
    "idle": {"idle": True},
    "several": {"roles__gt": 1},
    "ending": {"ending": True},
}


class SecurityFilter(StaffFilter):
    """For people with `queries.with_security`."""

    attention = django_filters.ChoiceFilter(
        choices=[
            ("factor", _("没有两步验证")),
            ("idle", _("长期未登录")),
            ("several", _("兼任多个角色")),
            ("ending", _("30 天内到期")),
        ],
        label=_("需要注意"),
        empty_label=_("全部"),
        method="narrow",
    )

    def narrow(self, people: QuerySet, name: str, value: str) -> QuerySet:
        """Those without a second factor, idle, with more than one role, or with one that is about to end."""
        return people.filter(**NARROWED[value])
