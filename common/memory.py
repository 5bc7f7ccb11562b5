"""What a process takes for granted for some seconds: asked for a thousand times a second, changed once a month."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
MOST = 20_000
_every: list[Memory[Any, Any]] = []


class Memory(Generic[Key, Value]):
    """Answers of one kind, each as it was a few seconds ago at most. What was not found is looked for every time.

    Whatever is changed in one process is still taken for what it was in the others for so long: fit for names and
    codes, never for what a promise hangs on.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic, most: int = MOST) -> None:
        """Args: `seconds` an answer lasts; `clock` in seconds; `most` answers are kept, then it begins anew."""
        self._seconds, self._clock, self._most = seconds, clock, most
        self._kept: dict[Key, tuple[float, Value]] = {}
        _every.append(self)

    def get(self, key: Key, find: Callable[[Key], Value | None]) -> Value | None:
        """The answer to a key; from `find` if it is not known, or no longer."""
        now, kept = self._clock(), self._kept.get(key)
        if kept is not None and now - kept[0] < self._seconds:
            return kept[1]
        found = find(key)
        if found is not None:
            if len(self._kept) >= self._most:
                self._kept.clear()
            self._kept[key] = now, found
        return found

    def forget(self, key: Key) -> None:
        """Has one answer looked for anew, in this process."""
        self._kept.pop(key, None)

    def clear(self) -> None:
        """Has every answer looked for anew, in this process."""
        self._kept.clear()


def forget_everything() -> None:
    """Has all memories of this process look anew: after its database was replaced."""
    for memory in _every:
        memory.clear()
