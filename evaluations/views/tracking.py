"""Tracking by number and code, without an account: where a case stands, and what its evaluator may add."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from common.actors import CITIZEN
from evaluations import queries
from evaluations.actions import AlreadyFollowedUp
from evaluations.actions import follow_up as record_follow_up
from evaluations.enums import Level
from evaluations.forms import FollowUpForm, HideForm, PressureForm, ReopenForm, StatementForm, TrackForm
from evaluations.queries import Tracked
from evaluations.queries.suggestions import tracked_suggestion
from evaluations.views.admission import admit, is_admitted
from evaluations.views.manners import ask_to_wait, asker, private, waiting, within
from rectification.actions import Refused, add_statement, hide_text, reopen_case, report_pressure, store_picture
from rectification.enums import Action, Duty, Evidence, Stage, Verdict
from rectification.models import Case
from rectification.words import date_words
from rectification.workflow import NotAllowed

HOUR = timedelta(hours=1)
ACTS_PER_HOUR = 30
page = require_http_methods(["GET", "HEAD", "POST"])


@page
@private
def track(request: HttpRequest) -> HttpResponse:
    """Asks for number and code. A number nobody has and a wrong code get the same answer at the same price."""
    if request.method != "POST":
        return _ask(request, TrackForm(initial={"number": request.GET.get("n", "")[:30]}))
    form = TrackForm(request.POST)
    if not form.is_valid():
        return _ask(request, form)
    number, code = form.cleaned_data["number"], form.cleaned_data["code"]
    limits = {
        f"track:{number}": (settings.TRACKING_TRIES_PER_CASE_HOUR, HOUR),
        f"track:from:{asker()}": (settings.TRACKING_TRIES_PER_ADDRESS, HOUR),
    }
    if not within(limits):
        ask_to_wait(form, wait := int(HOUR.total_seconds()) // settings.TRACKING_TRIES_PER_CASE_HOUR)
        return waiting(_ask(request, form), wait)
    case, suggestion = queries.tracked_case(number, code), tracked_suggestion(number, code)
    if case is not None:
        return _let_in("tracking", case.number)
    if suggestion is not None:
        return _let_in("suggestion-status", suggestion.number)
    form.add_error(None, gettext("编号或查询码不对。请对照回执再输一次;查询码丢了可以拨打 12345。"))
    return _ask(request, form)


def _let_in(page: str, number: str) -> HttpResponse:
    return admit(redirect(page, number), number, reverse(page, args=[number]))


def _ask(request: HttpRequest, form: TrackForm, status: int = 200) -> HttpResponse:
    return render(request, "evaluations/track.html", {"form": form}, status=status)


def _admitted(request: HttpRequest, number: str) -> Case | None:
    """The case, if its code was given on this device in the last two hours."""
    return queries.case_numbered(number) if is_admitted(request, number) else None


@page
@private
def tracking(request: HttpRequest, number: str) -> HttpResponse:
    """The case as its evaluator sees it, and the acts open to them."""
    case = _admitted(request, number)
    if case is None and request.method == "POST":
        form = TrackForm(initial={"number": number[:30]})
        return render(request, "evaluations/track.html", {"form": form, "kept": True}, status=403)
    if case is None:
        return redirect(f"{reverse('track')}?{urlencode({'n': number[:30]})}")
    if request.method == "POST":
        return _act(request, case)
    return _show(request, case)


@dataclass(frozen=True)
class CitizenAct:
    """One thing the evaluator may do: what it asks, what carries it out, what is said afterwards."""

    action: Action
    title: Promise
    button: Promise
    form: type[Form]
    run: Callable[[Case, Form, datetime], object]
    done: Promise


def _state(case: Case, form: Form, at: datetime) -> None:
    text, picture = form.cleaned_data["text"], form.cleaned_data["picture"]
    if picture:
        store_picture(case, picture, kind=Evidence.CITIZEN, by=CITIZEN, at=at, note=text)
    else:
        add_statement(case, at=at, text=text)


def _reopen(case: Case, form: Form, at: datetime) -> None:
    assert isinstance(form, ReopenForm)
    within_days = timedelta(days=settings.REOPEN_DAYS)
    reopen_case(case, at=at, reason=form.note(), within=within_days, reworks_max=settings.REWORKS_MAX)


def _judge(case: Case, form: Form, at: datetime) -> None:
    said = form.cleaned_data
    record_follow_up(case, verdict=Verdict(said["verdict"]), text=said["text"], at=at)


def _report(case: Case, form: Form, at: datetime) -> None:
    report_pressure(case, at=at, text=form.cleaned_data["text"])


def _hide(case: Case, form: Form, at: datetime) -> None:
    hide_text(case, at=at, hidden=form.cleaned_data["hidden"])


ACTS = {
    "verdict": CitizenAct(
        Action.RECORD_VERDICT, _("再次评价"), _("提交再次评价"), FollowUpForm, _judge, _("已收到您的再次评价。")
    ),
    "reopen": CitizenAct(
        Action.REOPEN, _("还没解决"), _("请继续处理"), ReopenForm, _reopen, _("已请责任单位继续处理。")
    ),
    "statement": CitizenAct(
        Action.ADD_STATEMENT, _("补充说明或照片"), _("提交补充"), StatementForm, _state, _("已收到您的补充。")
    ),
    "pressure": CitizenAct(
        Action.REPORT_PRESSURE,
        _("有人要求我改评价"),
        _("告诉市级督导"),
        PressureForm,
        _report,
        _("已告诉市级督导,被评价的单位看不到。"),
    ),
    "hide": CitizenAct(Action.HIDE_TEXT, _("公开文字"), _("更改"), HideForm, _hide, _("已更改。")),
}


def _act(request: HttpRequest, case: Case) -> HttpResponse:
    name = request.POST.get("act", "")
    act = ACTS.get(name)
    if act is None:
        return _show(request, case, status=400)
    form = act.form(request.POST, request.FILES, auto_id=f"{name}_%s")
    if not form.is_valid():
        return _show(request, case, name, form)
    if not within({f"track:acts:{case.number}": (ACTS_PER_HOUR, HOUR)}):
        ask_to_wait(form, 120)
        return waiting(_show(request, case, name, form), 120)
    try:
        act.run(case, form, timezone.now())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _show(request, case, name, form)
    except (NotAllowed, AlreadyFollowedUp):
        form.add_error(None, gettext("这一步现在不能做了,下面是最新的进展。您写的内容还在。"))
        return _show(request, queries.case_numbered(case.number) or case, name, form, status=409)
    messages.success(request, str(act.done))
    return redirect("tracking", case.number)


def _show(
    request: HttpRequest, case: Case, name: str = "", form: Form | None = None, status: int = 200
) -> HttpResponse:
    shown = queries.tracked(case, timezone.now())
    context: dict[str, Any] = {
        "shown": shown,
        "case": case,
        "said": [Level(case.level).label, *(gettext(tag["label"]) for tag in case.tags)],
        "steps": steps(shown),
        "form": form,
        "acts": [
            (key, act, form if key == name and form else act.form(auto_id=f"{key}_%s"))
            for key, act in ACTS.items()
            if act.action in shown.acts or key == name
        ],
    }
    return render(request, "evaluations/tracking.html", context, status=status)


@dataclass(frozen=True)
class Step:
    """One of the four public steps, as components/stepper.html draws it."""

    label: str
    when: str
    current: bool
    done: bool


# The duties whose end is the step; of a second round first.
AWAITED = {Stage.DISPATCHED: (Duty.DISPATCH,), Stage.REPLIED: (Duty.REWORK, Duty.RECTIFY)}


def steps(shown: Tracked) -> list[Step]:
    """评价 → 转办 → 整改 → 答复: when each was reached, or by when it is to be."""
    order = list(Stage)
    here = order.index(shown.stage)
    answered = shown.stage == Stage.REPLIED
    drawn = []
    for position, stage in enumerate(order):
        drawn.append(
            Step(
                label=str(stage.label),
                when=_reached(shown, stage) if position <= here else _awaited(shown, stage),
                current=position == here and not answered,
                done=position < here or (position == here and answered),
            )
        )
    return drawn


def _reached(shown: Tracked, stage: Stage) -> str:
    moment = shown.reached.get(stage)
    return date_words(moment) if moment else ""


def _awaited(shown: Tracked, stage: Stage) -> str:
    running = [shown.expected[duty] for duty in AWAITED.get(stage, ()) if duty in shown.expected]
    awaited = next((one for one in running if one.met_at is None), None)
    if awaited is None:
        return ""
    words = gettext("%(date)s前") % {"date": date_words(awaited.due_at)}
    return f"{words} {gettext('(暂定)')}" if awaited.provisional else words
