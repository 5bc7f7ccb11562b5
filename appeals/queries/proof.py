"""Evidence: what a ground still lacks, and what of a review is new."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from appeals.enums import Proof
from appeals.grounds import missing
from appeals.models import Appeal, Exhibit


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
    return set(exhibits_of(appeal).values_list("kind", flat=True))


def exhibits_of(appeal: Appeal) -> QuerySet[Exhibit]:
    """The exhibits of an appeal; a review has those of its first round as well."""
    rounds = [appeal.pk, appeal.reviews_id] if appeal.reviews_id else [appeal.pk]
    return Exhibit.objects.filter(appeal__in=rounds)


def new_evidence(appeal: Appeal) -> int:
    """How many exhibits of a review were not in the first round: another file, or other words."""
    assert appeal.reviews is not None
    known = {_mark(*row) for row in appeal.reviews.exhibits.values_list("sha256", "text")}
    return len({_mark(*row) for row in appeal.exhibits.values_list("sha256", "text")} - known)


def _mark(sha256: str, text: str) -> str:
    return sha256 or "".join(text.split())
