"""The editor of a scoring scheme, as one plain form: a group of fields for each item, rows for bands, losses, marks.

An item or a row is removed by emptying its name or number; there is always one empty item and there are empty rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment.enums import Absent, Cases, EventKind, Low, Measure, Rule, SchemeKind, Ties
from common.forms import PortalForm
from rectification.forms.base import TextField

NOTHING = ("", _("请选择"))
BANDS, LOSSES, SPARE = 6, 3, 1
PERCENT = Decimal(100)
# A deduction or a bonus is for score events of a kind, or for each case of a set.
OF_CASES = "cases."
MARKED = [*EventKind.choices, *((f"{OF_CASES}{value}", label) for value, label in Cases.choices)]


class SureForm(PortalForm):
    """Nothing to type: an act that is confirmed."""


class NewSchemeForm(PortalForm):
    kind = forms.ChoiceField(label=_("考核类别"), choices=SchemeKind)
    valid_from = forms.DateField(label=_("施行日期"), help_text=_("一个季度的第一天。"))


@dataclass(frozen=True)
class Block:
    """Fields that belong together on the page."""

    title: Any
    fields: list[forms.BoundField]

    @property
    def has_errors(self) -> bool:
        return any(field.errors for field in self.fields)


def _points(label: Any, *, least: str = "0", most: str = "1000", places: int = 2) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=Decimal(least),
        max_value=Decimal(most),
        max_digits=8,
        decimal_places=places,
    )


def _choice(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[NOTHING, *choices], required=False)


class SchemeForm(PortalForm):
    """A draft. `content` gives the stored form of what was typed, sound or not."""

    mark_optional = False

    name = forms.CharField(label=_("名称"), max_length=100)
    valid_from = forms.DateField(label=_("施行日期"), help_text=_("一个季度的第一天。"))
    note = TextField(_("与上一版的不同"), most=1000, rows=3, required=False)
    absent = forms.ChoiceField(label=_("没有考核对象的项目"), choices=Absent)
    least = forms.IntegerField(label=_("参与排名至少要有多少条有效主动评价"), min_value=0, max_value=1_000_000)
    measured = _points(_("参与排名至少要有多少分有据可考"), most="100")
    ties = forms.ChoiceField(label=_("同分"), choices=Ties)
    bottom = forms.IntegerField(label=_("连续靠后:末几位"), min_value=1, max_value=100)
    periods = forms.IntegerField(label=_("连续靠后:几个季度"), min_value=1, max_value=20)
    low = forms.ChoiceField(label=_("连续靠后:怎样算靠后"), choices=Low)
    deduction_cap = _points(_("倒扣封顶"), most="100")
    bonus_cap = _points(_("加分封顶"), most="100")
    vetoes = forms.MultipleChoiceField(
        label=_("一票否决"), choices=EventKind, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, stored: Mapping[str, Any], **kwargs: Any) -> None:
        self.items = len(stored["items"]) + SPARE
        self.marks = {name: len(stored.get(name, ())) + SPARE for name in ("deductions", "bonuses")}
        self.volumes = len(stored.get("volumes", ())) + SPARE
        kwargs["initial"] = {**_initial(stored), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        for place in range(self.items):
            self.fields |= _item_fields(place)
        for section, count in self.marks.items():
            for place in range(count):
                self.fields |= _mark_fields(section, place)
        for place in range(self.volumes):
            self.fields[f"v{place}_name"] = forms.CharField(label=_("组名"), max_length=30, required=False)
            self.fields[f"v{place}_least"] = forms.IntegerField(
                label=_("评价量不少于"), min_value=0, max_value=2_000_000_000, required=False
            )
        self.instruct()

    def blocks(self) -> Iterator[Block]:
        """The fields as the page shows them."""
        yield Block(_("办法"), [self["name"], self["valid_from"], self["note"]])
        for place in range(self.items):
            title = self[f"i{place}_name"].value() or _("新的项目")
            yield Block(title, self._starting(f"i{place}_"))
        for section, title in (("deductions", _("倒扣")), ("bonuses", _("加分"))):
            cap = self["deduction_cap" if section == "deductions" else "bonus_cap"]
            yield Block(title, [cap, *self._starting(f"{section}")])
        yield Block(_("一票否决"), [self["vetoes"]])
        yield Block(_("分组和排名"), [*self._starting("v", "_least"), *map(self.__getitem__, GROUPS)])

    def _starting(self, start: str, end: str = "") -> list[forms.BoundField]:
        names = [name for name in self.fields if name.startswith(start) and name != "vetoes" and name != "valid_from"]
        return [self[name] for name in names]

    def content(self) -> dict[str, Any]:
        """The stored form of a valid form."""
        data = self.cleaned_data
        return {
            "items": [item for place in range(self.items) if (item := self._item(place)) is not None],
            "deductions": list(self._marks("deductions")),
            "bonuses": list(self._marks("bonuses")),
            "vetoes": data["vetoes"],
            "deduction_cap": _text(data["deduction_cap"]),
            "bonus_cap": _text(data["bonus_cap"]),
            "absent": data["absent"],
            "least": data["least"],
            "measured": _text(data["measured"], by=PERCENT),
            "volumes": self._volumes(),
            "ties": data["ties"],
            "bottom": data["bottom"],
            "periods": data["periods"],
            "low": data["low"],
        }

    def _item(self, place: int) -> dict[str, Any] | None:
        def of(name: str) -> Any:
            return self.cleaned_data.get(f"i{place}_{name}")

        if not of("name"):
            return None
        bands = [(of(f"b{row}_upto"), of(f"b{row}_share")) for row in range(BANDS)]
        losses = [(of(f"l{row}_cases"), of(f"l{row}_points")) for row in range(LOSSES)]
        return {
            "code": of("code") or f"item{place + 1}",
            "name": of("name"),
            "weight": _text(of("weight")),
            "rule": of("rule") or str(Rule.SHARE),
            "metric": of("metric"),
            "floor": _text(of("floor"), "0", by=PERCENT),
            "full": _text(of("full"), "100", by=PERCENT),
            "bands": [
                {"upto": None if upto is None else _text(upto), "share": _text(share, by=PERCENT)}
                for upto, share in bands
                if share is not None
            ],
            "base": of("base"),
            "losses": [{"cases": cases, "points": _text(points)} for cases, points in losses if cases],
        }

    def _marks(self, section: str) -> Iterator[dict[str, Any]]:
        for place in range(self.marks[section]):
            kind, points = (self.cleaned_data.get(f"{section}{place}_{name}") for name in ("code", "points"))
            if not kind:
                continue
            if kind.startswith(OF_CASES):
                name = kind.removeprefix(OF_CASES)
                yield {"code": name, "name": str(Cases(name).label), "points": _text(points), "cases": name}
            else:
                yield {"code": kind, "name": str(EventKind(kind).label), "points": _text(points)}

    def _volumes(self) -> list[dict[str, Any]]:
        data = self.cleaned_data
        rows = [(data.get(f"v{place}_name") or "", data.get(f"v{place}_least")) for place in range(self.volumes)]
        return [{"name": name, "least": least} for name, least in rows if least is not None]


GROUPS = ("least", "measured", "absent", "ties", "bottom", "periods", "low")


def _item_fields(place: int) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {
        "code": forms.CharField(widget=forms.HiddenInput, max_length=30, required=False),
        "name": forms.CharField(label=_("项目"), max_length=60, required=False),
        "weight": _points(_("权重(分)"), most="100"),
        "rule": _choice(_("计分方法"), Rule.choices),
        "metric": _choice(_("指标"), Measure.choices),
        "floor": _points(_("零分线(%)"), most="100"),
        "full": _points(_("满分线(%)"), most="100"),
        "base": forms.MultipleChoiceField(
            label=_("应办的件"), choices=Cases, required=False, widget=forms.CheckboxSelectMultiple
        ),
    }
    for row in range(BANDS):
        fields[f"b{row}_upto"] = _points(_("第%(row)d档:不超过上年的倍数") % {"row": row + 1})
        fields[f"b{row}_share"] = _points(_("第%(row)d档:得权重的%%") % {"row": row + 1}, most="100")
    for row in range(LOSSES):
        fields[f"l{row}_cases"] = _choice(_("扣分%(row)d:哪些件") % {"row": row + 1}, Cases.choices)
        fields[f"l{row}_points"] = _points(_("扣分%(row)d:每件扣") % {"row": row + 1})
    return {f"i{place}_{name}": field for name, field in fields.items()}


def _mark_fields(section: str, place: int) -> dict[str, forms.Field]:
    return {
        f"{section}{place}_code": _choice(_("事项"), MARKED),
        f"{section}{place}_points": _points(_("每次(分)"), most="100"),
    }


def _initial(stored: Mapping[str, Any]) -> dict[str, Any]:
    plain = ("absent", "least", "ties", "bottom", "periods", "low", "deduction_cap", "bonus_cap", "vetoes")
    found = {name: stored[name] for name in plain if name in stored}
    found["measured"] = _text(Decimal(stored.get("measured", "0")) * PERCENT)
    for place, item in enumerate(stored["items"]):
        found |= {f"i{place}_{name}": value for name, value in _initial_item(item).items()}
    for section in ("deductions", "bonuses"):
        for place, mark in enumerate(stored.get(section, ())):
            kind = f"{OF_CASES}{mark['cases']}" if mark.get("cases") else mark["code"]
            found |= {f"{section}{place}_code": kind, f"{section}{place}_points": mark["points"]}
    for place, volume in enumerate(stored.get("volumes", ())):
        found |= {f"v{place}_name": volume["name"], f"v{place}_least": volume["least"]}
    return found


def _initial_item(item: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: item.get(name, "") for name in ("code", "name", "weight", "rule", "metric", "base")}
    for name in ("floor", "full"):
        found[name] = _text(Decimal(item[name]) * PERCENT) if name in item else ""
    for row, band in enumerate(item.get("bands", ())):
        found |= {f"b{row}_upto": band["upto"], f"b{row}_share": _text(Decimal(band["share"]) * PERCENT)}
    for row, loss in enumerate(item.get("losses", ())):
        found |= {f"l{row}_cases": loss["cases"], f"l{row}_points": loss["points"]}
    return found


def _text(number: Decimal | None, empty: str = "0", *, by: Decimal = Decimal(1)) -> str:
    """A number as it is stored; what is empty counts as nothing and is said to be no sound scheme."""
    value = Decimal(empty) if number is None else number
    return f"{(value / by).normalize():f}"
