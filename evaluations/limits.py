"""How often is often: the limits of ratings as the settings say them. Pure; buckets are taken from in the doors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from django.core.exceptions import ImproperlyConfigured

from evaluations.enums import Limited, LimitMode


@dataclass(frozen=True)
class Limit:
    """At most so many in so long, evenly refilled, and what becomes of those above."""

    most: int
    per: timedelta
    mode: LimitMode


@lru_cache(maxsize=100)
def read_limit(name: str, told: str) -> Limit:
    """A limit as an operator writes it, such as "200/60/block": how many, in how many seconds, block, flag or off.

    Args:
        name: the setting, for the message.

    Raises:
        ImproperlyConfigured: it is not written so.
    """
    try:
        most, seconds, mode = told.split("/")
        limit = Limit(int(most), timedelta(seconds=int(seconds)), LimitMode(mode))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={told}: write it like 200/60/block (block, flag or off)") from error
    if limit.most < 1 or limit.per < timedelta(seconds=1):
        raise ImproperlyConfigured(f"{name}={told}: at least 1, in at least 1 second")
    return limit


def in_force(told: Mapping[str, str], asked: Mapping[Limited, str]) -> dict[str, tuple[Limited, Limit]]:
    """The limits that concern one rating, by the name of their bucket; those that are off are left out.

    Args:
        told: the setting RATING_LIMITS.
        asked: whose bucket it is, of each kind that concerns this rating.
    """
    limits = {kind: read_limit(f"RATING_LIMIT_{kind.upper()}", told[kind]) for kind in asked}
    return {
        f"rate:{kind}:{asked[kind]}": (kind, limit) for kind, limit in limits.items() if limit.mode != LimitMode.OFF
    }


def over(buckets: Mapping[str, tuple[Limited, Limit]], taken: set[str]) -> tuple[tuple[Limited, ...], bool]:
    """Which limits were exceeded, and whether any of them stops the rating.

    Args:
        buckets: `in_force`.
        taken: the buckets that still held a token.
    """
    empty = [entry for name, entry in buckets.items() if name not in taken]
    return tuple(kind for kind, _limit in empty), any(limit.mode == LimitMode.BLOCK for _kind, limit in empty)
