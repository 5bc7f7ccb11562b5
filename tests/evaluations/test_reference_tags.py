"""National tag codes: complete, and the first digit is the level."""

from pathlib import Path

import evaluations
from organizations.reference import read_table

TAGS = read_table(Path(evaluations.__file__).parent / "reference", "tags")


def codes(**columns):
    return {row["code"] for row in TAGS if all(row[name] == value for name, value in columns.items())}


def test_every_code_once_and_its_first_digit_is_the_level():
    assert len({row["code"] for row in TAGS}) == len(TAGS) == 72
    assert all(row["code"][0] == row["level"] for row in TAGS)
    assert all(0 < len(row["label"]) <= 60 for row in TAGS)


def test_current_codes():
    current = [range(510, 518), range(406, 414), range(307, 315), range(207, 215), range(108, 116)]
    assert codes(active="1") == {str(code) for level in current for code in level}
    core = [range(510, 513), range(406, 409), range(307, 310), range(207, 210), range(108, 111)]
    assert codes(active="1", core="1") == {str(code) for level in core for code in level}


def test_retired_codes_are_kept_inactive():
    retired = [range(101, 108), range(201, 207), range(301, 307), (401, 402, 404, 405), range(501, 510)]
    assert codes(active="0") == codes(version="2019") == {str(code) for level in retired for code in level}


def test_negative_tags_have_a_problem_class_and_no_others():
    assert {row["level"] for row in TAGS if row["problem_class"]} == {"1", "2"}
    assert all(row["problem_class"] for row in TAGS if row["level"] in "12")
