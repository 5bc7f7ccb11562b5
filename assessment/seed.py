"""The rules of problem classes every installation starts with (docs/analysis.md); versions after them are people's."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

from django.utils import timezone

from assessment.classing import Rule, written
from assessment.enums import SchemeState
from assessment.models import ClassRules, Quarter
from organizations.reference import read_table

FOLDER = Path(__file__).parent / "reference"
SINCE = date(2020, 1, 1)


def load_class_rules(*, at: datetime) -> None:
    """The first version, in force for every case; nothing where there is any version.

    Nobody has been told a figure by other rules in a new portal, so they are known from the beginning there. Where a
    quarter was frozen before they came, they are known from now on, and what it says stays as it was.

    Args:
        at: the present.
    """
    if ClassRules.objects.exists():
        return
    beginning = timezone.make_aware(datetime.combine(SINCE, time.min))
    known_from = at if Quarter.objects.filter(frozen_at__isnull=False).exists() else beginning
    ClassRules.objects.create(
        version=1,
        state=SchemeState.ADOPTED,
        valid_from=SINCE,
        content=written(preset()),
        note="随系统提供的第一版",
        changed_at=known_from,
        proposed_at=known_from,
        adopted_at=known_from,
    )


def preset() -> tuple[Rule, ...]:
    """The rules of the file."""
    return tuple(
        Rule(
            row["name"],
            row["class"],
            int(row["weight"]),
            *(tuple(filter(None, row[part].split("|"))) for part in ("tags", "words", "unless")),
        )
        for row in read_table(FOLDER, "class_rules")
    )
