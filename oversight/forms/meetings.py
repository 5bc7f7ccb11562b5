"""Forms of joint meetings: when and with whom, the agenda, who came, minutes, resolutions, corrections."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessment.enums import Grain
from assessment.periods import last_periods, read_period
from assessment.words import period_words
from common.forms import PortalForm
from organizations.models import Staff, Unit
from oversight.actions import Came, Sitting
from oversight.enums import Part, Presence
from oversight.forms.campaigns import UnitsField
from oversight.forms.dossiers import SeenForm, TaskForm
from oversight.forms.guarding import GuardedMixin
from oversight.models import AgendaItem, Dossier
from rectification.forms.base import LONG, SHORT, TextField

QUARTERS_OFFERED, FARTHEST = 8, timedelta(days=366)
ASKED = {"required": _("请选择到会情况。")}
SITTING = ("starts_at", "place", "chair", "units", "about")


class SittingForm(GuardedMixin, PortalForm):
    """When and where a meeting is, and who is to come."""

    guarded = ("about",)

    starts_at = forms.DateTimeField(label=_("会议时间"), widget=forms.DateTimeInput)
    place = forms.CharField(label=_("地点"), max_length=120)
    chair = forms.CharField(label=_("主持人"), max_length=60, help_text=_("写职务,如“分管副市长”"))
    units = UnitsField(_("参会单位"), hint=_("一行一个单位"))
    about = TextField(_("会议事由"), required=False, most=SHORT, rows=3)

    def clean_starts_at(self) -> datetime:
        starts: datetime = self.cleaned_data["starts_at"]
        if abs(starts.date() - timezone.localdate()) > FARTHEST:
            raise ValidationError(gettext("会议时间要在前后一年之内。"))
        return starts

    @property
    def sitting(self) -> Sitting:
        """What was said, once the form is valid."""
        return Sitting(**{name: self.cleaned_data[name] for name in SITTING})


class MeetingForm(SittingForm):
    """立卷: the meeting of a quarter."""

    quarter = forms.ChoiceField(label=_("季度"))
    field_order = ("quarter", *SITTING)

    def __init__(self, *args: Any, user: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["quarter"]
        assert isinstance(field, forms.ChoiceField)
        periods = last_periods(timezone.localdate(), Grain.QUARTER, QUARTERS_OFFERED)
        field.choices = [(one.name, period_words(one)) for one in periods]

    def arguments(self) -> dict[str, Any]:
        """The arguments of the act besides who and when."""
        return {"quarter": read_period(self.cleaned_data["quarter"]).begins, "sitting": self.sitting}


class ChangeMeetingForm(SittingForm):
    """修改: the same of a meeting that was not held yet."""

    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: Dossier, user: Staff, **kwargs: Any) -> None:
        units = row.units.filter(part=Part.ATTENDS).select_related("unit")
        kept = {
            "starts_at": timezone.localtime(row.meeting.starts_at),
            "place": row.meeting.place,
            "chair": row.meeting.chair,
            "units": "\n".join(one.unit.name for one in units),
            "about": row.about,
            "seen": row.version,
        }
        super().__init__(*args, initial=kept, **kwargs)

    def arguments(self) -> dict[str, Any]:
        """The arguments of the act besides who and when."""
        return {"sitting": self.sitting, "seen": self.cleaned_data["seen"]}


class AttendanceForm(SeenForm):
    """到会情况: for each unit whether somebody came, who, and with which post."""

    mark_optional = False
    template_name = "oversight/meetings/_came.html"

    def __init__(self, *args: Any, row: Dossier, user: Staff, **kwargs: Any) -> None:
        super().__init__(*args, row=row, user=user, **kwargs)
        parts = row.units.filter(part=Part.ATTENDS).select_related("unit")
        self.units: list[Unit] = [one.unit for one in parts]
        known = {one.unit_id: one for one in row.meeting.attendance.all()}
        for unit in self.units:
            self._ask(unit, known.get(unit.pk))
        self.instruct()

    def _ask(self, unit: Unit, known: Any) -> None:
        choices = [("", "—"), *Presence.choices]
        said: dict[str, tuple[Any, forms.Field]] = {
            "presence": (_("到会情况"), forms.ChoiceField(choices=choices, error_messages=ASKED)),
            "name": (_("姓名"), forms.CharField(required=False, max_length=40)),
            "post": (_("职务"), forms.CharField(required=False, max_length=60)),
        }
        for name, (words, field) in said.items():
            field.label = format_html('<span lang="zh">{}</span> · {}', unit.short_name, words)
            self.fields[f"{name}_{unit.pk}"] = field
        if known is not None:
            self.initial.update({f"{name}_{unit.pk}": getattr(known, name) for name in ("presence", "name", "post")})

    @property
    def rows(self) -> list[tuple[Unit, list[forms.BoundField]]]:
        """Each unit with its fields."""
        names = ("presence", "name", "post")
        return [(unit, [self[f"{name}_{unit.pk}"] for name in names]) for unit in self.units]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        for unit in self.units:
            came = found.get(f"presence_{unit.pk}")
            if came in (Presence.PRESENT, Presence.DEPUTY) and not found.get(f"name_{unit.pk}"):
                self.add_error(f"name_{unit.pk}", str(_("到会和代会的要填姓名。")))
        return found

    def arguments(self) -> dict[str, Any]:
        """Who came, once the form is valid."""
        return {"came": list(self._came()), "seen": self.cleaned_data["seen"]}

    def _came(self) -> Iterable[Came]:
        said = self.cleaned_data
        for unit in self.units:
            presence = Presence(said[f"presence_{unit.pk}"])
            yield Came(unit, presence, said[f"name_{unit.pk}"], said[f"post_{unit.pk}"])


class ItemForm(GuardedMixin, SeenForm):
    """加议题."""

    guarded = ("title", "text")

    title = forms.CharField(label=_("议题"), max_length=120)
    text = TextField(_("情况"), required=False, most=LONG, rows=8)


class ChangeItemForm(ItemForm):
    """改议题, and its place among the others."""

    number = forms.IntegerField(label=_("顺序"), min_value=1, max_value=200, help_text=_("改成几就排到第几"))

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        kept = {"title": item.title, "text": item.text, "number": item.number}
        super().__init__(*args, initial=kept, **kwargs)


class RemoveItemForm(SeenForm):
    """删议题."""

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class MinutesForm(GuardedMixin, SeenForm):
    """写纪要 of one item."""

    guarded = ("text",)

    text = TextField(_("会议意见"), most=LONG, rows=8, hint=_("一行一段;参会单位都会看到,不写评价人和工作人员的姓名"))

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        super().__init__(*args, initial={"text": item.said}, **kwargs)


class ResolutionForm(GuardedMixin, TaskForm):
    """决议: a task out of an item of the agenda."""

    guarded = ("wanted", "finding")

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def arguments(self) -> dict[str, Any]:
        """What is asked."""
        return {"asked": self.asked}


class CorrectionForm(GuardedMixin, SeenForm):
    """更正纪要."""

    guarded = ("text",)

    item = forms.ModelChoiceField(
        AgendaItem.objects.none(), label=_("哪个议题"), required=False, empty_label=_("整份纪要")
    )
    text = TextField(_("更正内容"), most=LONG, rows=4, hint=_("原来的纪要不变,更正附在后面"))

    def __init__(self, *args: Any, row: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        field = self.fields["item"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = row.meeting.agenda.all()
