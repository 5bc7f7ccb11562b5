"""What several units will read is looked through for what identifies somebody, as a reply to a citizen is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from identity.enums import FindKind
from identity.queries import known_names
from identity.redaction import find_personal
from rectification.replies import fingerprint


class ConfirmBox(forms.CheckboxInput):
    """A box whose tick says which finds were looked at; other finds untick it."""

    def __init__(self, mark: str) -> None:
        super().__init__(attrs={"value": mark}, check_test=lambda value: value == mark)

    def format_value(self, value: Any) -> str | None:
        return None

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.get(name, "")


class GuardedMixin(forms.BaseForm):
    """Stops texts in which somebody can be recognised until that is removed or confirmed.

    guarded: the names of the fields that others will read. The act itself refuses what no confirmation allows.
    """

    guarded: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = _("已核对,这些内容可以给参与单位看")
        self.fields["confirmed"] = forms.CharField(label=label, required=False, max_length=16, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        names = known_names()
        found = {name: find_personal(str(data.get(name) or ""), names) for name in self.guarded}
        spans = [span for some in found.values() for span in some]
        confirmed = data.pop("confirmed", "")
        if not spans or confirmed == (mark := fingerprint(spans)):
            return data
        self.fields["confirmed"].widget = ConfirmBox(mark)
        for name, some in found.items():
            if some:
                kinds = "、".join(dict.fromkeys(str(FindKind(span.kind).label) for span in some))
                words = "、".join(dict.fromkeys(span.text for span in some))
                told = gettext("这里好像有%(kinds)s(%(words)s),参与单位都会看到;请删去,或在下面确认")
                self.add_error(name, told % {"kinds": kinds, "words": words[:60]})
        return data
