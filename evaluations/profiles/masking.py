"""What is shown of a file's first rows before anybody has said which column is which: nobody one could know. Pure."""

from __future__ import annotations

import re

from evaluations.enums import IDENTITY_FIELDS
from evaluations.profiles.shape import fold
from identity.redaction import NOBODY, Names, find_personal, redact

HIDDEN = "•••"
# Codes and numbers of matters look like some of the rest, and must be read to be mapped.
SURE = frozenset({"mobile", "id_card", "email"})
_PERSONAL_TITLE = re.compile(
    "姓名|名字|电话|手机|联系|证件号|身份证|住址|地址|申请人|评价人|phone|mobile|tel|name|idcard|certkey"
)


def is_personal(title: str, canonical: str | None) -> bool:
    """Whether a column says who somebody is: by what it was mapped to, or while it is not mapped by its name."""
    if canonical:
        return canonical in IDENTITY_FIELDS
    return bool(_PERSONAL_TITLE.search(fold(title)))


def shown_cell(cell: str, title: str, canonical: str | None, names: Names = NOBODY) -> str:
    """A cell as it may be shown: of a personal column the first sign, of any other without numbers to call.

    names: of people who are looked for in free text.
    """
    if is_personal(title, canonical):
        bare = cell.strip()
        return bare[:1] + HIDDEN if bare else ""
    if canonical == "text":
        return redact(cell, names).text
    pieces, end = [], 0
    for span in find_personal(cell):
        if span.kind in SURE:
            pieces += [cell[end : span.start], HIDDEN]
            end = span.end
    return "".join([*pieces, cell[end:]])
