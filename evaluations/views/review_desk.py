"""问卷 on the desk: written, started, followed by a version; waves of invitations; and what was answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from evaluations.access import READS_REVIEWS, RUNS_REVIEWS
from evaluations.actions import questionnaires as actions
from evaluations.actions.reviews import start_wave
from evaluations.enums.reviews import Purpose, QuestionKind
from evaluations.forms.reviews import HeadingForm, QuestionForm, QuestionnaireForm, WaveForm
from evaluations.models import AnswerSheet, Question, Questionnaire
from evaluations.queries import reviews as queries
from organizations.actions import Refused
from organizations.models import Staff, Unit
from organizations.views.doors import Page, for_roles, one_act, staff_of


def _find(code: str, version: int) -> Questionnaire:
    found = queries.version_of(code, version)
    if found is None:
        raise Http404(code)
    return found


def _address(questionnaire: Questionnaire) -> str:
    return reverse("review-page", args=[questionnaire.code, questionnaire.version])


@for_roles(READS_REVIEWS)
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """Every questionnaire, with how many have answered it."""
    context = {"rows": queries.questionnaires(), "runs": staff_of(request).has_role(*RUNS_REVIEWS)}
    return render(request, "evaluations/reviews/list.html", context)


@for_roles(RUNS_REVIEWS)
def review_add(request: HttpRequest) -> HttpResponse:
    """A new questionnaire."""
    form = QuestionnaireForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = actions.draft_questionnaire(
                said["code"], form.heading(), purpose=said["purpose"], by=staff_of(request), at=timezone.now()
            )
        except Refused as refusal:
            form.add_error("code", str(refusal))
        else:
            messages.success(request, _("已建草稿,请加问题。"))
            return redirect(_address(made))
    words = Page(_("新建问卷"), reverse("reviews"), _("保存草稿"), "")
    return render(request, "organizations/one_act.html", {"form": form, "page": words})


@for_roles(READS_REVIEWS)
@require_safe
def review_page(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """One version: its questions, its waves, and what may be done with it."""
    questionnaire = _find(code, version)
    context = {
        "questionnaire": questionnaire,
        "questions": list(questionnaire.questions.all()),
        "runs": staff_of(request).has_role(*RUNS_REVIEWS),
        "is_review": questionnaire.purpose == Purpose.REVIEW,
        "waves": queries.waves_of(questionnaire),
        "answered": AnswerSheet.objects.filter(questionnaire=questionnaire).count(),
    }
    return render(request, "evaluations/reviews/page.html", context)


@for_roles(RUNS_REVIEWS)
def review_edit(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """The heading of a draft."""
    questionnaire = _find(code, version)
    start = {"title": questionnaire.title, "topic": questionnaire.topic, "intro": questionnaire.intro}
    form = HeadingForm(request.POST or None, initial=start, purpose=Purpose(questionnaire.purpose))

    def reword(*, by: Staff, at: datetime) -> None:
        actions.reword_questionnaire(questionnaire, form.heading(), by=by, at=at)

    words = Page(_("改标题"), _address(questionnaire), _("保存"), _("已保存。"), subject=questionnaire.title)
    return one_act(request, form, reword, words)


@for_roles(RUNS_REVIEWS)
def review_question(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """Another question of a draft."""
    questionnaire = _find(code, version)
    form = QuestionForm(request.POST or None)

    def add(*, by: Staff, at: datetime) -> None:
        actions.add_question(questionnaire, by=by, at=at, **form.cleaned_data)

    words = Page(_("加问题"), _address(questionnaire), _("加上"), _("已加上。"), subject=questionnaire.title)
    return one_act(request, form, add, words)


@for_roles(RUNS_REVIEWS)
def review_wave(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """Another wave of invitations."""
    questionnaire = _find(code, version)
    form = WaveForm(request.POST or None)

    def ask(*, by: Staff, at: datetime) -> None:
        start_wave(questionnaire, by=by, at=at, **form.cleaned_data)

    about = _("短信只发给这些天办过这项改革事项、留了手机号、没有退订、最近没有被邀请过的人;夜里不发。")
    words = Page(
        _("邀请评议"),
        _address(questionnaire),
        _("开始邀请"),
        _("已开始,短信陆续发出。"),
        about=about,
        subject=questionnaire.title,
    )
    return one_act(request, form, ask, words)


Verb = Callable[..., object]
VERBS: dict[str, tuple[Verb, Promise]] = {
    "start": (actions.start_questionnaire, gettext_lazy("已启用。")),
    "close": (actions.close_questionnaire, gettext_lazy("已停用,不再收答卷。")),
    "revise": (actions.revise_questionnaire, gettext_lazy("已建下一版草稿;启用以前,现在这一版照常收答卷。")),
}


@for_roles(RUNS_REVIEWS)
@require_POST
def review_act(request: HttpRequest, code: str, version: int, verb: str) -> HttpResponse:
    """Starts, closes or revises: one press."""
    questionnaire = _find(code, version)
    if verb not in VERBS:
        raise Http404(verb)
    run, done = VERBS[verb]
    try:
        made = run(questionnaire, by=staff_of(request), at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(_address(questionnaire))
    messages.success(request, str(done))
    return redirect(_address(made if isinstance(made, Questionnaire) else questionnaire))


@for_roles(RUNS_REVIEWS)
@require_POST
def review_question_remove(request: HttpRequest, code: str, version: int, pk: int) -> HttpResponse:
    """Takes a question out of a draft."""
    questionnaire = _find(code, version)
    question = questionnaire.questions.filter(pk=pk).first()
    if question is None:
        raise Http404(str(pk))
    try:
        actions.remove_question(question, by=staff_of(request), at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(_address(questionnaire))


@for_roles(READS_REVIEWS)
@require_safe
def review_results(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """What was answered, question by question and unit by unit; `?unit=` narrows it to one."""
    questionnaire = _find(code, version)
    unit = Unit.objects.filter(code=request.GET.get("unit", "")[:40]).first()
    sheets = AnswerSheet.objects.filter(questionnaire=questionnaire)
    sheets = sheets.filter(unit=unit) if unit else sheets
    context = {
        "questionnaire": questionnaire,
        "unit": unit,
        "results": queries.results_of(questionnaire, sheets),
        "texts": _texts(questionnaire, sheets),
    }
    return render(request, "evaluations/reviews/results.html", context)


def _texts(questionnaire: Questionnaire, sheets: QuerySet[AnswerSheet]) -> list[tuple[Question, list[str]]]:
    asked = questionnaire.questions.filter(kind=QuestionKind.TEXT)
    return [(question, queries.texts_of(question, sheets)) for question in asked]
