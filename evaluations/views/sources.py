"""来源系统: how each source writes, as data that is checked before it is kept."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from django import forms
from django.contrib import messages
from django.core.validators import MaxLengthValidator, RegexValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from common.forms import PortalForm
from evaluations.actions.sources import ChangedMeanwhile, CodeTaken, add_source, save_profile, version_of
from evaluations.models import Source
from evaluations.profiles import BadProfile, Profile, shipped_profiles
from evaluations.views.desk import actor_of, for_readers, for_runners, runs, tabs

LONGEST = 200_000


@for_readers
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """All sources."""
    context = {"tabs": tabs(request, "intake-sources"), "runs": runs(request), "sources": Source.objects.all()}
    return render(request, "evaluations/intake/sources.html", context)


class ProfileForm(PortalForm):
    active = forms.BooleanField(label=gettext_lazy("启用"), required=False)
    feedback_url = forms.URLField(
        label=gettext_lazy("结果回传地址"), max_length=300, required=False, assume_scheme="https"
    )
    profile = forms.CharField(
        label=gettext_lazy("接口约定(JSON)"),
        validators=[MaxLengthValidator(LONGEST)],
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "mono"}),
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16)

    def clean_profile(self) -> dict[str, Any]:
        """The JSON object.

        Raises:
            ValidationError: it is none, with the line and column where it breaks.
        """
        try:
            data = json.loads(self.cleaned_data["profile"])
        except json.JSONDecodeError as error:
            where = {"line": error.lineno, "column": error.colno}
            raise forms.ValidationError(
                _("JSON 写法不对:第 %(line)d 行第 %(column)d 个字符附近。请检查引号、逗号和括号。") % where
            ) from error
        except (RecursionError, ValueError) as error:
            raise forms.ValidationError(_("JSON 写法不对:层数或数字太大。")) from error
        if not isinstance(data, dict):
            raise forms.ValidationError(_("应为一个 {…} 对象。"))
        if not _storable(data):
            raise forms.ValidationError(_("含有不能保存的字符。"))
        return data


def _storable(data: dict[str, Any]) -> bool:
    """Whether no escape stands for what no database holds: the character zero, or half of a pair."""
    text = json.dumps(data, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\\u0000" not in text


@for_readers
def source(request: HttpRequest, code: str) -> HttpResponse:
    """One source's profile; whoever runs the intake may save another version."""
    row, mine = get_object_or_404(Source, pk=code), runs(request)
    if request.method == "POST":
        actor_of(request)
    written = _written(row.profile)
    initial = {
        "active": row.active,
        "feedback_url": row.feedback_url,
        "profile": written,
        "seen": version_of(row.profile),
    }
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _saved(request, row, form):
        return redirect("intake-source", code)
    context = {"source": row, "form": form if mine else None, "written": written}
    return render(request, "evaluations/intake/source.html", context)


def _written(profile: dict[str, Any]) -> str:
    """A profile as text, its parts in the order in which docs/intake.md tells of them; the database keeps none."""
    order = [part.name for part in fields(Profile)]
    parts = sorted(profile.items(), key=lambda part: order.index(part[0]) if part[0] in order else len(order))
    return json.dumps(dict(parts), ensure_ascii=False, indent=2)


def _saved(request: HttpRequest, row: Source, form: ProfileForm) -> bool:
    try:
        changed = save_profile(row, by=actor_of(request), at=timezone.now(), **form.cleaned_data)
    except BadProfile as bad:
        form.add_error("profile", _("“%(path)s”不对:%(reason)s") % {"path": bad.path, "reason": bad.reason})
        return False
    except ChangedMeanwhile:
        form.add_error(None, _("您打开之后别人改过这份约定。请先复制您的内容,刷新后再改。"))
        return False
    messages.success(request, _("已保存,半分钟内生效。") if changed else _("没有改动。"))
    return True


class NewSourceForm(PortalForm):
    code = forms.CharField(
        label=gettext_lazy("代码"),
        max_length=20,
        validators=[RegexValidator(r"^[a-z0-9_-]{1,20}\Z", gettext_lazy("代码只用小写字母、数字、短横线和下划线"))],
        help_text=gettext_lazy("它是每个办件编号的一部分,以后不能改"),
    )
    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    like = forms.ChoiceField(label=gettext_lazy("接口约定取自"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, profile.name) for code, profile in shipped_profiles().items()]
        self.fields["like"].choices = choices  # type: ignore[attr-defined]  # the choice above


@for_runners
def add(request: HttpRequest) -> HttpResponse:
    """Registers another source."""
    form = NewSourceForm(request.POST or None, initial={"like": "default"})
    if request.method == "POST" and form.is_valid():
        try:
            made = add_source(by=actor_of(request), at=timezone.now(), **form.cleaned_data)
        except CodeTaken:
            form.add_error("code", _("这个代码已经有了。"))
        else:
            messages.success(request, _("已登记来源系统。"))
            return redirect("intake-source", made.pk)
    return render(request, "evaluations/intake/source_add.html", {"form": form})
