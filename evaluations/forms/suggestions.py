"""意见建议: what citizens write, and what the desk does with it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from common.forms import PortalForm
from common.ids import new_token
from evaluations.actions.suggestions import Proposal, PublicWords
from evaluations.enums.reviews import Dimension
from evaluations.enums.suggestions import SuggestionOrigin, SuggestionStage, SuggestionVerdict
from evaluations.forms.citizen import NonceField, PhoneField, WordsField, folded
from evaluations.forms.reviews import DayField
from evaluations.models import Suggestion
from evaluations.queries.suggestions import suggestion_numbered
from identity.redaction import redact
from organizations.enums import Topic
from organizations.models import Unit
from rectification.forms.base import LONG, SHORT, TextField, UnitField, choice


class SuggestForm(PortalForm):
    """A suggestion: the words are required, and nothing else but what they are about."""

    nonce = NonceField(required=False, initial=new_token)
    text = WordsField(
        label=_("您的建议"),
        max_length=settings.SUGGESTION_TEXT_MAX,
        help_text=format_lazy(
            _("哪里不方便,您希望怎么改。最多 {most} 个字;请不要写姓名、电话。"), most=settings.SUGGESTION_TEXT_MAX
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("请写下您的建议")},
    )
    dimension = forms.ChoiceField(
        label=_("关于哪方面?"),
        choices=Dimension.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一个方面,说不准就选“其他方面”")},
    )
    topic = forms.ChoiceField(
        label=_("和哪项改革有关?"), required=False, choices=[("", _("没有或不清楚")), *Topic.choices]
    )
    phone = PhoneField(label=_("手机号"), required=False)

    def proposal(self, origin: SuggestionOrigin, about: Unit | None) -> Proposal:
        """What was suggested, once the form is valid."""
        said = self.cleaned_data
        return Proposal(
            text=said["text"],
            dimension=said["dimension"],
            topic=said["topic"],
            origin=origin,
            about=about,
            phone=said["phone"],
        )


class SuggestionActForm(PortalForm):
    """A form of one act on one suggestion. Its cleaned fields are the arguments of the act."""

    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, suggestion: Suggestion, **kwargs: Any) -> None:
        self.suggestion = suggestion
        kwargs["initial"] = {**self.beginnings(), **(kwargs.get("initial") or {}), "seen": suggestion.version}
        super().__init__(*args, **kwargs)

    def beginnings(self) -> dict[str, Any]:
        """What the empty form holds."""
        return {}

    def arguments(self) -> dict[str, Any]:
        """The arguments of the act besides who, when and the version seen."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class SortForm(SuggestionActForm):
    """Which unit is to answer."""

    unit = UnitField(_("由哪个单位承办"))
    note = TextField(_("说明"), required=False, most=SHORT)

    def beginnings(self) -> dict[str, Any]:
        about = self.suggestion.about_unit
        return {"unit": about.name} if about and self.suggestion.stage == SuggestionStage.RECEIVED else {}


class MergeForm(SuggestionActForm):
    """Which suggestion says the same."""

    main = forms.CharField(label=_("合并到哪一条"), max_length=20, help_text=_("编号,例如 7KQ4-2M9X"))
    note = TextField(_("说明"), required=False, most=SHORT)

    def clean_main(self) -> Suggestion:
        plain = folded(self.cleaned_data["main"]).replace("-", "")
        found = suggestion_numbered(f"{plain[:4]}-{plain[4:]}")
        if found is None:
            raise ValidationError(_("没有这个编号的建议"))
        return found


class WhyForm(SuggestionActForm):
    """An act that has to be explained."""

    note = TextField(_("理由"), most=SHORT)


class AnswerForm(SuggestionActForm):
    """采纳 or not, and why."""

    verdict = choice(_("采纳情况"), SuggestionVerdict)
    reasons = TextField(_("给建议人的答复"), most=LONG, hint=_("写明理由;建议人会看到,审核后公开。"))
    planned_on = DayField(_("哪天前落实"), required=False, help_text=_("采纳和部分采纳的必填"))


class ResultForm(SuggestionActForm):
    """What changed."""

    result = TextField(_("改了什么"), most=LONG)
    changed_on = DayField(_("从哪天起"))


class PublishForm(SuggestionActForm):
    """What the public is to read; filled in with what was said, personal data already taken out where it was seen."""

    text = TextField(_("公开的建议"), most=LONG)
    reasons = TextField(_("公开的答复"), most=LONG)
    result = TextField(_("公开的结果"), required=False, most=LONG)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.suggestion.stage != SuggestionStage.DONE:
            del self.fields["result"]

    def beginnings(self) -> dict[str, Any]:
        one = self.suggestion
        texts = {"text": one.text, "reasons": one.reasons, "result": one.result}
        return {name: getattr(one, f"public_{name}") or redact(text).text for name, text in texts.items()}

    def arguments(self) -> dict[str, Any]:
        return {"words": PublicWords(**super().arguments())}
