"""意见建议: what citizens write, and what the desk does with it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext
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
from identity.enums import FindKind
from identity.queries import known_names
from identity.redaction import Span, find_personal, masked
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
    """What the public is to read; filled in with what was said, personal data already taken out where it was seen.

    What was found can be ticked as nothing personal; then it may stay, and `again` fills the texts with it.
    """

    text = TextField(_("公开的建议"), most=LONG)
    reasons = TextField(_("公开的答复"), most=LONG)
    result = TextField(_("公开的结果"), required=False, most=LONG)
    kept = forms.MultipleChoiceField(
        label=_("自动找到的内容"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("勾选的会保留并记入办理经过;没勾选的不能公开。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.suggestion.stage != SuggestionStage.DONE:
            del self.fields["result"]
        found = {_token(span): span for text in self._texts() for span in find_personal(text, known_names())}
        if not found:
            del self.fields["kept"]
        else:
            field = self.fields["kept"]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = [(token, _tick(span)) for token, span in found.items()]

    @classmethod
    def again(cls, suggestion: Suggestion, kept: list[str]) -> PublishForm:
        """The form as at the beginning, with what was ticked left in the texts.

        Args:
            kept: the ticked finds.
        """
        ticked = set(kept)
        texts = {
            name: masked(text, [span for span in find_personal(text, known_names()) if _token(span) not in ticked])
            for name, text in _said(suggestion).items()
        }
        return cls(suggestion=suggestion, initial={**texts, "kept": kept})

    @property
    def can_begin_again(self) -> bool:
        """Whether there is something to tick."""
        return "kept" in self.fields

    def beginnings(self) -> dict[str, Any]:
        names, one = known_names(), self.suggestion
        return {
            name: getattr(one, f"public_{name}") or masked(text, find_personal(text, names))
            for name, text in _said(one).items()
        }

    def _texts(self) -> list[str]:
        """What was said, and what stands in the form now."""
        now = [str(self[name].value() or "") for name in ("text", "reasons", "result") if name in self.fields]
        return [*_said(self.suggestion).values(), *now]

    def arguments(self) -> dict[str, Any]:
        said = super().arguments()
        kept = [tuple(token.split(":", 1)) for token in said.pop("kept", [])]
        return {"words": PublicWords(**said, kept=frozenset((kind, text) for kind, text in kept))}


def _said(one: Suggestion) -> dict[str, str]:
    return {"text": one.text, "reasons": one.reasons, "result": one.result}


def _token(span: Span) -> str:
    return f"{span.kind}:{span.text}"


def _tick(span: Span) -> str:
    text = format_html('<span lang="zh-Hans">{}</span>', span.text)
    words = gettext("“{text}”(像是{kind}):这不是个人信息")
    return format_html(f"<span>{words}</span>", text=text, kind=FindKind(span.kind).label)
