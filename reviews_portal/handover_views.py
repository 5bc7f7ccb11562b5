"""移交: a leaver's open cases go to a colleague in one act, by the supervisor of their unit."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from common.forms import PortalForm
from organizations.enums import Role
from organizations.models import Membership, Staff, any_prefix
from organizations.views.doors import for_roles, staff_of
from rectification.actions import Refused, hand_over_cases
from rectification.models import Case
from rectification.queries import open_cases_of
from rectification.workflow import NotAllowed

SUPERVISES = frozenset({Role.UNIT_SUPERVISOR})


class HandOverForm(PortalForm):
    """To whom; only those who work at a window of the unit the cases lie with."""

    successor = forms.ModelChoiceField(
        Staff.objects.none(), label=gettext_lazy("移交给"), to_field_name="username", empty_label=gettext_lazy("请选择")
    )

    def __init__(self, *args: Any, colleagues: QuerySet[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = colleagues  # type: ignore[attr-defined]  # the choice above


@require_safe
@for_roles(SUPERVISES)
def hand_overs(request: HttpRequest) -> HttpResponse:
    """Who of the supervised units has how many open cases in hand, leavers first."""
    mine = Case.objects.open().filter(_supervised(staff_of(request))).exclude(handler=None)
    held = mine.order_by().values("handler").annotate(count=Count("pk"))
    counts = dict(held.values_list("handler", "count"))
    people = Staff.objects.filter(pk__in=counts).order_by("is_active", "username")
    rows = [(person, counts[person.pk]) for person in people]
    return render(request, "reviews_portal/hand_overs.html", {"rows": rows})


@for_roles(SUPERVISES)
def hand_over(request: HttpRequest, username: str) -> HttpResponse:
    """Hands every open case of one person over, or none."""
    leaver = get_object_or_404(Staff, username=username)
    cases = open_cases_of(leaver).filter(_supervised(staff_of(request))).select_related("unit")
    if not cases:
        return _nothing_left(request, leaver)
    on_duty = Membership.objects.in_force(timezone.localdate()).filter(
        role=Role.WINDOW, unit__in=cases.order_by().values("unit")
    )
    colleagues = Staff.objects.filter(pk__in=on_duty.values("staff_id")).exclude(pk=leaver.pk)
    form = HandOverForm(request.POST or None, colleagues=colleagues)
    if request.method == "POST" and form.is_valid():
        successor = form.cleaned_data["successor"]
        try:
            handed = hand_over_cases(leaver, successor, by=staff_of(request), at=timezone.now(), cases=list(cases))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except NotAllowed:
            form.add_error(None, _("其中有您本人被评价的件,请由上级单位主管移交。"))
        else:
            words = {"count": len(handed), "person": successor}
            messages.success(request, _("已把 %(count)d 件移交给%(person)s。") % words)
            return redirect("structure-hand-overs")
    return render(request, "reviews_portal/hand_over.html", {"form": form, "leaver": leaver, "cases": cases})


def _nothing_left(request: HttpRequest, leaver: Staff) -> HttpResponse:
    """A reminder may be older than the hand-over; a stranger to the unit is not told that the person exists.

    Raises:
        Http404: the person never worked in a supervised unit.
    """
    prefixes = _paths(staff_of(request))
    if not leaver.memberships.filter(any_prefix("unit__path", prefixes)).exists():
        raise Http404
    messages.info(request, _("%(person)s 没有未办结的件。") % {"person": leaver})
    return redirect(reverse("structure-hand-overs"))


def _supervised(supervisor: Staff) -> Q:
    return any_prefix("unit__path", _paths(supervisor))


def _paths(supervisor: Staff) -> list[str]:
    return [duty.unit.path for duty in supervisor.duties if duty.role == Role.UNIT_SUPERVISOR]
