"""Forms of an inspection: its plan, what is filled in at a stop, and what becomes of what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.forms import BoundField
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms import InstructionsMixin, PortalForm
from organizations.models import Hall, Membership, Staff, Unit
from oversight.access import INSPECTS, MANAGES_DOSSIERS, inspecting
from oversight.actions import InspectionPlan, Met
from oversight.enums import Seen
from oversight.forms.campaigns import LONGEST, LinesField
from oversight.forms.dossiers import SeenForm
from oversight.models import Dossier, Finding, Stop
from oversight.presets import CHECKLIST
from rectification.forms.base import LONG, SHORT, TextField, choice, yes_no

# Names and words of the office stay Chinese on an English page.
ZH = '<span lang="zh-Hans">{}</span>'
Route = list[tuple[Unit, Hall | None]]


class RouteField(forms.CharField):
    """The stops in their order, one a line: a hall, a unit, or "unit / hall"; the cleaned value is pairs of them."""

    def __init__(self, label: Any) -> None:
        hint = _("一行一站,按先后顺序:写大厅名称,或单位名称,或“单位 / 大厅”")
        widget = forms.Textarea(attrs={"rows": 6})
        super().__init__(label=label, max_length=4000, widget=widget, help_text=hint)

    def clean(self, value: Any) -> Route:
        """Finds units and halls.

        Raises:
            ValidationError: names the lines that are neither, or more than one.
        """
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        found = [(line, _stop_named(line)) for line in lines]
        wrong = [line for line, stop in found if stop is None]
        if wrong:
            raise ValidationError(gettext("没有找到这些站点:%(names)s") % {"names": "、".join(wrong)[:200]})
        return [stop for _line, stop in found if stop is not None]


def _stop_named(line: str) -> tuple[Unit, Hall | None] | None:
    first, _slash, second = (part.strip() for part in line.replace("\uff0f", "/").partition("/"))
    halls = list(Hall.objects.filter(name=second or first).select_related("unit__region")[:2])
    hall = halls[0] if len(halls) == 1 else None
    if hall and not second:
        return hall.unit, hall
    named = Q(name=first) | Q(short_name=first)
    units = list(Unit.objects.active().filter(named).select_related("region")[:2])
    if len(units) != 1 or (second and hall is None):
        return None
    return units[0], hall


class InspectionForm(PortalForm):
    """The plan: announced or not, where, who, what is looked at, when."""

    title = forms.CharField(label=_("名称"), max_length=120)
    covert = yes_no(_("方式"), yes=_("暗访:走访完成前被查单位看不到"), no=_("巡查:安排后被查单位看得到"))
    route = RouteField(_("路线"))
    inspectors = forms.TypedMultipleChoiceField(
        label=_("检查人员"), coerce=int, widget=forms.CheckboxSelectMultiple, choices=()
    )
    begins = forms.DateField(label=_("开始日期"))
    ends = forms.DateField(label=_("结束日期"))
    checklist = LinesField(_("检查清单"), hint=_("一行一项"))
    about = TextField(_("事由"), required=False, most=LONG, rows=3)

    def __init__(self, *args: Any, user: Staff, **kwargs: Any) -> None:
        self.user = user
        kwargs["initial"] = {"checklist": "\n".join(CHECKLIST), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self._people = {person.pk: person for person in inspectors_for(self.division())}
        field = self.fields["inspectors"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(pk, format_html(ZH, person)) for pk, person in self._people.items()]

    def division(self) -> str:
        """The code of the division it is planned in: where its planner sits."""
        held = next((held for held in self.user.duties if held.role in MANAGES_DOSSIERS), None)
        return held.unit.region.code if held else ""

    def clean_inspectors(self) -> list[Staff]:
        return [self._people[pk] for pk in self.cleaned_data["inspectors"]]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        begins, ends = found.get("begins"), found.get("ends")
        if begins and ends and not begins <= ends <= begins + LONGEST:
            self.add_error("ends", gettext("结束日期要在开始之后、一年之内。"))
        return found

    def arguments(self) -> dict[str, Any]:
        """The arguments of the act besides who and when."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return {"plan": InspectionPlan(**said)}


def inspectors_for(region_code: str) -> list[Staff]:
    """Whom the managing body of a division may send: those who supervise or dispatch there."""
    held = Membership.objects.in_force(timezone.localdate()).filter(role__in=INSPECTS).values("staff")
    people = Staff.objects.filter(pk__in=held).order_by("username")
    return [person for person in people if inspecting(person.duties, region_code)]


class ChangeInspectionForm(InspectionForm):
    """The same of an inspection nobody has set out for."""

    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: Dossier, user: Staff, **kwargs: Any) -> None:
        self.row, kept = row, row.inspection
        stops = kept.stops.select_related("unit", "hall")
        lines = [f"{stop.unit.name} / {stop.hall.name}" if stop.hall else stop.unit.name for stop in stops]
        held = {name: getattr(row, name) for name in ("title", "begins", "ends", "about")}
        initial = {
            **held,
            "covert": "yes" if kept.covert else "no",
            "route": "\n".join(lines),
            "inspectors": list(kept.inspectors.values_list("staff", flat=True)),
            "checklist": "\n".join(kept.checklist),
            "seen": row.version,
        }
        super().__init__(*args, user=user, initial=initial, **kwargs)

    def division(self) -> str:
        return self.row.region.code

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "seen": self.cleaned_data["seen"]}


class StopForm(InstructionsMixin, forms.Form):
    """What was met at a stop, line by line. The nonce makes a second press harmless."""

    nonce = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, stop: Stop, **kwargs: Any) -> None:
        self.checklist = stop.inspection.checklist
        super().__init__(*args, **kwargs)
        for number in range(1, len(self.checklist) + 1):
            self.fields[f"seen_{number}"] = choice(_("结果"), Seen)
            self.fields[f"note_{number}"] = TextField(_("情况"), required=False, most=SHORT, rows=2)
            self.fields[f"picture_{number}"] = forms.FileField(
                label=_("照片"),
                required=False,
                widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
            )
        self.fields["note"] = TextField(_("现场情况"), required=False, most=LONG, rows=3)
        self.instruct()

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        for number in range(1, len(self.checklist) + 1):
            if found.get(f"seen_{number}") == Seen.NOT_OK and not found.get(f"note_{number}", "").strip():
                self.add_error(f"note_{number}", gettext("不符合的,请写明情况。"))
            upload: UploadedFile | None = found.get(f"picture_{number}")
            if upload and upload.size and upload.size > settings.UPLOAD_MAX_BYTES:
                most = filesizeformat(settings.UPLOAD_MAX_BYTES)
                self.add_error(f"picture_{number}", gettext("一张照片不能超过 %(most)s") % {"most": most})
        return found

    @property
    def lines(self) -> list[tuple[int, str, list[BoundField]]]:
        """Each line of the checklist with its fields, for the page."""
        return [
            (number, line, [self[f"{name}_{number}"] for name in ("seen", "note", "picture")])
            for number, line in enumerate(self.checklist, 1)
        ]

    def met(self) -> list[Met]:
        """What was met, once the form is valid."""
        said = self.cleaned_data
        return [
            Met(number, said[f"seen_{number}"], said[f"note_{number}"], said[f"picture_{number}"] or None)
            for number in range(1, len(self.checklist) + 1)
        ]


class FindingsForm(SeenForm):
    """Which of what is wrong."""

    findings = forms.TypedMultipleChoiceField(label=_("不符合项"), coerce=int, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, row: Dossier, user: Staff, findings: Iterable[Finding], **kwargs: Any) -> None:
        super().__init__(*args, row=row, user=user, **kwargs)
        field = self.fields["findings"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        said = ((one.pk, f"{one.visit.stop.unit.short_name} · {one.line}:{one.note}") for one in findings)
        field.choices = [(pk, format_html(ZH, words)) for pk, words in said]


class AssignFindingsForm(FindingsForm):
    """转为任务."""

    days = forms.IntegerField(label=_("几个工作日内"), min_value=1, max_value=200)
    wanted = TextField(_("要求"), required=False, most=SHORT, rows=2, hint=_("不写就是这一项整改到位"))

    def __init__(self, *args: Any, row: Dossier, user: Staff, findings: Iterable[Finding], **kwargs: Any) -> None:
        initial = {"days": settings.INSPECTION_TASK_DAYS}
        super().__init__(*args, row=row, user=user, findings=findings, initial=initial, **kwargs)
