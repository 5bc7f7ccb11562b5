"""Who asks, and which case: the same two questions for every page of a case."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from organizations.models import Staff
from rectification.models import Case


def staff_of(request: HttpRequest) -> Staff:
    """The signed-in person; every view that asks is behind `login_required`."""
    assert isinstance(request.user, Staff)
    return request.user


def find_case(request: HttpRequest, number: str) -> Case:
    """The case of this number.

    Raises:
        Http404: there is none, or the person may not see it: both look the same.
    """
    visible = Case.objects.visible_to(staff_of(request)).select_related("unit__region", "handler")
    case = visible.filter(number=number).first()
    if case is None:
        raise Http404(number)
    return case
