"""What staff hand in: a slip that somebody wrote (代录), and what a checker has seen (监督查评)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms import PortalForm
from common.ids import new_token
from evaluations import typed
from evaluations.actions import Check, Rated, Slip, Words
from evaluations.entering import ENTERED
from evaluations.enums import Level, RatingChannel
from evaluations.forms.citizen import LineField, NonceField, PhoneField, RatingForm, StoryField
from evaluations.grading import foreign_tags, needs_reason
from evaluations.models import Service, Tag
from evaluations.typed import Option, Place
from organizations.models import ServiceItem, Unit
from rectification.enums import Target

CODES = re.compile(r"[0-9]+")
NAMED = 8
NUMERIC = {"inputmode": "numeric", "autocomplete": "off"}


class OffersInput(forms.TextInput):
    """A text box that offers values while one types; the list itself works without scripts."""

    template_name = "evaluations/_offers_input.html"
    offers: Sequence[Option] = ()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        listed = f"{context['widget']['attrs'].get('id', name)}_offers"
        context["widget"]["attrs"]["list"] = listed
        return {**context, "listed": listed, "offers": self.offers}


class LookupForm(PortalForm):
    """A form that says by typed words what it is about."""

    place = LineField(
        label=_("窗口或大厅"),
        required=False,
        max_length=100,
        widget=OffersInput(attrs={"autocomplete": "off"}),
        help_text=_("如 YT-CITY/A12、大厅名称、12345 热线"),
    )
    matter = LineField(
        label=_("办件编号或事项"),
        required=False,
        max_length=240,
        widget=OffersInput(attrs={"autocomplete": "off"}),
        help_text=_("编号、事项名称的几个字或实施编码"),
    )
    found_place: Place | None = None
    found_item: ServiceItem | None = None
    found_service: Service | None = None

    def offer(self, name: str, options: Sequence[Option]) -> None:
        """Puts values on offer under a box."""
        widget = self.fields[name].widget
        assert isinstance(widget, OffersInput)
        widget.offers = options

    def clean_place(self) -> str:
        words: str = self.cleaned_data["place"]
        places = typed.place_named(words)
        if words:
            self.found_place = self._one("place", words, places, [place.option for place in places])
        return words

    def clean_matter(self) -> str:
        words: str = self.cleaned_data["matter"]
        if not words:
            return words
        services = typed.services_typed(words)
        if services:
            self.found_service = self._one("matter", words, services, [typed.service_option(s) for s in services])
            return words
        items = typed.items_typed(words, self.unit_here)
        self.found_item = self._one("matter", words, items, [typed.item_option(item) for item in items])
        return words

    @property
    def unit_here(self) -> Unit | None:
        """The unit of the window that was named; its items come first."""
        return self.found_place.unit if self.found_place and self.found_place.window else None

    def _one(self, name: str, words: str, found: Sequence[Any], options: Sequence[Option]) -> Any:
        """The one thing that is meant.

        Raises:
            ValidationError: there is none, or there are several; then these are on offer.
        """
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(gettext("没有找到“%(words)s”,请核对后重新输入。") % {"words": words[:40]})
        self.offer(name, options)
        several = "、".join(option.value for option in options[:NAMED])
        message = gettext("“%(words)s”不止一个,请输入其中一个: %(several)s")
        raise ValidationError(message % {"words": words[:40], "several": several})

    def rated(self) -> Rated:
        """What it is about, once the form is valid: the service, the place with its item, or the item's guide."""
        if self.found_service:
            return Rated.of(self.found_service)
        place, item = self.found_place, self.found_item
        if place:
            return Rated(place.target, place.unit, item, place.hall, place.window, topic=place.topic)
        assert item is not None
        return Rated(Target.GUIDE, item.unit, item)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if {"place", "matter"} & set(self.errors):
            return cleaned
        if not (self.found_place or self.found_item or self.found_service):
            self.add_error("place", _("请填写窗口、大厅、办件编号或事项中的一项"))
        elif self.found_service and self.found_place:
            self._compare(self.found_service, self.found_place)
        return cleaned

    def _compare(self, service: Service, place: Place) -> None:
        """A number and a place that contradict each other: one of them was misread, and nobody knows which."""
        same = service.window == place.window if place.window else service.window and service.window.hall == place.hall
        if not same:
            where = typed.at_window(service.window).option.value if service.window else gettext("线上")
            self.add_error("place", _("这个办件编号在“%(where)s”办理,请核对窗口或编号") % {"where": where})


class EntryForm(LookupForm):
    """One slip on one line. Channel, day and place are kept for the next; the level is one key."""

    nonce = NonceField(required=False, initial=new_token)
    channel = forms.TypedChoiceField(
        label=_("原渠道"), choices=[(channel.value, channel.label) for channel in ENTERED], coerce=RatingChannel
    )
    day = forms.DateField(label=_("单上日期"))
    level = forms.IntegerField(
        label=_("满意度"),
        min_value=1,
        max_value=5,
        widget=forms.TextInput(attrs={**NUMERIC, "maxlength": "1"}),
        help_text=_("5 非常满意 … 1 非常不满意"),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _("请输入 1 到 5 中的一个数")),
    )
    tags = LineField(
        label=_("原因代码"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs=NUMERIC),
        help_text=_("如 108 111"),
    )
    text = StoryField(label=_("原话"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    phone = PhoneField(label=_("电话"), required=False, widget=forms.TextInput(attrs=NUMERIC))
    consent = forms.BooleanField(label=_("单上同意留电话用于回访"), required=False)
    field_order = ("channel", "day", "place", "level", "matter", "tags", "text", "phone", "consent")

    def __init__(self, *args: Any, tags: Sequence[Tag], **kwargs: Any) -> None:
        """`tags`: those in use, of all levels."""
        super().__init__(*args, **kwargs)
        self.active = {tag.code: tag for tag in tags}
        if not self.is_bound:
            first = "level" if self.initial.get("place") else "channel"
            self.fields[first].widget.attrs["autofocus"] = True

    def clean_tags(self) -> list[Tag]:
        words: str = self.cleaned_data["tags"]
        codes = list(dict.fromkeys(CODES.findall(words)))
        unknown = [code for code in codes if code not in self.active]
        if unknown or (words and not codes):
            raise ValidationError(gettext("没有这个原因代码: %(codes)s") % {"codes": " ".join(unknown) or words[:40]})
        return [self.active[code] for code in codes]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("phone") and not cleaned.get("consent"):
            self.add_error("consent", _("单上没有同意留电话的,不能录入电话"))
        if "level" in cleaned and "tags" in cleaned:
            self._check_reason(cleaned["level"], cleaned["tags"], cleaned.get("text", ""))
        return cleaned

    def _check_reason(self, level: int, tags: list[Tag], text: str) -> None:
        foreign = foreign_tags(level, [tag.code for tag in tags])
        required = needs_reason(level, required=settings.NEGATIVE_REQUIRES_REASON)
        if foreign:
            message = _("代码 %(codes)s 不属于这个满意度: 代码的第一位就是满意度")
            self.add_error("tags", message % {"codes": " ".join(foreign)})
        elif required and not tags and not text and "text" not in self.errors:
            self.add_error("tags", _("差评需要一个原因代码或原话"))

    def codes(self) -> list[tuple[Level, list[Tag]]]:
        """The reason codes by level, best first."""
        return [(level, [tag for tag in self.active.values() if tag.level == level]) for level in Level]

    def slip(self) -> Slip:
        """What was typed, once the form is valid."""
        said = self.cleaned_data
        words = Words(level=said["level"], tags=said["tags"], text=said["text"], phone=said["phone"])
        return Slip(self.rated(), words, said["channel"], said["day"], said["nonce"])

    def kept(self) -> dict[str, str]:
        """What the next slip begins with."""
        said = self.cleaned_data
        return {"channel": said["channel"].value, "day": said["day"].isoformat(), "place": said["place"]}


class CheckForm(RatingForm, LookupForm):
    """监督查评: where, when, what was found. A bad finding has to be described, a tick is not enough."""

    visited_at = forms.DateTimeField(label=_("到场或拨打时间"))
    phone = None  # type: ignore[assignment]  # a checker is no evaluator to be called
    field_order = ("place", "matter", "visited_at", "level", "tags", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["matter"].label = _("事项")
        self.fields["matter"].help_text = _("查的是某个事项时填写")
        self.fields["text"].label = _("查评情况")

    def ask_reason(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("text"):
            self.add_error("text", _("请写明查到的情况,责任单位要据此整改"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.found_service:
            self.add_error("matter", _("查评不针对单个办件,请填写事项"))
        return cleaned

    def check(self) -> Check:
        """What was found, once the form is valid."""
        return Check(self.rated(), self.words(), self.cleaned_data["visited_at"], self.cleaned_data["nonce"])
