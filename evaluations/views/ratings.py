"""The ratings behind a figure, and taking one out of the figures. Never who rated."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from common.forms import PortalForm
from common.queries import TooLong
from evaluations.access import READS_RATINGS, excluder
from evaluations.actions import exclude_rating
from evaluations.enums import ExclusionReason
from evaluations.filters import RatingsFilter
from evaluations.keys import shortened
from evaluations.lists import cases_open_to, rating_read_by, ratings_page, units_read_by
from evaluations.models import Evaluation
from organizations.models import Staff
from organizations.views.doors import Page, for_roles, one_act, staff_of

PAGE = 25


@dataclass(frozen=True)
class Row:
    """A rating as its reader sees it: to the minute, and without the whole number of the service.

    case: its case may be opened. may_exclude: the reader may take it out of the figures.
    """

    rating: Evaluation
    number: str
    case: bool
    may_exclude: bool


@require_safe
@for_roles(READS_RATINGS)
def ratings(request: HttpRequest) -> HttpResponse:
    """The ratings one reads, narrowed as the address says, the newest first."""
    user = staff_of(request)
    form = RatingsFilter(request.GET, units=units_read_by(user))
    found: list[Evaluation] = []
    next_url = ""
    if form.is_valid():
        try:
            found, more = ratings_page(form.wanted_units(), form.wanted(), before=_before(request), size=PAGE)
            next_url = _next(request, found[-1]) if more else ""
        except TooLong:
            form.add_error(None, _("要找的评价太少、范围太大,几秒内没有找完。请缩短起止日期,或者选一个单位。"))
    rows = _rows(user, found, form)
    context = {"form": form, "rows": rows, "next_url": next_url, "excludes": any(row.may_exclude for row in rows)}
    return render(request, "evaluations/ratings.html", context)


def _rows(user: Staff, found: list[Evaluation], form: RatingsFilter) -> list[Row]:
    cases, left_out = cases_open_to(user, found), form.data.get("left_out")
    return [
        Row(
            rating,
            shortened(rating.project_number),
            rating.case_id in cases,
            not left_out and excluder(user.duties, rating.unit) is not None,
        )
        for rating in found
    ]


def _before(request: HttpRequest) -> uuid.UUID | None:
    """Where the page begins; a broken position is the start."""
    try:
        return uuid.UUID(request.GET.get("before", ""))
    except ValueError:
        return None


def _next(request: HttpRequest, last: Evaluation) -> str:
    query = request.GET.copy()
    query["before"] = str(last.pk)
    return f"?{query.urlencode()}"


class ExclusionForm(PortalForm):
    reason = forms.TypedChoiceField(
        label=gettext_lazy("原因"), choices=ExclusionReason.choices, coerce=ExclusionReason, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=gettext_lazy("依据"),
        max_length=500,
        widget=forms.Textarea,
        help_text=gettext_lazy("例如哪次测试、哪个批次、与哪条评价重复。"),
    )


@login_required
def exclude(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """不计入统计: for those who may take this rating out of the figures; nobody else learns that it exists."""
    user = staff_of(request)
    rating = rating_read_by(user, pk)
    if rating is None or excluder(user.duties, rating.unit) is None:
        raise Http404
    form = ExclusionForm(request.POST or None)
    page = Page(
        title=_("不计入统计"),
        back=reverse("ratings"),
        submit=_("不计入统计"),
        done=_("已不计入统计。"),
        about=_("只用于测试、重复推送和系统故障产生的评价,好评差评同样处理。评价保留,差评件照常办理。不能撤回。"),
        danger=True,
        subject=rating.unit.name,
    )
    return one_act(request, form, lambda **who: exclude_rating(rating, **form.cleaned_data, **who), page)
