"""What a file is: by its bytes, and its name must agree."""

from __future__ import annotations

from typing import BinaryIO

from evaluations.enums import FaultCode, FileFormat
from evaluations.readers.archives import END, MAGIC, opened_archive
from evaluations.readers.results import Unreadable

EXTENSIONS = {
    "csv": FileFormat.CSV,
    "tsv": FileFormat.CSV,
    "txt": FileFormat.CSV,
    "xlsx": FileFormat.XLSX,
    "ndjson": FileFormat.NDJSON,
    "jsonl": FileFormat.NDJSON,
    "zip": FileFormat.ZIP,
}
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Files that are given a table's name: PDF, gzip, RAR, 7z, PNG, JPEG, and the web pages many systems call ".xls".
OTHERS = (b"%PDF", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"\x89PNG", b"\xff\xd8\xff", b"<")
HEAD = 512


def format_of(file: BinaryIO, name: str) -> FileFormat:
    """The format of a file, if its name and its bytes agree.

    Raises:
        Unreadable: a format we do not read, macros, or another format than the name says.
    """
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    file.seek(0)
    head = file.read(HEAD)
    if not head:
        raise Unreadable(FaultCode.EMPTY_FILE)
    if extension in ("xlsm", "xlsb", "xltm"):
        raise Unreadable(FaultCode.FORMAT_MACRO)
    if extension == "xls" or head.startswith(OLD_EXCEL):
        raise Unreadable(FaultCode.FORMAT_OLD_EXCEL)
    if extension not in EXTENSIONS:
        raise Unreadable(FaultCode.FORMAT_UNKNOWN)
    said, found = EXTENSIONS[extension], _by_bytes(file, head)
    if said in (FileFormat.CSV, FileFormat.NDJSON) and found is None:
        return said
    if said != found:
        raise Unreadable(FaultCode.FORMAT_DIFFERS, extension=extension)
    return said


def _by_bytes(file: BinaryIO, head: bytes) -> FileFormat | str | None:
    """The format that bytes cannot hide; None for text, which may be anything that is text."""
    if head.startswith((MAGIC, END)):
        with opened_archive(file) as archive:
            return FileFormat.XLSX if "xl/workbook.xml" in archive.namelist() else FileFormat.ZIP
    return "other" if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(OTHERS) else None
