"""Reference tables: whole, consistent with one another, and fit for the fields they go into."""

import re
from pathlib import Path

import pytest

from organizations import reference
from organizations.enums import RegionLevel, TaskType, Topic, UnitLevel
from organizations.reference import read_table

FOLDER = Path(reference.__file__).parent
REGIONS = read_table(FOLDER, "divisions")
CITY_UNITS = read_table(FOLDER, "departments")
UNITS = CITY_UNITS + read_table(FOLDER, "county_departments")
ITEMS = read_table(FOLDER, "items")
HALLS = read_table(FOLDER, "halls")
WINDOWS = read_table(FOLDER, "windows")

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def uscc_is_valid(code):
    """GB 32100-2015: the weighted sum of all 18 characters is divisible by 31."""
    weights = [pow(3, place, 31) for place in range(17)] + [1]
    total = sum(ALPHABET.index(letter) * weight for letter, weight in zip(code, weights, strict=True))
    return total % 31 == 0


def organisation_code_is_valid(code):
    """GB 11714: the 9 characters inside a social credit code."""
    total = sum(int(letter, 36) * weight for letter, weight in zip(code, [3, 7, 9, 10, 5, 8, 4, 2], strict=False))
    return "0123456789X0"[11 - total % 11] == code[8]


def test_a_known_real_code_passes_the_check():
    assert uscc_is_valid("91350100M000100Y43")  # the example of GB 32100-2015
    assert not uscc_is_valid("91350100M000100Y44")


def test_regions():
    counties = [row for row in REGIONS if int(row["level"]) == RegionLevel.COUNTY]
    assert sum(row["functional_zone"] == "1" for row in counties) == 3
    assert len(counties) == 11 + 3
    codes = {row["code"] for row in REGIONS}
    assert len(codes) == len(REGIONS)
    for row in REGIONS:
        level = RegionLevel(int(row["level"]))
        assert re.fullmatch(r"\d{12}", row["code"])
        assert row["code"][level:].strip("0") == ""
        if level > RegionLevel.CITY:
            above = RegionLevel.CITY if level == RegionLevel.COUNTY else RegionLevel.COUNTY
            assert row["code"][:above].ljust(12, "0") in codes


def test_units():
    regions = {row["code"] for row in REGIONS}
    codes = {row["code"] for row in UNITS}
    assert len(codes) == len({row["uscc"] for row in UNITS}) == len(UNITS)
    assert len(CITY_UNITS) >= 22
    for row in UNITS:
        assert uscc_is_valid(row["uscc"])
        assert organisation_code_is_valid(row["uscc"][8:17])
        assert row["uscc"].startswith("113706")
        assert row["level"] in UnitLevel
        assert row["region"] in regions
        assert row["parent"] in codes | {""}
        assert len(row["name"]) <= 100
        assert len(row["short_name"]) <= 30


def test_every_county_has_one_supervising_unit():
    supervising = [row["region"] for row in UNITS if row["supervises"] == "1"]
    assert sorted(supervising) == sorted(row["code"] for row in REGIONS if int(row["level"]) < RegionLevel.TOWNSHIP)


def test_twins_stand_under_a_department_that_has_twins():
    with_twins = {row["code"] for row in CITY_UNITS if row["county_twin"] == "1"}
    twins = [row for row in UNITS if row["level"] == UnitLevel.COUNTY]
    assert {row["parent"] for row in twins} == with_twins


def test_items():
    assert len(ITEMS) == len({row["code"] for row in ITEMS}) == len({row["name"] for row in ITEMS}) == 200
    usccs = {row["code"]: row["uscc"] for row in UNITS}
    for row in ITEMS:
        assert re.fullmatch(r"[0-9A-Z]{31}", row["code"])
        assert row["code"].startswith(usccs[row["unit"]])
        assert row["task_type"] in TaskType
        assert set(filter(None, row["topics"].split("|"))) <= set(Topic)
    assert {topic for row in ITEMS for topic in row["topics"].split("|") if topic} == set(Topic)


@pytest.mark.parametrize("name", ["机动车解除抵押登记（跨省通办）", "医疗废物集中处置费用减免申请"])
def test_the_matters_of_the_deep_complaints_are_there(name):
    assert name in {row["name"] for row in ITEMS}


def test_halls_and_windows():
    units = {row["code"] for row in UNITS}
    assert len(HALLS) == 5
    assert len(WINDOWS) == len({(row["hall"], row["number"]) for row in WINDOWS}) == 80
    assert {row["hall"] for row in WINDOWS} == {row["code"] for row in HALLS}
    assert {row["unit"] for row in WINDOWS + HALLS} <= units
    assert {row["region"] for row in HALLS} <= {row["code"] for row in REGIONS}


def test_an_unknown_table_is_an_error():
    with pytest.raises(FileNotFoundError):
        read_table(FOLDER, "streets")
