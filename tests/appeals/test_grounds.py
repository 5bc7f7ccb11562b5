"""What grounds need and do: tables without a database, and the rows every installation starts with."""

from __future__ import annotations

from pathlib import Path

import pytest

import appeals
from appeals.enums import UPHELD, Effect, Proof, Vote
from appeals.grounds import NO_EFFECT, Effects, effects_of, missing
from appeals.models import Ground
from appeals.seed import load_grounds, read_needs
from organizations.reference import read_table

E = Effect
OUT = Effects(E.EXCLUDE, E.EXCLUDE, E.EXCLUDE)
FALSE = Effects(E.MARK, E.EXCLUDE, E.EXCLUDE)
BAD_FAITH = Effects(E.APART, E.EXCLUDE, E.EXCLUDE)
LAW = Effects(E.KEEP, E.HALF, E.EXCLUDE)
MOVED = Effects(E.MOVE, E.MOVE, E.MOVE)
PART = Effects(E.KEEP, E.HALF, E.EXCLUDE)


@pytest.mark.parametrize(
    ("outcome", "ground", "effects"),
    [
        *((Vote.UPHOLD, ground, ground) for ground in (OUT, FALSE, BAD_FAITH, LAW, MOVED)),
        (Vote.PARTLY, OUT, PART),
        (Vote.PARTLY, FALSE, PART),
        (Vote.PARTLY, BAD_FAITH, PART),
        (Vote.PARTLY, LAW, LAW),
        (Vote.PARTLY, MOVED, MOVED),
        *((vote, ground, NO_EFFECT) for vote in (Vote.REJECT, Vote.UNPROVEN) for ground in (OUT, FALSE, LAW, MOVED)),
    ],
)
def test_what_a_ruling_does(outcome: Vote, ground: Effects, effects: Effects) -> None:
    assert effects_of(outcome, ground) == effects


def test_only_what_is_upheld_ends_or_moves_a_case() -> None:
    for outcome in Vote:
        for ground in (OUT, FALSE, BAD_FAITH, LAW, MOVED):
            found = effects_of(outcome, ground)
            assert outcome in UPHELD or not (found.ends_case or found.moves_case)
            assert not (found.ends_case and found.moves_case)
    assert effects_of(Vote.PARTLY, OUT).ends_case is False


@pytest.mark.parametrize(
    ("needs", "there", "lacking"),
    [
        ([], [], []),
        ([["pattern"]], [], [[Proof.PATTERN]]),
        ([["pattern"]], ["pattern"], []),
        ([["recording", "document"]], ["document", "picture"], []),
        ([["recording", "document"]], ["picture"], [[Proof.RECORDING, Proof.DOCUMENT]]),
        ([["pattern"], ["document", "system_log"]], ["pattern"], [[Proof.DOCUMENT, Proof.SYSTEM_LOG]]),
        ([["pattern"], ["document"]], [], [[Proof.PATTERN], [Proof.DOCUMENT]]),
    ],
)
def test_every_missing_alternative_is_named(
    needs: list[list[str]], there: list[str], lacking: list[list[Proof]]
) -> None:
    assert missing(needs, there) == lacking


def test_a_cell_of_needs() -> None:
    assert read_needs("pattern;document|recording") == [["pattern"], ["document", "recording"]]
    with pytest.raises(ValueError, match="case_file"):
        read_needs("case_file")


ROWS = read_table(Path(appeals.__file__).parent / "reference", "grounds")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["code"])
def test_a_ground_is_well_formed(row: dict[str, str]) -> None:
    effects = {row["public"], row["unit_score"], row["staff_score"]}
    assert effects <= set(Effect.values)
    assert ("move" in effects) == (effects == {"move"}), "a rating is moved as a whole"
    assert read_needs(row["needs"]), "nothing is contested without evidence"
    assert row["source"]
    assert (row["hears_citizen"] == "yes") == (row["code"] in ("W6", "W7"))
    assert (int(row["upheld_min"]) == 2) == (row["code"] == "W7")
    assert row["unit_score"] != "exclude" or row["public"] in ("exclude", "mark", "apart")


@pytest.mark.django_db
def test_loading_again_leaves_what_a_customer_changed() -> None:
    assert list(Ground.objects.values_list("code", flat=True)) == [f"W{number}" for number in range(1, 10)]
    Ground.objects.filter(code="W9").update(unit_score=Effect.KEEP)
    load_grounds()
    assert Ground.objects.get(code="W9").unit_score == Effect.KEEP
    assert Ground.objects.count() == 9
