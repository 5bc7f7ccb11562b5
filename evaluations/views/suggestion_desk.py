"""意见建议, the desk's side: the list, the page of one, and every act on it by one view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from evaluations import workflow
from evaluations.actions import suggestions as actions
from evaluations.enums.suggestions import SuggestionAct, SuggestionStage
from evaluations.forms.suggestions import (
    AnswerForm,
    MergeForm,
    PublishForm,
    ResultForm,
    SortForm,
    SuggestionActForm,
    WhyForm,
)
from evaluations.models import Suggestion, SuggestionEvent
from evaluations.queries import suggestions as queries
from evaluations.views.paging import newest
from evaluations.workflow import READERS, NotAllowed
from organizations.actions import Refused
from organizations.views.doors import for_roles, staff_of
from rectification.casefile import Entry
from rectification.views.queue import Tab
from rectification.words import due_chip, who_words

PAGE = 25


@for_roles(READERS)
@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """A saved filter over the register; `?view=` names it."""
    user, at = staff_of(request), timezone.now()
    names = queries.views_of(user)
    name = request.GET.get("view") or names[0]
    if name not in names:
        raise Http404
    rows, next_url = newest(request, queries.in_view(name, user, at), PAGE)
    numbers = queries.counts(names, user, at)
    context = {
        "tabs": [Tab(f"?view={key}", str(queries.VIEWS[key].label), numbers[key], key == name) for key in names],
        "rows": [(one, due_chip(one.due_at, at=at) if one.due_at else None) for one in rows],
        "view": queries.VIEWS[name],
        "next_url": next_url,
    }
    return render(request, "evaluations/suggestions/list.html", context)


@dataclass(frozen=True)
class DeskAct:
    """One act as a page: what it asks, the verb it ends in, and the words around it."""

    form: type[SuggestionActForm]
    run: Callable[..., Suggestion]
    done: Promise
    hint: Promise | str = ""


A = SuggestionAct
ACTS: dict[str, DeskAct] = {
    A.SORT: DeskAct(SortForm, actions.sort_suggestion, _("已分办。"), _("由对这件事负责的单位答复;期限从现在算起。")),
    A.MERGE: DeskAct(
        MergeForm, actions.merge_suggestion, _("已合并。"), _("内容相同的并到一条下面,每个建议人都会收到答复。")
    ),
    A.SET_ASIDE: DeskAct(
        WhyForm,
        actions.set_aside_suggestion,
        _("已记录。"),
        _("只用于广告、骂人的话和具体个案。写明理由和该走的渠道,建议人会看到。"),
    ),
    A.HAND_BACK: DeskAct(
        WhyForm, actions.hand_back_suggestion, _("已退回分办。"), _("写明为什么不属本单位职责,应由哪个单位负责。")
    ),
    A.ANSWER: DeskAct(AnswerForm, actions.answer_suggestion, _("已答复建议人。")),
    A.RECORD_RESULT: DeskAct(ResultForm, actions.record_suggestion_result, _("落实结果已记录,已告诉建议人。")),
    A.PUBLISH: DeskAct(
        PublishForm,
        actions.publish_suggestion,
        _("已公开。"),
        _("已自动隐去看得出的个人信息。请通读一遍:认得出是谁的内容都要改掉。"),
    ),
}


def _find(request: HttpRequest, number: str) -> Suggestion:
    """The suggestion of this number.

    Raises:
        Http404: there is none, or the person may not see it: both look the same.
    """
    visible = Suggestion.objects.visible_to(staff_of(request))
    found = visible.select_related("unit", "about_unit", "merged_into", "looked_by").filter(number=number).first()
    if found is None:
        raise Http404(number)
    return found


@for_roles(READERS)
@require_safe
def suggestion(request: HttpRequest, number: str) -> HttpResponse:
    """What was suggested, what happened, what to do next and by when."""
    one, user, at = _find(request, number), staff_of(request), timezone.now()
    unlooked = Suggestion.objects.unlooked().filter(pk=one.pk).exists()
    standing = actions.standing_of(user, one)
    acts = workflow.offered(SuggestionStage(one.stage), one.verdict, standing, unlooked=unlooked)
    context = {
        "suggestion": one,
        "acts": acts,
        "due": due_chip(one.due_at, at=at) if one.due_at else None,
        "entries": _entries(one),
        "doubles": queries.possible_doubles(one, user) if A.MERGE in acts else [],
        "merged": list(one.merged.order_by("pk")),
        "unlooked": unlooked,
    }
    return render(request, "evaluations/suggestions/page.html", context)


def _entries(one: Suggestion) -> list[Entry]:
    return [Entry(event.at, _title(event), _who(event), event.note) for event in one.events.all()]


def _title(event: SuggestionEvent) -> str:
    facts = [str(event.data.get(key)) for key in ("unit", "into") if event.data.get(key)]
    if kept := event.data.get("kept"):
        facts.append(gettext("保留:%(texts)s") % {"texts": "、".join(find["text"] for find in kept)})
    return " · ".join([event.get_action_display(), *facts])


def _who(event: SuggestionEvent) -> str:
    pseudonym = str(workflow.P.CITIZEN.label)
    return who_words(event.actor_kind, event.actor_name, event.actor_unit, event.actor_role, pseudonym=pseudonym)


@for_roles(READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def suggestion_act(request: HttpRequest, number: str, door: str) -> HttpResponse:
    """Shows the form of an act, and carries the act out."""
    one = _find(request, number)
    if door not in ACTS:
        raise Http404(door)
    act = ACTS[door]
    try:
        workflow.check(A(door), SuggestionStage(one.stage), actions.standing_of(staff_of(request), one))
        if "again" in request.POST and act.form is PublishForm:
            return _page(request, one, door, PublishForm.again(one, request.POST.getlist("kept")))
        form = act.form(request.POST or None, suggestion=one)
        if request.method != "POST" or not form.is_valid():
            return _page(request, one, door, form)
        return _carry_out(request, one, door, form)
    except NotAllowed as refusal:
        if refusal.reason == "party":
            raise PermissionDenied(door) from refusal
        return _over(request, one, door)


def _carry_out(request: HttpRequest, one: Suggestion, door: str, form: SuggestionActForm) -> HttpResponse:
    act = ACTS[door]
    seen = form.cleaned_data["seen"]
    try:
        act.run(one, by=staff_of(request), at=timezone.now(), seen=seen, **form.arguments())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, one, door, form)
    except actions.Conflict as conflict:
        typed: dict[str, Any] = {name: value for name, value in request.POST.items() if name != "seen"}
        typed["kept"] = request.POST.getlist("kept")
        again = act.form(initial=typed, suggestion=conflict.suggestion)
        return _page(request, conflict.suggestion, door, again, conflict=True, status=409)
    messages.success(request, str(act.done))
    visible = Suggestion.objects.visible_to(staff_of(request)).filter(pk=one.pk).exists()
    return redirect("suggestion", one.number) if visible else redirect("suggestions")


def _page(
    request: HttpRequest, one: Suggestion, door: str, form: SuggestionActForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    user = staff_of(request)
    context = {
        "suggestion": one,
        "act": ACTS[door],
        "title": A(door).label,
        "form": form,
        "doubles": queries.possible_doubles(one, user) if door == A.MERGE else [],
        **more,
    }
    return render(request, "evaluations/suggestions/act.html", context, status=status)


def _over(request: HttpRequest, one: Suggestion, door: str) -> HttpResponse:
    """The step is over: what happened, and what was typed, to be copied."""
    context = {"suggestion": one, "title": A(door).label, "entries": _entries(one)}
    return render(request, "evaluations/suggestions/over.html", context, status=409)
