"""What a process may take for granted, and for how long."""

from __future__ import annotations

from common.memory import MOST, Memory, forget_everything


class Shelf:
    """Things to look for, and a clock."""

    def __init__(self) -> None:
        self.now, self.asked = 0.0, []
        self.things: dict[str, int] = {"a": 1}
        self.memory: Memory[str, int] = Memory(15, clock=lambda: self.now)

    def look(self, name: str) -> int | None:
        return self.memory.get(name, self.find)

    def find(self, name: str) -> int | None:
        self.asked.append(name)
        return self.things.get(name)


def test_an_answer_lasts_so_long_and_no_longer() -> None:
    shelf = Shelf()
    assert shelf.look("a") == 1
    shelf.things["a"], shelf.now = 2, 14.9
    assert shelf.look("a") == 1
    shelf.now = 15.0
    assert shelf.look("a") == 2
    assert shelf.asked == ["a", "a"]


def test_what_was_not_there_is_looked_for_every_time() -> None:
    shelf = Shelf()
    assert shelf.look("b") is None
    shelf.things["b"] = 5
    assert shelf.look("b") == 5


def test_one_answer_or_all_are_forgotten() -> None:
    shelf, other = Shelf(), Shelf()
    assert (shelf.look("a"), other.look("a")) == (1, 1)
    shelf.things["a"] = other.things["a"] = 2
    shelf.memory.forget("a")
    assert (shelf.look("a"), other.look("a")) == (2, 1)
    forget_everything()
    assert other.look("a") == 2


def test_it_does_not_grow_for_ever() -> None:
    memory: Memory[int, int] = Memory(15)
    for number in range(MOST + 10):
        memory.get(number, lambda key: key)
    assert len(memory._kept) <= MOST
