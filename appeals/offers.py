"""Which acts a reader of an appeal is offered: what would only be turned down is not offered. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from appeals.enums import OPEN_STAGES, Stage


class Door(StrEnum):
    """The acts on a filed appeal, each with an address of its own."""

    VOTE = "vote"
    RECUSE = "recuse"
    WITHDRAW = "withdraw"
    SERVE = "serve"
    REVIEW = "review"


@dataclass(frozen=True)
class Facts:
    """What decides, besides the stage.

    Attributes:
        sits, voted: whether the reader is on the panel, and has voted.
        heard: the evaluator has said what they had to say, or was not to be asked.
        contests: the reader is the appellant, or acts for the unit that is.
        serves: the reader looks rulings of the division over.
        served: the ruling has been served.
        asks_review: the reader is the one who could ask for a review of this ruling.
        reviewable: the ruling can still be reviewed.
    """

    sits: bool = False
    voted: bool = False
    heard: bool = True
    contests: bool = False
    serves: bool = False
    served: bool = False
    asks_review: bool = False
    reviewable: bool = False


def offered(stage: Stage, facts: Facts) -> list[Door]:
    """The doors open to a reader now, the more urgent ones first."""
    is_open, silent = stage in OPEN_STAGES, facts.sits and not facts.voted
    doors = {
        Door.VOTE: stage == Stage.VOTING and silent and facts.heard,
        Door.SERVE: stage == Stage.RULED and facts.serves and not facts.served,
        Door.REVIEW: stage == Stage.RULED and facts.served and facts.reviewable and facts.asks_review,
        Door.RECUSE: is_open and silent,
        Door.WITHDRAW: is_open and facts.contests,
    }
    return [door for door, is_offered in doors.items() if is_offered]


def theirs(facts: Facts) -> frozenset[Door]:
    """The doors that are this reader's at some stage: shut now they are over (409), not forbidden (403)."""
    owns = {
        Door.VOTE: facts.sits,
        Door.RECUSE: facts.sits,
        Door.SERVE: facts.serves,
        Door.WITHDRAW: facts.contests,
        Door.REVIEW: facts.asks_review,
    }
    return frozenset(door for door, own in owns.items() if own)
