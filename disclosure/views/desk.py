"""公示审核: the list, the one look, the batch of clear ones, and what is not shown."""

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
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from disclosure import actions
from disclosure.access import DISCLOSES, READS_DISCLOSURES, reviewer
from disclosure.enums import Standing
from disclosure.forms.desk import ReasonForm, ReviewForm
from disclosure.models import Disclosure
from disclosure.queries import desk as queries
from evaluations.views.paging import in_order, newest
from organizations.actions import Refused
from organizations.models import Staff
from organizations.views.doors import for_roles, staff_of
from rectification.casefile import Entry
from rectification.views.queue import Tab
from rectification.words import who_words

PAGE, BATCH = 25, 20


@for_roles(READS_DISCLOSURES)
@require_safe
def disclosures(request: HttpRequest) -> HttpResponse:
    """A saved filter over the disclosures one may see; `?view=` names it."""
    user = staff_of(request)
    name = request.GET.get("view") or "look"
    if name not in queries.VIEWS:
        raise Http404(name)
    rows = queries.in_view(name, user)
    found, next_url = in_order(request, rows, "pk", BATCH) if name == "clear" else newest(request, rows, PAGE)
    numbers = queries.counts(user)
    context = {
        "tabs": [
            Tab(f"?view={key}", str(view.label), numbers[key], key == name) for key, view in queries.VIEWS.items()
        ],
        "rows": found,
        "view": queries.VIEWS[name],
        "next_url": next_url,
    }
    if name == "clear":
        context["rows"] = [(one, queries.draft_of(one), reviewer(user.duties, one.case) is not None) for one in found]
        return render(request, "disclosure/desk/clear.html", context)
    return render(request, "disclosure/desk/list.html", context)


def _find(request: HttpRequest, number: str) -> Disclosure:
    """The disclosure of this number.

    Raises:
        Http404: there is none, or the person may not see it: both look the same.
    """
    visible = Disclosure.objects.visible_to(staff_of(request)).select_related("case__unit__region", "case__item")
    found = visible.filter(number=number).first()
    if found is None:
        raise Http404(number)
    return found


@for_roles(READS_DISCLOSURES)
@require_http_methods(["GET", "HEAD", "POST"])
def disclosure(request: HttpRequest, number: str) -> HttpResponse:
    """Original and draft side by side. A POST shows what the choices come to, or publishes."""
    one, user = _find(request, number), staff_of(request)
    form = ReviewForm(request.POST or None, disclosure=one, draft=queries.draft_of(one))
    if request.method != "POST":
        return _page(request, one, form)
    if reviewer(user.duties, one.case) is None:
        raise PermissionDenied("disclosure")
    if not form.is_valid() or "preview" in request.POST:
        return _page(request, one, form)
    try:
        seen, note = form.cleaned_data["seen"], form.cleaned_data["note"]
        actions.publish_disclosure(
            one,
            by=user,
            at=timezone.now(),
            choices=form.choices(),
            pictures=form.chosen_pictures,
            note=note,
            seen=seen,
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, one, form)
    except actions.Conflict as conflict:
        return _again(request, conflict.disclosure)
    messages.success(request, _("已公示。"))
    return _onward(user)


def _onward(user: Staff) -> HttpResponse:
    """The next one that waits for a look, or the list."""
    following = queries.in_view("look", user).first()
    return redirect("disclosure", following.number) if following else redirect("disclosures")


def _again(request: HttpRequest, stale: Disclosure) -> HttpResponse:
    one = _find(request, stale.number)
    form = ReviewForm(disclosure=one, draft=queries.draft_of(one))
    return _page(request, one, form, conflict=True, status=409)


def _page(
    request: HttpRequest, one: Disclosure, form: ReviewForm, *, conflict: bool = False, status: int = 200
) -> HttpResponse:
    user = staff_of(request)
    context = {
        "disclosure": one,
        "case": one.case,
        "form": form,
        "may_decide": reviewer(user.duties, one.case) is not None,
        "shown": one.standing == Standing.PUBLISHED,
        "entries": [_entry(event) for event in one.events.all()],
        "conflict": conflict,
    }
    return render(request, "disclosure/desk/review.html", context, status=status)


def _entry(event: Any) -> Entry:
    who = who_words(event.actor_kind, event.actor_name, event.actor_unit, event.actor_role, pseudonym="")
    return Entry(event.at, event.get_act_display(), who, event.note)


@for_roles(DISCLOSES)
@require_POST
def publish_clear(request: HttpRequest) -> HttpResponse:
    """Publishes those that are ticked, each as it stood on the screen."""
    user = staff_of(request)
    chosen = dict(pair.rsplit(":", 1) for pair in request.POST.getlist("one") if pair.count(":") == 1)
    rows = queries.in_view("clear", user).filter(number__in=list(chosen))
    ready = [
        (one, int(chosen[one.number]))
        for one in rows
        if chosen[one.number].isdecimal() and reviewer(user.duties, one.case) is not None
    ]
    done = actions.publish_clear(ready, by=user, at=timezone.now())
    left = len(chosen) - done.published
    said = ngettext("已公示 %(count)d 件。", "已公示 %(count)d 件。", done.published) % {"count": done.published}
    if left:
        said += ngettext(" %(left)d 件有了变化,请再看。", " %(left)d 件有了变化,请再看。", left) % {"left": left}
    messages.success(request, said)
    return redirect("/desk/disclosure/?view=clear")


@dataclass(frozen=True)
class Removal:
    """An act by which a case is not shown, and the words around it."""

    title: Promise
    act: Callable[..., Disclosure]
    done: Promise
    about: Promise


REMOVALS = {
    "withhold": Removal(
        pgettext_lazy("act", "不予公示"),
        actions.withhold_disclosure,
        gettext_lazy("已记为不予公示。"),
        gettext_lazy("公众看不到这件,但会看到本季度有多少件因这个理由不予公示。"),
    ),
    "take-down": Removal(
        pgettext_lazy("act", "撤下"),
        actions.take_down_disclosure,
        gettext_lazy("已撤下,一分钟内各处都看不到。"),
        gettext_lazy("立即停止展示;已公示过的内容留在记录里。改正后可以重新公示。"),
    ),
}


@for_roles(DISCLOSES)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, number: str, door: str) -> HttpResponse:
    """Withholds a draft, or takes down what is public."""
    one, user = _find(request, number), staff_of(request)
    if door not in REMOVALS:
        raise Http404(door)
    if reviewer(user.duties, one.case) is None:
        raise PermissionDenied("disclosure")
    row, form = REMOVALS[door], ReasonForm(request.POST or None, disclosure=one)
    context = {"disclosure": one, "form": form, "removal": row}
    if request.method == "POST" and form.is_valid():
        try:
            row.act(one, by=user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except actions.Conflict as conflict:
            return _again(request, conflict.disclosure)
        else:
            messages.success(request, str(row.done))
            return redirect("disclosure", one.number)
    return render(request, "disclosure/desk/remove.html", context)
