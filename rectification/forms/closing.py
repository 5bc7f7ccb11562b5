"""督导回访、核查、督办、典型案例: what the management body fills in."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rectification.actions.closing import Answers
from rectification.enums import ContactResult, Verdict
from rectification.forms.base import LONG, SHORT, ActForm, TextField, choice, yes_no
from rectification.forms.working import CallForm
from rectification.models import Case


class CallbackForm(CallForm):
    """The attempt, and the five questions of docs/domain.md §8 when the evaluator was reached."""

    was_contacted = yes_no(_("单位联系过您吗?"), required=False)
    solved = yes_no(_("问题解决了吗?"), required=False)
    verdict = choice(_("对整改满意吗?"), Verdict, required=False)
    pressed = yes_no(_("有人要求您修改评价吗?"), required=False)
    retaliated = yes_no(_("您受到过打击报复吗?"), required=False)
    note = TextField(_("评价人的话"), required=False, most=LONG)
    questions = ("was_contacted", "solved", "verdict", "pressed", "retaliated")
    mark_optional = False

    def clean(self) -> dict[str, Any]:
        """All questions when somebody was reached, none when nobody was."""
        data: dict[str, Any] = super().clean() or {}
        if "result" not in data:
            return data
        reached = data["result"] == ContactResult.REACHED
        for name in self.questions:
            answered = data.get(name) is not None
            if reached and not answered and name not in self.errors:
                self.add_error(name, gettext("接通后请填写“%(label)s”") % {"label": self.fields[name].label})
            elif not reached and answered:
                self.add_error(name, gettext("没有接通就没有回答:请改“结果”,或再试一次"))
                break
        return data

    def arguments(self) -> dict[str, Any]:
        """The attempt, with the answers when somebody was reached."""
        data = self.cleaned_data
        attempt = {"result": data["result"], "call_reference": data["call_reference"]}
        if data["result"] != ContactResult.REACHED:
            return {**attempt, "note": data["note"]}
        answers = Answers(**{name: data[name] for name in self.questions}, note=data["note"])
        return {**attempt, "answers": answers}


class OnFileForm(ActForm):
    fixed = yes_no(_("整改是否属实"))
    note = TextField(_("核查情况"), most=LONG, hint=_("何时、到哪里、看了什么。"))


class SuperviseForm(ActForm):
    text = TextField(_("督办要求"), most=SHORT)


class TypicalForm(ActForm):
    typical = yes_no(_("作为典型案例"))
    note = TextField(_("说明"), required=False, most=SHORT)

    def suggestions(self, case: Case) -> dict[str, Any]:
        """The other way round from how it is."""
        return {"typical": "no" if case.typical else "yes"}
