"""The ruling in words: made from its fields, before a person looks it over. Pure; no name of anybody who voted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from appeals.enums import UPHELD, Effect, Proof, Vote
from appeals.grounds import WITHIN_UNIT, Effects


@dataclass(frozen=True)
class Found:
    """What a ruling is made of.

    Attributes:
        number, case: of the appeal and of the case.
        unit: that contests, or is contested.
        ground: its code and name.
        votes: how many of each kind.
        agreeing, dissenting: the reasons of both sides.
        lenient: on what 容错 was proposed; a consideration that is kept, with no effect of its own.
        review: whether this is the ruling on a 复核.
    """

    number: str
    case: str
    unit: str
    ground: str
    outcome: Vote
    votes: Mapping[str, int]
    effects: Effects
    agreeing: Sequence[str]
    dissenting: Sequence[str]
    lenient: Sequence[str] = ()
    review: bool = False


def ruling_text(found: Found) -> str:
    """裁定书, in the reader's language: what was contested, how many voted how, why, and what follows."""
    kind = _("复核裁定") if found.review else _("申诉裁定")
    lines = [
        _("%(kind)s %(number)s") % {"kind": kind, "number": found.number},
        _("%(unit)s就评价件 %(case)s 以“%(ground)s”提出。")
        % {"unit": found.unit, "case": found.case, "ground": found.ground},
        _("评审小组逐人表决: %(votes)s。") % {"votes": votes_words(found.votes)},
        _("裁定: %(outcome)s。") % {"outcome": found.outcome.label},
        effects_words(found.effects),
        *_reasons(_("理由:"), found.agreeing),
        *_reasons(_("不同意见:"), found.dissenting),
        *_reasons(_("容错考虑(只作记录,不自动产生效果):"), found.lenient),
    ]
    return "\n".join(lines)


def _reasons(heading: str, reasons: Sequence[str]) -> list[str]:
    return [heading, *(f"{number}. {reason}" for number, reason in enumerate(reasons, start=1))] if reasons else []


def votes_words(votes: Mapping[str, int]) -> str:
    """How many voted how: 成立 2 票, 不成立 1 票."""
    given = [(Vote(vote).label, count) for vote, count in votes.items() if count]
    return ", ".join(_("%(vote)s %(count)s 票") % {"vote": vote, "count": count} for vote, count in given)


def effects_words(effects: Effects) -> str:
    """The three effects in one line."""
    return _("公开计数: %(public)s; 单位考核: %(unit)s; 个人考核: %(staff)s。") % {
        "public": Effect(effects.public).label,
        "unit": Effect(effects.unit_score).label,
        "staff": Effect(effects.staff_score).label,
    }


def plain_text(outcome: Vote, effects: Effects) -> str:
    """What the evaluator reads: what was found, and what becomes of their rating; without a word of blame."""
    if outcome not in UPHELD:
        return _(
            "有单位或人员对您的评价提出了不同意见。评审小组核查后认为理由不成立或证据不足,您的评价照常计入,办理继续。"
        )
    if effects.moves_case:
        return _("评审小组核查后认为,您反映的事应由另一单位负责。您的评价有效,已转给负责的单位办理。")
    if effects == WITHIN_UNIT:
        return _("评审小组核查后认为,应评价的是同一单位的另一位工作人员。您的评价有效,照常计入,办理继续。")
    if effects.ends_case:
        return _(
            "评审小组核查后认定,这条评价不计入对单位的考核。您写的原文不会被修改或删除。如有不同意见,可请督导单位申请复核。"
        )
    return _("评审小组核查后认定,这件事有一部分不是该单位能决定的,考核时会减轻。您的评价仍公开计入,办理和答复继续。")


_PUBLIC = {
    Effect.KEEP: gettext_noop("公开: 照常计入差评数"),
    Effect.MARK: gettext_noop("公开: 照常计入,注明“经核不属实”"),
    Effect.APART: gettext_noop("公开: 单列,不显示文字"),
    Effect.HALF: gettext_noop("公开: 照常计入差评数"),
    Effect.EXCLUDE: gettext_noop("公开: 不计入差评数,列入“认定无效”"),
    Effect.MOVE: gettext_noop("公开: 照常计入,改记到应负责的单位"),
}
_UNIT = {
    Effect.KEEP: gettext_noop("单位: 照常计入考核"),
    Effect.MARK: gettext_noop("单位: 照常计入考核"),
    Effect.APART: gettext_noop("单位: 不计入考核"),
    Effect.HALF: gettext_noop("单位: 减半计入考核"),
    Effect.EXCLUDE: gettext_noop("单位: 不计入考核"),
    Effect.MOVE: gettext_noop("单位: 改计到应负责的单位"),
}
_STAFF = {
    Effect.KEEP: gettext_noop("个人: 照常计入"),
    Effect.MARK: gettext_noop("个人: 照常计入"),
    Effect.APART: gettext_noop("个人: 不计入"),
    Effect.HALF: gettext_noop("个人: 减半计入"),
    Effect.EXCLUDE: gettext_noop("个人: 不计入"),
    Effect.MOVE: gettext_noop("个人: 改计到应负责的单位"),
}


def effect_lines(effects: Effects) -> list[str]:
    """What follows for the public count, the unit and the person, each in plain words; before somebody contests."""
    return [_(_PUBLIC[effects.public]), _(_UNIT[effects.unit_score]), _(_STAFF[effects.staff_score])]


def need_words(kinds: Sequence[str]) -> str:
    """Kinds of evidence of which one is needed: 书面材料 或 图片."""
    return _(" 或 ").join(str(Proof(kind).label) for kind in kinds)


def clock_words(seconds: int) -> str:
    """A moment in a recording as its player shows it: 3:12."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
