"""台账: every case one may see, filtered; files of it are ordered here."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.forms import ExportForm
from organizations.models import Staff
from rectification.actions import request_export
from rectification.filters import LedgerFilter
from rectification.ledger import COLUMNS
from rectification.lists import views_of
from rectification.models import Case, CaseQuerySet
from rectification.queries import ledger_rows
from rectification.views.queue import staff

PAGE = 50


@login_required
def ledger(request: HttpRequest) -> HttpResponse:
    """The ledger; a POST orders its file, with the filters of the address and a reason."""
    user = _reader(request)
    found = LedgerFilter(request.GET, Case.objects.visible_to(user), request=request)
    form = ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and found.is_valid():
        filters = {name: value for name, value in request.GET.items() if name in found.filters and value}
        request_export(by=user, at=timezone.now(), filters=filters, **form.cleaned_data)
        messages.success(request, _("已开始生成文件,完成后可在这里下载。"))
        return redirect("exports")
    cases = found.qs if found.is_valid() else Case.objects.none()
    page, next_url = _page(request, ledger_rows(cases))
    context = {
        "filter_form": found.form,
        "columns": [column.label for column in COLUMNS],
        "rows": [(case.number, [column.value(case) for column in COLUMNS[1:]]) for case in page],
        "total": cases.count(),
        "next_url": next_url,
        "form": form,
    }
    return render(request, "rectification/lists/ledger.html", context)


def _reader(request: HttpRequest) -> Staff:
    """Who reads, if any duty of today has cases in it: a former member's old files are no longer theirs.

    Raises:
        Http404: none has.
    """
    user = staff(request)
    if not views_of(user):
        raise Http404
    return user


def _page(request: HttpRequest, cases: CaseQuerySet) -> tuple[list[Case], str]:
    """The newest first, from `?before=` on."""
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 18:
        cases = cases.filter(pk__lt=int(before))
    found = list(cases.order_by("-pk")[: PAGE + 1])
    if len(found) <= PAGE:
        return found, ""
    kept = {name: value for name, value in request.GET.items() if name != "before"}
    return found[:PAGE], "?" + urlencode({**kept, "before": found[PAGE - 1].pk})
