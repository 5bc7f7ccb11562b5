"""Forms of a walk: its plan, its record row by row, and what becomes of its obstacles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.forms import BoundField
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms import PortalForm
from organizations.models import Hall, ServiceItem, Staff, Unit
from oversight.actions import StepLine, WalkPlan, Wanted
from oversight.enums import WalkRole
from oversight.forms.dossiers import OwnerField, SeenForm
from oversight.models import Dossier, WalkStep
from rectification.forms.base import LONG, SHORT, TextField, UnitField, choice

EMPTY_ROWS, MOST_ROWS = 3, 40


class WalkForm(PortalForm):
    """The plan: which department, who, as whom, which matter, when and where."""

    unit = UnitField(_("单位"))
    leader = forms.CharField(label=_("带队领导"), max_length=60)
    post = forms.CharField(label=_("职务"), max_length=60, help_text=_("公示时只写职务,不写姓名"))
    role = choice(_("身份"), WalkRole)
    item = forms.CharField(label=_("事项"), max_length=200, help_text=_("事项名称或实施编码"))
    planned_on = forms.DateField(label=_("计划日期"))
    hall = forms.ModelChoiceField(label=_("大厅"), queryset=Hall.objects.order_by("code"), required=False)
    place = forms.CharField(label=_("窗口"), max_length=120, required=False)
    about = TextField(_("安排"), required=False, most=LONG, rows=3)

    def __init__(self, *args: Any, user: Staff, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        unit, named = found.get("unit"), found.get("item")
        if unit and named:
            item = item_of(unit, named)
            if item is None:
                self.add_error("item", gettext("这个单位没有事项“%(name)s”。") % {"name": named[:60]})
            found["item"] = item
        return found

    def arguments(self) -> dict[str, Any]:
        """The arguments of the act besides who and when."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return {"plan": WalkPlan(**said)}


def item_of(unit: Unit, name: str) -> ServiceItem | None:
    """A matter of a unit, or of one above it, by name or code."""
    named = Q(name=name) | Q(code=name)
    found = ServiceItem.objects.filter(named, closed_on=None).select_related("unit").order_by("-unit__path")
    return next((item for item in found if unit.path.startswith(item.unit.path)), None)


class ChangeWalkForm(WalkForm):
    """The same of a walk that has not been made."""

    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: Dossier, user: Staff, **kwargs: Any) -> None:
        walk = row.walk
        held = {name: getattr(walk, name) for name in ("leader", "post", "role", "planned_on", "hall", "place")}
        unit = row.unit.name if row.unit else ""
        initial = {**held, "unit": unit, "item": walk.item.name, "about": row.about, "seen": row.version}
        super().__init__(*args, user=user, initial=initial, **kwargs)

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "seen": self.cleaned_data["seen"]}


def _number(label: Any, most: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=most)


def _clock(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


def _row_fields() -> dict[str, forms.Field]:
    """The fields of one row, in the order of the page."""
    return {
        "number": forms.IntegerField(label=_("序号"), required=False, min_value=1, max_value=99),
        "what": forms.CharField(label=_("环节"), required=False, max_length=120),
        "begins": _clock(_("起")),
        "ends": _clock(_("止")),
        "minutes": _number(_("用时(分钟)"), 1440),
        "materials": _number(_("材料份数"), 200),
        "promised_minutes": _number(_("承诺分钟"), 1440),
        "promised_days": _number(_("承诺工作日"), 365),
        "obstacle": TextField(_("堵点"), required=False, most=SHORT, rows=2),
    }


class RecordForm(SeenForm):
    """The record on one page: the rows there are, and three empty ones; a row that is emptied is gone."""

    mark_optional = False  # almost every box is
    walked_on = forms.DateField(label=_("走流程日期"))
    rows = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=MOST_ROWS)

    def __init__(self, *args: Any, row: Dossier, user: Staff, **kwargs: Any) -> None:
        steps = list(WalkStep.objects.filter(walk=row.pk, task=None))
        self.standing = list(WalkStep.objects.filter(walk=row.pk).exclude(task=None).select_related("task"))
        last = max([step.number for step in [*steps, *self.standing]], default=0)
        count = min(MOST_ROWS, len(steps) + EMPTY_ROWS)
        initial: dict[str, Any] = {
            "walked_on": row.walk.walked_on or min(row.walk.planned_on, timezone.localdate()),
            "rows": count,
        }
        for at, step in enumerate(steps):
            initial |= {f"{name}_{at}": getattr(step, name) for name in _row_fields()}
        initial |= {f"number_{at}": last + at - len(steps) + 1 for at in range(len(steps), count)}
        super().__init__(*args, row=row, user=user, initial=initial, **kwargs)
        self.count = self._sent(count)
        for at in range(self.count):
            self.fields |= {f"{name}_{at}": field for name, field in _row_fields().items()}
        self.instruct()

    def _sent(self, count: int) -> int:
        """How many rows the form has that was sent."""
        sent = str(self.data.get("rows", "")) if self.is_bound else ""
        return min(int(sent), MOST_ROWS) if sent.isascii() and sent.isdecimal() and len(sent) < 4 else count

    @property
    def lines(self) -> list[tuple[int, list[BoundField]]]:
        """Each row with its fields, for the page."""
        return [(at + 1, [self[f"{name}_{at}"] for name in _row_fields()]) for at in range(self.count)]

    def _written(self, at: int) -> bool:
        said = (self.cleaned_data.get(f"{name}_{at}") for name in _row_fields() if name != "number")
        return any(value not in (None, "") for value in said)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        for at in range(self.count):
            if not self._written(at):
                continue
            if not found.get(f"what_{at}"):
                self.add_error(f"what_{at}", gettext("请写明环节。"))
            begins, ends = found.get(f"begins_{at}"), found.get(f"ends_{at}")
            if begins and ends and ends < begins:
                self.add_error(f"ends_{at}", gettext("结束要晚于开始。"))
        return found

    def arguments(self) -> dict[str, Any]:
        """The arguments of the act besides who and when; rows without a number follow the row before."""
        lines, last = [], 0
        for at in filter(self._written, range(self.count)):
            said: dict[str, Any] = {name: self.cleaned_data.get(f"{name}_{at}") for name in _row_fields()}
            last = said["number"] or last + 1
            lines.append(StepLine(**{**said, "number": last}))
        return {"walked_on": self.cleaned_data["walked_on"], "lines": lines, "seen": self.cleaned_data["seen"]}


class AssignForm(SeenForm):
    """转为任务: which obstacles, whose, by when."""

    steps = forms.TypedMultipleChoiceField(label=_("堵点"), coerce=int, widget=forms.CheckboxSelectMultiple)
    unit = UnitField(_("责任单位"))
    owner = OwnerField()
    days = forms.IntegerField(label=_("几个工作日内"), min_value=1, max_value=200)
    wanted = TextField(_("要求"), required=False, most=SHORT, rows=2, hint=_("不写就是解决这个堵点"))

    def __init__(self, *args: Any, row: Dossier, user: Staff, **kwargs: Any) -> None:
        initial = {"unit": row.unit.name if row.unit else "", "days": settings.WALK_TASK_DAYS}
        super().__init__(*args, row=row, user=user, initial=initial, **kwargs)
        field = self.fields["steps"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        words = '<span lang="zh-Hans">{}:{}</span>'
        field.choices = [(step.pk, format_html(words, step.what, step.obstacle)) for step in open_obstacles(row)]

    def arguments(self) -> dict[str, Any]:
        said = self.cleaned_data
        asked = Wanted(said["unit"], said["wanted"], owner=said["owner"], days=said["days"])
        return {"steps": said["steps"], "asked": asked, "seen": said["seen"]}


def open_obstacles(row: Dossier) -> list[WalkStep]:
    """What stood in the way and is no task yet."""
    return list(WalkStep.objects.filter(walk=row.pk, task=None).exclude(obstacle=""))
