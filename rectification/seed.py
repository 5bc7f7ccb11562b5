"""The duty rules every installation starts with; a change afterwards is a new version by `actions`."""

from datetime import date
from pathlib import Path

from organizations.reference import read_table
from rectification.models import DutyRule

FOLDER = Path(__file__).parent / "reference"


def load_duty_rules() -> None:
    """First versions of all presets; those already known are left alone."""
    DutyRule.objects.bulk_create(
        [
            DutyRule(
                preset=r["preset"],
                duty=r["duty"],
                complexity=r["complexity"],
                amount=int(r["amount"]),
                time_unit=r["time_unit"],
                extension_max=int(r["extension_max"]),
                valid_from=date.fromisoformat(r["valid_from"]),
                version=int(r["version"]),
                source=r["source"],
            )
            for r in read_table(FOLDER, "duty_rules")
        ],
        ignore_conflicts=True,
    )
