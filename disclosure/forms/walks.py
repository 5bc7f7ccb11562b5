"""What of a walk goes out, proposed from its record and looked at by a person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from common.forms import PortalForm
from disclosure.actions import WalkWords
from disclosure.models import PublicWalk
from identity.queries import known_names
from identity.redaction import redact
from oversight.models import Dossier, WalkStep
from rectification.forms.base import LONG, SHORT, TextField


def proposed(row: Dossier) -> WalkWords:
    """The words of the record with what the rules find hidden."""
    names = known_names()
    steps = WalkStep.objects.filter(walk=row.pk).exclude(obstacle="").select_related("task")
    pairs = [(step.obstacle, step.task.fix if step.task and step.task.state == "done" else "") for step in steps]
    return WalkWords(
        redact(row.outcome, names).text,
        [(redact(problem, names).text, redact(fix, names).text) for problem, fix in pairs],
    )


class WalkWordsForm(PortalForm):
    """Each problem with what was done; a problem that is emptied does not go out."""

    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    summary = TextField(_("结果"), required=False, most=LONG, rows=4)

    def __init__(self, *args: Any, row: Dossier, public: PublicWalk | None, **kwargs: Any) -> None:
        shown = public if public and public.shown else None
        pairs = [tuple(pair) for pair in shown.problems] if shown else proposed(row).problems
        summary = shown.summary if shown else proposed(row).summary
        self.count = len(pairs)
        initial: dict[str, Any] = {"summary": summary, "seen": public.version if public else 0}
        for at, (problem, fix) in enumerate(pairs):
            initial |= {f"problem_{at}": problem, f"fix_{at}": fix}
        super().__init__(*args, initial=initial, **kwargs)
        for at in range(self.count):
            self.fields[f"problem_{at}"] = TextField(_("问题"), required=False, most=SHORT, rows=2)
            self.fields[f"fix_{at}"] = TextField(_("怎样解决"), required=False, most=LONG, rows=3)
        self.fields["note"] = TextField(_("说明"), required=False, most=SHORT, rows=2, hint=_("不对外公开"))
        self.instruct()

    @property
    def pairs(self) -> list[tuple[int, list[BoundField]]]:
        """The fields of each problem, for the page."""
        return [(at + 1, [self[f"problem_{at}"], self[f"fix_{at}"]]) for at in range(self.count)]

    def arguments(self) -> dict[str, Any]:
        """The arguments of the act besides who and when."""
        said = self.cleaned_data
        pairs = [(said[f"problem_{at}"], said[f"fix_{at}"]) for at in range(self.count)]
        return {"words": WalkWords(said["summary"], pairs), "note": said["note"], "seen": said["seen"]}


class TakeDownForm(PortalForm):
    """撤下."""

    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    reason = TextField(_("理由"), most=SHORT, rows=3, hint=_("不对外公开"))
