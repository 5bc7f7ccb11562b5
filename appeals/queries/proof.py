"""Evidence: what a ground still lacks, and what of a review is new."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from django.db.models import Q, QuerySet
from django.db.models.fields.files import FieldFile

from appeals.enums import Proof
from appeals.grounds import missing
from appeals.models import Appeal, Exhibit
from organizations.models import Staff


@dataclass(frozen=True)
class Need:
    """Kinds of evidence of which a ground needs one, and whether it is there."""

    kinds: tuple[Proof, ...]
    met: bool


def needs_of(appeal: Appeal) -> list[Need]:
    """The checklist of an appeal: what its ground needs, and what of it is there. A review keeps what was there."""
    there = proofs_of(appeal)
    return [Need(tuple(Proof(kind) for kind in kinds), not missing([kinds], there)) for kinds in appeal.ground.needs]


def proofs_of(appeal: Appeal) -> set[str]:
    """The kinds of evidence in an appeal and, for a review, in its first round."""
    return {exhibit.kind for exhibit in exhibits_of(appeal).select_related("screening") if exhibit.counts}


def exhibits_shown(user: Staff, appeal: Appeal) -> list[Exhibit]:
    """The evidence of an appeal for somebody who may see it, a review with that of its first round; else nothing.

    Everybody sees that there is a file and what became of the look at it; `Exhibit.opens` says whether it is opened.
    """
    if not Appeal.objects.filter(pk=appeal.pk).visible_to(user).exists():
        return []
    return list(exhibits_of(appeal).select_related("screening", "by", "appeal"))


@dataclass(frozen=True)
class Download:
    """A file as it may leave the portal: always as an attachment, under a name that tells its kind."""

    file: FieldFile
    name: str
    media_type: str


def download_of(user: Staff, exhibit_id: int) -> Download | None:
    """The file of an exhibit for somebody who may see its appeal; None for everybody else, and while it is kept apart.

    Of a document the copy that was made anew. What came in, and every file that was found harmful, is opened by nobody.
    """
    seen = Appeal.objects.visible_to(user)
    reviewed = seen.exclude(reviews=None).values("reviews")
    known = Q(appeal__in=seen) | Q(appeal__in=reviewed)
    exhibit = Exhibit.objects.filter(known, pk=exhibit_id).select_related("screening").first()
    if exhibit is None or not exhibit.file or not exhibit.opens:
        return None
    kept = exhibit.screening.file or exhibit.file
    ending = PurePosixPath(kept.name or "").suffix
    return Download(kept, f"{PurePosixPath(exhibit.name).stem or exhibit.pk}{ending}", exhibit.media_type)


def exhibits_of(appeal: Appeal) -> QuerySet[Exhibit]:
    """The exhibits of an appeal; a review has those of its first round as well."""
    rounds = [appeal.pk, appeal.reviews_id] if appeal.reviews_id else [appeal.pk]
    return Exhibit.objects.filter(appeal__in=rounds)


def new_evidence(appeal: Appeal) -> int:
    """How many exhibits of a review were not in the first round: another file, or other words."""
    assert appeal.reviews is not None
    brought = appeal.exhibits.select_related("screening")
    known = {_mark(exhibit) for exhibit in appeal.reviews.exhibits.all()}
    return len({_mark(exhibit) for exhibit in brought if exhibit.counts} - known)


def _mark(exhibit: Exhibit) -> str:
    return exhibit.sha256 or "".join(exhibit.text.split())
