"""身份查看: who looked into the vault this week, for what purpose and which case. Never what they saw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from common.forms import InstructionsMixin
from identity.enums import Purpose
from identity.queries import Looked, looks_of_people, looks_of_the_clock
from organizations.access import READS_TRAIL
from organizations.views.doors import for_roles, staff_of
from rectification.models import Case
from reviews_portal.trail_views import BELIEVABLE, tabs

WEEK = timedelta(days=7)
SHOWN = 500


class LooksForm(InstructionsMixin, forms.Form):
    mark_optional = False

    day = forms.DateField(
        label=gettext_lazy("哪一周"),
        required=False,
        validators=BELIEVABLE,
        help_text=gettext_lazy("填这一周的任何一天"),
    )
    who = forms.CharField(label=gettext_lazy("行为人"), max_length=60, required=False)
    purpose = forms.ChoiceField(
        label=gettext_lazy("目的"), choices=[("", gettext_lazy("全部")), *Purpose.choices], required=False
    )
    outside = forms.BooleanField(label=gettext_lazy("只看非工作时间"), required=False)

    def takes(self, one: Looked) -> bool:
        """Whether a look is among those asked for."""
        chosen: dict[str, Any] = self.cleaned_data if self.is_bound and self.is_valid() else {}
        who, purpose = chosen.get("who"), chosen.get("purpose")
        named = not who or who in one.look.actor_name or (one.look.actor and one.look.actor.username == who)
        return bool(
            named and (not purpose or one.look.purpose == purpose) and (one.outside or not chosen.get("outside"))
        )


@dataclass(frozen=True)
class Person:
    """How often one person looked, by purpose in the order of the columns."""

    name: str
    unit: str
    counts: list[int]
    total: int
    outside: int


@for_roles(READS_TRAIL)
@require_safe
def looks(request: HttpRequest) -> HttpResponse:
    """The looks of one week: counts of everybody by purpose, then one by one."""
    form = LooksForm(request.GET or None)
    day = (form.cleaned_data.get("day") if form.is_valid() else None) or timezone.localdate()
    first = day - timedelta(days=day.weekday())
    taken = [one for one in looks_of_people(first, first + WEEK - timedelta(days=1)) if form.takes(one)]
    purposes = [purpose for purpose in Purpose if any(one.look.purpose == purpose for one in taken)]
    numbers = {one.look.about for one in taken[:SHOWN]}
    seen = set(Case.objects.visible_to(staff_of(request)).filter(number__in=numbers).values_list("number", flat=True))
    context = {
        "tabs": tabs("audit-looks"),
        "form": form,
        "first": first,
        "last": first + WEEK - timedelta(days=1),
        "before_url": _week(first - WEEK),
        "after_url": _week(first + WEEK) if first + WEEK <= timezone.localdate() else "",
        "purposes": purposes,
        "people": _people(taken, purposes),
        "outside": sum(one.outside for one in taken),
        "rows": [(one, one.look.about in seen) for one in taken[:SHOWN]],
        "total": len(taken),
        "more": len(taken) > SHOWN,
        "clock": looks_of_the_clock(first, first + WEEK - timedelta(days=1)),
    }
    return render(request, "reviews_portal/trail/looks.html", context)


def _week(first: date) -> str:
    return f"{reverse('audit-looks')}?day={first:%Y-%m-%d}"


def _people(taken: Iterable[Looked], purposes: list[Purpose]) -> list[Person]:
    """Who looked most comes first."""
    counted: dict[tuple[str, str], Counter[str]] = {}
    for one in taken:
        counts = counted.setdefault((one.look.actor_name, one.look.actor_unit), Counter())
        counts[one.look.purpose] += 1
        counts["total"] += 1
        counts["outside"] += one.outside
    people = [
        Person(name, unit, [counts[purpose] for purpose in purposes], counts["total"], counts["outside"])
        for (name, unit), counts in counted.items()
    ]
    return sorted(people, key=lambda person: (-person.total, person.name))
