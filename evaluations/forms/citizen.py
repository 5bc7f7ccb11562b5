"""What citizens fill in. Every field takes any Han letter, refuses what cannot be stored, and keeps what was typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.text import format_lazy
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from common.forms import PortalForm
from common.ids import new_token
from evaluations.actions import Words
from evaluations.enums import Level, StillWrong
from evaluations.grading import foreign_tags, is_negative, needs_reason
from evaluations.models import Tag
from identity.actions import normal_phone
from rectification.enums import Verdict

NONCE = re.compile(r"[A-Za-z0-9_-]{20,64}")
PHONE = re.compile(r"\+?[0-9]{7,15}")
PHONE_SIGNS = re.compile(r"[-+0-9().·\s]*")


def storable(value: str) -> None:
    """Refuses lone surrogates, which no database and no page can hold."""
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValidationError(_("有不能识别的字符,请删掉后再提交")) from error


def folded(value: str) -> str:
    """A typed number in plain width, without spaces, in capitals."""
    return "".join(unicodedata.normalize("NFKC", value).split()).upper()


class WordsField(forms.CharField):
    """Somebody's own words. Counted in characters, a line break being one; the browser's own limit counts otherwise."""

    widget: forms.Widget | type[forms.Widget] = forms.Textarea(attrs={"rows": 4})
    default_validators = [storable]

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


class StoryField(WordsField):
    """Some sentences, as long as RATING_TEXT_MAX allows unless told otherwise; never demanded."""

    def __init__(self, *, most: int = settings.RATING_TEXT_MAX, **kwargs: Any) -> None:
        hint = format_lazy(_("最多 {most} 个字"), most=most)
        super().__init__(required=False, max_length=most, help_text=hint, **kwargs)


class LineField(WordsField):
    """One short line."""

    widget: forms.Widget | type[forms.Widget] = forms.TextInput


class NonceField(forms.CharField):
    """The form's random name. One that is missing or was tampered with becomes a new one: nobody need know."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> str:
        return str(value) if NONCE.fullmatch(str(value)) else new_token()


class PhoneField(LineField):
    """A telephone number as people write it."""

    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"})

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        plain = unicodedata.normalize("NFKC", text)
        if text and not (PHONE_SIGNS.fullmatch(plain) and PHONE.fullmatch(normal_phone(text))):
            raise ValidationError(_("请填写能接通的电话号码,例如 13800000000,或者留空"))
        return text


@dataclass(frozen=True)
class Chip:
    id: str
    code: str
    label: str
    checked: bool


@dataclass(frozen=True)
class Reasons:
    """The tags of one level: the usual ones, and those behind "更多原因"."""

    level: Level
    usual: list[Chip]
    more: list[Chip]

    @property
    def negative(self) -> bool:
        return is_negative(self.level)

    @property
    def open(self) -> bool:
        return any(chip.checked for chip in self.more)


class TagsField(forms.MultipleChoiceField):
    """Tags by their codes. What is shown of them is `RatingForm.reasons`, so the field has no list of its own."""

    tags: Mapping[str, Tag]

    def valid_value(self, value: str) -> bool:
        """Whether it is the code of a tag in use."""
        return value in self.tags


class RatingForm(PortalForm):
    """One page for every level. A 差评 needs one tag or some text and nothing else (domain.md §3.1)."""

    nonce = NonceField(required=False, initial=new_token)
    level = forms.TypedChoiceField(
        label=_("满意度"),
        choices=Level.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一个满意度")},
    )
    tags = TagsField(label=_("原因"), required=False, widget=forms.CheckboxSelectMultiple)
    text = StoryField(label=_("还想说点什么?"))
    phone = PhoneField(label=_("手机号"), required=False)
    no_reason = _("请选一个原因或写一句话,方便我们改正")

    def __init__(self, *args: Any, tags: Sequence[Tag], **kwargs: Any) -> None:
        """`tags`: those in use, of all levels."""
        super().__init__(*args, **kwargs)
        self.active = {tag.code: tag for tag in tags}
        field = self.fields["tags"]
        assert isinstance(field, TagsField)
        field.tags = self.active

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        level = cleaned.get("level")
        if level is None or "tags" not in cleaned:
            return cleaned
        # Ticks under a level that was then left are no longer on the screen: they are not part of what is sent.
        foreign = foreign_tags(level, cleaned["tags"])
        cleaned["tags"] = [code for code in cleaned["tags"] if code not in foreign]
        if needs_reason(level, required=settings.NEGATIVE_REQUIRES_REASON) and "text" not in self.errors:
            self.ask_reason(cleaned)
        return cleaned

    def ask_reason(self, cleaned: dict[str, Any]) -> None:
        """Asks for what a 差评 needs and has not."""
        if not cleaned["tags"] and not cleaned.get("text"):
            self.add_error("tags", self.no_reason)

    def words(self) -> Words:
        """What was said, once the form is valid."""
        said = self.cleaned_data
        tags = [self.active[code] for code in dict.fromkeys(said["tags"])]
        return Words(level=said["level"], tags=tags, text=said.get("text", ""), phone=said.get("phone", ""))

    def reasons(self) -> list[Reasons]:
        """The tags by level, best first. The error summary leads to the first tag of the chosen level."""
        bound = self["tags"]
        ticked = {str(code) for code in bound.value() or []}
        shown = self["level"].value() or str(max(Level.values))
        groups = []
        for level in Level:
            own = [tag for tag in self.active.values() if tag.level == level]
            chips = [
                Chip(
                    id=f"{bound.auto_id}_0" if position == 0 and str(level.value) == shown else f"tag_{tag.code}",
                    code=tag.code,
                    label=gettext(tag.label),
                    checked=tag.code in ticked,
                )
                for position, tag in enumerate(own)
            ]
            usual = sum(tag.core for tag in own)
            groups.append(Reasons(level, chips[:usual], chips[usual:]))
        return groups


class CommentForm(RatingForm):
    """综合点评: about no service of one's own. The tags are of services, so a 差评 needs a sentence."""

    about = forms.ChoiceField(label=_("点评什么"))

    def __init__(self, *args: Any, subjects: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        """`subjects`: (key, words) of what can be commented on; the first is offered."""
        super().__init__(*args, tags=(), **kwargs)
        field = self.fields["about"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(subjects)

    def ask_reason(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("text"):
            self.add_error("text", _("请写一句话,方便我们改正"))


class FindServiceForm(PortalForm):
    """A service by its number and its applicant's name."""

    number = LineField(label=_("办件编号"), max_length=60, help_text=_("在回执或短信里,例如 370600202611230001"))
    name = LineField(label=_("申请人姓名"), max_length=100, help_text=_("个人姓名或单位名称,与办件时一致"))


class SearchForm(PortalForm):
    """Looking for an item whose guide is to be rated."""

    q = LineField(label=_("事项名称或实施编码"), max_length=50, required=False)


class TrackForm(PortalForm):
    """Number and code, as printed on the receipt; in any width, with or without the dash."""

    number = LineField(label=_("编号"), max_length=30, help_text=_("例如 7KQ4-2M9X"))
    code = LineField(
        label=_("查询码"),
        max_length=30,
        help_text=_("回执上的 6 位数字"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_number(self) -> str:
        plain = folded(self.cleaned_data["number"]).replace("-", "")
        return f"{plain[:4]}-{plain[4:]}"

    def clean_code(self) -> str:
        return folded(self.cleaned_data["code"]).replace("-", "")


class FollowUpForm(PortalForm):
    """追评: three levels, once."""

    verdict = forms.ChoiceField(
        label=_("您对整改满意吗?"),
        choices=Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一个满意度")},
    )
    text = StoryField(label=_("还想说点什么?"))


class StatementForm(PortalForm):
    """补充说明, a picture, or both."""

    text = StoryField(label=_("补充说明"))
    picture = forms.FileField(
        label=_("照片"),
        required=False,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("JPG、PNG 或 WebP。拍摄地点等信息会自动去掉。"),
    )

    def clean_picture(self) -> Any:
        picture = self.cleaned_data["picture"]
        if picture and picture.size > settings.UPLOAD_MAX_BYTES:
            most = filesizeformat(settings.UPLOAD_MAX_BYTES)
            raise ValidationError(_("照片太大了,请用 %(most)s 以内的照片") % {"most": most})
        return picture

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("text") and not cleaned.get("picture"):
            self.add_error("text", _("请写一句话或选一张照片"))
        return cleaned


class ReopenForm(PortalForm):
    """还没解决: one reason, and more words if somebody has them."""

    reason = forms.ChoiceField(
        label=_("哪里还没解决?"),
        choices=StillWrong.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一个原因")},
    )
    text = StoryField(label=_("具体情况"))

    def note(self) -> str:
        """The reason and the words, in the language of the office."""
        with override(settings.LANGUAGE_CODE):
            reason = str(StillWrong(self.cleaned_data["reason"]).label)
        return "。".join(part for part in (reason, self.cleaned_data["text"]) if part)


class HideForm(PortalForm):
    """撤下公开文字, or back again. The form says which, so that a second press changes nothing."""

    hidden = forms.BooleanField(required=False, widget=forms.HiddenInput)


class PressureForm(PortalForm):
    """有人要求我改评价: what happened, if somebody wants to say it."""

    text = StoryField(label=_("谁、什么时候、怎么说的"))
