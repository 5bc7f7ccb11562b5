"""问题类别: the class of one case with its reasons, and the versions of the rules on their way through two people."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from assessment import actions, queries
from assessment.access import CORRECTS_CLASSES, KEEPS_CLASSES, READS_CLASSES, correcting_duty
from assessment.classing import problems_of, read_rules
from assessment.enums import SchemeState
from assessment.forms import ClassRulesForm, CorrectionForm, VersionForm
from assessment.models import ClassCorrection, ClassRules
from assessment.views.versions import Act, confirm, edit_draft, way_of, ways
from identity.queries import known_names
from identity.redaction import redact
from organizations.models import Staff
from organizations.views.doors import Page, for_roles, one_act, staff_of
from rectification.models import Case

page = require_http_methods(["GET", "HEAD", "POST"])


@for_roles(READS_CLASSES)
@require_safe
def case_class(request: HttpRequest, number: str) -> HttpResponse:
    """Which class a case is of and why, who corrected it, and what it is like."""
    user, found, now = staff_of(request), _seen(request, number), timezone.now()
    corrects = correcting_duty(user.duties, found.unit) is not None
    context = {
        "case": found,
        "classed": queries.classes_of([found.pk], at=now)[found.pk],
        "text": redact(found.text, known_names()).text,
        "corrections": found.class_corrections.order_by("-pk"),
        "corrects": corrects,
        "suggestion": queries.suggestion_for(found, at=now) if corrects else None,
    }
    return render(request, "assessment/classes/case.html", context)


def _seen(request: HttpRequest, number: str) -> Case:
    rows = Case.objects.visible_to(staff_of(request)).select_related("unit__region")
    return get_object_or_404(rows, number=number)


@for_roles(CORRECTS_CLASSES)
@page
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """A supervisor says which class the case is of, with a reason."""
    found, now = _seen(request, number), timezone.now()
    if correcting_duty(staff_of(request).duties, found.unit) is None:
        raise PermissionDenied
    last = found.class_corrections.order_by("-pk").first()
    form = CorrectionForm(
        request.POST or None, names=queries.class_names(now), corrected=last is not None and last.name != ""
    )
    words = Page(
        _("更正问题类别"),
        reverse("case-class", args=[number]),
        _("更正"),
        _("已更正。以前的数字不变。"),
        about=_("从现在起按更正后的类别统计;已经封存的季度和以前的日子不变。每次更正都留痕。"),
        subject=number,
    )

    def act(by: Staff, at: datetime) -> ClassCorrection:
        return actions.correct_class(found, form.chosen, form.cleaned_data["reason"], by=by, at=at)

    return one_act(request, form, act, words)


@for_roles(READS_CLASSES)
@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """Every version; drafts only for those who keep the rules."""
    keeps = staff_of(request).has_role(*KEEPS_CLASSES)
    known = ClassRules.objects.select_related("proposed_by", "adopted_by")
    seen = known if keeps else known.filter(state=SchemeState.ADOPTED)
    return render(request, "assessment/classes/list.html", {"versions": seen, "keeps": keeps})


@for_roles(READS_CLASSES)
@require_safe
def version(request: HttpRequest, version: int) -> HttpResponse:
    """One version: its rules, what is not sound yet, and what the trial found."""
    user = staff_of(request)
    keeps = user.has_role(*KEEPS_CLASSES)
    found = _found(version, keeps=keeps)
    rules = read_rules(found.content)
    context = {
        "version": found,
        "rules": rules,
        "problems": problems_of(rules),
        "keeps": keeps,
        **way_of(found, ACTS, user),
        "readable": set(
            Case.objects.visible_to(user).filter(number__in=_numbers(found)).values_list("number", flat=True)
        ),
    }
    return render(request, "assessment/classes/version.html", context)


def _numbers(found: ClassRules) -> list[str]:
    return [number for one in found.trial for move in one["moves"] for number in move["cases"]]


@for_roles(KEEPS_CLASSES)
@page
def add(request: HttpRequest) -> HttpResponse:
    """A draft that begins as a copy of the newest version."""
    words = Page(
        _("起草新版归类规则"),
        reverse("class-rules"),
        _("起草"),
        _("已建立草稿。"),
        about=_("内容从最近的版本复制。"),
    )
    form = VersionForm(request.POST or None)

    def act(by: Staff, at: datetime) -> ClassRules:
        return actions.draft_class_rules(valid_from=form.cleaned_data["valid_from"], by=by, at=at)

    return one_act(request, form, act, words)


@for_roles(KEEPS_CLASSES)
@page
def edit(request: HttpRequest, version: int) -> HttpResponse:
    """The editor. What is typed is kept though it is not sound yet; the page of the draft says what is not."""
    found = _found(version, keeps=True)
    initial = {"valid_from": found.valid_from, "note": found.note}
    form = ClassRulesForm(request.POST or None, stored=read_rules(found.content), initial=initial)

    def save(by: Staff, at: datetime) -> bool:
        when, note = form.cleaned_data["valid_from"], form.cleaned_data["note"]
        return actions.change_class_rules(found, form.rules(), by=by, at=at, valid_from=when, note=note)

    back = reverse("class-rules-version", args=[version])
    return edit_draft(request, found, form, save, back=back, template="assessment/classes/edit.html", version=found)


ACTS = ways(
    {
        "try": Act(
            SchemeState.DRAFT,
            gettext_lazy("用上季度的件试算"),
            gettext_lazy("看上季度和本季度有多少件从哪一类变到哪一类。不改变任何件的类别。"),
            actions.try_class_rules,
        )
    },
    propose=actions.propose_class_rules,
    discard=actions.discard_class_rules,
    adopt=actions.adopt_class_rules,
    adopting=gettext_lazy("审定后不能修改。施行日期起收到的件,从现在起按它归类;以前看到的数字不变。"),
    send_back=actions.send_back_class_rules,
)


@for_roles(KEEPS_CLASSES)
@page
def act(request: HttpRequest, version: int, verb: str) -> HttpResponse:
    """One act on a version, confirmed on a page of its own."""
    own = reverse("class-rules-version", args=[version])
    return confirm(request, _found(version, keeps=True), ACTS, verb, listed=reverse("class-rules"), own=own)


def _found(version: int, *, keeps: bool) -> ClassRules:
    # No column holds a version of this size, and a number without end is no version.
    if version > 32_767:
        raise Http404(version)
    known = ClassRules.objects.select_related("proposed_by", "adopted_by", "changed_by")
    return get_object_or_404(known if keeps else known.filter(state=SchemeState.ADOPTED), version=version)
