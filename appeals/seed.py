"""The grounds every installation starts with (domain.md §7.2); what a customer changed is left alone."""

from __future__ import annotations

from pathlib import Path

from appeals.enums import Effect, Proof
from appeals.models import Ground
from organizations.reference import read_table

FOLDER = Path(__file__).parent / "reference"


def load_grounds() -> None:
    """The grounds of the file; those already known stay as they are.

    Raises:
        ValueError: a kind of evidence or an effect that nobody knows.
    """
    Ground.objects.bulk_create(
        [
            Ground(
                code=row["code"],
                name=row["name"],
                needs=read_needs(row["needs"]),
                public=Effect(row["public"]),
                unit_score=Effect(row["unit_score"]),
                staff_score=Effect(row["staff_score"]),
                upheld_min=int(row["upheld_min"]),
                hears_citizen=row["hears_citizen"] == "yes",
                source=row["source"],
            )
            for row in read_table(FOLDER, "grounds")
        ],
        ignore_conflicts=True,
    )


def read_needs(text: str) -> list[list[str]]:
    """The lists of alternatives in a cell: `a|b;c` asks for a or b, and for c."""
    return [[Proof(kind).value for kind in kinds.split("|")] for kinds in text.split(";")]
