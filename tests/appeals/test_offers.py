"""Which acts are offered: every stage against everything that decides, and never one that is not the reader's."""

from __future__ import annotations

import itertools
from dataclasses import fields

import pytest

from appeals.enums import Stage
from appeals.offers import Door, Facts, offered, theirs

ALL = [
    Facts(**dict(zip([field.name for field in fields(Facts)], values, strict=True)))
    for values in itertools.product((False, True), repeat=len(fields(Facts)))
]


@pytest.mark.parametrize(
    ("stage", "facts", "doors"),
    [
        (Stage.VOTING, Facts(sits=True), [Door.VOTE, Door.RECUSE]),
        (Stage.VOTING, Facts(sits=True, heard=False), [Door.RECUSE]),
        (Stage.VOTING, Facts(sits=True, voted=True), []),
        (Stage.DRAWING, Facts(sits=True), [Door.RECUSE]),
        (Stage.RULED, Facts(sits=True), []),
        (Stage.VOTING, Facts(contests=True), [Door.WITHDRAW]),
        (Stage.WITHDRAWN, Facts(contests=True), []),
        (Stage.RULED, Facts(serves=True), [Door.SERVE]),
        (Stage.RULED, Facts(serves=True, served=True), []),
        (Stage.RULED, Facts(served=True, reviewable=True, asks_review=True), [Door.REVIEW]),
        (Stage.RULED, Facts(reviewable=True, asks_review=True), []),
        (Stage.RULED, Facts(served=True, asks_review=True), []),
        (Stage.DRAFT, Facts(sits=True, contests=True, serves=True), []),
    ],
)
def test_doors(stage: Stage, facts: Facts, doors: list[Door]) -> None:
    assert offered(stage, facts) == doors


@pytest.mark.parametrize("stage", Stage)
def test_nothing_is_offered_that_is_not_theirs(stage: Stage) -> None:
    for facts in ALL:
        assert set(offered(stage, facts)) <= theirs(facts), facts


def test_a_withdrawn_appeal_and_a_draft_offer_nothing() -> None:
    for facts in ALL:
        assert offered(Stage.WITHDRAWN, facts) == offered(Stage.DRAFT, facts) == []
