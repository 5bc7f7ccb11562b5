"""Evidence: what kinds of files are taken, known by their contents and never by their name, and how they are kept."""

from __future__ import annotations

import functools
import hashlib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import IO

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appeals.actions.core import acting, audit, hold_case, lock, require_nobody_named
from appeals.actions.screening import MADE_ANEW
from appeals.enums import Proof, Screened, Stage
from appeals.models import Appeal, Exhibit, Screening
from common.actors import Actor
from common.ids import new_token
from organizations.models import Staff
from organizations.queries import staff_actor
from rectification.actions import flag_withdrawal
from rectification.actions.core import Refused
from rectification.actions.evidence import clean_picture
from rectification.enums import Party

EXHIBITS_MAX = 20
AFTER_CALL = gettext_lazy("督导记录评价人确认误评,此前单位联系过评价人")
HEAD = 64
CHUNK = 1024 * 1024
PICTURE, PDF, RECORDING = "picture", "pdf", "recording"
MP4_SOUND = (b"M4A ", b"M4B ")
MP4_FILM = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"3gp4", b"3gp5", b"dash")
# Media type, ending, and by what a file is known; whatever is none of these is not taken.
FORMATS: dict[str, tuple[tuple[str, str, Callable[[bytes], bool]], ...]] = {
    PICTURE: (
        ("image/jpeg", "jpg", lambda head: head.startswith(b"\xff\xd8\xff")),
        ("image/jpeg", "jpg", lambda head: head.startswith(b"\x89PNG\r\n\x1a\n")),
        ("image/jpeg", "jpg", lambda head: head.startswith(b"RIFF") and head[8:12] == b"WEBP"),
    ),
    PDF: (("application/pdf", "pdf", lambda head: head.startswith(b"%PDF-")),),
    RECORDING: (
        ("video/mp4", "mp4", lambda head: head[4:8] == b"ftyp" and head[8:12] in MP4_FILM),
        ("audio/mp4", "m4a", lambda head: head[4:8] == b"ftyp" and head[8:12] in MP4_SOUND),
        ("video/webm", "webm", lambda head: head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head),
        (
            "audio/mpeg",
            "mp3",
            lambda head: head.startswith(b"ID3") or head[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
        ),
        ("audio/wav", "wav", lambda head: head.startswith(b"RIFF") and head[8:12] == b"WAVE"),
        ("audio/ogg", "ogg", lambda head: head.startswith(b"OggS")),
        ("audio/amr", "amr", lambda head: head.startswith(b"#!AMR")),
    ),
}
# What a kind of evidence may be given as; the first three are nothing without a file, all others nothing without words.
TAKES = {Proof.DOCUMENT: (PDF, PICTURE), Proof.PICTURE: (PICTURE,), Proof.RECORDING: (RECORDING,)}
BESIDE_WORDS = (PDF, PICTURE)


@dataclass(frozen=True)
class Piece:
    """A piece of evidence as it is given.

    Attributes:
        text: what it shows; needed where there is no file.
        upload: the file as it came, with the name it had.
        second: from which second of a recording on one has to look.
        happened_at: when what it shows happened, for the time line.
    """

    kind: Proof
    text: str = ""
    upload: IO[bytes] | None = None
    name: str = ""
    second: int | None = None
    happened_at: datetime | None = None


@dataclass(frozen=True)
class _Kept:
    contents: IO[bytes]
    media_type: str
    ending: str
    sha256: str
    made_anew: bool = False


def add_exhibit(appeal: Appeal, piece: Piece, *, by: Staff, at: datetime) -> Exhibit:
    """Adds evidence to a draft: by its writer, or, what the evaluator confirmed, by a supervisor or callback officer.

    That an evaluator takes a rating back after the unit has spoken with them is looked into by a city supervisor.

    Raises:
        Refused: it is nothing of its kind, too large, of a kind that is not taken, one too many, the appeal has been
            filed, or it is not this person's to add.
    """
    _require_whole(piece)
    require_nobody_named(piece.text, piece.name)
    kept = _examined(piece) if piece.upload is not None else None
    with transaction.atomic():
        locked = lock(appeal)
        actor = _writer(locked, piece.kind, by)
        if locked.stage != Stage.DRAFT:
            raise Refused(_("申诉已提出,不能再改证据。"))
        if locked.exhibits.count() >= EXHIBITS_MAX:
            raise Refused(_("证据最多 %(count)d 件。") % {"count": EXHIBITS_MAX})
        exhibit = Exhibit(appeal=locked, kind=piece.kind, text=piece.text.strip(), by=by, at=at)
        exhibit.second, exhibit.happened_at = piece.second, piece.happened_at
        if kept is not None:
            exhibit.name, exhibit.media_type, exhibit.sha256 = _shown(piece.name), kept.media_type, kept.sha256
            exhibit.file.save(f"{new_token()}.{kept.ending}", File(kept.contents), save=False)
        try:
            exhibit.save()
            if kept is not None and kept.made_anew:
                Screening.objects.create(exhibit=exhibit, verdict=Screened.CLEAN, engine=MADE_ANEW, at=at)
            if piece.kind == Proof.CONFIRMATION:
                flag_withdrawal(hold_case(locked), what=AFTER_CALL, at=at)
            facts = {"kind": piece.kind, "sha256": exhibit.sha256}
            audit("add_exhibit", locked, by=actor, at=at, after=facts)
        except BaseException:
            if kept is not None:
                exhibit.file.delete(save=False)
            raise
    return exhibit


def _writer(appeal: Appeal, kind: Proof, by: Staff) -> Actor:
    """W1 rests on what the evaluator said, so never the rated unit says what that was (docs/domain.md §7.2)."""
    if kind == Proof.CONFIRMATION:
        return acting(by, appeal.case, Party.SUPERVISOR, Party.CALLBACK)
    if by.pk != appeal.by_id:
        raise Refused(_("只有起草人可以添加证据。"))
    return staff_actor(by)


@transaction.atomic
def drop_exhibit(exhibit: Exhibit, *, by: Staff, at: datetime) -> None:
    """Takes a piece of evidence out of a draft, with its file; by whoever added it.

    Raises:
        Refused: the appeal has been filed, or somebody else added it.
    """
    locked = lock(exhibit.appeal)
    if locked.stage != Stage.DRAFT:
        raise Refused(_("申诉已提出,不能再改证据。"))
    if by.pk != exhibit.by_id:
        raise Refused(_("只有添加人可以取下证据。"))
    screening = Screening.objects.filter(exhibit=exhibit).first()
    files = [exhibit.file, *([screening.file] if screening else [])]
    names = [file.name for file in files if file.name]
    storage = exhibit.file.storage
    exhibit.delete()
    audit("drop_exhibit", locked, by=staff_actor(by), at=at, after={"kind": exhibit.kind, "sha256": exhibit.sha256})
    for name in names:
        transaction.on_commit(functools.partial(storage.delete, name))


def _require_whole(piece: Piece) -> None:
    if piece.upload is None and piece.kind in TAKES:
        raise Refused(_("%(kind)s需要上传文件。") % {"kind": piece.kind.label})
    if piece.kind not in TAKES and not piece.text.strip():
        raise Refused(_("%(kind)s需要文字说明。") % {"kind": piece.kind.label})
    if piece.kind == Proof.RECORDING and piece.second is None:
        raise Refused(_("请写明从第几秒看起。"))


def _examined(piece: Piece) -> _Kept:
    """The file as it is kept: a picture made anew, anything else as it came, under the type its contents show.

    Raises:
        Refused: nothing that is taken for this kind, or too large.
    """
    upload = piece.upload
    assert upload is not None
    head = upload.read(HEAD)
    upload.seek(0)
    for family in TAKES.get(piece.kind, BESIDE_WORDS):
        for media_type, ending, known in FORMATS[family]:
            if known(head):
                return _picture(upload) if family == PICTURE else _as_it_came(upload, media_type, ending, family)
    raise Refused(_("不能使用这种文件。图片用 JPG、PNG、WebP,材料用 PDF,录音录像用 MP4、WebM、MP3、WAV、OGG、AMR。"))


def _picture(upload: IO[bytes]) -> _Kept:
    contents, _width, _height = clean_picture(upload)
    return _Kept(BytesIO(contents), "image/jpeg", "jpg", hashlib.sha256(contents).hexdigest(), True)


def _as_it_came(upload: IO[bytes], media_type: str, ending: str, family: str) -> _Kept:
    most = settings.APPEAL_PDF_MAX_MB if family == PDF else settings.APPEAL_RECORDING_MAX_MB
    digest, size = hashlib.sha256(), 0
    while chunk := upload.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if size > most * 1024 * 1024:
            raise Refused(_("文件太大,最多 %(most)d MB。") % {"most": most})
    upload.seek(0)
    return _Kept(upload, media_type, ending, digest.hexdigest())


def _shown(name: str) -> str:
    """A file's name as words: no folders, nothing that cannot be seen."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in last if unicodedata.category(letter)[0] != "C")[:120]
