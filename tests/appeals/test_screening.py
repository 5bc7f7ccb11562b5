"""Files are kept apart until they were looked at; documents are opened as copies made anew, by those who may."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from appeals import actions
from appeals.actions import Piece
from appeals.enums import Proof, Screened, Vote
from appeals.models import Appeal, Exhibit, Screening
from appeals.queries import download_of, exhibits_shown, needs_of
from common.models import AuditEntry
from rectification.actions.core import Refused
from tests.appeals.court import Court, film
from tests.factories import NOW

EVIL = b"X5O!P%@AP"  # what the scanner below takes for harmful


def paper(*, pages: int = 2, author: str = "") -> BytesIO:
    """A document with a page that can be read, and somebody's name in its particulars."""
    out = BytesIO()
    sheets = [Image.new("RGB", (300, 400), ["white", "black"][n % 2]) for n in range(pages)]
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:], author=author, title="来自张三的手机")
    out.seek(0)
    return out


def give(court: Court, appeal: Appeal, kind: Proof, contents: bytes) -> Exhibit:
    piece = Piece(kind, text="见文件", upload=BytesIO(contents), name="../材料.pdf.exe", second=3)
    return actions.add_exhibit(appeal, piece, by=court.cast.zheng, at=NOW)


class Scanner(threading.Thread):
    """Speaks clamd's INSTREAM on a port of its own."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.door = socket.create_server(("127.0.0.1", 0))
        self.seen: list[bytes] = []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.door.getsockname()[1]}"

    def run(self) -> None:
        while True:
            try:
                line, _ = self.door.accept()
            except OSError:
                return
            with line, line.makefile("rb") as given:
                assert given.read(10) == b"zINSTREAM\0"
                contents = b""
                while size := struct.unpack("!I", given.read(4))[0]:
                    contents += given.read(size)
                self.seen.append(contents)
                verdict = b"Eicar-Signature FOUND" if EVIL in contents else b"OK"
                answer = b"INSTREAM size limit exceeded. ERROR" if b"too large" in contents else b"stream: " + verdict
                answer = b"lstat() failed. ERROR" if b"odd" in contents else answer
                line.sendall(answer + b"\0")


@pytest.fixture
def scanner(settings: Any) -> Iterator[Scanner]:
    running = Scanner()
    running.start()
    settings.SCANNER_ADDRESS = running.address
    yield running
    running.door.close()


# --- apart until looked at ------------------------------------------------------------------------------------------


def test_nobody_opens_what_was_not_looked_at(court: Court) -> None:
    draft = court.draft("W5", proven=False)
    exhibit = give(court, draft, Proof.DOCUMENT, paper().getvalue())
    assert (exhibit.opens, download_of(court.cast.zheng, exhibit.pk)) == (False, None)
    assert actions.screen_exhibits(at=NOW) == 1
    found = download_of(court.cast.zheng, exhibit.pk)
    assert found is not None
    assert (found.name, found.media_type) == ("材料.pdf.pdf", "application/pdf")
    assert actions.screen_exhibits(at=NOW) == 0
    assert AuditEntry.objects.filter(action="appeal.screen").count() == 1


def test_pictures_are_open_at_once_and_words_always(court: Court) -> None:
    draft = court.draft("W5", proven=False)
    picture = court.prove(draft, Proof.PICTURE, by=court.cast.zheng)
    words = court.prove(draft, Proof.LEGAL_BASIS, by=court.cast.zheng)
    assert Exhibit.objects.get(pk=picture.pk).opens
    assert words.opens
    assert download_of(court.cast.zheng, picture.pk) is not None
    assert download_of(court.cast.zheng, words.pk) is None, "there is no file"
    assert actions.screen_exhibits(at=NOW) == 0


def test_a_document_is_opened_as_a_copy_made_anew(court: Court) -> None:
    draft = court.draft("W5", proven=False)
    original = paper(author="张三").getvalue() + b"\n%/JavaScript (app.alert(1))"
    exhibit = give(court, draft, Proof.DOCUMENT, original)
    actions.screen_exhibits(at=NOW)
    found = download_of(court.cast.zheng, exhibit.pk)
    assert found is not None
    with found.file.open("rb") as file:
        copy = file.read()
    assert b"JavaScript" not in copy
    again = pypdfium2.PdfDocument(copy)
    assert len(again) == 2
    assert not {key: value for key, value in again.get_metadata_dict().items() if key in ("Author", "Title") and value}
    dark = again[1].render(scale=0.2).to_pil().convert("L").getpixel((20, 20))
    assert isinstance(dark, int)
    assert dark < 40, "and it looks the same"
    assert Path(exhibit.file.path).read_bytes() == original, "what came in is kept as it came"


@pytest.mark.parametrize("contents", [b"%PDF-1.7\nnothing", b"%PDF-1.7\n" + bytes(5000)])
def test_what_cannot_be_opened_is_no_evidence(court: Court, contents: bytes) -> None:
    draft = court.draft("W5", proven=False)
    exhibit = give(court, draft, Proof.DOCUMENT, contents)
    assert [need.met for need in needs_of(draft)] == [True], "as long as nobody knows"
    assert actions.screen_exhibits(at=NOW) == 1
    assert Screening.objects.get().verdict == Screened.UNREADABLE
    assert download_of(court.cast.zheng, exhibit.pk) is None
    assert [need.met for need in needs_of(draft)] == [False]
    with pytest.raises(Refused, match="还缺证据"):
        actions.file_appeal(draft, by=court.cast.zheng, at=NOW)


def test_too_many_pages(court: Court, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = court.draft("W5", proven=False)
    give(court, draft, Proof.DOCUMENT, paper(pages=61).getvalue())
    actions.screen_exhibits(at=NOW)
    assert Screening.objects.get().verdict == Screened.UNREADABLE


def test_dropping_takes_the_copy_along(court: Court, settings: Any, django_capture_on_commit_callbacks: Any) -> None:
    draft = court.draft("W5", proven=False)
    exhibit = give(court, draft, Proof.DOCUMENT, paper().getvalue())
    actions.screen_exhibits(at=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        actions.drop_exhibit(Exhibit.objects.get(pk=exhibit.pk), by=court.cast.zheng, at=NOW)
    assert not [file for file in Path(settings.MEDIA_ROOT).rglob("*") if file.is_file()]
    assert not Screening.objects.exists()


# --- the scanner ------------------------------------------------------------------------------------------------------


def test_the_scanner_is_asked_about_what_came_in(court: Court, scanner: Scanner) -> None:
    draft = court.draft("W6", proven=False)
    good, bad = film().getvalue(), film().getvalue() + bytes(200_000) + EVIL
    clean, harmful = (give(court, draft, Proof.RECORDING, contents) for contents in (good, bad))
    assert actions.screen_exhibits(at=NOW) == 2
    assert scanner.seen == [good, bad]
    assert download_of(court.cast.zheng, clean.pk) is not None
    assert download_of(court.cast.zheng, harmful.pk) is None
    found = Screening.objects.get(exhibit=harmful)
    assert (found.verdict, found.finding) == (Screened.HARMFUL, "Eicar-Signature")


def test_without_an_answer_it_stays_apart(court: Court, settings: Any, scanner: Scanner) -> None:
    draft = court.draft("W6", proven=False)
    exhibit = give(court, draft, Proof.RECORDING, film().getvalue())
    settings.SCANNER_ADDRESS = "127.0.0.1:1"
    assert actions.screen_exhibits(at=NOW) == 0
    assert not Screening.objects.exists()
    settings.SCANNER_ADDRESS = scanner.address
    assert actions.screen_exhibits(at=NOW) == 1
    assert list(Screening.objects.values_list("exhibit", flat=True)) == [exhibit.pk]


def test_nobody_waits_for_a_file_the_scanner_cannot_answer_for(court: Court, scanner: Scanner) -> None:
    draft = court.draft("W6", proven=False)
    odd, large, good = (
        give(court, draft, Proof.RECORDING, film().getvalue() + end) for end in (b"odd", b"too large", b"")
    )
    assert actions.screen_exhibits(at=NOW, limit=2) == 2
    found = dict(Screening.objects.values_list("exhibit", "verdict"))
    assert found == {large.pk: Screened.UNREADABLE, good.pk: Screened.CLEAN}
    assert actions.screen_exhibits(at=NOW) == 0
    assert download_of(court.cast.zheng, odd.pk) is None


# --- who opens it -----------------------------------------------------------------------------------------------------


def test_who_sees_an_appeal_opens_its_evidence_and_nobody_else(court: Court) -> None:
    draft = court.draft("W5")
    stranger = court.cast.sun
    exhibit = court.prove(draft, Proof.PICTURE, by=court.cast.zheng)
    for name, person in court.cast.everybody.items():
        assert (download_of(person, exhibit.pk) is not None) == (name == "zheng"), f"a draft: {name}"
    appeal = actions.file_appeal(draft, by=court.cast.zheng, at=NOW)
    leaver, *panel = court.panel(appeal)
    actions.ask_recusal(appeal, by=leaver, at=NOW, note="与申诉人相识")
    for person in (*panel, court.cast.wu, court.cast.rated, court.cast.qian):
        assert download_of(person, exhibit.pk) is not None
        assert exhibit in exhibits_shown(person, appeal)
    for person in (leaver, stranger, court.cast.song, court.cast.he, court.cast.xu):
        assert download_of(person, exhibit.pk) is None
        assert exhibits_shown(person, appeal) == []


def test_the_panel_of_a_review_opens_what_the_first_had(court: Court) -> None:
    draft = court.draft("W5", proven=False)
    exhibit = court.prove(draft, Proof.PICTURE, by=court.cast.zheng)
    first = court.serve(court.decide(actions.file_appeal(draft, by=court.cast.zheng, at=NOW), Vote.REJECT))
    review = court.review(first, court.cast.zheng)
    member = court.panel(review)[0]
    assert not Appeal.objects.visible_to(member).filter(pk=first.pk).exists(), "the first votes are none of theirs"
    assert download_of(member, exhibit.pk) is not None
    assert exhibit in exhibits_shown(member, review)
