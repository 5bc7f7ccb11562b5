"""签发: the number, the words as they stand, the files with their fingerprints, and the service, all or nothing."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from assessment.models import Quarter
from common.failpoints import failpoint
from common.models import AuditSeal
from common.printing import PrintError
from organizations.actions import Refused
from organizations.models import Staff
from oversight.actions.core import acting, locked, one_at_a_time, write_history
from oversight.actions.serving import serve
from oversight.enums import Act, FileKind, Stage
from oversight.models import Extract, NoticeFile, QuarterNotice
from oversight.paper import Paper, dump
from oversight.queries import addressed_units, extract_of, facts_of, material_of, paper_from, subjects_of
from oversight.queries.facts import Facts
from oversight.renderings import as_pdf, as_word, as_workbook

MAKERS = {FileKind.WORD: as_word, FileKind.PDF: as_pdf, FileKind.WORKBOOK: as_workbook}


@transaction.atomic
def issue_notice(
    notice: QuarterNotice, *, by: Staff, at: datetime, note: str = "", seen: int | None = None
) -> QuarterNotice:
    """Signs a notice: from now on it is only ever superseded by a new one.

    Raises:
        Refused: the table does not allow it, its quarter is not frozen (setting NOTICE_REQUIRES_FREEZE), or it cannot
            be printed; nothing was written then.
    """
    one_at_a_time()
    row = locked(notice, Act.ISSUE, by=by, seen=seen)
    actor = acting(Act.ISSUE, by)
    if (
        settings.NOTICE_REQUIRES_FREEZE
        and not Quarter.objects.filter(begins=row.begins, frozen_at__isnull=False).exists()
    ):
        raise Refused(_("这个季度的考核还没有封存,封存后才能签发通报。"))
    _supersede(row, by=by, at=at)
    row.year, row.serial = _next_number(at)
    row.number = settings.NOTICE_NUMBER.format(year=row.year, serial=row.serial)
    row.stage, row.issued_at, row.issued_by = Stage.ISSUED, at, by
    row.seal = AuditSeal.objects.order_by("-to_transaction").values_list("hash", flat=True).first() or ""
    failpoint("notice_numbered")
    with translation.override(settings.LANGUAGE_CODE):
        facts = facts_of(row.begins, at=at)
        paper = paper_from(row, facts, at=at)
        files = _made(paper)
        row.content, row.as_of = dump(paper), paper.as_of
        row.version += 1
        row.save()
        _keep_extracts(row, facts, at=at)
    prints = {kind: _keep(row, kind, file) for kind, file in files.items()}
    failpoint("notice_files_kept")
    write_history(row, Act.ISSUE, by=actor, at=at, note=note, data={"files": prints})
    serve(row, at=at)
    failpoint("notice_served")
    return row


def _keep_extracts(row: QuarterNotice, facts: Facts, *, at: datetime) -> None:
    """What the notice says to each unit, from the very facts it says to all; files are made of it when asked for."""
    units = subjects_of(row, addressed_units(timezone.localdate(at)))
    material = material_of(row, facts, at=at)
    papers = [(unit, dump(extract_of(material, unit))) for unit in units]
    rows = (Extract(notice=row, unit=one, unit_code=one.code, unit_name=one.name, content=said) for one, said in papers)
    Extract.objects.bulk_create(rows, batch_size=200)
    failpoint("notice_extracts_kept")


def _supersede(row: QuarterNotice, *, by: Staff, at: datetime) -> None:
    before = QuarterNotice.objects.select_for_update().filter(begins=row.begins, stage=Stage.ISSUED).first()
    if before is not None:
        before.stage = Stage.SUPERSEDED
        before.save(update_fields=["stage"])
        write_history(before, Act.SUPERSEDE, by=acting(Act.ISSUE, by), at=at)
        row.replaces = before


def _next_number(at: datetime) -> tuple[int, int]:
    """The year and the next number in it."""
    year = timezone.localdate(at).year
    last = QuarterNotice.objects.filter(year=year).aggregate(last=Max("serial"))["last"]
    return year, (last or 0) + 1


def _made(paper: Paper) -> dict[FileKind, bytes]:
    try:
        return {kind: make(paper) for kind, make in MAKERS.items()}
    except PrintError as error:
        raise Refused(str(error)) from error


def _keep(row: QuarterNotice, kind: FileKind, file: bytes) -> str:
    """Writes a file under a name that holds its fingerprint, so that one left by a killed signing is not doubled."""
    fingerprint = hashlib.sha256(file).hexdigest()
    kept = NoticeFile(notice=row, kind=kind, fingerprint=fingerprint)
    name = f"notices/{row.begins:%Y}-Q{(row.begins.month + 2) // 3}-{row.pk}-{fingerprint[:12]}.{kind}"
    storage = kept.file.storage
    if storage.exists(name):
        storage.delete(name)
    kept.file.name = storage.save(name, ContentFile(file))
    kept.save()
    return fingerprint
