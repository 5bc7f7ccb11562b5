"""联席会议: what is done to one item of the agenda, and the minutes as a page and as files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from organizations.actions import Refused
from organizations.views.doors import Page, for_roles, one_act, staff_of
from oversight import actions
from oversight.access import MANAGES_DOSSIERS, MEETS_DOSSIERS, acknowledging
from oversight.enums import FileKind, Kind, MeetingAct
from oversight.forms.meetings import ChangeItemForm, MinutesForm, RemoveItemForm, ResolutionForm
from oversight.models import AgendaItem, Dossier
from oversight.paper import Paper
from oversight.queries.meetings import readings_of
from oversight.queries.minutes import minutes_of
from oversight.renderings.printed import as_data
from oversight.views.dossiers import may, shown
from oversight.views.extracts import MAKERS


@dataclass(frozen=True)
class ItemPage:
    """The page of an act on one item: its words, its form, the act, and what it means."""

    label: str | Promise
    form: Callable[..., Any]
    act: Callable[..., object]
    about: str | Promise = ""
    danger: bool = False


ACTS: dict[str, ItemPage] = {
    MeetingAct.CHANGE_ITEM: ItemPage(MeetingAct.CHANGE_ITEM.label, ChangeItemForm, actions.change_item),
    MeetingAct.REMOVE_ITEM: ItemPage(
        MeetingAct.REMOVE_ITEM.label, RemoveItemForm, actions.remove_item, gettext_lazy("从议程里删去。"), danger=True
    ),
    MeetingAct.WRITE_MINUTES: ItemPage(MeetingAct.WRITE_MINUTES.label, MinutesForm, actions.write_minutes),
    "resolve": ItemPage(
        gettext_lazy("形成决议"),
        ResolutionForm,
        actions.resolve,
        gettext_lazy("决议就是任务:责任单位报结,督导单位销号,下次会议看落实情况。"),
    ),
}


def _meeting(request: HttpRequest, number: str) -> Dossier:
    row = shown(request, number)
    if row.kind != Kind.MEETING:
        raise Http404(number)
    return row


@for_roles(MANAGES_DOSSIERS)
def item_act(request: HttpRequest, number: str, pk: int, name: str) -> HttpResponse:
    """The form of an act on an item of the agenda; an act that is not possible now says why."""
    row, user, verb = _meeting(request, number), staff_of(request), ACTS.get(name)
    item = get_object_or_404(AgendaItem.objects.select_related("meeting__dossier"), pk=pk, meeting=row.pk)
    if verb is None:
        raise Http404(name)
    if not may(row, user):
        raise PermissionDenied(name)
    form = verb.form(request.POST or None, row=row, user=user, item=item)
    page = Page(
        title=str(verb.label),
        back=reverse("dossier", args=[row.number]),
        submit=str(verb.label),
        done=_("%(act)s:已办。") % {"act": verb.label},
        about=str(verb.about),
        danger=verb.danger,
        subject=item.title,
    )
    return one_act(request, form, lambda **who: verb.act(item, **form.arguments(), **who), page)


@require_safe
@for_roles(MEETS_DOSSIERS)
def minutes(request: HttpRequest, number: str) -> HttpResponse:
    """会议纪要 on a page: as issued with its corrections; a draft for who leads the meeting."""
    row, paper = _minutes(request, number)
    readings = readings_of(row) if row.meeting.issued_at else []
    mine = acknowledging(staff_of(request).duties, [unit.pk for unit, read in readings if read is None])
    context = {"dossier": row, "paper": as_data(paper), "kinds": FileKind.choices, "readings": readings, "mine": mine}
    return render(request, "oversight/meetings/minutes.html", context)


@require_POST
@for_roles(MEETS_DOSSIERS)
def read(request: HttpRequest, number: str) -> HttpResponse:
    """已阅 for one's units."""
    row = _meeting(request, number)
    try:
        actions.read_minutes(row, by=staff_of(request), at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已记录。"))
    return redirect("meeting-minutes" if row.meeting.issued_at else "dossier", row.number)


@require_safe
@for_roles(MEETS_DOSSIERS)
def minutes_file(request: HttpRequest, number: str, kind: str) -> FileResponse:
    """会议纪要 as a file."""
    if kind not in MAKERS:
        raise Http404(kind)
    row, paper = _minutes(request, number)
    with translation.override(settings.LANGUAGE_CODE):
        made = MAKERS[kind](paper)
    return FileResponse(ContentFile(made), as_attachment=True, filename=f"{row.number}.{kind}")


def _minutes(request: HttpRequest, number: str) -> tuple[Dossier, Paper]:
    """The minutes, if there are any that this person may read; strangers and those who are too early meet a 404."""
    row = _meeting(request, number)
    if row.meeting.issued_at is None and not may(row, staff_of(request)):
        raise Http404(number)
    with translation.override(settings.LANGUAGE_CODE):
        return row, minutes_of(row, at=timezone.now())
