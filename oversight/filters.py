"""The filters of the list of tasks, kept in the address."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessment.periods import read_period
from assessment.queries import moments_of
from common.forms import InstructionsMixin
from organizations.models import Unit
from oversight.enums import Kind, TaskState
from oversight.models import Task, TaskQuerySet

YES = [("1", _("是"))]


class TasksForm(InstructionsMixin):
    mark_optional = False


class TaskFilter(django_filters.FilterSet):
    """任务 filters; whatever is chosen, only tasks visible to the person are ever in the queryset."""

    kind = django_filters.ChoiceFilter(label=_("类别"), field_name="dossier__kind", choices=Kind)
    unit = django_filters.ModelChoiceFilter(label=_("责任单位"), queryset=Unit.objects.none(), to_field_name="code")
    state = django_filters.ChoiceFilter(label=_("状态"), choices=TaskState)
    overdue = django_filters.ChoiceFilter(label=_("已逾期"), choices=YES, method="only_overdue")
    running = django_filters.ChoiceFilter(label=_("在办"), choices=YES, method="only_open")
    quarter = django_filters.CharFilter(label=_("到期季度"), max_length=7, method="due_in", help_text="2026-Q3")

    class Meta:
        model = Task
        fields: list[str] = []

    def __init__(self, data: Any, queryset: QuerySet[Task], *, request: HttpRequest | None = None) -> None:
        super().__init__(data, queryset, request=request)
        units = Unit.objects.filter(pk__in=queryset.order_by().values("unit_id"))
        self.filters["unit"].field.queryset = units

    def get_form_class(self) -> type:
        """The filter form, drawn and worded as all our forms are."""
        return type("TaskFilterForm", (TasksForm, super().get_form_class()), {})

    def only_overdue(self, tasks: TaskQuerySet, _name: str, _value: str) -> TaskQuerySet:
        """Not reported by the due time."""
        return tasks.overdue(timezone.now())

    def only_open(self, tasks: TaskQuerySet, _name: str, _value: str) -> TaskQuerySet:
        """Neither signed off nor dropped."""
        return tasks.open()

    def due_in(self, tasks: TaskQuerySet, _name: str, value: str) -> TaskQuerySet:
        """Due in a period; an address that names none shows nothing."""
        try:
            since, until = moments_of(read_period(value))
        except ValueError:
            return tasks.none()
        return tasks.filter(due_at__gte=since, due_at__lt=until)
