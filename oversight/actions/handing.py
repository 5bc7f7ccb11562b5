"""What leaves a sealed dossier: the letter that names a unit to its leaders, and the hand-over to discipline inspection
with its receipt; what came back, and the end with its proof. The portal records and decides no discipline."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import IO

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common.failpoints import failpoint
from common.printing import PrintError
from organizations.actions import Refused
from organizations.models import Staff
from oversight.actions.dossiers import Move, begin, finish, keep_picture
from oversight.enums import ClueAct, CluePaperKind, DossierAct, FileSide, Level
from oversight.models import Clue, CluePaper, Dossier, Feedback, Handover
from oversight.paper import Paper, dump
from oversight.queries.clue_papers import handover_of, letter_of
from oversight.queries.clues import standing
from oversight.renderings import as_pdf


@transaction.atomic
def write_letter(row: Dossier, addressee: str, *, by: Staff, at: datetime, seen: int | None = None) -> CluePaper:
    """通报函 to 主要领导 or 分管领导 of the unit, named by post.

    Raises:
        Refused: the level is another one, nobody is named, or it cannot be printed.
    """
    move = begin(row, ClueAct.WRITE_LETTER, by=by, at=at, seen=seen)
    _of_level(move, Level.CIRCULAR)
    if not addressee.strip():
        raise Refused(_("请写明主送谁。"))
    with translation.override(settings.LANGUAGE_CODE):
        paper = letter_of(move.dossier, addressee.strip(), at=at)
    kept = _keep(move, CluePaperKind.LETTER, addressee, paper)
    finish(move, note=addressee, data={"paper": kept.sha256})
    return kept


@transaction.atomic
def hand_over(
    row: Dossier,
    addressee: str,
    receiver: str,
    held_on: date,
    receipt: str,
    *,
    by: Staff,
    at: datetime,
    seen: int | None = None,
) -> Handover:
    """移送: the file with its evidence and fingerprints, to whom, on which day, against which receipt.

    Raises:
        Refused: the level is another one, something is not said, the day is to come, or it cannot be printed.
    """
    move = begin(row, ClueAct.HAND_OVER, by=by, at=at, seen=seen)
    _of_level(move, Level.TRANSFER)
    if held_on > timezone.localdate(at):
        raise Refused(_("日期不能晚于今天。"))
    if not all(words.strip() for words in (addressee, receiver, receipt)):
        raise Refused(_("请写明接收机关、接收人和回执编号。"))
    with translation.override(settings.LANGUAGE_CODE):
        paper = handover_of(move.dossier, addressee.strip(), at=at)
    kept = _keep(move, CluePaperKind.HANDOVER, addressee, paper)
    made = Handover.objects.create(
        dossier=move.dossier,
        paper=kept,
        addressee=addressee.strip(),
        receiver=receiver.strip(),
        held_on=held_on,
        receipt=receipt.strip(),
        by=by,
        at=at,
    )
    finish(move, note=f"{addressee} {receipt}", data={"paper": kept.sha256, "receipt": receipt})
    return made


def _of_level(move: Move, level: Level) -> None:
    decision = standing(move.dossier)
    if decision is None or decision.level != level:
        raise Refused(_("只有“%(level)s”才需要。") % {"level": level.label})


def _keep(move: Move, kind: CluePaperKind, addressee: str, paper: Paper) -> CluePaper:
    """Writes the file under a name that holds its fingerprint, so that one left by a killed act is not doubled."""
    try:
        made = as_pdf(paper)
    except PrintError as error:
        raise Refused(str(error)) from error
    row = CluePaper(dossier=move.dossier, kind=kind, addressee=addressee.strip(), content=dump(paper), at=move.at)
    if move.staff is None:
        raise ValueError("a paper is made by somebody")
    row.by, row.sha256 = move.staff, hashlib.sha256(made).hexdigest()
    name, storage = f"clues/{move.dossier.pk}-{row.sha256[:20]}.pdf", row.file.storage
    if storage.exists(name):
        storage.delete(name)
    row.file.name = storage.save(name, ContentFile(made))
    row.save()
    failpoint("clue_paper_kept")
    return row


@transaction.atomic
def record_feedback(
    row: Dossier,
    held_on: date,
    text: str,
    reference: str = "",
    *,
    by: Staff,
    at: datetime,
    seen: int | None = None,
) -> Feedback:
    """登记反馈, as it was said.

    Raises:
        Refused: the day is to come, or nothing is said.
    """
    move = begin(row, ClueAct.FEEDBACK, by=by, at=at, seen=seen)
    if held_on > timezone.localdate(at):
        raise Refused(_("日期不能晚于今天。"))
    if not text.strip():
        raise Refused(_("请写明反馈内容。"))
    made = Feedback.objects.create(
        dossier=move.dossier, held_on=held_on, text=text.strip(), reference=reference.strip(), by=by, at=at
    )
    finish(move, note=text)
    return made


@transaction.atomic
def close_clue(
    row: Dossier,
    outcome: str,
    reference: str = "",
    *,
    by: Staff,
    at: datetime,
    pictures: Sequence[IO[bytes]] = (),
    seen: int | None = None,
) -> Dossier:
    """办结, with what came of it and the proof: a picture, or where it is filed.

    Raises:
        Refused: no proof; a circular without its letter, a hand-over without receipt and feedback; or as
            `close_dossier`.
    """
    move = begin(row, DossierAct.CLOSE, by=by, at=at, seen=seen)
    decision = standing(move.dossier)
    if decision is None:
        raise Refused(_("现在没有处理意见。"))
    if decision.level == Level.CIRCULAR and not move.dossier.papers.filter(at__gte=decision.proposed_at).exists():
        raise Refused(_("先制作通报函。"))
    if decision.level == Level.TRANSFER:
        since = move.dossier.handovers.filter(at__gte=decision.proposed_at)
        if not since.exists() or not move.dossier.feedbacks.filter(at__gte=decision.proposed_at).exists():
            raise Refused(_("移送的要有回执和反馈才能办结。"))
    kept = [keep_picture(move.dossier, one, FileSide.RECORD, by=by, at=at) for one in pictures]
    if not reference.strip() and not kept:
        raise Refused(_("办结要有依据:写明文号或存档位置,或上传照片。"))
    Clue.objects.filter(dossier=move.dossier).update(reference=reference.strip())
    move.dossier.outcome = outcome.strip()
    return finish(move, note=reference, data={"pictures": [one.sha256 for one in kept]})
