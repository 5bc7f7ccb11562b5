"""听取意见: where the desk goes to reviews, suggestions and surveys, as far as one's roles reach."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from evaluations.access import CALLS, LISTENS, READS_REVIEWS, READS_SURVEYS
from evaluations.workflow import READERS
from organizations.views.doors import for_roles, staff_of


@dataclass(frozen=True)
class Way:
    url: str
    label: str
    about: str


@for_roles(LISTENS)
@require_safe
def voices(request: HttpRequest) -> HttpResponse:
    """What one may do here."""
    user = staff_of(request)
    ways = (
        (READERS, Way(reverse("suggestions"), _("意见建议"), _("分办、答复、记录落实,审核后公开"))),
        (READS_REVIEWS, Way(reverse("reviews"), _("精准评议和问卷"), _("问卷、邀请批次、按单位的结果"))),
        (READS_SURVEYS, Way(reverse("surveys"), _("满意度抽访"), _("抽样方案、进度、电话与评价的对照"))),
        (CALLS, Way(reverse("calls"), _("抽访电话"), _("下一位、呼叫、记录"))),
    )
    shown = [way for roles, way in ways if user.has_role(*roles)]
    return render(request, "evaluations/voices.html", {"ways": shown})
