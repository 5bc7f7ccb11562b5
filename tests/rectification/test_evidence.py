"""Pictures: only pixels survive, and what is no picture is refused in words."""

from __future__ import annotations

import zlib
from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from common.actors import CITIZEN
from rectification.actions import Refused, store_picture
from rectification.actions.evidence import PICTURES_MAX, clean_picture
from rectification.enums import Evidence, State
from rectification.models import Attachment
from rectification.workflow import NotAllowed
from tests.factories import NOW, Cast

KINDS = {"JPEG": ("RGB", "CMYK", "L"), "PNG": ("RGBA", "LA", "P", "I;16", "1"), "WEBP": ("RGB", "RGBA")}


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **how: object) -> BytesIO:
    out = BytesIO()
    Image.new(mode, size, "red" if mode != "I;16" else 0).save(out, kind, **how)
    out.seek(0)
    return out


def with_place() -> BytesIO:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SECRET-CAMERA"
    exif.get_ifd(0x8825)[1] = "N"
    return picture(exif=exif, comment=b"SECRET-PLACE")


@pytest.mark.parametrize(
    ("kind", "mode"),
    [(kind, mode) for kind, modes in KINDS.items() for mode in modes],
)
def test_every_kind_we_take_becomes_a_plain_jpeg(kind: str, mode: str) -> None:
    data, width, height = clean_picture(picture(kind, mode=mode))
    made = Image.open(BytesIO(data))
    assert (made.format, made.mode, made.size) == ("JPEG", "RGB", (width, height)) == ("JPEG", "RGB", (60, 40))


def test_metadata_are_gone_and_the_picture_stands_upright() -> None:
    data, width, height = clean_picture(with_place())
    assert (width, height) == (40, 60)
    assert b"SECRET" not in data
    assert not Image.open(BytesIO(data)).getexif()


def test_png_texts_are_gone() -> None:
    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", "SECRET")
    assert b"SECRET" not in clean_picture(picture("PNG", pnginfo=info))[0]


def test_large_pictures_are_made_smaller() -> None:
    _data, width, height = clean_picture(picture(size=(5000, 3000)))
    assert (width, height) == (2560, 1536)


def bomb() -> BytesIO:
    """A PNG that says it has 50,000 × 50,000 pixels."""
    head = b"IHDR" + (50_000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    return BytesIO(b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4, "big") + head + zlib.crc32(head).to_bytes(4, "big"))


@pytest.mark.parametrize(
    "upload",
    [
        BytesIO(b""),
        BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        BytesIO(b"GIF89a/*" + b"x" * 100),
        BytesIO(picture().getvalue()[:200]),
        BytesIO(b"PK\x03\x04" + b"\x00" * 200),
        picture("GIF"),
        picture("TIFF"),
        picture("BMP"),
        bomb(),
        picture("PNG", size=(7000, 6000), mode="1"),
    ],
    ids=["empty", "svg", "gif-script", "cut", "zip", "gif", "tiff", "bmp", "bomb", "42-megapixels"],
)
def test_what_is_no_picture_is_refused(upload: BytesIO) -> None:
    with pytest.raises(Refused, match="照片"):
        clean_picture(upload)


def test_something_behind_the_picture_is_cut_off() -> None:
    assert b"<script>" not in clean_picture(BytesIO(picture().getvalue() + b"<script>alert(1)</script>"))[0]


def test_the_evaluators_picture_is_part_of_history(cast: Cast) -> None:
    case = cast.rate(1)
    kept = store_picture(case, with_place(), kind=Evidence.CITIZEN, by=CITIZEN, at=NOW, note="样本就是这样")
    event = case.events.last()
    assert (event.action, event.note, event.data["picture"]) == ("add_statement", "样本就是这样", kept.sha256)
    assert kept.file.name.endswith(".jpg")
    with kept.file.open() as stored:
        assert b"SECRET" not in stored.read()


def test_the_units_evidence_needs_somebody_who_may_report(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    assert store_picture(case, picture(), kind=Evidence.AFTER, by=cast.wu, at=NOW).by == cast.wu
    for stranger in (cast.sun, cast.lin, CITIZEN):
        with pytest.raises(NotAllowed):
            store_picture(case, picture(), kind=Evidence.AFTER, by=stranger, at=NOW)


def test_there_is_an_end_to_pictures(cast: Cast) -> None:
    case = cast.rate(1)
    for _picture in range(PICTURES_MAX):
        store_picture(case, picture(), kind=Evidence.CITIZEN, by=CITIZEN, at=NOW)
    with pytest.raises(Refused, match="最多"):
        store_picture(case, picture(), kind=Evidence.CITIZEN, by=CITIZEN, at=NOW)
    assert Attachment.objects.count() == PICTURES_MAX
