"""抽访: the plan, and what a caller writes down."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import PortalForm
from evaluations.actions.calls import Heard
from evaluations.actions.drawing import Design
from evaluations.enums import Level
from evaluations.enums.surveys import CallOutcome, SampleBasis, SampleMethod
from evaluations.forms.reviews import DayField, QuestionsMixin
from evaluations.grading import is_negative
from evaluations.models import Questionnaire, SampledCall
from evaluations.queries.reviews import scripts
from rectification.forms.base import SHORT, TextField, choice


class ScriptChoice(forms.ModelChoiceField):
    def label_from_instance(self, script: Any) -> str:
        return f"{script.title} v{script.version}"


class PlanForm(PortalForm):
    """Whom to draw."""

    name = forms.CharField(label=_("名称"), max_length=60)
    script = ScriptChoice(Questionnaire.objects.none(), label=_("问卷"), empty_label=_("请选择"))
    basis = choice(_("抽样范围"), SampleBasis)
    first_day = DayField(_("日期起"))
    last_day = DayField(_("日期止"))
    size = forms.IntegerField(label=_("样本量"), min_value=1, max_value=1_000_000)
    method = choice(_("抽样方法"), SampleMethod)
    minimum = forms.IntegerField(
        label=_("每个单位至少"), required=False, min_value=0, max_value=10_000, help_text=_("分层抽样用;不足的全抽")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["script"].queryset = scripts()  # type: ignore[attr-defined]  # the choice above

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and first > last:
            self.add_error("last_day", _("止日不能早于起日"))
        return cleaned

    def design(self) -> Design:
        """The plan, once the form is valid."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "script"}
        return Design(**{**said, "minimum": said["minimum"] or 0})


class CallForm(QuestionsMixin, PortalForm):
    """What came of one call; the answers belong to a person who was reached.

    The overall level comes first and in the same words as on every page; the questions follow in their order.
    """

    result = choice(_("结果"), CallOutcome)
    level = forms.TypedChoiceField(
        label=_("总的来说,您对那次办事满意吗?"),
        choices=Level.choices,
        coerce=int,
        required=False,
        empty_value=None,
        widget=forms.RadioSelect,
    )
    words = TextField(_("对方的原话"), required=False, most=SHORT)
    opens_case = forms.BooleanField(label=_("对方同意就此立案,由责任单位整改并答复"), required=False)
    note = TextField(_("备注"), required=False, most=SHORT)
    no_more = forms.BooleanField(label=_("对方要求以后不再打电话、发短信"), required=False)

    def __init__(self, *args: Any, call: SampledCall, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.call = call
        self.add_questions(call.plan.questionnaire.questions.all())
        if call.evaluation is not None and call.evaluation.case_id is not None:
            del self.fields["opens_case"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        reached, level = cleaned.get("result") == CallOutcome.REACHED, cleaned.get("level")
        if reached and level is None and "level" not in self.errors:
            self.add_error("level", _("请选一个满意度;对方不愿回答的,结果选“拒绝访问”"))
        if not reached:
            return cleaned
        if cleaned.get("opens_case") and level is not None and not is_negative(level):
            self.add_error("opens_case", _("只有“不满意”和“非常不满意”才立案,请去掉勾选"))
        if cleaned.get("opens_case") and not cleaned.get("words"):
            self.add_error("words", _("立案请记下对方的原话"))
        return cleaned

    def heard(self) -> Heard | None:
        """What was said, if anybody was reached."""
        said = self.cleaned_data
        if said["result"] != CallOutcome.REACHED:
            return None
        return Heard(
            level=said["level"],
            answers=self.answers(),
            words=said["words"],
            opens_case=said.get("opens_case", False),
        )
