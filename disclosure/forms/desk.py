"""What a reviewer says: what stays readable, what else is hidden, and why something is not shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.forms import PortalForm
from disclosure.actions import Choice
from disclosure.enums import Part, Reason
from disclosure.masking import Piece, decided, masked, pieces
from disclosure.models import Disclosure
from disclosure.queries.desk import Draft, PartDraft
from rectification.forms.base import SHORT, TextField, choice
from rectification.models import Attachment


class SeenForm(PortalForm):
    """A form about one disclosure, as it stood when the page was made."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, disclosure: Disclosure, **kwargs: Any) -> None:
        kwargs["initial"] = {**(kwargs.get("initial") or {}), "seen": disclosure.version}
        super().__init__(*args, **kwargs)


class ReviewForm(SeenForm):
    """The draft of every part. A box that is not ticked hides: what gets lost on the way is hidden, never shown."""

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft = draft
        for one in draft.parts:
            if one.finds:
                self.fields[f"kept_{one.part}"] = forms.MultipleChoiceField(
                    label=gettext_lazy("不是个人信息,保留"),
                    choices=[(str(at), f"{words}({found.label})") for at, found, words in one.numbered],
                    widget=forms.CheckboxSelectMultiple,
                    required=False,
                )
            self.fields[f"phrases_{one.part}"] = TextField(
                gettext_lazy("还要隐去"), required=False, rows=2, hint=gettext_lazy("照原文写,每行一处")
            )
        if draft.pictures:
            self.fields["pictures"] = forms.TypedMultipleChoiceField(
                label=gettext_lazy("公示的照片"),
                choices=[(one.pk, one.get_kind_display()) for one in draft.pictures],
                coerce=int,
                widget=forms.CheckboxSelectMultiple,
                required=False,
                help_text=gettext_lazy("看得见人脸、姓名、证件号码的不要公示。"),
            )
        self.fields["note"] = TextField(gettext_lazy("说明"), required=False, most=SHORT, rows=2)
        self.instruct()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for one in self.draft.parts:
            for phrase in self._phrases(one.part):
                if phrase not in one.text:
                    wrong = _("原文里没有“%(phrase)s”,请照原文填写。") % {"phrase": phrase[:40]}
                    self.add_error(f"phrases_{one.part}", ValidationError(wrong))
        return cleaned

    def _phrases(self, part: Part) -> list[str]:
        lines = self.cleaned_data.get(f"phrases_{part}", "").split("\n")
        return [line.strip() for line in lines if line.strip()]

    def _choice(self, one: PartDraft) -> Choice:
        kept = [one.finds[int(at)] for at in self.cleaned_data.get(f"kept_{one.part}", [])]
        return Choice(kept=kept, phrases=self._phrases(one.part))

    def choices(self) -> dict[Part, Choice]:
        """What was decided, by part, once the form is valid."""
        return {one.part: self._choice(one) for one in self.draft.parts}

    @property
    def chosen_pictures(self) -> list[int]:
        """The pictures that are to be shown, once the form is valid."""
        return self.cleaned_data.get("pictures", [])

    @property
    def pictured(self) -> list[tuple[Attachment, Any]]:
        """Each picture with its box."""
        return list(zip(self.draft.pictures, self["pictures"], strict=True)) if self.draft.pictures else []

    @property
    def drawn(self) -> Iterator[tuple[PartDraft, list[Piece], str, list[BoundField]]]:
        """Each part: the draft, the original cut at what will be hidden, how it goes out, and its fields."""
        for one in self.draft.parts:
            chosen = self._choice(one) if self.is_bound and self.is_valid() else Choice()
            hidden = decided(one.text, one.finds, kept=chosen.kept, phrases=chosen.phrases)
            names = [name for name in (f"kept_{one.part}", f"phrases_{one.part}") if name in self.fields]
            yield one, pieces(one.text, hidden), masked(one.text, hidden), [self[name] for name in names]


class ReasonForm(SeenForm):
    """Why a case is not shown. The reason is counted in public, the note is not."""

    reason = choice(gettext_lazy("理由"), Reason)
    note = TextField(gettext_lazy("说明"), most=SHORT, hint=gettext_lazy("写明认定的依据;不对外公开。"))
