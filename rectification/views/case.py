"""The page of one case, its pictures, and who else has it open."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rectification import casefile, offers, workflow
from rectification.actions import record_presence
from rectification.casefile import CaseFile
from rectification.enums import Party, State
from rectification.models import Deadline
from rectification.views.finding import find_case, staff_of
from rectification.views.table import ACTS
from rectification.words import DueChip, due_chip


@login_required
@require_safe
def case_page(request: HttpRequest, number: str) -> HttpResponse:
    """What was said, what happened, what to do next and by when (docs/ux.md §5.2)."""
    case, reader, now = find_case(request, number), staff_of(request), timezone.now()
    file = casefile.read_case_file(case, reader, now)
    doors = file.doors
    first = offers.primary(State(case.state), doors)
    context = {
        "case": case,
        "file": file,
        "pseudonym": casefile.pseudonym(case),
        "primary": ACTS[first] if first else None,
        "others": [ACTS[door] for door in doors if door != first],
        "waits": _waits(file, mine=first is not None),
        "unit_duties": workflow.UNIT_DUTIES,
        "dues": [(row, _chip(row)) for row in file.deadlines],
        "next_due": next(((row, _chip(row)) for row in file.deadlines if row.paused_at is None), None),
        "presence": presence_line(casefile.watchers(case, reader, now)),
    }
    return render(request, "rectification/case/page.html", context)


def _chip(row: Deadline) -> DueChip:
    return due_chip(row.due_at, at=timezone.now(), paused=row.paused_at is not None)


def _waits(file: CaseFile, *, mine: bool) -> list[str]:
    """Who waits for whom, the person reading first."""
    lines = [_("等您处理")] if mine else _waits_for_others(file)
    for part in file.co_handlings:
        if part.answered_at is None:
            lines.append(_("等%(unit)s协办反馈") % {"unit": part.unit.name})
    for request in file.waiting_requests:
        lines.append(_("等督导单位审批: %(what)s") % {"what": request.get_kind_display()})
    if file.facts.supervision_open:
        lines.append(_("等%(unit)s回复督办") % {"unit": file.case.unit_name})
    return lines


def _waits_for_others(file: CaseFile) -> list[str]:
    case = file.case
    party = offers.WAITS_FOR.get(State(case.state))
    if party is None:
        return []
    if party == Party.HANDLER:
        name = case.handler.name if case.handler else _("尚未指定经办人")
        return [_("等%(unit)s办理(%(name)s)") % {"unit": case.unit_name, "name": name}]
    if party == Party.UNIT_SUPERVISOR:
        return [_("等%(unit)s主管质检") % {"unit": case.unit_name}]
    if party == Party.CALLBACK and not case.reachable:
        return [_("等督导核查(评价人没有留下联系方式)")]
    return [_("等%(party)s处理") % {"party": party.label}]


def presence_line(names: list[str]) -> str:
    """Who else is looking, in words; empty when nobody is."""
    return _("%(names)s正在查看") % {"names": "、".join(names)} if names else ""


@login_required
@require_POST
def presence(request: HttpRequest, number: str) -> HttpResponse:
    """Notes that the reader has the case open and answers with the others who do."""
    case, reader, now = find_case(request, number), staff_of(request), timezone.now()
    record_presence(case, by=reader, at=now)
    return JsonResponse({"line": presence_line(casefile.watchers(case, reader, now))})


@login_required
@require_safe
def picture(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """One piece of evidence, to whoever may see the case."""
    attachment = find_case(request, number).attachments.filter(pk=pk).first()
    if attachment is None:
        raise Http404(pk)
    try:
        return FileResponse(attachment.file.open(), content_type="image/jpeg")
    except FileNotFoundError as error:
        raise Http404(pk) from error
