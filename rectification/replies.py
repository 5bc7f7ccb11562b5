"""答复: beginnings with blanks to fill, and what keeps a reply from being sent. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from identity.redaction import LABELS, NOBODY, Names, Span, find_personal

BLANK = re.compile(r"【[^】]*】")

# The words the citizen reads are Chinese whatever language the desk is set to, so they are not translated.
BEGINNINGS: dict[str, tuple[str, str]] = {
    "fixed": (
        "已经改正",
        "您好!您反映的【什么问题】我们已经核实,情况属实,向您致歉。【哪一天】我们已【怎样改正】,今后将【怎样防止再发生】。"
        "如仍有问题,可在查询页选“还没解决”,或拨打【公开的咨询电话】。",
    ),
    "partly": (
        "部分改正,其余定期完成",
        "您好!您反映的【什么问题】我们已经核实。其中【哪一部分】已于【哪一天】改正;【哪一部分】需要【什么条件】,"
        "将在【哪一天】前完成,完成后会再次告知您。",
    ),
    "explained": (
        "依法解释说明",
        "您好!您反映的【什么问题】我们已经核实。按照【法规名称和条款】,【哪件事】需要【什么条件】,目前不能【怎样办】。"
        "您可以【还有什么办法】。给您带来不便,请您谅解。",
    ),
    "joint": (
        "多部门联动解决",
        "您好!您反映的【什么问题】由【牵头单位】会同【协办单位】共同研究,【哪一天】已【怎样解决】。"
        "相关做法已【怎样固定下来】,感谢您的监督。",
    ),
}


@dataclass(frozen=True)
class Piece:
    """A stretch of a text; `label` says what identifies a person in it, and is empty elsewhere."""

    text: str
    label: str = ""


def blanks(text: str) -> list[str]:
    """The blanks of a beginning that nobody has filled."""
    return BLANK.findall(text)


def marked(text: str, names: Names = NOBODY) -> list[Piece]:
    """The text cut where something identifies a person, for showing it highlighted.

    names: of people who are looked for.
    """
    pieces, end = [], 0
    for span in find_personal(text, names):
        pieces += [Piece(text[end : span.start]), Piece(span.text, LABELS[span.kind])]
        end = span.end
    return [piece for piece in [*pieces, Piece(text[end:])] if piece.text]


def marked_only(text: str, names: Names = NOBODY) -> list[Piece]:
    """As `marked`, but nothing at all for a text in which nobody can be recognised."""
    pieces = marked(text, names)
    return pieces if any(piece.label for piece in pieces) else []


def fingerprint(spans: Iterable[Span]) -> str:
    """Names a set of finds, so that a confirmation holds for exactly what was shown."""
    return hashlib.sha256("\0".join(span.text for span in spans).encode()).hexdigest()[:16]
