"""The pages of those who read the trail: whether it is whole, and who has looked into the vault."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.forms import PortalForm
from common.models import AuditCheck
from organizations import actions
from organizations.access import READS_TRAIL
from organizations.views.doors import Page, for_roles, one_act

CHECKS_SHOWN = 50


PLACES = (
    ("audit", gettext_lazy("审计记录")),
    ("audit-checks", gettext_lazy("审计链核验")),
)


def tabs(current: str) -> list[dict[str, object]]:
    """The pages of the trail, beside one another."""
    return [{"url": reverse(name), "label": label, "count": None, "current": name == current} for name, label in PLACES]


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
