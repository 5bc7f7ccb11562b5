"""Zip archives, and workbooks as what they are inside: looked at by their directory before anything is unpacked.

Nothing is ever unpacked under a name that the archive chose.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, cast

from evaluations.enums import FaultCode
from evaluations.readers.results import MEGABYTE, ReadLimits, Unreadable

MAGIC = b"PK\x03\x04"
END, END_SIZE, COMMENT_MAX = b"PK\x05\x06", 22, 65_535
ZIP64_LOCATOR, ZIP64_SIZE = b"PK\x06\x07", 20
# A directory of this size makes a few MB of Python objects.
DIRECTORY_MAX = MEGABYTE
# What is smaller than this may be packed as tightly as it likes.
SMALL = 16 * MEGABYTE
WORKBOOK_ENTRIES = 2_000
# What macOS and Windows put beside the files somebody packed.
LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError)
# What a directory that points nowhere leads to besides.
DISORDER = (*BROKEN, OSError, ValueError, NotImplementedError, RuntimeError, struct.error)


@contextmanager
def opened_archive(file: BinaryIO) -> Iterator[zipfile.ZipFile]:
    """The archive, once its directory is known to be small.

    Raises:
        Unreadable: there is no proper directory at the end, or one too large to be looked at.
    """
    _measure_directory(file)
    try:
        archive = zipfile.ZipFile(file)
    except DISORDER as error:
        raise Unreadable(FaultCode.ARCHIVE_BROKEN) from error
    with archive:
        yield archive


def _measure_directory(file: BinaryIO) -> None:
    size = file.seek(0, 2)
    file.seek(max(0, size - END_SIZE - COMMENT_MAX - ZIP64_SIZE))
    tail = file.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < END_SIZE:
        raise Unreadable(FaultCode.ARCHIVE_BROKEN)
    # A second directory for archives beyond 4 GB or 65,535 entries would overrule this one.
    if tail[max(0, at - ZIP64_SIZE) :].startswith(ZIP64_LOCATOR):
        raise Unreadable(FaultCode.ARCHIVE_BOMB, most=ReadLimits.unpacked // MEGABYTE, ratio=ReadLimits.ratio)
    if int.from_bytes(tail[at + 12 : at + 16], "little") > DIRECTORY_MAX:
        raise Unreadable(FaultCode.ARCHIVE_TOO_MANY, most=DIRECTORY_MAX // 100)


def weigh(archive: zipfile.ZipFile, *, entries_max: int, unpacked_max: int, ratio_max: int) -> None:
    """Refuses what would unpack to too much, by what the directory says; reading holds every member to its word.

    Args:
        unpacked_max: bytes of all members together.
        ratio_max: unpacked to packed, where it matters.

    Raises:
        Unreadable: too many entries, too large, too tightly packed, or locked.
    """
    entries = archive.infolist()
    if len(entries) > entries_max:
        raise Unreadable(FaultCode.ARCHIVE_TOO_MANY, most=entries_max)
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Unreadable(FaultCode.ARCHIVE_LOCKED)
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise Unreadable(FaultCode.ARCHIVE_BROKEN)
    unpacked, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
    if unpacked > unpacked_max or (unpacked > SMALL and unpacked > packed * ratio_max):
        raise Unreadable(FaultCode.ARCHIVE_BOMB, most=unpacked_max // MEGABYTE, ratio=ratio_max)


def members(archive: zipfile.ZipFile, limits: ReadLimits) -> list[zipfile.ZipInfo]:
    """The files of an archive, in its order.

    Raises:
        Unreadable: a path that leads out of the archive, a link, nothing inside, or see `weigh`.
    """
    files = [entry for entry in archive.infolist() if not _is_litter(entry)]
    weigh(archive, entries_max=limits.members * 3, unpacked_max=limits.unpacked, ratio_max=limits.ratio)
    if len(files) > limits.members:
        raise Unreadable(FaultCode.ARCHIVE_TOO_MANY, most=limits.members)
    if any(_leads_out(entry) for entry in archive.infolist()):
        raise Unreadable(FaultCode.ARCHIVE_PATH)
    if not files:
        raise Unreadable(FaultCode.EMPTY_FILE)
    return files


def _is_litter(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.endswith("/") or entry.filename.startswith(LITTER) or entry.filename.endswith(LITTER[1:])


def _leads_out(entry: zipfile.ZipInfo) -> bool:
    # As the archive wrote it: zipfile itself turns backslashes and cuts at NUL.
    path = entry.orig_filename.replace("\\", "/")
    odd = path.startswith("/") or ":" in path or ".." in path.split("/") or not path.isprintable()
    return odd or stat.S_ISLNK(entry.external_attr >> 16)


def label(entry: zipfile.ZipInfo) -> str:
    """The path for people: Chinese Windows writes it in GBK without saying so."""
    return entry.filename if entry.flag_bits & 0x800 else decoded(entry.filename)


def decoded(filename: str) -> str:
    """The name that was meant, where zipfile has read GBK as the letters of DOS."""
    try:
        return filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return filename


def opened_member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> IO[bytes]:
    """One member to be read in a row; its place and its name are as the directory says.

    Raises:
        Unreadable: they are not.
    """
    try:
        return archive.open(entry)
    except DISORDER as error:
        raise Unreadable(FaultCode.ARCHIVE_BROKEN) from error


@contextmanager
def unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[BinaryIO]:
    """One member as a file; a workbook in a temporary one, because it is read here and there."""
    with opened_member(archive, entry) as stream:
        if not entry.filename.lower().endswith(".xlsx"):
            yield cast(BinaryIO, stream)
            return
        with SpooledTemporaryFile(max_size=SMALL) as copy:
            pour(stream, copy)
            yield cast(BinaryIO, copy)


def pour(stream: IO[bytes], into: IO[bytes] | None = None) -> None:
    """Reads a member to its end, which proves its length and its checksum."""
    while chunk := stream.read(MEGABYTE):
        if into is not None:
            into.write(chunk)
