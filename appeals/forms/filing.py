"""提出申诉: the choice of a ground; then, in one form with several buttons, words and evidence piece by piece."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appeals.actions.exhibits import TAKES, Piece
from appeals.enums import NotAGround, Proof
from appeals.models import Appeal, Ground
from common.forms import PortalForm
from organizations.models import Membership, Staff, Unit
from rectification.forms.base import LONG, TextField, UnitField

ACCEPTED = ".pdf,.jpg,.jpeg,.png,.webp,.mp4,.webm,.m4a,.mp3,.wav,.ogg,.amr"
FACES = frozenset({Proof.PICTURE, Proof.RECORDING})
CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]?\d)")


class GroundField(forms.ModelChoiceField):
    """One of the grounds in use; what is no ground is turned down by name."""

    def to_python(self, value: Any) -> Any:
        """The ground.

        Raises:
            ValidationError: none, or one of `NotAGround` (docs/domain.md §7.2).
        """
        if value in NotAGround.values:
            raise ValidationError(gettext("“%(name)s”不能作为申诉理由。") % {"name": NotAGround(value).label})
        return super().to_python(value)


class GroundForm(PortalForm):
    """On what ground. Those that have been used on this rating are shown and cannot be chosen."""

    def __init__(self, *args: Any, used: frozenset[str] = frozenset(), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.used = used
        grounds = Ground.objects.filter(active=True)
        self.fields["ground"] = GroundField(
            grounds.exclude(pk__in=used), label=gettext("申诉理由"), to_field_name="code", widget=forms.RadioSelect
        )
        self.every = list(grounds)
        self.instruct()


class MomentField(forms.CharField):
    """A moment in a recording, as 3:12 or in seconds; the cleaned value is in seconds."""

    def clean(self, value: Any) -> int | None:
        """Seconds from the beginning.

        Raises:
            ValidationError: it is not written as a moment.
        """
        text = super().clean(value).replace("：", ":").strip()
        if not text:
            return None
        if text.isascii() and text.isdigit() and len(text) < 6:
            return int(text)
        found = CLOCK.fullmatch(text)
        if found is None:
            raise ValidationError(gettext("请写成 3:12 这样的分和秒"))
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return (hours * 60 + minutes) * 60 + seconds


class OtherUnitField(UnitField):
    """Who should be responsible, while a draft may still leave it open."""

    def __init__(self, label: Any) -> None:
        super().__init__(label)
        self.required = False

    def clean(self, value: Any) -> Unit | None:  # type: ignore[override]  # a draft may leave it open
        return super().clean(value) if str(value or "").strip() else None


class DraftForm(PortalForm):
    """A draft: its ground, words, and one more piece of evidence.

    Args:
        draft: as it is kept.
        adding: the button for the piece was pressed; otherwise the piece counts only if something was given.
    """

    mark_optional = False

    statement = TextField(
        _("理由和事实"),
        required=False,
        most=LONG,
        rows=6,
        hint=_("写明哪里不对、当时的经过、依据是什么。不要写评价人的姓名和电话。"),
    )
    kind = forms.TypedChoiceField(label=_("种类"), required=False, coerce=Proof, empty_value=None)
    text = TextField(
        _("说明或内容"), required=False, most=LONG, rows=3, hint=_("没有文件的证据写在这里,例如条文、编号、时间。")
    )
    file = forms.FileField(
        label=_("文件"),
        required=False,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_("图片、PDF、录音或录像。"),
    )
    second = MomentField(label=_("从哪里看起"), required=False, max_length=9, help_text=_("录音录像必填,例如 3:12"))
    happened_at = forms.DateTimeField(
        label=_("发生时间"), required=False, help_text=_("填了就会出现在时间轴上"), widget=forms.DateTimeInput
    )
    masked = forms.BooleanField(label=_("画面里群众的面部和姓名已遮住"), required=False)

    def __init__(self, *args: Any, draft: Appeal, adding: bool = False, **kwargs: Any) -> None:
        self.draft, self.adding = draft, adding
        kept = {"ground": draft.ground_id, "statement": draft.statement}
        kept["other_unit"] = draft.other_unit.name if draft.other_unit else ""
        kept["other_staff"] = draft.other_staff.username if draft.other_staff else ""
        kwargs["initial"] = {**kept, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if draft.reviews_id is None:
            grounds = Ground.objects.filter(active=True)
            self.fields["ground"] = GroundField(
                grounds, label=gettext("申诉理由"), to_field_name="code", empty_label=None
            )
        if self.asks_unit:
            self.fields["other_unit"] = OtherUnitField(gettext("应由哪个单位负责"))
            self.fields["other_staff"] = forms.ModelChoiceField(
                self._colleagues(),
                label=gettext("或本单位应评价的人员"),
                to_field_name="username",
                required=False,
                empty_label=gettext("不是本单位的人"),
            )
        kind = self.fields["kind"]
        if isinstance(kind, forms.ChoiceField):
            kind.choices = [("", gettext("请选择")), *((one.value, one.label) for one in self._kinds())]
        self.instruct()

    @property
    def asks_unit(self) -> bool:
        """Whether the ground, as it is kept, says that another unit is responsible."""
        return self.draft.reviews_id is None and self.draft.ground.effects.moves_case

    def _colleagues(self) -> QuerySet[Staff]:
        """Who else of the unit may have been meant."""
        case = self.draft.case
        here = Membership.objects.in_force(timezone.localdate()).filter(unit__path__startswith=case.unit.path)
        people = Staff.objects.filter(pk__in=here.exclude(staff=case.rated_staff).values("staff"))
        return people.order_by("name", "username")

    def _kinds(self) -> list[Proof]:
        """What may be added, what the ground needs first; the evaluator's confirmation is for others to record."""
        needed = [Proof(kind) for kinds in self.draft.ground.needs for kind in kinds]
        rest = [kind for kind in Proof if kind not in needed]
        return [kind for kind in (*needed, *rest) if kind != Proof.CONFIRMATION]

    @property
    def has_piece(self) -> bool:
        """Whether something was given in the part for one more piece of evidence."""
        data = self.cleaned_data
        given = (data.get("text"), data.get("file"), data.get("second") is not None, data.get("happened_at"))
        return self.adding or any(given)

    def clean(self) -> dict[str, Any]:
        """A piece that is begun has to be whole."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("other_unit") and data.get("other_staff"):
            self.add_error("other_staff", gettext("单位和本单位人员只填一项"))
        if self.has_piece and "kind" not in self.errors:
            for name, message in self._lacks(data):
                if name not in self.errors:
                    self.add_error(name, message)
        return data

    def _lacks(self, data: dict[str, Any]) -> list[tuple[str, str]]:
        kind, file = data.get("kind"), data.get("file")
        if kind is None:
            return [("kind", gettext("请选这件证据的种类"))]
        lacks = []
        if kind in TAKES and not file:
            lacks.append(("file", gettext("%(kind)s需要上传文件。") % {"kind": kind.label}))
        if kind not in TAKES and not data.get("text"):
            lacks.append(("text", gettext("%(kind)s需要文字说明。") % {"kind": kind.label}))
        if kind == Proof.RECORDING and data.get("second") is None:
            lacks.append(("second", gettext("请写明从第几秒看起。")))
        if kind in FACES and file and not data.get("masked"):
            lacks.append(("masked", gettext("请先遮住群众的面部和姓名,再勾选")))
        return lacks

    def words(self) -> dict[str, Any]:
        """The arguments of `revise_draft`."""
        data = self.cleaned_data
        return {
            "ground": data.get("ground") or self.draft.ground,
            "statement": data["statement"],
            "other_unit": data["other_unit"] if self.asks_unit else self.draft.other_unit,
            "other_staff": data["other_staff"] if self.asks_unit else self.draft.other_staff,
        }

    def piece(self) -> Piece:
        """What is to be added; `has_piece` says whether anything is."""
        data, file = self.cleaned_data, self.cleaned_data["file"]
        return Piece(
            kind=data["kind"],
            text=data["text"],
            upload=file or None,
            name=file.name if file else "",
            second=data["second"],
            happened_at=data["happened_at"],
        )


class ConfirmForm(PortalForm):
    """W1: what the evaluator confirmed, recorded by the management body."""

    text = TextField(_("评价人怎么说"), most=LONG, hint=_("何时、怎样联系到评价人,原话。被评价单位不能代为确认。"))
