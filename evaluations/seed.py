"""The national option tags."""

from pathlib import Path

from evaluations.models import Tag
from organizations.reference import read_table

FOLDER = Path(__file__).parent / "reference"


def load_tags() -> None:
    """All tags, retired ones inactive; labels and classes follow the file."""
    Tag.objects.bulk_create(
        [
            Tag(
                code=r["code"],
                level=int(r["level"]),
                label=r["label"],
                core=r["core"] == "1",
                active=r["active"] == "1",
                version=r["version"],
                problem_class=r["problem_class"],
            )
            for r in read_table(FOLDER, "tags")
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["level", "label", "core", "active", "version", "problem_class"],
    )
