"""What a person decides about a finding, and what the unit says of it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment.enums import DECISIONS, FindingState
from common.forms import PortalForm


class DecisionForm(PortalForm):
    """属实, 不属实 or 存疑, and why. None is chosen beforehand."""

    outcome = forms.TypedChoiceField(
        label=_("结论"),
        choices=[(state.value, state.label) for state in DECISIONS],
        coerce=FindingState,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("理由"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("看了什么、问了谁、为什么这样认定,至少 10 个字。好评和差评一样要求。"),
    )


class ExplanationForm(PortalForm):
    """What the unit says."""

    note = forms.CharField(
        label=_("本单位的说明"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("例如当天有集中办理、志愿服务或设备更换,至少 10 个字。请不要写办事人的姓名和电话。"),
    )
