"""整改报告 and 解释说明 with the reply composer; the quality check."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from identity.enums import FindKind
from identity.queries import known_names
from identity.redaction import find_personal
from rectification.actions.rectifying import Findings
from rectification.enums import Evidence, ReportKind
from rectification.forms.base import LONG, SHORT, ActForm, TextField, choice
from rectification.models import Attachment, Case
from rectification.replies import BEGINNINGS, Piece, blanks, fingerprint, marked_only

PICTURES_AT_ONCE = 6
FINDINGS = ("kind", "wrong", "changed", "prevention", "legal_basis", "reply")


class PicturesInput(forms.FileInput):
    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Several pictures in one go; the cleaned value is a list of uploads."""

    def __init__(self, label: Any) -> None:
        widget = PicturesInput(attrs={"accept": "image/jpeg,image/png,image/webp"})
        super().__init__(label=label, required=False, widget=widget, help_text=_("JPG、PNG 或 WebP,可一次选几张"))

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """The uploads.

        Raises:
            ValidationError: too many at once, or one too large or empty.
        """
        uploads: list[Any] = data if isinstance(data, list) else [data] if data else []
        if len(uploads) > PICTURES_AT_ONCE:
            raise ValidationError(gettext("一次最多选 %(count)d 张照片") % {"count": PICTURES_AT_ONCE})
        for upload in uploads:
            if upload.size > settings.UPLOAD_MAX_BYTES:
                most = filesizeformat(settings.UPLOAD_MAX_BYTES)
                raise ValidationError(gettext("一张照片不能超过 %(most)s") % {"most": most})
        return [upload for single in uploads if (upload := super(PicturesField, self).clean(single))]


class PicturesForm(forms.Form):
    """The pictures that come with a report; they are kept before the report itself is complete."""

    before = PicturesField(_("整改前的照片"))
    after = PicturesField(_("整改后的照片"))
    evidence = {"before": Evidence.BEFORE, "after": Evidence.AFTER}


class ReportForm(ActForm):
    """The four questions of docs/ux.md §5.2, or the law that stands in the way; and what the citizen will read."""

    kind = choice(_("办理结果"), ReportKind)
    wrong = TextField(_("问题是什么"), most=LONG)
    changed = TextField(_("改了什么"), required=False, most=LONG, hint=_("整改时必填"))
    before = PicturesField(_("整改前的照片"))
    after = PicturesField(_("整改后的照片"))
    prevention = TextField(_("怎样防止再发生"), required=False, most=LONG, hint=_("整改时必填"))
    legal_basis = TextField(_("依据条款"), required=False, most=SHORT, rows=2, hint=_("解释说明时必填:法规名称和条款"))
    beginning = forms.ChoiceField(
        label=_("答复模板"),
        required=False,
        choices=[("", "—"), *((key, name) for key, (name, _text) in BEGINNINGS.items())],
    )
    reply = TextField(
        _("给评价人的答复"),
        most=1000,
        rows=7,
        hint=_("评价人会原样看到。100 到 300 字最好读;【】里的空要填完;不要写姓名、电话、证件号。"),
    )
    confirmed = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    mark_optional = False  # the hints say when a field is needed

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for picture in self.pictures:
            self.fields[f"leave_{picture.pk}"] = forms.BooleanField(label=gettext("不附这张"), required=False)

    def suggestions(self, case: Case) -> dict[str, Any]:
        """The last report that was sent back, to be mended rather than typed anew."""
        last = case.reports.order_by("-id").first()
        if last is None or last.passed is not False:
            return {}
        return {name: getattr(last, name) for name in FINDINGS}

    @cached_property
    def pictures(self) -> list[Attachment]:
        """Evidence that is stored already and not yet part of a report."""
        kinds = (Evidence.BEFORE, Evidence.AFTER)
        return list(self.case.attachments.filter(report=None, kind__in=kinds))

    @property
    def kept(self) -> list[tuple[Attachment, forms.BoundField]]:
        """Each stored picture with the box that leaves it out."""
        return [(picture, self[f"leave_{picture.pk}"]) for picture in self.pictures]

    def clean_prevention(self) -> str:
        return self._needed("prevention", ReportKind.RECTIFIED, gettext("整改要写明怎样防止再发生"))

    def clean_changed(self) -> str:
        return self._needed("changed", ReportKind.RECTIFIED, gettext("整改要写明改了什么"))

    def clean_legal_basis(self) -> str:
        return self._needed("legal_basis", ReportKind.EXPLAINED, gettext("解释说明要写明依据的条款"))

    def _needed(self, name: str, kind: ReportKind, message: str) -> str:
        text: str = self.cleaned_data[name]
        if self.cleaned_data.get("kind") == kind and not text:
            raise ValidationError(message)
        return text

    def clean_reply(self) -> str:
        """The reply.

        Raises:
            ValidationError: a blank of the beginning is still open.
        """
        reply: str = self.cleaned_data["reply"]
        if open_blanks := blanks(reply):
            raise ValidationError(gettext("还有没填的空: %(blanks)s") % {"blanks": "".join(open_blanks[:5])})
        return reply

    def clean(self) -> dict[str, Any]:
        """Stops a reply in which somebody can be recognised, until that is removed or confirmed."""
        data: dict[str, Any] = super().clean() or {}
        found = find_personal(data.get("reply") or "", known_names())
        if found and data.get("confirmed") != fingerprint(found):
            kinds = "、".join(dict.fromkeys(str(FindKind(span.kind).label) for span in found))
            message = gettext("答复里好像有%(kinds)s,请删去,或在下面确认可以发给评价人")
            self.add_error("reply", message % {"kinds": kinds})
        return data

    @property
    def current_reply(self) -> str:
        """The reply as it stands in the form now."""
        return str(self["reply"].value() or "")

    @property
    def marks(self) -> list[Piece]:
        """The reply with what identifies somebody marked; empty when nothing does."""
        return marked_only(self.current_reply, known_names())

    @property
    def fingerprint(self) -> str:
        """What a confirmation of the present finds looks like."""
        return fingerprint(find_personal(self.current_reply, known_names()))

    def arguments(self) -> dict[str, Any]:
        """The findings, and the stored pictures that were not left out."""
        findings = Findings(**{name: self.cleaned_data[name] for name in FINDINGS})
        bound = [picture for picture in self.pictures if not self.cleaned_data.get(f"leave_{picture.pk}")]
        return {"findings": findings, "attachments": bound}


class QualityForm(ActForm):
    """Four ticks by somebody other than the author; each is a promise, so each has its own box."""

    facts = forms.BooleanField(label=_("事实清楚"))
    fixed = forms.BooleanField(label=_("整改到位(或解释有依据)"))
    answers = forms.BooleanField(label=_("答复针对评价人的问题"))
    no_identity = forms.BooleanField(label=_("没有个人信息"))
    note = TextField(_("质检意见"), required=False, most=SHORT)

    def arguments(self) -> dict[str, Any]:
        """The ticks made, by name."""
        ticks = {name for name in ("facts", "fixed", "answers", "no_identity") if self.cleaned_data[name]}
        return {"ticks": ticks, "note": self.cleaned_data["note"]}
