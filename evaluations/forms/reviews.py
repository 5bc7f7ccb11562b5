"""精准评议: the sheet that citizens fill in, and what the desk writes above and between its questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from common.forms import InstructionsMixin, PortalForm
from evaluations.actions.questionnaires import Heading
from evaluations.actions.sheets import Given
from evaluations.enums.reviews import Dimension, Purpose, QuestionKind, Scale, YesNo
from evaluations.forms.citizen import RatingForm, StoryField
from evaluations.models import Question, Questionnaire
from evaluations.queries import active_tags
from organizations.enums import Topic
from organizations.models import Unit
from rectification.forms.base import TextField, choice

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
SKIPPED = "skip"


class DayField(forms.DateField):
    """A day within a century: further off nobody means it, and no identifier can hold it."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        said = _("请填 2000 年到 2099 年之间的日期")
        limits = [MinValueValidator(EARLIEST, said), MaxValueValidator(LATEST, said)]
        super().__init__(label=label, validators=limits, **kwargs)


def question_field(question: Question) -> forms.Field:
    """The field of one question: nothing chosen beforehand, and a way back from an answer once given."""
    if question.kind == QuestionKind.TEXT:
        return StoryField(label=question.text)
    choices = Scale.choices if question.kind == QuestionKind.SCALE else YesNo.choices
    return forms.ChoiceField(
        label=question.text,
        choices=[*choices, (SKIPPED, _("不回答"))],
        required=False,
        widget=forms.RadioSelect,
    )


class QuestionsMixin(InstructionsMixin):
    """Fields for the questions of a questionnaire, by their keys."""

    questions: Sequence[Question]

    def add_questions(self, questions: Iterable[Question]) -> None:
        self.questions = list(questions)
        for question in self.questions:
            self.fields[f"q{question.pk}"] = question_field(question)
        self.instruct()

    def answers(self) -> list[Given]:
        """What was answered, once the form is valid; what was left open is not among it."""
        given: list[Given] = []
        for question in self.questions:
            value = self.cleaned_data.get(f"q{question.pk}") or ""
            if question.kind == QuestionKind.TEXT and value.strip():
                given.append((question, value))
            elif question.kind != QuestionKind.TEXT and value not in ("", SKIPPED):
                given.append((question, int(value)))
        return given

    def asked(self) -> Iterator[tuple[Question, BoundField]]:
        """The questions with their fields, in their order."""
        return ((question, self[f"q{question.pk}"]) for question in self.questions)


class UnitChoice(forms.ModelChoiceField):
    """Where one's matter was handled; nobody has to say it."""

    def label_from_instance(self, unit: Any) -> str:
        return str(unit.name)


class ReviewForm(QuestionsMixin, RatingForm):
    """A sheet: a rating of the reform with questions beside it; only the overall level is required."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    unit = UnitChoice(
        Unit.objects.none(), label=_("您在哪个部门办的?"), to_field_name="code", required=False, empty_label=_("不说明")
    )

    def __init__(self, *args: Any, questionnaire: Questionnaire, units: Any = None, **kwargs: Any) -> None:
        """`units`: those one may have gone to; None where the invitation knows it."""
        kwargs["initial"] = {"version": questionnaire.version, **(kwargs.get("initial") or {})}
        super().__init__(*args, tags=active_tags(), **kwargs)
        if units is None:
            del self.fields["unit"]
        else:
            self.fields["unit"].queryset = units  # type: ignore[attr-defined]  # the choice above
        self.add_questions(questionnaire.questions.all())
        self.groups = [Group(dimension, self) for dimension in Dimension]

    def clean_version(self) -> int:
        """One that was tampered with is none; then the version in use counts."""
        return self.cleaned_data["version"] or 0


@dataclass(frozen=True)
class Group:
    """The questions about one thing."""

    dimension: Dimension
    form: ReviewForm

    @property
    def fields(self) -> list[BoundField]:
        return [field for question, field in self.form.asked() if question.dimension == self.dimension]


class HeadingForm(PortalForm):
    """What stands above the questions."""

    title = forms.CharField(label=_("标题"), max_length=60)
    topic = forms.ChoiceField(label=_("改革专题"), required=False, choices=[("", _("请选择")), *Topic.choices])
    intro = TextField(_("开头的话"), required=False, most=300, rows=3)

    def __init__(self, *args: Any, purpose: Purpose | None = None, **kwargs: Any) -> None:
        """`purpose`: of the questionnaire that is reworded; a new one says its own."""
        super().__init__(*args, **kwargs)
        self.settled = purpose

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        purpose = self.settled or cleaned.get("purpose")
        if purpose == Purpose.REVIEW and not cleaned.get("topic") and "topic" not in self.errors:
            self.add_error("topic", _("请选这份问卷问的是哪项改革"))
        if purpose == Purpose.SURVEY:
            cleaned["topic"] = ""
        return cleaned

    def heading(self) -> Heading:
        said = self.cleaned_data
        return Heading(title=said["title"], topic=said["topic"], intro=said["intro"])


class QuestionnaireForm(HeadingForm):
    """A new questionnaire."""

    purpose = choice(_("用途"), Purpose)
    code = forms.SlugField(label=_("编码"), max_length=30, help_text=_("小写字母、数字和连字符,写在网址里,例如 one-go"))
    field_order = ("purpose", "code", "title", "topic", "intro")

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if code != code.lower():
            raise ValidationError(_("请用小写字母"))
        return code


class QuestionForm(PortalForm):
    """One question."""

    text = forms.CharField(label=_("问题"), max_length=120, help_text=_("一问一事,不引导,不用“是否满意我们的…”"))
    dimension = choice(_("方面"), Dimension)
    kind = choice(_("回答方式"), QuestionKind)


class WaveForm(PortalForm):
    """Whom to invite."""

    first_day = DayField(_("办件日期起"))
    last_day = DayField(_("办件日期止"))
    most = forms.IntegerField(label=_("最多邀请"), min_value=1, max_value=100_000)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and first > last:
            self.add_error("last_day", _("止日不能早于起日"))
        return cleaned
