"""The national option tags, and the sources that are always there."""

from pathlib import Path

from evaluations.enums import ServiceSource
from evaluations.models import Source, Tag
from evaluations.profiles import shipped_data, shipped_profiles
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


def load_sources() -> None:
    """Our own sources and those of the shipped profiles; a profile that an administrator has changed is kept."""
    own = {source.value: (str(source.label), "default") for source in ServiceSource}
    others = {code: (profile.name, code) for code, profile in shipped_profiles().items() if code != "default"}
    Source.objects.bulk_create(
        [Source(code=c, name=name, profile=shipped_data(profile)) for c, (name, profile) in {**own, **others}.items()],
        ignore_conflicts=True,
    )
