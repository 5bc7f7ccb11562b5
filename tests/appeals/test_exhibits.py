"""Evidence: what is taken is known by its contents, kept under a random name, and never more than allowed."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from appeals import actions
from appeals.actions import Piece
from appeals.actions.exhibits import EXHIBITS_MAX
from appeals.enums import Proof
from appeals.models import Exhibit
from rectification.actions.core import Refused
from tests.appeals.court import Court, film, pdf, picture
from tests.factories import NOW

MP3, WAV, OGG, AMR = (
    b"ID3" + bytes(90),
    b"RIFF\x00\x00\x00\x00WAVE" + bytes(90),
    b"OggS" + bytes(90),
    b"#!AMR\n" + bytes(90),
)
WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm" + bytes(90)
M4A, HEIC = b"\x00\x00\x00\x20ftypM4A " + bytes(90), b"\x00\x00\x00\x20ftypheic" + bytes(90)


def add(court: Court, kind: Proof, contents: bytes, *, name: str = "a", second: int | None = 3) -> Exhibit:
    draft = court.draft("W8", proven=False)
    given = Piece(kind, text="见文件", upload=BytesIO(contents), name=name, second=second)
    return actions.add_exhibit(draft, given, by=court.cast.zheng, at=NOW)


@pytest.mark.parametrize(
    ("kind", "contents", "media_type", "ending"),
    [
        (Proof.RECORDING, film().getvalue(), "video/mp4", ".mp4"),
        (Proof.RECORDING, WEBM, "video/webm", ".webm"),
        (Proof.RECORDING, M4A, "audio/mp4", ".m4a"),
        (Proof.RECORDING, MP3, "audio/mpeg", ".mp3"),
        (Proof.RECORDING, WAV, "audio/wav", ".wav"),
        (Proof.RECORDING, OGG, "audio/ogg", ".ogg"),
        (Proof.RECORDING, AMR, "audio/amr", ".amr"),
        (Proof.DOCUMENT, pdf().getvalue(), "application/pdf", ".pdf"),
        (Proof.LEGAL_BASIS, pdf().getvalue(), "application/pdf", ".pdf"),
    ],
)
def test_what_is_taken_as_it_came(court: Court, kind: Proof, contents: bytes, media_type: str, ending: str) -> None:
    exhibit = add(court, kind, contents, name="../../etc/证据\u202e.exe")
    kept = Path(exhibit.file.path)
    assert kept.read_bytes() == contents
    assert exhibit.sha256 == hashlib.sha256(contents).hexdigest()
    assert (exhibit.media_type, kept.suffix, exhibit.name) == (media_type, ending, "证据.exe")
    assert "证据" not in str(kept)
    assert len(kept.stem) >= 20, "nobody guesses where it lies"


def test_a_picture_is_made_anew(court: Court) -> None:
    photograph = BytesIO()
    tags = Image.Exif()
    tags[0x010F] = "Maker"
    Image.new("RGB", (50, 40), "red").save(photograph, "JPEG", exif=tags, comment=b"where it was taken")
    exhibit = add(court, Proof.PICTURE, photograph.getvalue())
    kept = Path(exhibit.file.path).read_bytes()
    assert b"Maker" not in kept
    assert b"where it was taken" not in kept
    assert (exhibit.media_type, exhibit.sha256) == ("image/jpeg", hashlib.sha256(kept).hexdigest())


@pytest.mark.parametrize(
    ("kind", "contents"),
    [
        (Proof.DOCUMENT, b"<html><script>alert(1)</script></html>"),
        (Proof.DOCUMENT, b"MZ" + bytes(80)),
        (Proof.DOCUMENT, b"PK\x03\x04" + bytes(80)),
        (Proof.DOCUMENT, b"  %PDF-1.7"),
        (Proof.DOCUMENT, b"\xd0\xcf\x11\xe0" + bytes(80)),
        (Proof.DOCUMENT, film().getvalue()),
        (Proof.DOCUMENT, b""),
        (Proof.PICTURE, pdf().getvalue()),
        (Proof.PICTURE, b"GIF89a" + bytes(80)),
        (Proof.PICTURE, b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
        (Proof.PICTURE, b"\xff\xd8\xff" + bytes(80)),
        (Proof.PICTURE, HEIC),
        (Proof.RECORDING, HEIC),
        (Proof.RECORDING, picture().getvalue()),
        (Proof.RECORDING, b"#!/bin/sh\n" + bytes(80)),
        (Proof.SYSTEM_LOG, film().getvalue()),
    ],
)
def test_what_is_not_taken_whatever_it_is_called(court: Court, kind: Proof, contents: bytes, settings: Any) -> None:
    with pytest.raises(Refused):
        add(court, kind, contents, name="good.pdf")
    assert not Exhibit.objects.exists()
    assert not [file for file in Path(settings.MEDIA_ROOT).rglob("*") if file.is_file()]


@pytest.mark.parametrize(("kind", "contents"), [(Proof.DOCUMENT, pdf(bytes(1 << 20))), (Proof.RECORDING, film())])
def test_how_large(court: Court, kind: Proof, contents: BytesIO, settings: Any) -> None:
    settings.APPEAL_PDF_MAX_MB = settings.APPEAL_RECORDING_MAX_MB = 1
    body = contents.getvalue()
    exact = body[: 1 << 20] + bytes(max(0, (1 << 20) - len(body)))
    assert add(court, kind, exact).sha256
    with pytest.raises(Refused, match="最多 1 MB"):
        add(court, kind, exact + b"x")


@pytest.mark.parametrize("kind", [Proof.DOCUMENT, Proof.PICTURE, Proof.RECORDING])
def test_a_file_or_nothing(court: Court, kind: Proof) -> None:
    draft = court.draft("W8", proven=False)
    with pytest.raises(Refused, match="上传文件"):
        actions.add_exhibit(draft, Piece(kind, text="有", second=1), by=court.cast.zheng, at=NOW)


def test_a_recording_is_looked_at_from_a_second_on(court: Court) -> None:
    with pytest.raises(Refused, match="第几秒"):
        add(court, Proof.RECORDING, film().getvalue(), second=None)
    assert add(court, Proof.RECORDING, film().getvalue(), second=0).second == 0


def test_words_or_nothing(court: Court) -> None:
    draft = court.draft("W8", proven=False)
    with pytest.raises(Refused, match="文字说明"):
        actions.add_exhibit(draft, Piece(Proof.LEGAL_BASIS, text=" \n"), by=court.cast.zheng, at=NOW)


def test_so_many_and_no_more(court: Court) -> None:
    draft = court.draft("W8", proven=False)
    for number in range(EXHIBITS_MAX):
        court.prove(draft, Proof.LEGAL_BASIS, by=court.cast.zheng, words=f"第{number}条")
    with pytest.raises(Refused, match=f"最多 {EXHIBITS_MAX} 件"):
        court.prove(draft, Proof.LEGAL_BASIS, by=court.cast.zheng)


def test_what_is_dropped_is_gone_with_its_file(court: Court, django_capture_on_commit_callbacks: Any) -> None:
    exhibit = add(court, Proof.DOCUMENT, pdf().getvalue())
    kept = Path(exhibit.file.path)
    with pytest.raises(Refused, match="只有添加人"):
        actions.drop_exhibit(exhibit, by=court.cast.wu, at=NOW)
    assert kept.exists()
    with django_capture_on_commit_callbacks(execute=True):
        actions.drop_exhibit(exhibit, by=court.cast.zheng, at=NOW)
    assert not kept.exists()
    assert not Exhibit.objects.exists()


def test_a_row_that_cannot_be_written_leaves_no_file(court: Court, settings: Any, monkeypatch: Any) -> None:
    def fails(*args: object, **words: object) -> None:
        raise RuntimeError("the trail is away")

    draft = court.draft("W8", proven=False)
    monkeypatch.setattr("appeals.actions.exhibits.audit", fails)
    with pytest.raises(RuntimeError):
        actions.add_exhibit(draft, Piece(Proof.DOCUMENT, upload=pdf()), by=court.cast.zheng, at=NOW)
    assert not [file for file in Path(settings.MEDIA_ROOT).rglob("*") if file.is_file()]
