"""Which encoding a text is in, proved on all of its bytes before a single row is read.

Chinese offices send UTF-8, GB18030 (which holds GBK and GB 2312) and, from Excel's "Unicode text", UTF-16. A file that
is neither throughout is refused with the line where it breaks: half a file in the wrong letters is worse than none.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from evaluations.enums import FaultCode
from evaluations.readers.results import LINE_MAX, MEGABYTE, Unreadable

UTF8, UTF16_LE, UTF16_BE, GB18030 = "utf-8", "utf-16-le", "utf-16-be", "gb18030"
NAMES = {UTF8: "UTF-8", UTF16_LE: "UTF-16", UTF16_BE: "UTF-16", GB18030: "GB18030"}
# Mark, what it is proved with, what it is read with (so that the mark is no letter). UTF-32 is not read; its mark
# begins like that of UTF-16.
MARKS = (
    (codecs.BOM_UTF32_LE, "", ""),
    (codecs.BOM_UTF32_BE, "", ""),
    (codecs.BOM_UTF8, UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, UTF16_BE, "utf-16"),
)
CHUNK, HEAD = MEGABYTE, 4096
# The first byte of three or four: whole files of such letters are no accident of another encoding.
WIDE = re.compile(rb"[\xe0-\xf4]")
HALF_PAIR = re.compile(rb"\xed[\xa0-\xbf]")
# Two or more Han letters or full-width marks of UTF-8. (No look behind: it would cost ten times as much.)
UTF8_WORD = re.compile(rb"[\xe3-\xe9\xef][\x80-\xbf]{2}(?:[\xe3-\xe9\xef][\x80-\xbf]{2})+")
LONG_WORD = 4
# Latin, Chinese and punctuation: bytes of other encodings, read two by two, lead far away from these.
HEADER_LIKE = re.compile("[\t -~\u00a0-\u024f\u2000-\u206f\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]+")


@dataclass(frozen=True)
class Proof:
    """What decoding all bytes showed. `wide`: letters of three bytes and more came (before the break).

    `broken`: where bytes stop being text, or None; `cut`: because the file ends in the middle of a letter.
    """

    ascii: bool
    wide: bool
    broken: int | None = None
    cut: bool = False
    half_pair: bool = False


def encoding_of(file: BinaryIO) -> str:
    """The encoding of a whole text; the file is read to its end.

    Raises:
        Unreadable: no encoding fits, two fit or are mixed; NUL, half of a pair, a letter cut off, an endless line.
    """
    file.seek(0)
    head = file.read(HEAD)
    mark = next((found for found in MARKS if head.startswith(found[0])), None)
    if mark is None and b"\0" not in head:
        return _utf8_or_gb(file)
    proving = mark[1] if mark else _unmarked_utf16(head)
    if not proving:
        raise Unreadable(FaultCode.ENCODING_UNKNOWN)
    proof = _prove(file, proving)
    if proof.broken is not None:
        raise _refusal(file, proving, proof)
    return mark[2] if mark else proving


def _utf8_or_gb(file: BinaryIO) -> str:
    """One of the two that have no mark. Letters of two bytes alone prove nothing: they are words in both."""
    proof = _prove(file, UTF8)
    if proof.broken is None:
        if proof.wide or proof.ascii:
            return UTF8
        raise Unreadable(FaultCode.ENCODING_UNCLEAR, line=_first_letter(file))
    if proof.wide or proof.cut:
        raise _refusal(file, UTF8, proof)
    _refuse_utf8_words(file)
    other = _prove(file, GB18030)
    if other.broken is None:
        return GB18030
    if proof.half_pair:
        raise _refusal(file, UTF8, proof)
    if other.cut or line_at(file, other.broken, GB18030) > line_at(file, proof.broken, GB18030):
        raise _refusal(file, GB18030, other)
    raise Unreadable(FaultCode.ENCODING_UNKNOWN, line=line_at(file, other.broken, GB18030))


def _refusal(file: BinaryIO, encoding: str, proof: Proof) -> Unreadable:
    code = FaultCode.ENCODING_MIXED
    if proof.cut:
        code = FaultCode.CHARACTER_CUT
    elif proof.half_pair:
        code = FaultCode.SURROGATE
    return Unreadable(code, line=line_at(file, proof.broken or 0, encoding), encoding=NAMES[encoding])


def _unmarked_utf16(head: bytes) -> str:
    """UTF-16 without a mark: its first line is a plausible header in one of the two orders of bytes, and only there.

    Text that is proper without its few NULs is just that, spoilt: in UTF-16, separators and digits alone make many.
    """
    plain, fits = head.replace(b"\0", b""), []
    spoilt = _begins_proper(plain) and (len(head) - len(plain)) * 5 < len(head) * 2
    for encoding in () if spoilt else (UTF16_LE, UTF16_BE):
        text = codecs.getincrementaldecoder(encoding)("replace").decode(head)
        first, end, _rest = re.sub("\r\n?", "\n", text).partition("\n")
        if end and HEADER_LIKE.fullmatch(first):
            fits.append(encoding)
    if len(fits) != 1:
        raise Unreadable(FaultCode.NUL, line=head[: head.index(0)].count(b"\n") + 1)
    return fits[0]


def _begins_proper(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder(UTF8)().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _prove(file: BinaryIO, encoding: str) -> Proof:
    """Decodes everything.

    Raises:
        Unreadable: NUL, or no end of line for longer than any line may be.
    """
    decoder, wide, plain, sixteen = codecs.getincrementaldecoder(encoding)(), False, True, encoding.startswith("utf-16")
    offset = since = 0
    file.seek(0)
    while True:
        chunk = file.read(CHUNK)
        pending = len(decoder.getstate()[0])
        try:
            text = decoder.decode(chunk, not chunk)
        except UnicodeDecodeError as error:
            wide = wide or bool(WIDE.search(error.object[: error.start]))
            half = sixteen or bool(HALF_PAIR.match(error.object, error.start))
            return Proof(False, wide, offset - pending + error.start, not chunk, half)
        if not chunk:
            return Proof(plain, wide)
        seen = text.encode() if sixteen else chunk
        # What still waits for its other half proves nothing yet.
        whole = len(chunk) - len(decoder.getstate()[0])
        plain, wide = plain and chunk.isascii(), wide or bool(WIDE.search(chunk, 0, max(whole, 0)))
        if b"\0" in seen:
            raise Unreadable(FaultCode.NUL, line=_line_of_nul(file, encoding))
        end = max(seen.rfind(b"\n"), seen.rfind(b"\r"))
        since = len(seen) - end - 1 if end >= 0 else since + len(seen)
        if since > LINE_MAX:
            line = line_at(file, offset, encoding)
            raise Unreadable(FaultCode.LINE_TOO_LONG, line=line, most=LINE_MAX // MEGABYTE)
        offset += len(chunk)


def line_at(file: BinaryIO, offset: int, encoding: str) -> int:
    """The line in which a byte stands, the first being 1."""
    lines = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)("replace"), translate=True)
    count = 1
    file.seek(0)
    while offset > 0 and (chunk := file.read(min(CHUNK, offset))):
        count += lines.decode(chunk).count("\n")
        offset -= len(chunk)
    return count


def _line_of_nul(file: BinaryIO, encoding: str) -> int:
    file.seek(0)
    count = 1
    lines = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)("replace"), translate=True)
    while chunk := file.read(CHUNK):
        before, nul, _after = lines.decode(chunk).partition("\0")
        count += before.count("\n")
        if nul:
            break
    return count


def _first_letter(file: BinaryIO) -> int:
    """The line of the first byte that is not ASCII."""
    file.seek(0)
    offset = 0
    while (chunk := file.read(CHUNK)) and chunk.isascii():
        offset += len(chunk)
    found = re.search(rb"[\x80-\xff]", chunk)
    return line_at(file, offset + (found.start() if found else 0), UTF8)


def _refuse_utf8_words(file: BinaryIO) -> None:
    """Bytes of UTF-8 are often proper, senseless GB18030. Words that make sense in UTF-8 alone give a mixture away."""
    offset = 0
    for block in _blocks(file):
        for found in UTF8_WORD.finditer(block):
            around = block[max(0, found.start() - 1) : found.start()] + block[found.end() : found.end() + 1]
            if around.isascii() and _is_utf8_word(found[0]):
                line = line_at(file, offset + found.start(), GB18030)
                raise Unreadable(FaultCode.ENCODING_MIXED, line=line, encoding=NAMES[GB18030])
        offset += len(block)


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    """The file in pieces that end with a line, so that no word is cut."""
    file.seek(0)
    rest = b""
    while chunk := file.read(CHUNK):
        data = rest + chunk
        end = max(data.rfind(b"\n"), data.rfind(b"\r")) + 1 or (len(data) if len(data) > LINE_MAX else 0)
        yield data[:end]
        rest = data[end:]
    yield rest


def _is_utf8_word(run: bytes) -> bool:
    """Whether a run of bytes is common Han in UTF-8, and in GB18030 letters that hardly anybody writes.

    Of words of two letters, one in thirty is common in both and passes; in a whole file the next word tells.
    """
    try:
        han = [letter for letter in run.decode() if "\u4e00" <= letter <= "\u9fff"]
    except UnicodeDecodeError:
        return False
    rare = sum(not _is_common(letter) for letter in han)
    if len(han) >= LONG_WORD:
        return rare * 4 <= len(han)
    return len(han) > 1 and not rare and not all(map(_in_gb2312, run.decode(GB18030, "replace")))


def _in_gb2312(letter: str) -> bool:
    return bool(letter.encode("gb2312", "ignore"))


def _is_common(letter: str) -> bool:
    """Among the 3,755 letters of the first level of GB 2312."""
    return b"\xb0" <= letter.encode("gb2312", "ignore")[:1] <= b"\xd7"
