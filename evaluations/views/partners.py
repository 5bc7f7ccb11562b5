"""接入方: systems that may report; each key is shown once and never again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from common.forms import PortalForm
from evaluations.actions.partners import keys_of, register_partner, switch_partner
from evaluations.enums import Scope, ServiceSource, SigningMethod
from evaluations.envelopes import BadEnvelope, Fault
from evaluations.models import Partner, Source
from evaluations.views.desk import actor_of, for_runners, tabs


class PartnerForm(PortalForm):
    name = forms.CharField(label=gettext_lazy("名称"), max_length=100)
    source = forms.ModelChoiceField(
        Source.objects.filter(active=True).exclude(pk=ServiceSource.PORTAL),
        label=gettext_lazy("来源系统"),
        empty_label=gettext_lazy("请选择"),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("权限"), choices=Scope, widget=forms.CheckboxSelectMultiple, initial=list(Scope)
    )
    method = forms.ChoiceField(label=gettext_lazy("签名方式"), choices=SigningMethod, widget=forms.RadioSelect)
    public_key = forms.CharField(
        label=gettext_lazy("对方的 SM2 公钥"),
        max_length=130,
        required=False,
        help_text=gettext_lazy("签名方式是 SM2 公钥时填写,十六进制"),
    )
    word = forms.CharField(
        label=gettext_lazy("约定的 appWord"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("省级平台原有信封用;不填则生成一个"),
    )
    per_minute = forms.IntegerField(label=gettext_lazy("每分钟请求上限"), min_value=1, max_value=100_000)

    def clean(self) -> dict[str, Any]:
        """A method needs what belongs to it."""
        data = super().clean() or {}
        if data.get("method") == SigningMethod.SM2 and not data.get("public_key"):
            self.add_error("public_key", _("请填写对方的 SM2 公钥。"))
        return data


@for_runners
@require_safe
def partners(request: HttpRequest) -> HttpResponse:
    """All partners, with when each was heard of last."""
    rows = Partner.objects.select_related("source").defer("sealed_key")
    scopes = dict(Scope.choices)
    shown = [(partner, [scopes.get(scope, scope) for scope in partner.scopes]) for partner in rows]
    return render(
        request, "evaluations/intake/partners.html", {"rows": shown, "tabs": tabs(request, "intake-partners")}
    )


@for_runners
def add(request: HttpRequest) -> HttpResponse:
    """Registers a partner and shows, this once, what it signs with."""
    form = PartnerForm(request.POST or None, initial={"per_minute": settings.PARTNER_PER_MINUTE})
    if request.method == "POST" and form.is_valid():
        try:
            partner, secret = register_partner(by=actor_of(request), at=timezone.now(), **form.cleaned_data)
        except BadEnvelope as bad:
            _explain(form, bad)
        else:
            context = {"partner": partner, "secret": secret, "keys": keys_of(partner)}
            return render(request, "evaluations/intake/partner_made.html", context)
    return render(request, "evaluations/intake/partner_add.html", {"form": form})


def _explain(form: PartnerForm, bad: BadEnvelope) -> None:
    if bad.code == Fault.SM2_UNAVAILABLE:
        form.add_error("method", _("这台服务器不能做 SM2 运算,请改用 HMAC 密钥。"))
    else:
        form.add_error("public_key", _("这不是 SM2 公钥:应为 128 位十六进制数字,或以 04 开头的 130 位。"))


class SwitchForm(PortalForm):
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=200)


@for_runners
def partner(request: HttpRequest, app_id: str) -> HttpResponse:
    """One partner, and the switch."""
    row = get_object_or_404(Partner.objects.select_related("source"), app_id=app_id)
    form = SwitchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {"by": actor_of(request), "at": timezone.now(), "reason": form.cleaned_data["reason"]}
        switch_partner(row, active=not row.active, **given)
        messages.success(request, _("已停用。") if row.active else _("已启用。"))
        return redirect("intake-partner", app_id)
    scopes = [str(Scope(scope).label) for scope in row.scopes if scope in Scope.values]
    ours = keys_of(row).public if row.method != SigningMethod.HMAC else ""
    return render(
        request, "evaluations/intake/partner.html", {"partner": row, "form": form, "scopes": scopes, "ours": ours}
    )
