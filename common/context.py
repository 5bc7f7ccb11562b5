"""What the act's surroundings were: set by the door, read by the audit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Surroundings:
    address: str | None = None
    request_id: str = ""


NOWHERE = Surroundings()
_current: ContextVar[Surroundings] = ContextVar("surroundings", default=NOWHERE)


def surroundings() -> Surroundings:
    """Where the present act comes from; empty for the clock and for commands."""
    return _current.get()


@contextmanager
def acting_from(address: str | None, request_id: str) -> Iterator[None]:
    """Names the network address and the request id for everything done inside."""
    token = _current.set(Surroundings(address, request_id))
    try:
        yield
    finally:
        _current.reset(token)
