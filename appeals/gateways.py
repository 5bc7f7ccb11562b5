"""The scanner that looks into files: clamd, or whatever speaks its INSTREAM command. It keeps nothing."""

from __future__ import annotations

import socket
import struct
from typing import IO

from django.conf import settings

CHUNK = 64 * 1024
SECONDS = 60


class ScannerError(Exception):
    """The scanner gave no answer about a file, which stays apart and is asked about again."""


class ScannerDown(ScannerError):
    """It could not be asked at all, about this file or any other."""


class TooLarge(ScannerError):
    """It takes no files of this size; asking again is of no use."""


def scan(contents: IO[bytes]) -> str:
    """Asks the scanner (setting SCANNER_ADDRESS, "host:port" or the path of a socket) about a file.

    Returns:
        What was found in it; "" for nothing.

    Raises:
        ScannerDown, TooLarge, ScannerError: no answer that says either.
    """
    try:
        line = _connect(settings.SCANNER_ADDRESS)
    except OSError as error:
        raise ScannerDown(type(error).__name__) from error
    try:
        with line:
            _send(line, contents)
            answer = _read(line)
    except OSError as error:
        raise ScannerError(type(error).__name__) from error
    if answer.endswith(" FOUND"):
        return answer.removesuffix(" FOUND").partition(": ")[2]
    if answer.endswith(": OK"):
        return ""
    if "size limit" in answer:
        raise TooLarge(answer[:100])
    raise ScannerError(answer[:100])


def _send(line: socket.socket, contents: IO[bytes]) -> None:
    try:
        line.sendall(b"zINSTREAM\0")
        while chunk := contents.read(CHUNK):
            line.sendall(struct.pack("!I", len(chunk)) + chunk)
        line.sendall(struct.pack("!I", 0))
    except (BrokenPipeError, ConnectionResetError):
        # It has had enough, and says why; that is read next.
        return


def _connect(address: str) -> socket.socket:
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(SECONDS)
        line.connect(address)
        return line
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=SECONDS)


def _read(line: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and (more := line.recv(CHUNK)):
        answer += more
    return answer.rstrip(b"\0\n").decode(errors="replace")
