"""The vote, and the words that go with the other acts."""

from __future__ import annotations

from django import forms
from django.core.validators import MinLengthValidator
from django.utils.translation import gettext_lazy as _

from appeals.ballot import REASON_MIN
from appeals.enums import Vote
from common.forms import PortalForm
from rectification.forms.base import LONG, SHORT, TextField, choice

RULING = 6000


class VoteForm(PortalForm):
    """表决: one of four, a reason, and 容错 as a consideration with its basis."""

    mark_optional = False

    vote = choice(_("表决"), Vote)
    reason = TextField(_("理由"), most=LONG, hint=_("至少 20 个字。写明依据哪件证据、哪条规定。"))
    lenient_basis = TextField(
        _("建议容错(选填)"),
        required=False,
        most=SHORT,
        rows=2,
        hint=_("为改革创新、依规尽责而出的差错,可以建议容错。写明依据;只作记录,不自动减免。"),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].validators.append(MinLengthValidator(REASON_MIN))


class ReasonForm(PortalForm):
    """Why a member asks to be recused."""

    note = TextField(_("回避理由"), most=SHORT, hint=_("例如与哪一方有什么关系。席位由候补接替,您不再看到本件。"))


class NoteForm(PortalForm):
    """Why an appeal is withdrawn."""

    note = TextField(_("说明"), required=False, most=SHORT)


class ServeForm(PortalForm):
    """The ruling in the words that are served, generated first."""

    text = TextField(_("裁定书"), most=RULING, rows=16, hint=_("送达单位和被评价人。认定和效果以裁定本身为准。"))
    plain = TextField(
        _("给评价人的说明"), most=LONG, rows=5, hint=_("评价人凭编号和查询码看到。用平常的话,不写姓名,不指责。")
    )


class FactsForm(PortalForm):
    """What the evaluator adds; nothing to add is an answer too."""

    mark_optional = False

    text = TextField(_("您要补充的事实"), required=False, most=1000, rows=6)
    nothing = forms.BooleanField(label=_("我没有要补充的"), required=False)

    def clean(self) -> dict[str, object]:
        """One of both, so that an empty page is not sent by accident."""
        data: dict[str, object] = super().clean() or {}
        if not data.get("text") and not data.get("nothing") and "text" not in self.errors:
            self.add_error("text", _("请写下您要补充的事实,或勾选“我没有要补充的”"))
        return data


class EndForm(PortalForm):
    """Why a declared relation no longer holds."""

    note = TextField(_("理由"), most=SHORT, rows=2)
