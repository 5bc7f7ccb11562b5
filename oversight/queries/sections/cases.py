"""七、典型案例: those picked from what is public, each by its public number, and what was written by hand."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from oversight.paper import Block, Heading, Paragraph
from oversight.queries.cases import Told

SIDES = ((True, "(一)正面"), (False, "(二)反面"))


def blocks(picked: Collection[Told], written: Iterable[str]) -> list[Block]:
    """The good ones, the bad ones, and the lines of whoever wrote."""
    made: list[Block] = []
    for good, title in SIDES:
        if some := [one for one in picked if one.good is good]:
            made += [Heading(2, title), *(paragraph(one) for one in some)]
    return [*made, *(Paragraph.of(line) for line in written)]


def paragraph(one: Told) -> Paragraph:
    """A case in a paragraph: whose it was, what was said, what was done, why it stands here."""
    about = f"{one.unit},{one.item}" if one.item else one.unit
    told = (("反映", one.problem), ("整改", one.changed), ("答复", one.reply))
    said = "".join(f"{name}:{' '.join(words.split()).rstrip('。')}。" for name, words in told if words.strip())
    why = "、".join(str(reason.label) for reason in one.why)
    return Paragraph.of(f"{about}(公示编号{one.number})。{said}入选理由:{why}。")
