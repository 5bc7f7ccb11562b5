"""The pages of those who read the trail: whether it is whole, and who has looked into the vault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from common.forms import InstructionsMixin, PortalForm
from common.models import AuditCheck, AuditEntry, AuditSeal
from common.queries import TooLong, patiently
from organizations import actions
from organizations.access import READS_TRAIL
from organizations.calendar import end_of
from organizations.enums import Role
from organizations.models import Staff
from organizations.views.doors import Page, for_roles, one_act, staff_of
from rectification.models import Case
from reviews_portal.acts import CASE_KINDS, Changed, act_of, actions_like, changes_of, kind_of

PAGE = CHECKS_SHOWN = 50
BELIEVABLE = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 12, 31))]
READS_ADDRESSES = frozenset({Role.AUDITOR})


PLACES = (
    ("audit", gettext_lazy("审计记录")),
    ("audit-checks", gettext_lazy("审计链核验")),
    ("audit-looks", gettext_lazy("身份查看")),
    ("audit-exports", gettext_lazy("导出记录")),
)


def tabs(current: str) -> list[dict[str, object]]:
    """The pages of the trail, beside one another."""
    return [{"url": reverse(name), "label": label, "count": None, "current": name == current} for name, label in PLACES]


class TrailForm(InstructionsMixin, forms.Form):
    """What a search over the trail can be narrowed by; network addresses are for auditors."""

    mark_optional = False

    who = forms.CharField(label=gettext_lazy("行为人"), max_length=60, required=False)
    what = forms.CharField(label=gettext_lazy("行为"), max_length=60, required=False)
    about = forms.CharField(label=gettext_lazy("对象编号"), max_length=60, required=False)
    match = forms.ChoiceField(
        label=gettext_lazy("编号匹配"),
        choices=[("", gettext_lazy("开头相同")), ("exact", gettext_lazy("完全相同"))],
        required=False,
    )
    since = forms.DateField(label=gettext_lazy("起"), required=False, validators=BELIEVABLE)
    until = forms.DateField(label=gettext_lazy("止"), required=False, validators=BELIEVABLE)
    refused = forms.BooleanField(label=gettext_lazy("只看被拒绝的"), required=False)
    address = forms.GenericIPAddressField(label=gettext_lazy("网络地址"), required=False)

    def __init__(self, *args: Any, addresses: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not addresses:
            del self.fields["address"]


@dataclass(frozen=True)
class Line:
    """One row of the trail in words. changes: empty, too, where its reader sees nothing of cases.

    url: the case it is about, where its reader may see that.
    """

    entry: AuditEntry
    act: str
    kind: str
    reason: str
    changes: list[Changed]
    url: str


@for_roles(READS_TRAIL)
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """The trail: who, what, when, which case; newest first."""
    user = staff_of(request)
    addresses = user.has_role(*READS_ADDRESSES)
    form = TrailForm(request.GET or None, addresses=addresses)
    entries = searched(form.cleaned_data) if form.is_valid() else AuditEntry.objects.all()
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 18:
        entries = entries.filter(pk__lt=int(before))
    found: list[AuditEntry] = []
    too_long = False
    try:
        with patiently(settings.PATIENCE_SECONDS):
            found = list(entries.order_by("-pk")[: PAGE + 1])
    except TooLong:
        too_long = True
    kept = request.GET.copy()
    if len(found) > PAGE:
        kept["before"] = str(found[PAGE - 1].pk)
    asked = request.GET.copy()
    asked.pop("before", None)
    context = {
        "query": asked.urlencode(),
        "tabs": tabs("audit"),
        "form": form,
        "lines": lines_of(found[:PAGE], user),
        "addresses": addresses,
        "too_long": too_long,
        "next_url": f"?{kept.urlencode()}" if len(found) > PAGE else "",
        "seal": AuditSeal.objects.order_by("-to_transaction").first(),
    }
    return render(request, "reviews_portal/trail/audit.html", context)


def searched(chosen: Mapping[str, Any]) -> QuerySet[AuditEntry]:
    """The rows of the trail that a search finds, in no order yet.

    Args:
        chosen: what `TrailForm` took, by field.
    """
    found = AuditEntry.objects.all()
    if who := chosen.get("who"):
        found = found.filter(Q(actor_name__icontains=who) | Q(actor__username=who))
    if what := chosen.get("what"):
        found = found.filter(Q(action__in=actions_like(what)) | Q(action__icontains=what))
    if about := chosen.get("about"):
        how = "exact" if chosen.get("match") else "startswith"
        found = found.filter(Q(**{f"object_id__{how}": about}) | Q(**{f"object_id__{how}": about.upper()}))
    if since := chosen.get("since"):
        found = found.filter(at__gt=end_of(since - timedelta(days=1)))
    if until := chosen.get("until"):
        found = found.filter(at__lte=end_of(until))
    if chosen.get("refused"):
        found = found.filter(success=False)
    if address := chosen.get("address"):
        found = found.filter(address=address)
    return found


def lines_of(entries: Sequence[AuditEntry], user: Staff) -> list[Line]:
    """Rows of the trail in words, for one reader.

    Who reads no case is told who did what to which one and when, and not what was said of it (docs/decisions.md D231).
    """
    numbers = {entry.object_id for entry in entries if entry.object_type == "case"}
    seen = set(Case.objects.visible_to(user).filter(number__in=numbers).values_list("number", flat=True))
    content = user.has_role(Role.AUDITOR)
    lines = []
    for entry in entries:
        told = content or entry.object_type not in CASE_KINDS
        url = reverse("case", args=[entry.object_id]) if entry.object_id in seen else ""
        lines.append(
            Line(
                entry,
                act_of(entry.action),
                kind_of(entry.object_type),
                entry.reason if told else "",
                changes_of(entry) if told else [],
                url,
            )
        )
    return lines


class CheckForm(PortalForm):
    anchor = forms.CharField(
        label=gettext_lazy("抄录的校验码"),
        max_length=64,
        required=False,
        help_text=gettext_lazy("以前抄在本子上或印在通报上的校验码,前 16 位即可;不填也能核验。"),
    )


@for_roles(READS_TRAIL)
def checks(request: HttpRequest) -> HttpResponse:
    """Asks for the chain to be verified now, and shows what came of it and of those before."""
    form = CheckForm(request.POST or None)
    page = Page(
        _("审计链核验"),
        reverse("audit-checks"),
        _("立即核验"),
        _("已开始核验,完成后结果显示在本页。"),
        about=_("从第一条记录算到最后一次封存,逐条重算校验码;改动、删除、补插任何一条都会被发现。"),
    )
    rows = list(AuditCheck.objects.select_related("asked_by")[:CHECKS_SHOWN])
    context = {
        "tabs": tabs("audit-checks"),
        "checks": rows,
        "last": next((row for row in rows if row.finished_at), None),
        "waiting": next((row for row in rows if not row.finished_at), None),
    }
    return one_act(
        request,
        form,
        lambda **who: actions.request_audit_check(**form.cleaned_data, **who),
        page,
        template="reviews_portal/trail/checks.html",
        **context,
    )
