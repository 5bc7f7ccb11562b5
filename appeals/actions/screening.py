"""查毒: no file that came from outside is opened by anybody before it was looked at (docs/reliability.md §7.4)."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from appeals.actions.core import audit
from appeals.enums import Screened
from appeals.gateways import ScannerDown, ScannerError, TooLarge, scan
from appeals.models import Exhibit, Screening
from common.actors import SYSTEM
from common.ids import new_token
from common.papers import Unreadable, remake

MADE_ANEW, SCANNER, CONTENTS = "made-anew", "scanner", "contents"
PDF_TYPE = "application/pdf"


def screen_exhibits(*, at: datetime, limit: int = 50) -> int:
    """Looks at the files that are kept apart, the oldest first; each is an act of its own.

    A document is opened as the copy that is made anew here. The scanner, where there is one (SCANNER_ADDRESS), is asked
    about what came in, before anything reads it. Whatever it cannot answer for now stays apart until the next time.

    Args:
        limit: how many at once.

    Returns:
        How many are no longer waiting.
    """
    waiting = Exhibit.objects.exclude(file="").filter(screening=None).select_related("appeal__case").order_by("pk")
    done = 0
    for exhibit in waiting.iterator():
        try:
            done += _screen(exhibit, at)
        except ScannerDown:
            break
        if done >= limit:
            break
    return done


def _screen(exhibit: Exhibit, at: datetime) -> bool:
    """Raises:
    ScannerDown: so that no further file is tried.
    """
    try:
        found = _look(exhibit)
    except ScannerDown:
        raise
    except (ScannerError, FileNotFoundError):
        # The others do not wait for this one.
        return False
    found.exhibit, found.at = exhibit, at
    try:
        with transaction.atomic():
            found.save()
            facts = {"verdict": found.verdict, "engine": found.engine, "finding": found.finding}
            audit("screen", exhibit.appeal, by=SYSTEM, at=at, after={**facts, "sha256": exhibit.sha256})
    except IntegrityError:  # another sweep was faster, or the draft's writer has taken it out
        found.file.delete(save=False)
        return False
    return True


def _look(exhibit: Exhibit) -> Screening:
    engine = SCANNER if settings.SCANNER_ADDRESS else CONTENTS
    with exhibit.file.open("rb") as contents:
        try:
            harm = scan(contents) if settings.SCANNER_ADDRESS else ""
        except TooLarge as error:
            return Screening(verdict=Screened.UNREADABLE, engine=engine, finding=str(error))
        if harm:
            return Screening(verdict=Screened.HARMFUL, engine=engine, finding=harm[:200])
        if exhibit.media_type != PDF_TYPE:
            return Screening(verdict=Screened.CLEAN, engine=engine)
    try:
        with open(exhibit.file.path, "rb") as paper:
            copy = remake(paper)
    except Unreadable as error:
        return Screening(verdict=Screened.UNREADABLE, engine=engine, finding=str(error)[:200])
    found = Screening(verdict=Screened.CLEAN, engine=f"{engine}+{MADE_ANEW}", finding=hashlib.sha256(copy).hexdigest())
    found.file.save(f"{new_token()}.pdf", ContentFile(copy), save=False)
    return found
