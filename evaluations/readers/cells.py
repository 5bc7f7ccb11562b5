"""What a cell of a workbook says, as exact text (ECMA-376 §18.3.1.4, §18.8.30, §18.17.4)."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum


class Kind(Enum):
    """What a number means by its format."""

    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    MOMENT = "moment"


# The formats that need no definition, those of Chinese Excel too.
BUILT_IN = {
    **dict.fromkeys((*range(14, 18), *range(27, 32), 36, *range(50, 55), 57, 58), Kind.DATE),
    **dict.fromkeys((*range(18, 22), *range(32, 36), 45, 47, 55, 56), Kind.TIME),
    22: Kind.MOMENT,
}
NO_LETTERS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', re.DOTALL)
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# Excel takes 255; a pattern must not be fed with megabytes.
CODE_MAX = 1_000
# Excel keeps fifteen digits of a number: beyond, an identifier has lost its end.
EXACT = 10**15
DAY_MS = 86_400_000
EPOCH, EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001  # a cell has no zone
# Days before March 1900 are counted wrongly by Excel, and year 10000 is beyond it.
FIRST_DAY, LAST_DAY = 61, 2_958_466


def kind_of(number: int, code: str) -> Kind:
    """What a number format means.

    Args:
        number: its id; those below 164 need no code.
        code: its definition, "" when there is none.
    """
    if not code or len(code) > CODE_MAX:
        return BUILT_IN.get(number, Kind.NUMBER)
    letters = set(NO_LETTERS.sub("", code.partition(";")[0]).lower())
    clock, day = letters & set("hs"), letters & set("yd") or (letters & {"m"} and not letters & set("hs"))
    if clock and day:
        return Kind.MOMENT
    return Kind.TIME if clock else Kind.DATE if day else Kind.NUMBER


def unescaped(text: str) -> str:
    """The text of which signs that XML cannot hold were written as _x0000_."""
    if "_x" not in text:
        return text
    plain = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def number_text(raw: str, kind: Kind, epoch: datetime) -> str:
    """A number as it is; as a date or a time only where its format says so.

    One that Excel cannot hold exactly comes in scientific form, so that it is refused by name where digits matter.

    Raises:
        ValueError: it is none.
    """
    if kind is Kind.NUMBER and raw.isdigit() and raw.isascii() and len(raw) < 16 and (raw[0] != "0" or raw == "0"):
        return raw
    value = float(raw)
    if not math.isfinite(value) or "_" in raw:
        raise ValueError(raw)
    if kind is not Kind.NUMBER and (moment := moment_text(value, kind, epoch)):
        return moment
    if abs(value) >= EXACT:
        return f"{value:.14E}"
    return str(int(value)) if value.is_integer() else repr(value)


def moment_text(serial: float, kind: Kind, epoch: datetime) -> str:
    """A date, a time, or both; "" for a serial number that is no day. Rounded to the millisecond Excel counts in."""
    days, ms = divmod(round(serial * DAY_MS), DAY_MS)
    if kind is Kind.TIME and days == 0:
        return (epoch + timedelta(milliseconds=ms)).time().isoformat()
    if not (FIRST_DAY if epoch == EPOCH else 0) <= days < LAST_DAY:
        return ""
    moment = epoch + timedelta(days=days, milliseconds=ms)
    return moment.date().isoformat() if kind is Kind.DATE and ms == 0 else moment.isoformat(sep=" ")


def column_number(letters: str) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def column_name(number: int) -> str:
    """1 is A, 27 is AA; 0 has none."""
    name = ""
    while number > 0:
        number, letter = divmod(number - 1, 26)
        name = chr(65 + letter) + name
    return name


def filled(cells: Sequence[str]) -> int:
    """How many cells up to the last that is not empty."""
    width = len(cells)
    while width and not cells[width - 1]:
        width -= 1
    return width
