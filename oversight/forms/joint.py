"""Forms of joint files: opened from cases, more joined, what was done together, what it came to, who was told."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessment.queries import class_names
from common.forms import InstructionsMixin, PortalForm
from organizations.models import Staff
from oversight.actions import Entry, Problem
from oversight.enums import EntryKind, Told
from oversight.forms.campaigns import UnitsField
from oversight.forms.dossiers import OutcomeForm, SeenForm
from oversight.forms.guarding import GuardedMixin
from oversight.models import Dossier
from oversight.queries.joint import joined_cases
from rectification.enums import FINAL_STATES
from rectification.forms.base import LONG, SHORT, TextField, UnitField, choice
from rectification.forms.reports import PicturesField
from rectification.models import Case

SEPARATORS = re.compile(r"[\s,，、;；]+")
MOST_CASES = 100


class CasesField(forms.CharField):
    """Cases by their numbers; the cleaned value is the cases that `user` may see, each once."""

    user: Staff | None = None

    def __init__(self, label: Any, *, required: bool = True, hint: Any = "") -> None:
        widget = forms.Textarea(attrs={"rows": 3})
        super().__init__(label=label, required=required, max_length=2000, widget=widget, help_text=hint)

    def clean(self, value: Any) -> list[Case]:
        """Finds the cases.

        Raises:
            ValidationError: names the numbers that are no case this person may see.
        """
        numbers = list(dict.fromkeys(one.upper() for one in SEPARATORS.split(super().clean(value)) if one))
        if len(numbers) > MOST_CASES:
            raise ValidationError(gettext("一次最多 %(count)d 件。") % {"count": MOST_CASES})
        assert self.user is not None
        found = {case.number: case for case in Case.objects.visible_to(self.user).filter(number__in=numbers)}
        if wrong := [number for number in numbers if number not in found]:
            raise ValidationError(gettext("没有编号为“%(number)s”的件。") % {"number": "、".join(wrong)[:100]})
        return [found[number] for number in numbers]


def _of(form: forms.BaseForm, name: str, user: Staff) -> None:
    field = form.fields[name]
    assert isinstance(field, CasesField)
    field.user = user


class JointForm(GuardedMixin, PortalForm):
    """转联动化解: what the deep problem is, which cases show it, who leads and who helps."""

    guarded = ("title", "about")

    title = forms.CharField(label=_("问题"), max_length=120, help_text=_("写问题,不写人,如“医疗废物处置费用减免”"))
    about = TextField(_("复杂在哪里"), most=LONG, rows=4)
    cases = CasesField(_("差评件编号"), hint=_("一行一个;以后还可以并入同类件"))
    lead = UnitField(_("牵头单位"))
    co_handlers = UnitsField(_("协办单位"), required=False, hint=_("一行一个单位"))

    def __init__(self, *args: Any, user: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _of(self, "cases", user)

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if found.get("lead") in (found.get("co_handlers") or ()):
            self.add_error("co_handlers", gettext("牵头单位不用再列为协办。"))
        return found

    def arguments(self) -> dict[str, Any]:
        """The argument of the act besides who and when."""
        said = self.cleaned_data
        return {"problem": Problem(**{name: said[name] for name in Problem.__dataclass_fields__})}


class LikeForm(InstructionsMixin, forms.Form):
    """Which cases are looked for, to be joined."""

    mark_optional = False

    q = forms.CharField(label=_("内容、事项或编号"), required=False, max_length=60)
    group = forms.ChoiceField(label=_("问题类别"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["group"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("全部")), *((name, name) for name in class_names(timezone.now()))]

    @property
    def asked(self) -> tuple[str, str]:
        """Class and words; of an address that makes no sense nothing."""
        data = self.cleaned_data if self.is_valid() else {}
        return data.get("group", ""), data.get("q", "").strip()


class JoinForm(GuardedMixin, SeenForm):
    """并入同类件, by their numbers."""

    guarded = ("why",)

    cases = CasesField(_("并入的件"), hint=_("填编号,一行一个,可以从上面的结果里抄"))
    why = forms.CharField(label=_("为什么是同类"), max_length=200)

    def __init__(self, *args: Any, user: Staff, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        _of(self, "cases", user)


class CoHandlersForm(SeenForm):
    """增加协办单位."""

    units = UnitsField(_("协办单位"), hint=_("一行一个单位"))
    note = TextField(_("说明"), required=False, most=SHORT, rows=2)


class EntryForm(GuardedMixin, SeenForm):
    """记录联动工作."""

    guarded = ("place", "participants", "found")

    kind = choice(_("方式"), EntryKind)
    held_on = forms.DateField(label=_("日期"))
    place = forms.CharField(label=_("地点"), max_length=120, help_text=_("写单位或场所,不写住址"))
    participants = TextField(_("参加单位和人员"), most=SHORT, rows=2, hint=_("写单位和职务"))
    found = TextField(_("查明或决定的事"), most=LONG, rows=5, hint=_("会显示在并入的每一件里;记下后不能再改"))
    pictures = PicturesField(_("照片"))

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if found.get("held_on") and found["held_on"] > timezone.localdate():
            self.add_error("held_on", gettext("日期不能在今天之后。"))
        return found

    def arguments(self) -> dict[str, Any]:
        """The entry and its pictures."""
        said = self.cleaned_data
        entry = Entry(**{name: said[name] for name in Entry.__dataclass_fields__})
        return {"entry": entry, "pictures": said["pictures"], "seen": said["seen"]}


class SolutionForm(GuardedMixin, SeenForm):
    """形成化解结论."""

    guarded = ("solution",)

    solution = TextField(_("化解结论"), most=LONG, rows=5, hint=_("写结论和依据;从此每位评价人都要得到答复"))


class TellForm(GuardedMixin, SeenForm):
    """记录告知 of somebody whose case was over before."""

    guarded = ("how",)

    case = forms.ChoiceField(label=_("哪一件"))
    how = TextField(_("告知方式和要点"), most=300, rows=3)

    def __init__(self, *args: Any, row: Dossier, user: Staff, **kwargs: Any) -> None:
        super().__init__(*args, row=row, user=user, **kwargs)
        lines = joined_cases(row, user)
        owed = [one.case for one in lines if one.told == Told.WAITING and one.case.state in FINAL_STATES]
        self.owed = {case.number: case for case in owed}
        field = self.fields["case"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(case.number, f"{case.number} {case.unit_name}") for case in owed]
        if not owed:
            field.help_text = _("没有需要单独告知的件:在办的件在件里答复。")

    def clean_case(self) -> Case:
        return self.owed[self.cleaned_data["case"]]


class JointOutcomeForm(GuardedMixin, OutcomeForm):
    """办结."""

    guarded = ("outcome",)
