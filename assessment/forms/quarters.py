"""What is typed while a quarter is closed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment.enums import SchemeKind
from common.forms import PortalForm
from rectification.forms.base import TextField

MOST = 2_000_000_000


class NoteForm(PortalForm):
    """Why one goes on although something is bad."""

    mark_optional = False

    note = TextField(_("为什么可以继续"), most=500, rows=3)


class TotalForm(PortalForm):
    """来源报送数: what a source says it has sent; an empty number is not compared."""

    source = forms.ChoiceField(label=_("来源系统"))
    ratings = forms.IntegerField(label=_("评价数"), required=False, min_value=0, max_value=MOST)
    services = forms.IntegerField(label=_("办件数"), required=False, min_value=0, max_value=MOST)

    def __init__(self, *args: Any, sources: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["source"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(sources)


class ExemptionForm(PortalForm):
    """Who is not ranked, or which item is not assessed, and why."""

    kind = forms.ChoiceField(label=_("考核类别"), choices=SchemeKind)
    subject = forms.ChoiceField(label=_("考核对象"))
    item = forms.ChoiceField(label=_("免予考核的项目"), required=False)
    reason = TextField(_("理由"), most=300, rows=2)

    def __init__(
        self, *args: Any, subjects: Iterable[tuple[str, Any]], items: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        subject, item = self.fields["subject"], self.fields["item"]
        if isinstance(subject, forms.ChoiceField) and isinstance(item, forms.ChoiceField):
            subject.choices = list(subjects)
            item.choices = [("", _("全部:计分,不参与排名")), *items]


class ObjectionForm(PortalForm):
    mark_optional = False

    text = TextField(
        _("异议的理由"), most=1000, rows=5, hint=_("写明哪一点不符合事实,依据是什么。不要写评价人的姓名和电话。")
    )


class AnswerForm(PortalForm):
    """The answer to an objection."""

    mark_optional = False

    upheld = forms.ChoiceField(
        label=_("结论"), choices=[("yes", _("采纳,这一行不再扣分")), ("no", _("不采纳"))], widget=forms.RadioSelect
    )
    answer = TextField(_("答复"), most=1000, rows=4)
