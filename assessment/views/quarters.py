"""季度考核: the wizard of a quarter's close. Its steps lie in the database, so it can be left and come back to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from assessment import actions
from assessment.access import CLOSES_QUARTERS, READS_QUARTERS
from assessment.enums import Found, Grain, QuarterState, SchemeKind
from assessment.forms import AnswerForm, ExemptionForm, NoteForm, SureForm, TotalForm
from assessment.models import Exemption, Objection, Quarter, Scheme, SourceTotal
from assessment.periods import Period, period_of, read_period
from assessment.queries import sheets
from assessment.queries.subjects import subjects
from assessment.scoring import read_scheme
from assessment.views.versions import asking, sent
from assessment.words import period_words
from evaluations.models import Source
from organizations.models import Staff
from organizations.views.doors import Page, for_roles, one_act, staff_of

LISTED = 12
page = require_http_methods(["GET", "HEAD", "POST"])


@for_roles(READS_QUARTERS)
@require_safe
def quarters(request: HttpRequest) -> HttpResponse:
    """The last quarters that are over, with how far each has come."""
    known = {row.begins: row for row in Quarter.objects.all()}
    period, rows = period_of(timezone.localdate(), Grain.QUARTER), []
    for _count in range(LISTED):
        period = period.before()
        rows.append((period.name, period_words(period), known.get(period.begins)))
    return render(request, "assessment/quarters/list.html", {"rows": rows})


@dataclass(frozen=True)
class Step:
    """A step of the wizard, as components/stepper.html draws it."""

    label: str
    done: bool
    current: bool
    when: str = ""


@for_roles(READS_QUARTERS)
@require_safe
def quarter(request: HttpRequest, name: str) -> HttpResponse:
    """The five steps of a quarter, what each found, and what may be done now."""
    user, period = staff_of(request), _period(name)
    found = Quarter.objects.select_related("confirmed_by", "city_scheme", "county_scheme").filter(begins=period.begins)
    one = found.first()
    context = {
        "name": period.name,
        "period": period_words(period),
        "quarter": one,
        "steps": _steps(one),
        "over": period.after <= timezone.localdate(),
        "schemes": [Scheme.objects.in_force(kind, period.begins) for kind in SchemeKind],
        "checks": one.checks.all() if one else [],
        "bad": one is not None and one.checks.filter(found=Found.BAD).exists(),
        "totals": SourceTotal.objects.filter(quarter=period.begins).select_related("by"),
        "objections": sheets.objections_seen_by(user, one) if one else [],
        "exemptions": _exemptions(period),
        "streaks": sheets.low_streaks(one) if one and one.frozen else [],
        "corrections": one.corrections.all() if one else [],
        "closes": user.has_role(*CLOSES_QUARTERS),
        "acts": [(verb, act.label) for verb, act in ACTS.items() if act.open_to(one)],
    }
    return render(request, "assessment/quarters/quarter.html", context)


@dataclass(frozen=True)
class Freed:
    """An exemption with the names of whom it is about, and of the item."""

    exemption: Exemption
    name: str
    item: str


def _exemptions(period: Period) -> list[Freed]:
    rows = list(Exemption.objects.known(period.begins, timezone.now()).filter(reference=""))
    names = {one.key: one.name for kind in SchemeKind for one in subjects(kind, period.begins)} if rows else {}
    items = dict(_items(period)) if rows else {}
    return [Freed(row, names.get(row.subject, row.subject), items.get(row.item, row.item)) for row in rows]


def _steps(one: Quarter | None) -> list[Step]:
    moments: list[tuple[str, datetime | None]] = [
        (_("数据核对"), one.checked_at if one else None),
        (_("分数预览"), one.previewed_at if one else None),
        (_("考核异议"), one.objections_until if one else None),
        (_("封存"), one.frozen_at if one else None),
        (_("文件"), one.frozen_at if one else None),
    ]
    states = list(QuarterState)
    at = states.index(QuarterState(one.state)) if one else 0
    over = at == len(states) - 1
    return [
        Step(label, place < at or over, place == at and not over, _told(moment))
        for place, (label, moment) in enumerate(moments)
    ]


def _told(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""


@dataclass(frozen=True)
class Act:
    """What the wizard does: words, when it is offered, and the act."""

    label: Promise
    about: Promise
    open_to: Callable[[Quarter | None], bool]
    act: Callable[..., object]


def _state(*states: QuarterState) -> Callable[[Quarter | None], bool]:
    return lambda one: one is not None and one.state in states


RUNNING = (QuarterState.CHECKED, QuarterState.PREVIEWED, QuarterState.OBJECTING)
ACTS = {
    "check": Act(
        gettext_lazy("核对数据"),
        gettext_lazy("看未完成的导入、待对照的数据、未裁定的申诉、缺口,并与来源报送数核对。可以反复做。"),
        lambda one: one is None or not one.frozen,
        actions.check_quarter,
    ),
    "confirm": Act(
        gettext_lazy("说明后继续"),
        gettext_lazy("核对有需要处理的问题,说明为什么仍可以继续。"),
        _state(*RUNNING),
        actions.confirm_checks,
    ),
    "total": Act(
        gettext_lazy("录入来源报送数"),
        gettext_lazy("来源系统报送的本季度总数,核对时与本系统比较。"),
        lambda one: one is not None and not one.frozen,
        actions.declare_total,
    ),
    "preview": Act(
        gettext_lazy("计算预览"),
        gettext_lazy("按现有数据给所有考核对象计分,只有市级督导和审计员能看到,异议期开始后各单位也能看到。"),
        _state(*RUNNING),
        actions.preview_quarter,
    ),
    "objections": Act(
        gettext_lazy("开始异议期"),
        gettext_lazy("通知各单位查看得分,在异议期内可以逐行提出异议。"),
        _state(QuarterState.PREVIEWED),
        actions.open_objections,
    ),
    "freeze": Act(
        gettext_lazy("封存"),
        gettext_lazy("从原始数据重新计算后封存,以后不能再改;之后的变化记入更正记录。"),
        _state(QuarterState.OBJECTING),
        actions.freeze_quarter,
    ),
}


@for_roles(CLOSES_QUARTERS)
@page
def act(request: HttpRequest, name: str, verb: str) -> HttpResponse:
    """One act of the wizard, confirmed on a page of its own."""
    period, wanted = _period(name), ACTS.get(verb)
    if wanted is None:
        raise Http404(verb)
    form = _form(request, period, verb)
    back = reverse("quarter", args=[period.name])
    words = asking(wanted.label, wanted.about, back, danger=verb == "freeze", subject=period_words(period))
    return one_act(request, form, lambda by, at: _do(verb, wanted, period, form, by, at), words)


def _form(request: HttpRequest, period: Period, verb: str) -> BaseForm:
    data = sent(request)
    if verb == "confirm":
        return NoteForm(data)
    if verb == "total":
        return TotalForm(data, sources=Source.objects.order_by("code").values_list("code", "name"))
    return SureForm(data)


def _do(verb: str, wanted: Act, period: Period, form: Any, by: Staff, at: datetime) -> object:
    one = actions.open_quarter(period, by=by, at=at)
    if verb == "confirm":
        return actions.confirm_checks(one, form.cleaned_data["note"], by=by, at=at)
    if verb == "total":
        said = form.cleaned_data
        return actions.declare_total(
            one, said["source"], ratings=said["ratings"], services=said["services"], by=by, at=at
        )
    return wanted.act(one, by=by, at=at)


@for_roles(CLOSES_QUARTERS)
@page
def exempt(request: HttpRequest, name: str) -> HttpResponse:
    """Takes somebody out of the ranks, or an item out of an assessment, from this quarter on or for it alone."""
    period = _period(name)
    form = ExemptionForm(request.POST or None, subjects=_choices(period), items=_items(period))
    words = Page(
        _("不参与排名和免予考核"),
        reverse("quarter", args=[period.name]),
        _("记录"),
        _("已记录。"),
        about=_("只用于这个季度。理由会写在得分旁边。"),
        subject=period_words(period),
    )

    def do(**who: Any) -> object:
        said = form.cleaned_data
        return actions.exempt(
            SchemeKind(said["kind"]),
            said["subject"],
            said["reason"],
            first=period,
            last=period,
            item=said["item"],
            **who,
        )

    return one_act(request, form, do, words)


def _choices(period: Period) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(str(kind.label), [(one.key, one.name) for one in subjects(kind, period.begins)]) for kind in SchemeKind]


def _items(period: Period) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for kind in SchemeKind:
        scheme = Scheme.objects.in_force(kind, period.begins)
        if scheme is not None:
            found |= {item.code: item.name for item in read_scheme(scheme.content).items}
    return list(found.items())


@for_roles(CLOSES_QUARTERS)
@page
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends an exemption for quarters that are not frozen."""
    found = get_object_or_404(Exemption, pk=pk, lifted_at=None)
    words = Page(
        _("取消免予考核"),
        reverse("quarters"),
        _("取消"),
        _("已取消。"),
        about=found.reason,
        subject=found.subject,
        danger=True,
    )
    return one_act(request, SureForm(sent(request)), lambda by, at: actions.lift_exemption(found, by=by, at=at), words)


@for_roles(CLOSES_QUARTERS)
@page
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Decides an objection."""
    found = get_object_or_404(Objection.objects.select_related("quarter", "unit"), pk=pk)
    form = AnswerForm(request.POST or None)
    words = Page(
        _("答复考核异议"),
        reverse("score", args=[found.quarter.period.name, found.kind, found.subject]),
        _("答复"),
        _("已答复。"),
        about=f"{found.line}:{found.text}",
        subject=found.unit.name,
    )

    def do(**who: Any) -> object:
        said = form.cleaned_data
        return actions.answer_objection(found, upheld=said["upheld"] == "yes", answer=said["answer"], **who)

    return one_act(request, form, do, words)


def _period(name: str) -> Period:
    try:
        period = read_period(name)
    except ValueError as error:
        raise Http404(name) from error
    if period.grain != Grain.QUARTER:
        raise Http404(name)
    return period
