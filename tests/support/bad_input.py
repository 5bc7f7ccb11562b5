"""What no form expects: texts, numbers, dates, files and bodies that people, robots and broken programs send."""

from __future__ import annotations

import zlib
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

TEXTS = (
    "",
    " ",
    "\u3000",
    "\0",
    "𠮷" * 40,
    "㐂🏳️‍🌈",
    "\u202e反\u2066转\u2069",
    "a\u0300" * 500,
    "\ufeff\u200b\u200d",
    "字" * 30_000,
    "<script>alert(1)</script>",
    "'; DROP TABLE x; --",
    "{{ 7*7 }}{% debug %}",
    "=HYPERLINK(1)",
    "%s%n%(x)s{0}",
    "a\r\nb\rc\nSet-Cookie: x",
    "../../etc/passwd",
)
NUMBERS = (
    "0",
    "-1",
    "99999999999999999999",
    "-99999999999999999999",
    "9" * 400,
    "9" * 5000,
    "2147483648",
    "1e400",
    "NaN",
    "Infinity",
    "0x10",
    "1_000",
    "１２",
    "٣",
    "²",
    "1.5",
    "true",
    "null",
    "[]",
    '{"a": 1}',
)
DATES = (
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "10000-01-01",
    "2026-02-30",
    "2026-11-23T25:61",
    "1969-12-31",
    "-2026-01-01",
    "２０２６-１１-２３",
    "2026-W48-1",
)
# Positions of lists, as they stand in addresses: base64 of JSON that is none, or of numbers no column holds.
POSITIONS = (
    "W251bGwsIEluZmluaXR5XQ==",
    "W251bGwsIE5hTl0=",
    "W251bGwsIDFlNDAwXQ==",
    "W251bGwsIDEwMDAwMDAwMDAwMDAwMDAwMDAwMF0=",
    "WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzIzOjU5IiwgMV0=",
    "WyI5OTk5LTEyLTMxVDIzOjU5OjU5LTEyOjAwIiwgMV0=",
    "WzEsIDJd",
    "e30=",
    "W1tb" * 900,
    "====",
)
VALUES = (*TEXTS, *NUMBERS, *DATES, *POSITIONS)
# As bytes on the wire, percent-encoded: no text of ours holds them.
RAW = ("%ff%fe", "%ed%a0%80", "%ed%a0%bd%ed%b8%80", "%00", "%c0%80", "%f5%80%80%80", "%e4%b8", "%zz", "%u4e2d")


def picture(size: tuple[int, int] = (40, 30)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "navy").save(out, "PNG")
    return out.getvalue()


def pixel_bomb() -> bytes:
    """A PNG of a few bytes that says it has 50,000 × 50,000 pixels."""
    head = b"IHDR" + (50_000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4, "big") + head + zlib.crc32(head).to_bytes(4, "big")


def files() -> list[SimpleUploadedFile]:
    """Uploads that are no picture, or not what they say, or named by somebody with a plan."""
    good = picture()
    return [
        SimpleUploadedFile("empty.png", b"", "image/png"),
        SimpleUploadedFile("cut.png", good[: len(good) // 2], "image/png"),
        SimpleUploadedFile("bomb.png", pixel_bomb(), "image/png"),
        SimpleUploadedFile("page.png", b"<html><script>alert(1)</script>", "image/png"),
        SimpleUploadedFile("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        SimpleUploadedFile("archive.jpg", b"PK\x03\x04" + bytes(200), "image/jpeg"),
        SimpleUploadedFile("字" * 400 + ".png", good, "image/png"),
        SimpleUploadedFile("..\\..\\x.png", good, "text/html"),
        SimpleUploadedFile("\u202egnp.exe", good, ""),
        SimpleUploadedFile("heavy.png", good + bytes(11 * 1024 * 1024), "image/png"),
    ]
