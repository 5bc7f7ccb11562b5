"""One form, one act: writing, reviewing, signing, dropping, and saying that it was read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organizations.views.doors import Page, for_roles, one_act, staff_of
from oversight import actions
from oversight.access import ACKNOWLEDGES, SIGNS, WRITES, for_the_city
from oversight.actions.core import WHO
from oversight.enums import Act
from oversight.forms import NoteForm, WrittenForm
from oversight.models import QuarterNotice, Receipt
from oversight.queries import proposed_of, typical_cases
from oversight.queries.content import title_of
from oversight.views.notices import shown
from oversight.workflow import NotAllowed, check

ACTS: dict[Act, Callable[..., QuarterNotice]] = {
    Act.SUBMIT: actions.submit_notice,
    Act.APPROVE: actions.approve_notice,
    Act.RETURN: actions.return_notice,
    Act.ISSUE: actions.issue_notice,
    Act.DROP: actions.drop_notice,
}


@for_roles(WRITES | SIGNS)
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """The form of an act on a notice; an act that is not possible now says why."""
    row = shown(request, pk)
    if name not in (*ACTS, Act.WRITE):
        raise Http404(name)
    verb = Act(name)
    user = staff_of(request)
    if not for_the_city(user.duties, WHO[verb]):
        raise PermissionDenied(name)
    try:
        check(verb, row.stage, authors=row.authors, by=user.pk)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("circular", row.pk)
    return _write(request, row) if verb == Act.WRITE else _move(request, row, verb)


def _write(request: HttpRequest, row: QuarterNotice) -> HttpResponse:
    at = timezone.now()
    form = WrittenForm(
        request.POST or None,
        initial={**row.written, "seen": row.version},
        offered=typical_cases(row.begins, at=at),
        proposed=proposed_of(row, at=at),
    )
    page = _page(row, Act.WRITE, _("保存"), _("已保存。"))

    def keep(**who: Any) -> QuarterNotice:
        return actions.write_notice(row, form.written, seen=form.cleaned_data["seen"], **who)

    return one_act(request, form, keep, page)


def _move(request: HttpRequest, row: QuarterNotice, verb: Act) -> HttpResponse:
    form: Form = NoteForm(request.POST if request.method == "POST" else None)
    page = _page(row, verb, str(verb.label), _("%(act)s:已办。") % {"act": verb.label})
    return one_act(request, form, lambda **who: ACTS[verb](row, note=form.cleaned_data["note"], **who), page)


def _page(row: QuarterNotice, verb: Act, submit: str, done: str) -> Page:
    about = _("签发后编文号、存档、送达各单位,不能再改,只能由新通报替代。") if verb == Act.ISSUE else ""
    return Page(
        title=str(verb.label),
        back=reverse("circular", args=[row.pk]),
        submit=submit,
        done=done,
        about=about,
        danger=verb in (Act.ISSUE, Act.DROP),
        subject=title_of(row),
    )


@require_POST
@for_roles(ACKNOWLEDGES)
def read(request: HttpRequest, pk: int, receipt: int) -> HttpResponse:
    """已阅 for one's unit."""
    row = get_object_or_404(Receipt, pk=receipt, notice=shown(request, pk))
    actions.acknowledge(row, by=staff_of(request), at=timezone.now())
    messages.success(request, _("已记录。"))
    return redirect("circular", pk)
