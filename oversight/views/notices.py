"""通报: the list, the paper on a page, its files, and who has read it."""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessment.enums import Grain
from assessment.periods import Period, period_of
from assessment.queries import known_months
from organizations.models import Staff
from organizations.views.doors import Page, for_roles, one_act, staff_of
from oversight import actions
from oversight.access import ACKNOWLEDGES, READS_DRAFTS, READS_NOTICES, SIGNS, WRITES, for_the_city
from oversight.enums import SERVED_STAGES, Act
from oversight.forms import QuarterForm
from oversight.models import NoticeFile, QuarterNotice
from oversight.paper import load
from oversight.queries import paper_of, receipts_of
from oversight.queries.content import title_of
from oversight.renderings.printed import as_data
from oversight.workflow import possible

DESCRIBED = 12
log = logging.getLogger(__name__)


@require_safe
@for_roles(READS_NOTICES)
def notices(request: HttpRequest) -> HttpResponse:
    """Every notice one may see, the newest first."""
    user = staff_of(request)
    rows = QuarterNotice.objects.visible_to(user).select_related("drafted_by", "issued_by")
    lines = [(notice, title_of(notice)) for notice in rows]
    return render(
        request, "oversight/notices.html", {"lines": lines, "writes": bool(for_the_city(user.duties, WRITES))}
    )


@for_roles(WRITES)
def begin(request: HttpRequest) -> HttpResponse:
    """Begins the notice of a quarter that is over."""
    if not for_the_city(staff_of(request).duties, WRITES):
        raise PermissionDenied
    form = QuarterForm(request.POST or None, quarters=_quarters_over(timezone.localdate()))
    page = Page(
        _("起草通报"), reverse("circulars"), _("起草"), _("已起草。"), _("数字取自该季度的统计,签发前随统计更新。")
    )
    return one_act(request, form, lambda **who: actions.draft_notice(form.chosen.begins, **who), page)


def _quarters_over(today: date) -> list[Period]:
    """The quarters of which anything is known and that are over, the newest first."""
    months = known_months()
    found: list[Period] = []
    quarter = period_of(today, Grain.QUARTER).before()
    while months and quarter.begins >= period_of(months[0], Grain.QUARTER).begins and len(found) < DESCRIBED:
        found.append(quarter)
        quarter = quarter.before()
    return found


def shown(request: HttpRequest, pk: int) -> QuarterNotice:
    """The notice, if this person may see it; strangers meet a 404."""
    return get_object_or_404(QuarterNotice.objects.visible_to(staff_of(request)), pk=pk)


@require_safe
@for_roles(READS_NOTICES)
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper as it will be or as it was issued, what can be done, and who has read it."""
    row, user = shown(request, pk), staff_of(request)
    context = {
        "notice": row,
        "paper": _paper(row),
        "acts": _acts(row, user),
        "files": row.files.all(),
        "receipts": receipts_of(row, user) if row.stage in SERVED_STAGES else [],
        "mine": _unread(row, user),
        "events": row.events.all() if for_the_city(user.duties, READS_DRAFTS) else [],
    }
    return render(request, "oversight/notice.html", context)


def _paper(row: QuarterNotice) -> dict[str, Any]:
    """The paper in words; it is a document of the office and stays in its language."""
    with translation.override(settings.LANGUAGE_CODE):
        return as_data(load(row.content) if row.content else paper_of(row, at=timezone.now()))


def _acts(row: QuarterNotice, user: Staff) -> list[tuple[Act, str]]:
    """What this person can do with it now, with the address of each."""
    writes, signs = bool(for_the_city(user.duties, WRITES)), bool(for_the_city(user.duties, SIGNS))
    # What leads on comes first: the page draws it as the main button.
    forward = {Act.SUBMIT: writes, Act.APPROVE: writes, Act.ISSUE: signs}
    offered = [act for act, may in {**forward, Act.WRITE: writes, Act.RETURN: writes, Act.DROP: signs}.items() if may]
    found = possible(offered, row.stage, authors=row.authors, by=user.pk)
    return [(act, reverse("circular-act", args=[row.pk, act.value])) for act in found]


def _unread(row: QuarterNotice, user: Staff) -> list[int]:
    """The receipts that wait for this person's 已阅."""
    units = [one.unit.pk for one in user.duties if one.role in ACKNOWLEDGES]
    return list(row.receipts.filter(unit__in=units, read_at=None).values_list("pk", flat=True))


@require_safe
@for_roles(READS_NOTICES)
def file(request: HttpRequest, pk: int, kind: str) -> FileResponse:
    """A file of an issued notice, exactly as it was signed."""
    kept = NoticeFile.objects.filter(notice=shown(request, pk), kind=kind).first()
    if kept is None:
        raise Http404(kind)
    try:
        content = kept.file.open()
    except FileNotFoundError as error:
        log.error("the file of notice %s is gone: %s", pk, kept.file.name)
        raise Http404(kind) from error
    return FileResponse(content, as_attachment=True, filename=f"{kept.notice.number}.{kind}")
