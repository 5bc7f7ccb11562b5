"""The working-day calendar: changing it counts open due dates anew, and the page shows which moved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organizations import actions
from organizations.access import EDITS_STRUCTURE
from organizations.actions import Refused
from organizations.forms import ConfirmYearForm, DayForm, YearForm
from organizations.models import CalendarDay, CalendarYear
from organizations.views.doors import Page, for_roles, one_act, staff_of
from oversight.actions import recount_statements, recount_tasks
from rectification.actions import recompute_deadlines
from rectification.enums import Action, Duty
from rectification.models import CaseEvent

# Whatever has a due time that working days were counted for.
COUNTED = (recompute_deadlines, recount_tasks, recount_statements)


@for_roles(EDITS_STRUCTURE)
def calendar(request: HttpRequest) -> HttpResponse:
    """All years, the provisional ones clearly so; another one can be added."""
    form = YearForm(request.POST or None)
    page = Page(_("工作日历"), reverse("structure-calendar"), _("新增年度"), _("已新增年度,暂定。"))
    return one_act(
        request,
        form,
        lambda **who: actions.add_calendar_year(form.cleaned_data["year"], **who),
        page,
        template="reviews_portal/calendar.html",
        years=CalendarYear.objects.select_related("changed_by").order_by("-year"),
    )


@require_safe
@for_roles(EDITS_STRUCTURE)
def calendar_year(request: HttpRequest, year: int) -> HttpResponse:
    """One year's days that differ, and the due times its last change has moved (`moved` in the address)."""
    row = get_object_or_404(CalendarYear.objects.select_related("changed_by"), year=year)
    return _year_page(request, row, DayForm(year=year), _confirm_form(row))


@for_roles(EDITS_STRUCTURE)
def set_day(request: HttpRequest, year: int) -> HttpResponse:
    row = get_object_or_404(CalendarYear, year=year)
    form = DayForm(request.POST or None, year=year)
    if not form.is_valid():
        return _year_page(request, row, form, _confirm_form(row))

    def act(**who: Any) -> None:
        day, name = form.cleaned_data["day"], form.cleaned_data["name"]
        actions.set_calendar_day(day, kind=form.chosen, name=name, source=_("手工维护"), **who)

    return _change(request, row, form, act)


@for_roles(EDITS_STRUCTURE)
def confirm_year(request: HttpRequest, year: int) -> HttpResponse:
    row = get_object_or_404(CalendarYear, year=year)
    form = ConfirmYearForm(request.POST or None)
    if not form.is_valid():
        return _year_page(request, row, DayForm(year=year), form)
    source = form.cleaned_data["source"]
    return _change(request, row, form, lambda **who: actions.confirm_calendar_year(year, source=source, **who))


def _change(
    request: HttpRequest, year: CalendarYear, form: DayForm | ConfirmYearForm, act: Callable[..., object]
) -> HttpResponse:
    """The change and all due dates that follow from it, or neither."""
    at = timezone.now()
    try:
        with transaction.atomic():
            act(by=staff_of(request), at=at)
            moved = sum(count(at=at, year=year.year) for count in COUNTED)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        day_form = form if isinstance(form, DayForm) else DayForm(year=year.year)
        return _year_page(request, year, day_form, form if isinstance(form, ConfirmYearForm) else None)
    messages.success(request, _("已保存,%(count)d 个期限随之改变。") % {"count": moved})
    address = reverse("structure-calendar-year", args=[year.year])
    return redirect(f"{address}?moved={at.timestamp()}" if moved else address)


def _confirm_form(year: CalendarYear) -> ConfirmYearForm:
    """The source of a provisional year is a guess: whoever confirms names the notice."""
    return ConfirmYearForm(initial={"source": year.source if year.confirmed else ""})


def _year_page(
    request: HttpRequest, year: CalendarYear, day_form: DayForm, confirm_form: ConfirmYearForm | None
) -> HttpResponse:
    context = {
        "year": year,
        "days": CalendarDay.objects.filter(date__year=year.year),
        "day_form": day_form,
        "confirm_form": confirm_form or _confirm_form(year),
        "form": confirm_form if confirm_form is not None and confirm_form.errors else day_form,
        "moved": _moved(request.GET.get("moved", "")),
    }
    return render(request, "reviews_portal/calendar_year.html", context)


@dataclass(frozen=True)
class Moved:
    """A due time before and after."""

    number: str
    duty: str
    old: datetime
    new: datetime


def _moved(stamp: str) -> list[Moved]:
    """The due times a change of the calendar has moved, by the moment it was made."""
    try:
        at = datetime.fromtimestamp(float(stamp), tz=timezone.get_default_timezone())
    except (ValueError, OverflowError, OSError):
        return []
    events = CaseEvent.objects.filter(action=Action.RECOMPUTE, at=at).select_related("case").order_by("case__number")
    return [
        Moved(
            event.case.number,
            str(Duty(event.data["duty"]).label),
            datetime.fromisoformat(event.data["old"]),
            datetime.fromisoformat(event.data["new"]),
        )
        for event in events
    ]
