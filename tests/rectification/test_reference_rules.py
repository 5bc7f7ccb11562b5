"""Time limits: every preset names every duty exactly once."""

from pathlib import Path

import pytest

import rectification
from organizations.reference import read_table
from rectification.enums import Complexity, Duty, TimeUnit

FOLDER = Path(rectification.__file__).parent / "reference"
RULES = read_table(FOLDER, "duty_rules")

NEEDED = sorted(
    (duty.value, complexity) for duty in Duty for complexity in (list(Complexity) if duty == Duty.RECTIFY else [""])
)


@pytest.mark.parametrize("preset", ["yantai", "dezhou", "shanghai", "zhejiang"])
def test_a_preset_is_whole(preset):
    assert sorted((row["duty"], row["complexity"]) for row in RULES if row["preset"] == preset) == NEEDED


@pytest.mark.parametrize("row", RULES, ids=lambda row: row["duty"])
def test_a_rule_is_well_formed(row):
    assert int(row["amount"]) >= 1
    assert row["time_unit"] in TimeUnit
    assert int(row["extension_max"]) >= 0
    assert row["clock_start"]
    assert row["source"]
